import type { Lookup } from './request.ts';
import { isUnclear, type Truth, type Unclear, unclear } from './truth.ts';

const anyText = Symbol('*');
const anyCharacter = Symbol('?');

/** A text of a policy, ready to be compared: characters and wildcards, its variables replaced. */
export type Pattern = readonly (string | typeof anyText | typeof anyCharacter)[];

/** How a text of a policy is to be read. */
export interface Reading {
  readonly wildcards: boolean;
  readonly ignoreCase?: boolean;
  /** Where the variables come from; `null` in a policy of a version that has none and takes them as plain text. */
  readonly variables: Lookup | null;
}

/**
 * Reads a text of a policy. What a variable stands for is plain text, wildcards in it too.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function readPattern(
  text: string,
  { wildcards, ignoreCase = false, variables }: Reading,
): Pattern | Unclear {
  const literal = (part: string) => (ignoreCase ? part.toLowerCase() : part).split('');
  const pattern: Pattern[number][] = [];
  for (const part of text.split(/(\$\{[^}]*\})/)) {
    if (variables && part.startsWith('${') && part.endsWith('}')) {
      const value = resolve(part.slice(2, -1), variables);
      if (isUnclear(value)) return value;
      pattern.push(...literal(value));
    } else {
      for (const character of literal(part))
        pattern.push(
          wildcards && character === '*'
            ? anyText
            : wildcards && character === '?'
              ? anyCharacter
              : character,
        );
    }
  }
  return pattern;
}

/** `aws:PrincipalTag/team, 'x'`: a key and what stands for it where the request has none; or one of the characters `*?$`. */
function resolve(variable: string, variables: Lookup): string | Unclear {
  if (['*', '?', '$'].includes(variable)) return variable;
  const [name = '', ...rest] = variable.split(',');
  const key = name.trim();
  const fallback = /^'(.*)'$/s.exec(rest.join(',').trim())?.[1];
  const values = variables(key);
  if (values === 'unknown' || (typeof values === 'object' && ('oneOf' in values || 'between' in values)))
    return unclear(`the variable \`${key}\` is not known`);
  // AWS documents only that this might make the whole statement invalid.
  if (values === 'absent') return fallback ?? unclear(`the request has nothing for the variable \`${key}\``);
  const [value, ...more] = values;
  return value !== undefined && more.length === 0
    ? value
    : unclear(`the variable \`${key}\` has several values`);
}

/** Whether the whole value fits the pattern. It takes no longer than the product of their lengths, whatever the wildcards. */
export function fits(pattern: Pattern, value: string): boolean {
  let at = 0;
  let read = 0;
  let lastStar = -1;
  let readByStar = 0;
  while (read < value.length) {
    const wanted = pattern[at];
    if (wanted === anyText) {
      lastStar = at++;
      readByStar = read;
    } else if (wanted === anyCharacter || wanted === value[read]) {
      at++;
      read++;
    } else if (lastStar >= 0) {
      at = lastStar + 1;
      read = ++readByStar;
    } else return false;
  }
  return pattern.slice(at).every((wanted) => wanted === anyText);
}

/** Whether a value is what a text of a policy says. */
export function matches(text: string, value: string, reading: Reading): Truth {
  const pattern = readPattern(text, reading);
  if (isUnclear(pattern)) return pattern;
  return fits(pattern, reading.ignoreCase ? value.toLowerCase() : value);
}
