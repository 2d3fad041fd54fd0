import type { Diagnosis, NotAPullFailure } from '../lambda/model/diagnosis.ts';
import type { Snapshot } from '../lambda/model/facts.ts';
import { type Format, formats } from '../lambda/render/index.ts';
import type { Look } from '../lambda/render/terminal.ts';

/** Whether to colour: only a terminal, and not where the user said no. https://no-color.org */
export const colourful = (stream: NodeJS.WriteStream): boolean =>
  Boolean(process.env['FORCE_COLOR'] && process.env['FORCE_COLOR'] !== '0') ||
  (stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb');

/** How to write to this standard output. */
export const look = (): Look => ({
  colour: colourful(process.stdout),
  width: Math.min(Math.max(process.stdout.columns || 100, 60), 120),
});

/** Prints a diagnosis and gives the exit code: 0 explained, 1 not. */
export function print(diagnosis: Diagnosis, format: Format, snapshot: Snapshot): number {
  process.stdout.write(formats[format](diagnosis, look(), snapshot));
  return diagnosis.conclusion === 'explained' ? 0 : 1;
}

/** Prints that nothing failed to be pulled. */
export function printNoPullFailure(format: Format, said: string): number {
  const answer: NotAPullFailure = { schemaVersion: 1, conclusion: 'not-a-pull-failure', causes: [] };
  process.stdout.write(format === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : `${said}\n`);
  return 1;
}

/** One line on a terminal that says what is waited for, and then goes away. */
export function progress(): { readonly show: (text: string) => void; readonly done: () => void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => {}, done: () => {} };
  return {
    show: (text) => stderr.write(`\r\u001b[2K${text.slice(0, Math.max(20, (stderr.columns || 80) - 1))}`),
    done: () => stderr.write('\r\u001b[2K'),
  };
}
