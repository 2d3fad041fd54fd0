import { Token } from 'aws-cdk-lib';
import type { EventPattern } from 'aws-cdk-lib/aws-events';

/**
 * Texts of a failed pull. The name of the error opens the text as a rule, but not where one service quotes another, so a
 * wildcard looks for it anywhere. Wildcards heed case; a text that opens with the name is taken in any. Whether the text is one of ours after all is decided by the function (`isPullFailure`).
 */
const pullFailures = [
  { wildcard: '*CannotPull*' },
  { prefix: { 'equals-ignore-case': 'CannotPull' } },
  // Seen without the name of an error before it, or with one in another case.
  { wildcard: '*unable to pull secrets or registry auth*' },
  { wildcard: '*descriptor matching platform*' },
  // What a runtime cannot read as a reference it calls an internal error.
  { wildcard: '*failed to normalize image*' },
  // Logging drivers, file systems and environment files fail under the same name.
  { wildcard: '*ResourceInitializationError*pull*' },
  { wildcard: '*ResourceInitializationError*secret*' },
  // The agent gave up a pull: other transitions that time out are no pulls.
  { wildcard: '*Could not transition to pull*' },
  { wildcard: '*Could not transition to MANIFEST_PULLED*' },
];

/**
 * Tasks that stopped because of their image. The text stands with the task (Fargate from 1.4 on) or with one of its containers
 * (EC2, older Fargate), and no stop code is asked for: a pull fails under several.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
export const stoppedTaskPattern = (clusterArns: readonly string[] = []): EventPattern => ({
  source: ['aws.ecs'],
  detailType: ['ECS Task State Change'],
  detail: {
    // One event per task: the text already stands in events before this status.
    lastStatus: ['STOPPED'],
    ...within(clusterArns),
    $or: [{ stoppedReason: pullFailures }, { containers: { reason: pullFailures } }],
  },
});

/**
 * Services whose task never came to be: ECS may not assume a role, and then there is no task that could stop.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
 */
export const serviceActionPattern = (clusterArns: readonly string[] = []): EventPattern => ({
  source: ['aws.ecs'],
  detailType: ['ECS Service Action'],
  detail: {
    ...within(clusterArns),
    reason: [...pullFailures, { wildcard: '*unable to assume the role*' }],
  },
});

/**
 * Services that may run again, in all clusters: events of deployments do not name theirs, and a service that is not watched has
 * no incident. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
 */
export const goodNewsPattern: EventPattern = {
  source: ['aws.ecs'],
  detailType: ['ECS Service Action', 'ECS Deployment State Change'],
  detail: {
    eventName: [
      'SERVICE_STEADY_STATE',
      'TASKSET_STEADY_STATE',
      'SERVICE_DESIRED_COUNT_UPDATED',
      'SERVICE_DEPLOYMENT_COMPLETED',
    ],
  },
};

/** What wakes the function; EventBridge lets nobody but AWS use sources that begin with `aws.`. */
export const wakeEvent = { source: 'ecs-pull-doctor', 'detail-type': 'Time has passed' } as const;

const within = (clusterArns: readonly string[]) =>
  clusterArns.length > 0 ? { clusterArn: [...clusterArns] } : {};

/** EventBridge refuses longer patterns. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const patternLimit = 2_048;
/** An ARN that is known only when the stack is deployed: about as long as most. */
const arnLength = 120;

/** Throws if the ARNs of so many clusters do not fit into one rule. */
export function mustFit(clusterArns: readonly string[]): void {
  const base = JSON.stringify(stoppedTaskPattern(['']).detail).length + 80;
  const arns = clusterArns.map((arn) => (Token.isUnresolved(arn) ? arnLength : arn.length) + 3);
  const size = arns.reduce((sum, length) => sum + length, base);
  if (size > patternLimit)
    throw new Error(
      `the event pattern for ${clusterArns.length} clusters has about ${size} characters, and EventBridge takes ${patternLimit}: name fewer clusters, or none to watch all of them`,
    );
}
