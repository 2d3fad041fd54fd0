import type { Read } from '../aws/api.ts';
import type { CollectedFacts, FactName, Facts, RegistryAnswer, Unknown } from '../model/facts.ts';

/** How one fact is learnt from AWS, given the facts it builds on. */
export interface Collector<
  F extends FactName = FactName,
  N extends FactName = FactName,
  U extends FactName = FactName,
> {
  readonly fact: F;
  /** If one of them is unknown, so is this fact, for the same reason. */
  readonly needs: readonly N[];
  /** Facts that are asked for only on some ways, so that the others need not wait. */
  readonly uses?: readonly U[];
  // A method on purpose: see `Check.examine`.
  collect(
    facts: Pick<Facts, N>,
    read: Read,
    ask: Ask<U>,
    askRegistry: AskRegistry | null,
  ): Promise<Facts[F] | Unknown>;
}

/** Waits for another fact, known or unknown. */
export type Ask<U extends FactName> = <A extends U>(name: A) => Promise<CollectedFacts[A]>;

/** Asks the registry of an image outside Amazon ECR about it, and for an index also which platforms it has. Never throws. */
export type AskRegistry = (
  image: {
    readonly registry: string;
    readonly repository: string;
    readonly tag: string | null;
    readonly digest: string | null;
  },
  wantsPlatforms: boolean,
) => Promise<RegistryAnswer>;

/** Types `collect` by the collector's own `needs` and `uses`, then forgets them so that collectors share one record. */
export function defineCollector<
  F extends FactName,
  const N extends FactName,
  const U extends FactName = never,
>(collector: Collector<F, N, U>): Collector<F> {
  return collector as unknown as Collector<F>;
}

/** ECS keeps no record of it. */
export const notRecorded = (error: string): Unknown => ({ status: 'unknown', why: 'not-recorded', error });

/** The list belongs to another account, which alone can see all of it. */
export const ownedByOther = (ownerId: string, action: string): Unknown => ({
  status: 'unknown',
  why: 'owned-by-other',
  action,
  error: `it belongs to account ${ownerId}`,
});
