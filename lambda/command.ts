import type { Command } from './model/check.ts';

/** Longer commands fit into no message. */
export const longestCommand = 1_200;

/** A piece of a command line in which every value is quoted already. */
export class Words {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

type Value = string | number | Words | readonly Value[];

/**
 * A piece of a command line. Ids and names come from saved incidents, error texts and accounts of strangers, and commands are
 * pasted: every value becomes one word of the shell, whatever stands in it; those of a list become one word each. A value never
 * stands within quotes of the template, where it could end them.
 */
export function words(strings: TemplateStringsArray, ...values: readonly Value[]): Words {
  let text = '';
  for (const [index, constant] of strings.entries()) {
    text += constant;
    const value = values[index];
    if (value === undefined) continue;
    if (isWithinQuotes(strings.slice(0, index + 1).join('')))
      throw new Error(`a value of a command stands within quotes: ${text}`);
    text += written(value);
  }
  return new Words(text);
}

/** The whole command of a fix. */
export const command = (strings: TemplateStringsArray, ...values: readonly Value[]): Command =>
  words(strings, ...values).text as Command;

/** What nobody but the reader can choose: angle brackets, which a shell refuses. `what` is a constant of ours. */
export const blank = (what: string): Words => new Words(`<${what}>`);

/** One command after another, as long as they succeed. */
export const inTurn = (commands: readonly Words[]): Words =>
  new Words(commands.map(({ text }) => text).join(' && '));

function written(value: Value): string {
  if (value instanceof Words) return value.text;
  if (typeof value === 'object') return value.map(written).join(' ');
  return word(String(value));
}

/**
 * One word. What the AWS CLI or Docker would take for an option or for a file to send is left to the reader.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html
 */
function word(text: string): string {
  if (/^(?:-|fileb?:\/\/|https?:\/\/)/.test(text)) return blank('value').text;
  // zsh reads a word that begins with `=` as the path of a program.
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const isWithinQuotes = (text: string): boolean => /['"]/.test(text.replace(/'[^']*'|"[^"]*"/g, ''));
