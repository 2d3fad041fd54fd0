import type { Check, Result } from './check.ts';
import type { Mending, Path } from './network.ts';

type With<S extends Result['status']> = Extract<Result, { status: S }>;

/** One check's result, with enough of the check to be read on its own. */
export type Finding<S extends Result['status'] = Result['status']> = With<S> & {
  readonly check: Pick<Check, 'id' | 'cause' | 'source'>;
};

/** The answer for one stopped task. This is the JSON that subscribers receive. */
export interface Diagnosis {
  readonly schemaVersion: 1;
  readonly collectedAt: string;
  /** When the task stopped, as AWS gave it. */
  readonly stoppedAt: string | null;
  readonly taskArn: string;
  readonly clusterArn: string;
  /** `service:web`, `family:web` and the like. */
  readonly group: string | null;
  readonly images: readonly string[];
  /** The full text ECS gave. */
  readonly error: string;
  /** Ids of the symptoms the text matches; empty for a text not seen before. */
  readonly symptoms: readonly string[];
  readonly conclusion: 'explained' | 'suspected' | 'unexplained';
  /** Where each connection of the pull gets to. */
  readonly paths: readonly Path[];
  /** What it takes on the network to open every connection, tried on the model; `null` where none is closed. */
  readonly mending: Mending | null;
  /** Present, and explains this error. The first is the one to look at. */
  readonly causes: readonly Finding<'found'>[];
  /** Would explain this error, but could not be judged from here. */
  readonly suspects: readonly Finding<'inconclusive' | 'undecided'>[];
  /** Present, but does not explain this error. */
  readonly otherProblems: readonly Finding<'found'>[];
  /** Would explain this error, and is not the case. */
  readonly ruledOut: readonly Finding<'ruled-out'>[];
  /** Checks that failed. Each one is a bug in this project. */
  readonly crashed: readonly Finding<'crashed'>[];
}

/** The answer for an event that reports no failed pull. */
export interface NotAPullFailure {
  readonly schemaVersion: 1;
  readonly conclusion: 'not-a-pull-failure';
  readonly causes: readonly [];
}
