import type { Check, CheckFactName, Found, Outcome } from '../model/check.ts';
import type { FactName, Step } from '../model/facts.ts';

/** Types `examine` by the check's own `needs` and `uses`, then forgets them so that checks share one list. */
export function defineCheck<const N extends CheckFactName, const U extends FactName = never>(
  check: Check<N, U>,
): Check {
  return check as unknown as Check;
}

/** The connections of a pull. */
export const everyStep: readonly Step[] = ['token', 'secrets', 'manifest', 'layers'];

export const found = (
  certainty: Found['certainty'],
  detail: Omit<Found, 'status' | 'certainty'>,
): Outcome => ({
  status: 'found',
  certainty,
  ...detail,
});

export const ruledOut = (...evidence: readonly string[]): Outcome => ({ status: 'ruled-out', evidence });

export const notApplicable = (because: string): Outcome => ({ status: 'not-applicable', because });

export const undecided = (because: string, resources: readonly string[], ask: string): Outcome => ({
  status: 'undecided',
  because,
  resources,
  ask,
});
