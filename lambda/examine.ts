import type { Check, CheckFacts, CheckSnapshot, Result } from './model/check.ts';
import { gather } from './model/gather.ts';

/** Runs one check on the facts. A check that throws is a bug of ours; the others still run. */
export function examine(check: Check, facts: CheckSnapshot): Result {
  const { values, missing } = gather<CheckFacts, keyof CheckFacts>(check.needs, facts);
  if (missing.length > 0) return { status: 'inconclusive', missing };
  const uses = Object.fromEntries((check.uses ?? []).map((name) => [name, facts[name]]));
  try {
    return check.examine(values as CheckFacts, uses as never);
  } catch (error) {
    return { status: 'crashed', error: String(error) };
  }
}
