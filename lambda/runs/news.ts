import type { Plan, Run } from '../model/remediation.ts';

/** What is told of a plan after it was approved, or was to be applied by itself. */
export type RunEvent =
  /** The changes are made. */
  | 'applied'
  /** Nothing was changed. */
  | 'refused'
  /** The changes are taken back. */
  | 'takenBack'
  /** Some change should be taken back, and could not be. */
  | 'stuck'
  /** Tasks of the service start again. */
  | 'works'
  /** The service is in another state than was hoped for; the changes stay. */
  | 'stays';

export interface RunNews {
  readonly event: RunEvent;
  /** Correlation id of the incident. */
  readonly incident: string;
  readonly plan: Plan;
  /** `null` if none was begun; of one that is refused nothing was changed. */
  readonly run: Run | null;
  readonly by: string;
  /** A sentence, where the event alone does not say it. */
  readonly because: string | null;
}
