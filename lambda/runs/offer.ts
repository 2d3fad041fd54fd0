import type { Diagnosis } from '../model/diagnosis.ts';
import type { Snapshot } from '../model/facts.ts';
import type { Offer } from '../model/remediation.ts';
import { plansFor } from '../remediate/plan.ts';

/** What the deployer allows. */
export interface Consented {
  /** Ids of remediations that may be offered. */
  readonly remediations: readonly string[];
  /** Those of them that need no person. */
  readonly automatic: readonly string[];
}

/** What the environment of a function says that the deployer allows. */
export const consentedFrom = ({
  REMEDIATIONS,
  AUTOMATIC_REMEDIATIONS,
}: Readonly<Record<string, string | undefined>>): Consented => ({
  remediations: REMEDIATIONS?.split(',') ?? [],
  automatic: AUTOMATIC_REMEDIATIONS?.split(',') ?? [],
});

/** The plan that a diagnosis offers: for the first cause that a remediation is allowed for; `null` if there is none. */
export function offerOf(snapshot: Snapshot, diagnosis: Diagnosis, consented: Consented): Offer | null {
  for (const one of plansFor(snapshot, diagnosis)) {
    if (one.status !== 'ready' || !consented.remediations.includes(one.plan.remediation)) continue;
    const isAutomatic = !one.plan.byPersonOnly && consented.automatic.includes(one.plan.remediation);
    return {
      plan: one.plan,
      approval: isAutomatic ? 'automatic' : 'person',
      task: snapshot.facts.task.value,
    };
  }
  return null;
}
