import { tame } from './hostile-text.ts';
import { type Markup, markup } from './markup.ts';
import { lookOf, railTo, type Stop, summaryOf, type Way } from './way.ts';

/** In units of the drawing, which is one pixel wide per unit where there is room. */
const width = 360;
const cardLeft = 46;
const cardWidth = width - cardLeft - 14;
const railX = 22;
const textLeft = cardLeft + 12;
const gap = 14;
/** More room where the way leaves the VPC. */
const vpcGap = 12;
const lineHeight = 17;

/** Fonts differ from reader to reader: lines are broken early enough for the widest. */
const lineLimits = { id: 37, reason: 39 } as const;

/**
 * One way as a picture, from the top down. States differ by mark, line and pattern, not by colour alone. Colours come from the
 * classes of the page, see `page-style.ts`. `id` makes the ids inside unique on the page.
 */
export function waySvg(way: Way, id: string): Markup {
  let y = way.vpcId ? 34 : 10;
  const placed = way.stops.map((stop) => {
    if (way.vpcId && !isInVpc(stop)) y += vpcGap;
    const card = cardOf(stop, y);
    y += card.height + gap;
    return card;
  });
  const height = y - gap + 10;
  const inVpc = placed.filter(({ stop }) => isInVpc(stop));
  const last = inVpc.at(-1);
  return markup`<svg class="way" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title"><title id="${id}-title">${tame(
    `${summaryOf(way).replaceAll('`', '')}. ${way.stops.map(inWords).join(', then ')}`,
    4_000,
  )}</title><defs><pattern id="${id}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="7" height="7"/><path class="hatch-line" d="M0 0V7"/></pattern></defs>${
    way.vpcId && last
      ? markup`<rect class="vpc" x="4" y="8" width="${width - 8}" height="${last.y + last.height + 3}" rx="12"/><text class="vpc-name" x="${width - 14}" y="25">VPC ${tame(way.vpcId, 40)}</text>`
      : null
  }${placed.map((card, index) => railOf(card, placed[index + 1]))}${placed.map((card) => drawn(card, id))}</svg>`;
}

interface Card {
  readonly stop: Stop;
  readonly y: number;
  readonly height: number;
  readonly ids: readonly string[];
  readonly reasons: readonly string[];
}

function cardOf(stop: Stop, y: number): Card {
  const ids = stop.ids.flatMap((id) => broken(tame(id, 200), lineLimits.id));
  const speaks = stop.verdict !== 'open' && stop.reached !== 'no';
  const likely = stop.verdict === 'closed' && stop.certainty === 'likely' ? 'Probably: ' : '';
  const reasons = speaks
    ? broken(`${likely}${tame(stop.because, 320).replaceAll('`', '')}`, lineLimits.reason)
    : [];
  return {
    stop,
    y,
    ids,
    reasons,
    height: 19 + lineHeight * (ids.length + reasons.length) + (reasons.length > 0 ? 4 : 0) + 9,
  };
}

/** Everything stands in the VPC but the registry and what leads elsewhere. */
const isInVpc = ({ kind }: Stop) => kind !== 'registry' && kind !== 'elsewhere';

const words = {
  open: 'open',
  closed: 'closed: the connection ends here',
  unknown: 'unknown',
  skipped: 'not reached',
  behind: 'not reached, and closed too',
} as const;

/** A stop as a screen reader says it. */
const inWords = (stop: Stop) => `${stop.name} ${stop.ids.join(', ')} (${words[lookOf(stop)]})`;

function drawn({ stop, y, height, ids, reasons }: Card, id: string): Markup {
  const look = lookOf(stop);
  const reasonTop = y + 21 + lineHeight * ids.length + 4;
  return markup`<g class="${look}"><rect class="card" x="${cardLeft}" y="${y}" width="${cardWidth}" height="${height}" rx="8"${
    look === 'unknown' ? markup` fill="url(#${id}-hatch)"` : null
  }/>${markOf(look, y + 22)}<text class="name" x="${textLeft}" y="${y + 19}">${stop.name}${
    look === 'skipped' || look === 'behind' ? markup`<tspan class="note"> · ${words[look]}</tspan>` : null
  }</text>${ids.map(
    (line, index) =>
      markup`<text class="id" x="${textLeft}" y="${y + 19 + lineHeight * (index + 1)}">${line}</text>`,
  )}${reasons.map(
    (line, index) =>
      markup`<text class="reason" x="${textLeft}" y="${reasonTop + lineHeight * (index + 1) - 2}">${line}</text>`,
  )}</g>`;
}

/** A disc with a tick, an octagon with a cross, a square with a question mark, an empty ring. */
function markOf(look: ReturnType<typeof lookOf>, y: number): Markup {
  const at = markup`transform="translate(${railX} ${y})"`;
  switch (look) {
    case 'open':
      return markup`<g class="mark" ${at}><circle r="10"/><path d="M-4.5 0.5L-1.5 3.5L4.5 -3"/></g>`;
    case 'closed':
      return markup`<g class="mark" ${at}><path class="sign" d="M-5 -12H5L12 -5V5L5 12H-5L-12 5V-5Z"/><path d="M-4.5 -4.5L4.5 4.5M4.5 -4.5L-4.5 4.5"/></g>`;
    case 'unknown':
      return markup`<g class="mark" ${at}><rect x="-10" y="-10" width="20" height="20" rx="4"/><text y="5">?</text></g>`;
    case 'skipped':
      return markup`<g class="mark" ${at}><circle r="8"/></g>`;
    case 'behind':
      return markup`<g class="mark" ${at}><circle r="9"/><path d="M-3.5 -3.5L3.5 3.5M3.5 -3.5L-3.5 3.5"/></g>`;
  }
}

/** The line from one mark to the next: whole, dotted where nobody can see, dashed where nothing comes. */
function railOf({ y, stop }: Card, next: Card | undefined): Markup | null {
  if (!next) return null;
  return markup`<path class="rail ${railTo(stop, next.stop)}" d="M${railX} ${y + 36}V${next.y + 8}"/>`;
}

/** Breaks a text into lines: between words, and inside a long one after a dot, a slash or a hyphen. */
function broken(text: string, limit: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(/\S+\s*/g) ?? []) {
    for (const part of piece.trimEnd().length > limit ? (piece.match(/[^./-]*[./-]*/g) ?? []) : [piece]) {
      for (const bit of part.match(new RegExp(`.{1,${limit}}`, 'gsu')) ?? []) {
        if ((line + bit).trimEnd().length > limit && line !== '') {
          lines.push(line.trimEnd());
          line = '';
        }
        line += bit;
      }
    }
  }
  return line.trim() === '' ? lines : [...lines, line.trimEnd()];
}
