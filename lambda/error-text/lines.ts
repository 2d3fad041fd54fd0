import { symptoms } from './symptoms.ts';

/** What chats, comments and boxes set before each line. */
const before = /^(?:\s*(?:[>#*│┃]|\/\/)(?=\s|$))+/;

/** The words of the texts that we know, and not the names of AWS's exceptions, which are of several. */
const words = new Set(
  symptoms
    .flatMap(({ example, pattern }) => [example, pattern.source.replace(/\\./g, ' ')])
    .flatMap((text) => text.match(/\b[A-Z]?[a-z]+\b/g) ?? [])
    .map((word) => word.toLowerCase()),
);
const known = (word: string) => words.has(word.toLowerCase());

/** Narrower texts are wrapped by nobody; these are the widths of terminals. */
const narrowest = 40;
const terminals = [80, 100, 120, 132, 160];
const longestWord = 40;

/**
 * The text on one line. Mails wrap lines between words, terminals and some tools after so many characters, in the middle of a
 * word: that shows in lines that are all full, and in halves that are no words while the whole is one.
 */
export function onOneLine(text: string): string {
  if (!text.includes('\n')) return text;
  const lines = withoutIndents(text.split(/\r?\n/).map((line) => line.replace(before, '')));
  let end = '';
  return lines
    .map((line, at) => {
      const next = (at > 0 ? between(end, line, isFull(lines, at - 1)) : '') + line;
      end = (end + next).slice(-longestWord);
      return next;
    })
    .join('');
}

/** A space that stands before a word is part of the text, the other ones before a line are not. */
function withoutIndents(lines: readonly string[]): readonly string[] {
  const indents = lines.map((line) => line.search(/\S|$/));
  return lines.map((line, at) => {
    const own = indents[at] ?? 0;
    const near = [indents[at - 1], indents[at + 1]].filter(
      (one, side) => (at + side > 1 || own === 1) && one === own - 1,
    );
    return line.slice(near.length > 0 ? own - 1 : own);
  });
}

/**
 * Whether a line ends where there was no more room: those around it are as long, up to the last one. What stands before the first
 * makes it longer.
 */
function isFull(lines: readonly string[], at: number): boolean {
  const length = (line: number) => lines[line]?.length ?? 0;
  const own = length(at);
  if (own < narrowest) return false;
  if (at === 0 && terminals.includes(own)) return true;
  let [first, next] = [at, at + 1];
  while (length(first - 1) === own) first -= 1;
  while (length(next) === own) next += 1;
  const last = length(next) < own && length(next + 1) === 0;
  if (next - first > (last ? 1 : 2)) return true;
  return first === at && own > length(next) && isFull(lines, next);
}

/** A break within a name, a host or a URL: nothing ends or begins so. */
const torn = /\w[-/@_=]\n\w|[\w)]\n(?:[-.@_]|::?)\w|\/\n\//;

/** What an error begins with is never the rest of a word. */
const opening = /^[A-Z][a-z]+(?:[A-Z][a-z]+)+(?:: |Error\b|Exception\b)/;

/** What stands between the end of what was said so far and the next line. */
function between(end: string, line: string, full: boolean): '' | ' ' {
  if (opening.test(line)) return ' ';
  if (torn.test(`${end.slice(-2)}\n${line.slice(0, 3)}`)) return '';
  const [, left = '', mark = ''] = /([a-z]+)([:,;]?)$/i.exec(end) ?? [];
  const right = /^[a-z]+/i.exec(line.slice(0, longestWord))?.[0] ?? '';
  const apart = known(left) && known(right);
  if (left && right && !mark && known(left + right)) return apart && !full ? ' ' : '';
  return full && !apart ? '' : ' ';
}
