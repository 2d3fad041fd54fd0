import { createHash } from 'node:crypto';
import type { Kind } from './kind.ts';

/** Who is hit: the tasks of one service (or of one family, where no service starts them) that fail in one way. */
export interface VictimKey {
  readonly accountId: string;
  readonly awsRegion: string;
  readonly clusterArn: string;
  /** `service:web`, `family:nightly` and the like. */
  readonly groupName: string;
  readonly failureKind: Kind;
}

/** How a victim's trouble ended. */
export type Outcome =
  /** The deployment that failed runs. */
  | 'fixed'
  /** Another deployment runs. */
  | 'replaced'
  /** An earlier revision runs. */
  | 'rolledBack'
  /** Nothing is wanted any more: scaled to zero, or deleted. */
  | 'givenUp'
  /** It still fails, for another cause, which is an incident of its own. */
  | 'otherCause'
  /** No failure for a while, and no service that could be asked. */
  | 'quiet';

export const outcomes: readonly Outcome[] = [
  'fixed',
  'replaced',
  'rolledBack',
  'givenUp',
  'otherCause',
  'quiet',
];

/** What the table holds about a victim. Times are milliseconds since 1970. */
export interface Victim extends VictimKey {
  readonly id: string;
  /** Failed tasks since `firstAt`, each counted once. */
  readonly failures: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Deployment of the last failed task. */
  readonly startedBy: string | null;
  readonly taskDefinitionArn: string | null;
  /** Until then somebody is diagnosing, or ending it; after it that one has died. */
  readonly leaseUntil?: number;
  /** Since then people know, through `incidentId`. */
  readonly toldAt?: number;
  /** Until then a failure of `toldOf` needs no diagnosis: its cause is the one that was told. */
  readonly knownUntil?: number;
  /** Task definitions whose failures were diagnosed. */
  readonly toldOf?: ReadonlySet<string>;
  /** Its incident, until that one has heard of the end. */
  readonly incidentId?: string;
  readonly endedAt?: number;
  readonly outcome?: Outcome;
  /** A failure that is not told before the quiet window is over: the task, as JSON. */
  readonly heldTask?: string;
  readonly wakeAt?: number;
}

/** What is said of an incident in every message about it. */
export interface About {
  readonly accountId: string;
  readonly awsRegion: string;
  /** The first victim's. */
  readonly clusterArn: string;
  readonly groupName: string;
  readonly headline: string;
  readonly conclusion: string;
  readonly checkId: string | null;
  readonly resourceName: string | null;
}

/** What the table holds about an incident: one cause with all whom it hits. Times are milliseconds since 1970. */
export interface Incident extends About, Ended {
  readonly id: string;
  /** Names it in logs, threads and messages; another for each time it opens. */
  readonly correlationId: string;
  readonly openedAt: number;
  /** Until then somebody is telling; after it that one has died. */
  readonly leaseUntil?: number;
  /** Until then somebody is telling that it is over. */
  readonly endingUntil?: number;
  /** When it was last told; absent before the first time. */
  readonly toldAt?: number;
  /** Updates told. */
  readonly updates: number;
  /** Failures and victims at the last message. */
  readonly toldFailures: number;
  readonly toldVictims: number;
  /** Ids of victims; absent once there is none. */
  readonly openVictims?: ReadonlySet<string>;
  /** Ids of all that were ever hit. */
  readonly hitVictims: ReadonlySet<string>;
  /** Failures of victims that have ended. */
  readonly endedFailures: number;
  readonly endedAt?: number;
  readonly wakeAt?: number;
  /** What `brokenPathsOf` kept of the diagnosis that was told, if a connection is known to end. */
  readonly brokenPaths?: string;
}

/** How many victims of an incident ended in each way. The names of some are reserved words of DynamoDB. */
type Ended = { readonly [O in Outcome as `ended_${O}`]?: number };

/**
 * Short, whatever the names: an incident lists its victims. Tasks that no service starts have nothing in common but their
 * group, so each of their task definitions is a victim of its own.
 */
export const victimId = (
  { accountId, awsRegion, clusterArn, groupName, failureKind }: VictimKey,
  taskDefinitionArn: string | null = null,
): string =>
  `victim ${shortHash([
    accountId,
    awsRegion,
    clusterArn,
    groupName,
    failureKind,
    ...(isService(groupName) ? [] : [taskDefinitionArn]),
  ])}`;

/** Whether a service starts the tasks of a group again. */
export const isService = (groupName: string): boolean => groupName.startsWith('service:');

export const shortHash = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);

export const isVictim = (item: Victim | Incident): item is Victim => item.id.startsWith('victim ');

/** What a cause is known by: the check and the resource that it names, wherever it is met. */
export const incidentId = ({ accountId, awsRegion, checkId, resourceName }: About, victim: string): string =>
  // Where no cause is known, nothing says that two victims share it.
  `incident ${shortHash(checkId === null ? [victim] : [accountId, awsRegion, checkId, resourceName ?? victim])}`;
