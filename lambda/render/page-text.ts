import { consoleLink, type Home } from './console-link.ts';
import { type Markup, markup } from './markup.ts';

/** A sentence of a finding: identifiers in backticks become code, and links into the console where they have a page there. */
export const sentence = (text: string, home: Home): Markup =>
  withIdentifiers(text, (id) => identifier(id, home));

/** The same without links: what can be clicked itself, as the head of a fold, must hold nothing else to click. */
export const sentenceWithoutLinks = (text: string): Markup => withIdentifiers(text, code);

function withIdentifiers(text: string, drawn: (id: string) => Markup): Markup {
  const parts = text.split('`');
  // A stray backtick from outside: no identifier can be told from the text.
  if (parts.length % 2 === 0) return markup`${text}`;
  return markup`${parts.map((part, index) => (index % 2 === 0 ? part : drawn(part)))}`;
}

export function identifier(id: string, home: Home): Markup {
  const url = consoleLink(id, home);
  return url ? link(url, code(id)) : code(id);
}

const code = (id: string): Markup => markup`<code>${id}</code>`;

/** A page that is opened from a report does not learn where the report lies. */
export const link = (url: string, text: string | Markup): Markup =>
  url.startsWith('https://') ? markup`<a href="${url}" rel="noreferrer">${text}</a>` : markup`${text}`;
