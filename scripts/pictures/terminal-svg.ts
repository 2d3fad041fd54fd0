/** Colours of the drawn terminal, by the code of the escape sequence. They hold 4.5:1 against its ground. */
const colours: Readonly<Record<string, string>> = {
  31: '#ff8f87',
  32: '#7ee2a0',
  33: '#f5c46b',
  36: '#7fd4ea',
};
const ground = '#10171e';
const ink = '#dfe7ee';
const dimmed = '#9aa8b4';

const column = 8.4;
const line = 19;
const margin = 20;
const bar = 34;

/** A run of characters of one look. */
interface Run {
  readonly text: string;
  readonly at: number;
  readonly codes: ReadonlySet<string>;
}

/** Draws what a program has written to a terminal, as SVG that needs no font, no script and nothing from elsewhere. */
export function terminalSvg(command: string, output: string, columns: number): string {
  const lines = linesOf(`\u001b[2m$\u001b[0m ${command}\n\n${output.trimEnd()}`).flatMap((runs) =>
    folded(runs, columns),
  );
  const width = Math.ceil(columns * column + 2 * margin);
  const height = bar + margin + lines.length * line;
  const texts = lines.flatMap((runs, index) => {
    const y = bar + margin / 2 + (index + 0.75) * line;
    return runs.filter(({ text }) => text.trim() !== '').map((run) => textOf(run, y));
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(`A terminal that shows ${command}`)}">
<rect width="${width}" height="${height}" rx="10" fill="${ground}"/>
${['#ff6b60', '#f5c04f', '#5bc46b'].map((fill, index) => `<circle cx="${margin + index * 20}" cy="${bar / 2 + 2}" r="6" fill="${fill}"/>`).join('\n')}
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace" font-size="14" fill="${ink}" xml:space="preserve">
${texts.join('\n')}
</g>
</svg>
`;
}

function textOf({ text, at, codes }: Run, y: number): string {
  const trimmed = text.trimStart();
  const x = margin + (at + text.length - trimmed.length) * column;
  const shown = trimmed.trimEnd();
  const colour = [...codes].flatMap((code) => colours[code] ?? [])[0];
  const look = [
    ...(colour ? [`fill="${colour}"`] : codes.has('2') ? [`fill="${dimmed}"`] : []),
    ...(codes.has('1') ? ['font-weight="700"'] : []),
    // The width is given, so that columns stand below each other in any font.
    ...(shown.length > 1
      ? [`textLength="${round(shown.length * column)}" lengthAdjust="spacingAndGlyphs"`]
      : []),
  ];
  return `<text x="${round(x)}" y="${round(y)}"${look.map((one) => ` ${one}`).join('')}>${escaped(shown)}</text>`;
}

/** Splits a text at its line breaks and escape sequences; a colour goes on until it is taken back. */
function linesOf(text: string): readonly (readonly Run[])[] {
  let codes: ReadonlySet<string> = new Set();
  return text.split('\n').map((row) => {
    const runs: Run[] = [];
    let at = 0;
    for (const [index, part] of row.split('\u001b[').entries()) {
      const [, sequence = '', rest = part] = index === 0 ? [] : (/^([\d;]*)m(.*)$/.exec(part) ?? []);
      if (index > 0) codes = sequence === '0' ? new Set() : new Set([...codes, ...sequence.split(';')]);
      if (rest !== '') runs.push({ text: rest, at, codes });
      at += rest.length;
    }
    return runs;
  });
}

/** A line that is too long goes on in the next, as a terminal does it. */
function folded(runs: readonly Run[], columns: number): readonly (readonly Run[])[] {
  const lines: Run[][] = [[]];
  for (const { text, at, codes } of runs)
    for (let from = 0; from < text.length; ) {
      const row = Math.floor((at + from) / columns);
      const until = Math.min(text.length, (row + 1) * columns - at);
      lines[row] ??= [];
      lines[row].push({ text: text.slice(from, until), at: (at + from) % columns, codes });
      from = until;
    }
  return lines;
}

const round = (number: number) => Math.round(number * 10) / 10;

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
