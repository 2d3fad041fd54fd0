import type { Stack } from 'aws-cdk-lib';

/**
 * The event of a task that never was, whose text explains itself. It goes to the queue, since EventBridge takes no events of
 * the source `aws.ecs` from anybody but ECS. `mark` must be another each time: what is known already is counted, not told.
 */
export function testEvent({ account, partition, region }: Stack, mark: string): string {
  const image = `ecs-pull-doctor-test/there-is-no-such-image:test-${mark}`;
  const arn = (resource: string) => `arn:${partition}:ecs:${region}:${account}:${resource}`;
  return JSON.stringify({
    version: '0',
    source: 'aws.ecs',
    'detail-type': 'ECS Task State Change',
    account,
    region,
    detail: {
      taskArn: arn(`task/test-event/${mark}`),
      clusterArn: arn('cluster/test-event'),
      group: `family:test-event-${mark}`,
      lastStatus: 'STOPPED',
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      stoppedReason: `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/${image}: docker.io/${image}: not found`,
      containers: [{ name: 'test', image, lastStatus: 'STOPPED' }],
    },
  });
}
