import type { CollectedFacts, FactName, PullError, Step } from '../../lambda/model/facts.ts';
import type { Hop, Path } from '../../lambda/model/network.ts';
import { pathsOf } from '../../lambda/network/walk.ts';
import type { refused } from '../support/asking.ts';
import { errorOf } from './agreement.ts';
import { collected, factsOf, type Recipe } from './random-network.ts';

/** Facts that nobody could see, or that are changed as no recipe changes them. */
export type Edit = { readonly [N in FactName]?: typeof refused | ((value: never) => unknown) };

/** A network, and what a text says of the pull that failed there. */
export interface Situation {
  readonly start?: Recipe['start'];
  readonly changes?: Recipe['changes'];
  readonly edit?: Edit;
  readonly error?: Partial<PullError>;
}

/** The ways of all connections. */
export const pathsIn = (situation: Situation): readonly Path[] =>
  pathsOf(factsIn(situation), errorIn(situation));

/** What a text says of the pull. */
export const errorIn = ({ error }: Situation): PullError => ({ ...errorOf(undefined), ...error });

/** The facts of the network. */
export function factsIn({ start = 'NAT gateway', changes = [], edit = {} }: Situation): CollectedFacts {
  const facts = { ...collected(factsOf({ start, changes })) } as Record<string, unknown>;
  for (const [name, value] of Object.entries(edit)) {
    const fact = facts[name] as { readonly value: never };
    facts[name] = typeof value === 'function' ? { status: 'known', value: value(fact.value) } : value;
  }
  return facts as unknown as CollectedFacts;
}

/** The way of one connection, the token's unless said otherwise. */
export const pathIn = (situation: Situation, step: Step = 'token'): Path | undefined =>
  pathsIn(situation).find(({ destination }) => destination.step === step);

/** Hops as `open <check>`, `closed <check>`, `likely closed <check>` or `unknown <check>`. */
export const written = (hops: readonly Hop[] = []): string =>
  hops
    .map(
      ({ verdict, certainty, check }) =>
        `${verdict === 'closed' && certainty === 'likely' ? 'likely ' : ''}${verdict} ${check}`,
    )
    .join(', ');

/** Hops that are not open, written. */
export const notOpen = (hops: readonly Hop[] = []): string =>
  written(hops.filter(({ verdict }) => verdict !== 'open'));
