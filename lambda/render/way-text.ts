import { tame } from './hostile-text.ts';
import { drawnWays, lookOf, railTo, summaryOf, type Way } from './way.ts';

/** How the drawing is coloured, where there are colours. */
export interface Brush {
  /** A mark, a line or a name in the colour of what was seen. */
  paint(text: string, look: ReturnType<typeof lookOf>): string;
  /** A sentence with identifiers in backticks. */
  sentence(text: string): string;
}

const marks = { open: '✓', closed: '✗', unknown: '?', skipped: '○', behind: '⊗' } as const;
const rails = { open: '│', unknown: '┊', skipped: ' ' } as const;
const notes = {
  open: '',
  closed: '',
  unknown: '',
  skipped: ' (not reached)',
  behind: ' (closed too)',
} as const;

/** The ways as lines of characters: those that end or cannot be followed stop by stop, each of the others in one line. */
export function waysText(ways: readonly Way[], brush: Brush): string {
  const { shown, folded, omitted } = drawnWays(ways);
  const head = (way: Way) =>
    `  ${brush.paint(marks[way.verdict], way.verdict)} ${brush.sentence(tame(summaryOf(way), 400))}`;
  return [
    ...shown.map((way) => `${head(way)}\n\n${drawn(way, brush)}`),
    ...(folded.length > 0 ? [folded.map(head).join('\n')] : []),
    ...(omitted > 0 ? [`  and ${omitted} more, which the JSON has`] : []),
  ].join('\n\n');
}

function drawn({ stops }: Way, { paint }: Brush): string {
  const names = stops.map((stop) => `${stop.name}${notes[lookOf(stop)]}`);
  const nameWidth = Math.max(...names.map((name) => name.length)) + 2;
  return stops
    .flatMap((stop, index) => {
      const look = lookOf(stop);
      const next = stops[index + 1];
      const rail = next && railTo(stop, next);
      const [first = '', ...more] = stop.ids.map((id) => tame(id, 120));
      const name = paint((names[index] ?? '').padEnd(nameWidth), look);
      // The line to the next stop runs beside further ids, or has a row of its own.
      const below = more.length > 0 || !rail ? more : [''];
      return [
        `    ${paint(marks[look], look)}  ${name}${first}`,
        ...below.map((id) =>
          `    ${rail ? paint(rails[rail], rail) : ' '}  ${id && ' '.repeat(nameWidth)}${id}`.trimEnd(),
        ),
      ];
    })
    .join('\n');
}
