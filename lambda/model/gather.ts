import type { MissingFact } from './check.ts';
import type { Fact, FactName, Unknown } from './facts.ts';

/** The values of the needed facts or, if any is unknown, which ones and why. */
export function gather<V extends object, N extends keyof V & string>(
  needs: readonly N[],
  facts: { readonly [K in N]: Fact<unknown> },
): { readonly values: Pick<V, N>; readonly missing: readonly MissingFact[] } {
  const values: Partial<Record<N, unknown>> = {};
  const missing: MissingFact[] = [];
  for (const name of needs) {
    const fact = facts[name];
    if (fact.status === 'known') values[name] = fact.value;
    else missing.push({ fact: name as unknown as FactName, ...because(fact) });
  }
  return { values: values as Pick<V, N>, missing };
}

const because = ({ why, action, error }: Unknown): Omit<Unknown, 'status'> => ({
  why,
  ...(action === undefined ? {} : { action }),
  ...(error === undefined ? {} : { error }),
});
