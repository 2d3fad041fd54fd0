import type { Hop } from '../model/network.ts';
import type { Home } from './console-link.ts';
import { type Markup, markup } from './markup.ts';
import { identifier, sentence, sentenceWithoutLinks } from './page-text.ts';
import { drawnWays, summaryOf, type Way } from './way.ts';
import { waySvg } from './way-svg.ts';

/** The section with the drawn ways: those that end or cannot be seen through are open, the others folded. */
export function waysSection(ways: readonly Way[], home: Home): Markup | null {
  if (ways.length === 0) return null;
  const { shown, folded, omitted } = drawnWays(ways);
  return markup`<section class="ways" aria-labelledby="ways"><h2 id="ways">The way of the pull</h2>${
    shown.length === 0
      ? markup`<p>By the configuration, the network lets every connection of the pull through.</p>`
      : null
  }${shown.map(
    (way, index) =>
      markup`<figure><figcaption>${sign(way)} <span>${sentence(summaryOf(way), home)}</span></figcaption>${waySvg(way, `way-${index}`)}${inWords(way, home)}</figure>`,
  )}${folded.map(
    (way, index) =>
      markup`<details><summary>${sign(way)} ${sentenceWithoutLinks(summaryOf(way))}</summary><figure>${waySvg(way, `folded-${index}`)}${inWords(way, home)}</figure></details>`,
  )}${omitted > 0 ? markup`<p>${omitted} more are not drawn: they are in the JSON.</p>` : null}${legend}</section>`;
}

const signs: Readonly<Record<Hop['verdict'], string>> = { open: '✓', closed: '✗', unknown: '?' };

const sign = ({ verdict }: Way) =>
  markup`<span class="sign-${verdict}" aria-hidden="true">${signs[verdict]}</span>`;

const inWords = ({ stops }: Way, home: Home) =>
  markup`<details class="hops"><summary>Each hop in words</summary><ol>${stops
    .flatMap(({ hops }) => hops)
    .map(
      ({ verdict, is, at, because }) =>
        markup`<li><span class="sign-${verdict}">${signs[verdict]}</span> <span class="quiet">${verdict}: </span>${is} ${at
          .split(', ')
          .map(
            (id, index) => markup`${index > 0 ? ', ' : ''}${identifier(id, home)}`,
          )}: ${sentence(because, home)}</li>`,
    )}</ol></details>`;

const legend = markup`<ul class="legend" aria-label="Marks of the drawing"><li><span class="sign-open">✓</span> lets it through</li><li><span class="sign-closed">✗</span> ends here</li><li><span class="sign-unknown">?</span> cannot be seen (hatched)</li><li><span>○</span> not reached (dashed)</li></ul>`;
