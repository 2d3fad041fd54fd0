import type { Hop } from '../model/network.ts';
import type { Home } from './console-link.ts';
import { type Markup, markup } from './markup.ts';
import { identifier, sentence } from './page-text.ts';
import { summaryOf, type Way } from './way.ts';
import { waySvg } from './way-svg.ts';

/** A task of a service may have run in any of sixteen subnets: more drawings than this help nobody. */
const drawnLimit = 9;

/** The section with the drawn ways: those that end or cannot be seen through are open, the others folded. */
export function waysSection(ways: readonly Way[], home: Home): Markup | null {
  const [first] = ways;
  if (!first) return null;
  const subnets = new Set(ways.map(({ subnetId }) => subnetId));
  const broken = ways.filter(({ verdict }) => verdict !== 'open');
  // One drawing for each thing at which ways end: what ends there too is folded.
  const shown = broken.filter((way, index) => broken.findIndex((other) => sameEnd(way, other)) === index);
  const folded = ways.filter((way) => !shown.includes(way));
  const from = ({ subnetId }: Way) => (subnets.size > 1 ? ` from ${subnetId}` : '');
  return markup`<section class="ways" aria-labelledby="ways"><h2 id="ways">The way of the pull</h2>${
    shown.length === 0
      ? markup`<p>By the configuration, the network lets every connection of the pull through.</p>`
      : null
  }${shown.map(
    (way, index) =>
      markup`<figure><figcaption>${sign(way)} <span>${sentence(summaryOf(way), home)}${from(way)}</span></figcaption>${waySvg(way, `way-${index}`)}${inWords(way, home)}</figure>`,
  )}${folded
    .slice(0, drawnLimit)
    .map(
      (way, index) =>
        markup`<details><summary>${sign(way)} ${sentence(summaryOf(way), home)}${from(way)}</summary><figure>${waySvg(way, `folded-${index}`)}${inWords(way, home)}</figure></details>`,
    )}${
    folded.length > drawnLimit
      ? markup`<p>${folded.length - drawnLimit} more are not drawn: they are in the JSON.</p>`
      : null
  }${legend}</section>`;
}

const sameEnd = (one: Way, other: Way) =>
  one.end?.name === other.end?.name && one.end?.ids.join() === other.end?.ids.join();

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
