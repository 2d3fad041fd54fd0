/**
 * An answer in Kleene's three-valued logic: yes, no, or nobody can tell from here, and why.
 * https://en.wikipedia.org/wiki/Three-valued_logic#Kleene_and_Priest_logics
 */
export type Truth = boolean | Unclear;

/** Why nobody can tell. */
export interface Unclear {
  readonly because: string;
}

/** The answer of one who cannot tell. */
export const unclear = (because: string): Unclear => ({ because });

/** Whether nobody can tell. */
export const isUnclear = (value: object | string | boolean): value is Unclear =>
  typeof value === 'object' && 'because' in value;

/** The opposite; the opposite of unclear is as unclear. */
export const not = (truth: Truth): Truth => (isUnclear(truth) ? truth : !truth);

/** True if all are. One that is false decides, whatever is unclear. */
export function every(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.find(isUnclear) ?? true;
}

/** True if at least one is. One that is true decides, whatever is unclear. */
export function some(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.find(isUnclear) ?? false;
}
