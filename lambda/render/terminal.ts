import type { Diagnosis } from '../model/diagnosis.ts';
import { type Block, outline, tamed } from './outline.ts';
import { type Way, waysOf } from './way.ts';
import { waysText } from './way-text.ts';

export interface Look {
  /** Only where the output is a terminal. */
  readonly colour?: boolean;
  /** Columns to break lines at. */
  readonly width?: number;
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

const tones = {
  open: ['green'],
  closed: ['red', 'bold'],
  unknown: ['yellow'],
  skipped: ['dim'],
  behind: ['red', 'dim'],
} as const;

/** For people at a terminal. */
export function terminal(diagnosis: Diagnosis, look: Look = {}): string {
  const { block, drawing } = scribe(look);
  const blocks = outline(diagnosis);
  const at = blocks.findIndex(({ kind }) => kind === 'quote') + 1;
  const drawn = drawing(waysOf(diagnosis));
  const texts = blocks.map(block);
  return `${[...texts.slice(0, at), ...(drawn ? [drawn] : []), ...texts.slice(at)].join('\n\n')}\n`;
}

/** A paragraph of our own between reports; a noted one stands out. */
export function paragraph(text: string, { colour = false, width = 100 }: Look, tone?: 'noted'): string {
  const lines = wrap(text, width, tone ? '➜ ' : '', tone ? '  ' : '');
  return (
    colour && tone ? lines.map((line) => `\u001b[${codes.bold};${codes.cyan}m${line}\u001b[0m`) : lines
  ).join('\n');
}

/** Writes for a terminal, in colour or without. */
export function scribe({ colour = false, width = 100 }: Look): {
  block(block: Block): string;
  drawing(ways: readonly Way[]): string;
} {
  const paint = (text: string, ...names: (keyof typeof codes)[]) =>
    colour ? `${names.map((name) => `\u001b[${codes[name]}m`).join('')}${text}\u001b[0m` : text;
  /** Identifiers stand out; without colour their backticks do it. */
  const marked = (text: string) =>
    colour ? text.replace(/`([^`]*)`/g, (_, code: string) => paint(code, 'cyan')) : text;
  const item = (text: string, bullet: string) =>
    wrap(text, width, `  ${bullet} `, '    ').map(marked).join('\n');

  const write = (block: Block): string => {
    switch (block.kind) {
      case 'title': {
        const sign = { cause: '✗', suspect: '?', none: '–', clear: '✓' }[block.tone];
        const tone = { cause: 'red', suspect: 'yellow', none: 'yellow', clear: 'green' } as const;
        return paint(`${sign} ${block.text}`, 'bold', tone[block.tone]);
      }
      case 'heading':
        return paint(block.text, 'bold');
      case 'text':
        return wrap(block.text, width, '', '').map(marked).join('\n');
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

  return {
    block: (block) => write(tamed(block)),
    drawing: (ways) =>
      waysText(ways, { paint: (text, look) => paint(text, ...tones[look]), sentence: marked }),
  };
}

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
