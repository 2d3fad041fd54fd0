import type { Diagnosis } from '../model/diagnosis.ts';
import type { Offer } from '../model/remediation.ts';
import type { Incident, Outcome } from './items.ts';

/** A service, or tasks that have only their group in common. */
export interface Group {
  readonly clusterArn: string;
  readonly groupName: string;
}

/** How an incident stands. */
export interface Totals {
  readonly failures: number;
  /** Services and families that were hit, those that have ended included. */
  readonly victims: number;
  /** Names of those still failing, at most 50. */
  readonly failing: readonly Group[];
  /** Names of all that were hit, those still failing first, at most 100. */
  readonly hit: readonly Group[];
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
}

/** Something to be told of an incident. */
export type News =
  | {
      /** Its first message, or the first after it came back. */
      readonly event: 'opened' | 'continued';
      readonly incident: Incident;
      readonly diagnosis: Diagnosis;
      /** A plan that may be applied, if there is one. */
      readonly offer?: Offer | null;
    }
  | { readonly event: 'updated' | 'resolved'; readonly incident: Incident; readonly totals: Totals };
