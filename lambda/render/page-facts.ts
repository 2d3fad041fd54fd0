import type { Fact, Snapshot, Unknown } from '../model/facts.ts';
import { tame } from './hostile-text.ts';
import { type Markup, markup } from './markup.ts';

/** Everything that was read, in a fold: what could not be seen stands first. */
export function factsSection({ facts, collectedAt }: Snapshot): Markup {
  const all = Object.entries(facts as Readonly<Record<string, Fact<unknown>>>);
  const unknown = all.flatMap(([name, fact]) => (fact.status === 'unknown' ? [{ name, fact }] : []));
  const known = all.flatMap(([name, fact]) => (fact.status === 'known' ? [{ name, fact }] : []));
  return markup`<section class="facts" aria-labelledby="facts"><details><summary><h2 id="facts">The facts</h2> <span class="count">${known.length} known, ${unknown.length} unknown</span></summary><p>Read ${collectedAt}. Environment values and secrets are never read.</p>${
    unknown.length > 0
      ? markup`<ul>${unknown.map(({ name, fact }) => markup`<li><span class="unknown-fact">${name}</span>: ${why(fact)}</li>`)}</ul>`
      : null
  }${known.map(
    ({ name, fact }) =>
      markup`<details><summary>${name}</summary><pre>${JSON.stringify(fact.value, null, 2)}</pre></details>`,
  )}</details></section>`;
}

const why = ({ why: reason, action, error }: Unknown) =>
  markup`${reason}${action ? markup`, <code>${tame(action, 200)}</code>` : null}${error ? `, ${tame(error, 300)}` : null}`;
