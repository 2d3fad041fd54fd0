import type { Diagnosis } from '../model/diagnosis.ts';
import type { Hop, Path } from '../model/network.ts';
import { tame } from './hostile-text.ts';
import { type Block, outline } from './outline.ts';

export interface Look {
  /** Only where the output is a terminal. */
  readonly colour?: boolean;
  /** Columns to break lines at. */
  readonly width?: number;
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** For people at a terminal. */
export function terminal(diagnosis: Diagnosis, { colour = false, width = 100 }: Look = {}): string {
  const paint = (text: string, ...names: (keyof typeof codes)[]) =>
    colour ? `${names.map((name) => `\u001b[${codes[name]}m`).join('')}${text}\u001b[0m` : text;
  /** Identifiers stand out; without colour their backticks do it. */
  const marked = (text: string) =>
    colour ? text.replace(/`([^`]*)`/g, (_, code: string) => paint(code, 'cyan')) : text;
  const item = (text: string, bullet: string) =>
    wrap(text, width, `  ${bullet} `, '    ').map(marked).join('\n');

  const asText = (block: Block): string => {
    switch (block.kind) {
      case 'title': {
        const sign = { cause: '✗', suspect: '?', none: '–' }[block.tone];
        return paint(
          `${sign} ${block.text}`,
          'bold',
          ...(block.tone === 'cause' ? (['red'] as const) : (['yellow'] as const)),
        );
      }
      case 'heading':
        return paint(block.text, 'bold');
      case 'text':
        return marked(block.text);
      case 'list':
        return block.items
          .map((one) => (block.about === 'ruled-out' ? paint(item(one, '·'), 'dim') : item(one, '•')))
          .join('\n');
      case 'fix': {
        const { fix, number } = block;
        return [
          ...wrap(fix.do, width, `  ${number}. `, '     ').map(marked),
          ...(fix.cli ? [`     ${paint('$', 'dim')} ${paint(fix.cli, 'green')}`] : []),
          ...(fix.cdk
            ? fix.cdk
                .split('\n')
                .map(
                  (line, index) =>
                    `     ${paint(index === 0 ? 'CDK' : '   ', 'dim')} ${paint(line, 'green')}`,
                )
            : []),
        ].join('\n');
      }
      case 'quote':
        return wrap(block.text, width, '  │ ', '  │ ')
          .map((line) => paint(line, 'dim'))
          .join('\n');
      case 'link':
        return `  ${paint(`${block.text}\n  ${block.url}`, 'dim')}`;
    }
  };

  const blocks = outline(diagnosis);
  const drawing = drawn(diagnosis.paths, paint);
  const at = blocks.findIndex(({ kind }) => kind === 'quote') + 1;
  const texts = blocks.map(asText);
  return `${[...texts.slice(0, at), ...(drawing ? [drawing] : []), ...texts.slice(at)].join('\n\n')}\n`;
}

/** One line per connection that gets through; the hops of one that does not, up to where it ends. */
function drawn(
  paths: readonly Path[],
  paint: (text: string, ...names: (keyof typeof codes)[]) => string,
): string {
  const marks = { open: '✓', closed: '✗', unknown: '?' } as const;
  const tones = { open: 'green', closed: 'red', unknown: 'yellow' } as const;
  const drawnEnds = new Set<string>();
  const severalSubnets = new Set(paths.map(({ subnetId }) => subnetId)).size > 1;
  return paths
    .slice(0, pathLimit)
    .map((path) => {
      const { destination, subnetId } = path;
      const end = path.hops.findIndex(({ verdict }) => verdict === 'closed');
      const verdict =
        end >= 0 ? 'closed' : path.hops.some((hop) => hop.verdict === 'unknown') ? 'unknown' : 'open';
      const from = severalSubnets ? ` from ${subnetId}` : '';
      const head = `  ${paint(marks[verdict], tones[verdict])} ${paint(destination.step.padEnd(8), 'bold')} ${tame(destination.host, 120)}${from}`;
      if (verdict === 'open') return head;
      const passed = merged(end < 0 ? path.hops : path.hops.slice(0, end + 1));
      const ends = passed.map(({ is, at }) => `${is} ${at}`).join();
      if (drawnEnds.has(ends)) return `${head} (ends there too)`;
      drawnEnds.add(ends);
      return [
        head,
        ...passed.map(
          (hop) =>
            `      ${paint(`${marks[hop.verdict]} ${hop.is.padEnd(23)} ${tame(hop.at, 80)}`, tones[hop.verdict])}`,
        ),
      ].join('\n');
    })
    .join('\n');
}

/** A task of a service may have run in any of sixteen subnets: that many drawings help nobody. */
const pathLimit = 9;

/** Several hops at one thing are one line, and what can hardly be wrong is none. */
const merged = (hops: readonly Hop[]): readonly Hop[] =>
  hops.filter(
    (hop, index) =>
      !(hop.is === 'address family' && hop.verdict === 'open') &&
      !hops
        .slice(index + 1)
        .some((later) => later.is === hop.is && later.at === hop.at && later.verdict === hop.verdict),
  );

function wrap(text: string, width: number, first: string, next: string): string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    const empty = line === first || line === next;
    if (!empty && line.length + word.length + 1 > width) {
      lines.push(line);
      line = next + word;
    } else line += empty ? word : ` ${word}`;
  }
  return [...lines, line];
}
