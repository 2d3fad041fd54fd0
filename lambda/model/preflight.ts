import type { Finding } from './diagnosis.ts';
import type { Mending, Path } from './network.ts';

/** Whether a task that has not been started could pull its images. */
export interface Preflight {
  readonly schemaVersion: 1;
  /** ISO 8601, UTC. */
  readonly collectedAt: string;
  readonly clusterArn: string;
  /** `service:web`, or `family:web` for a task definition without a service. */
  readonly group: string;
  readonly taskDefinitionArn: string | null;
  readonly images: readonly string[];
  /**
   * `blocked`: it is proven that a pull fails. `undecided`: nothing is proven, and something is likely or could not be seen.
   * `clear`: nothing that is looked for stands in the way.
   */
  readonly conclusion: 'blocked' | 'undecided' | 'clear';
  /** Where each connection of the pull gets to. */
  readonly paths: readonly Path[];
  readonly mending: Mending | null;
  /** It is proven that the pull fails on each of these. */
  readonly blocking: readonly Finding<'found'>[];
  /** Present, but something that cannot be seen decides, or it holds for some placements of the task only. */
  readonly likely: readonly Finding<'found'>[];
  readonly unknown: readonly Finding<'inconclusive' | 'undecided'>[];
  readonly passed: readonly Finding<'ruled-out'>[];
  /** Such as checks that read nothing but error texts: there is none yet. */
  readonly notApplicable: readonly Finding<'not-applicable'>[];
  /** Checks that failed. Each one is a bug in this project. */
  readonly crashed: readonly Finding<'crashed'>[];
}
