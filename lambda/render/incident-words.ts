import type { Outcome } from '../incident/items.ts';

/** How the trouble of a service ended. */
export const outcomeWords: Readonly<Record<Outcome, string>> = {
  fixed: 'fixed: the deployment that failed runs now',
  replaced: 'replaced: another deployment runs now',
  rolledBack: 'rolled back: an earlier revision runs, and the one that failed still would',
  givenUp: 'given up: nothing is to run any more',
  otherCause: 'still failing, for another reason: that is an incident of its own',
  quiet: 'quiet: no failure for an hour, and no service to look at; nothing proves that it works',
};

/** How many services and families. */
export const hit = (victims: number) => count(victims, 'service or family', 'services and families');

/** A number with its word. */
export const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** A duration for people: the two largest units. */
export function spell(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const;
  const first = units.findIndex(([size]) => seconds >= size);
  if (first < 0) return '0 s';
  let left = seconds;
  const said = units.slice(first, first + 2).flatMap(([size, unit]) => {
    const n = Math.floor(left / size);
    left -= n * size;
    return n > 0 ? [`${n} ${unit}`] : [];
  });
  return said.join(' ');
}
