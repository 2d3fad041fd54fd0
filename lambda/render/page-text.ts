import { consoleLink, type Home } from './console-link.ts';
import { type Markup, markup } from './markup.ts';

/** A sentence of a finding: identifiers in backticks become code, and links into the console where they have a page there. */
export function sentence(text: string, home: Home): Markup {
  const parts = text.split('`');
  // A stray backtick from outside: no identifier can be told from the text.
  if (parts.length % 2 === 0) return markup`${text}`;
  return markup`${parts.map((part, index) => (index % 2 === 0 ? part : identifier(part, home)))}`;
}

export function identifier(id: string, home: Home): Markup {
  const url = consoleLink(id, home);
  const code = markup`<code>${id}</code>`;
  return url ? link(url, code) : code;
}

/** A page that is opened from a report does not learn where the report lies. */
export const link = (url: string, text: string | Markup): Markup =>
  url.startsWith('https://') ? markup`<a href="${url}" rel="noreferrer">${text}</a>` : markup`${text}`;
