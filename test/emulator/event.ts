import { randomUUID } from 'node:crypto';
import { accountId, partitionOf } from './aws.ts';
import type { World } from './world.ts';

/** The detail of an event, as far as tests change it. */
export type TaskDetail = Readonly<Record<string, unknown>>;

/** An EventBridge event. */
export interface TaskEvent {
  readonly 'detail-type': string;
  readonly detail: TaskDetail;
  readonly [field: string]: unknown;
}

/**
 * The event that ECS sends when the task of a world's service could not pull its image.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
export function stoppedTaskEvent(world: World, text: string, changes: TaskDetail = {}): TaskEvent {
  const { aws, name, kind, clusterArn, image } = world;
  const id = randomUUID().replaceAll('-', '');
  const partition = partitionOf(aws.region);
  const taskArn = `arn:${partition}:ecs:${aws.region}:${accountId}:task/${name}/${id}`;
  const attachmentId = randomUUID();
  // On EC2 and on Fargate up to 1.3 the text is the container's; the task only says that it failed.
  const inContainer = kind === 'ec2' || kind === 'platform-1.3.0';
  const createdAt = new Date(Date.now() - 90_000);
  const later = (seconds: number) => new Date(createdAt.getTime() + seconds * 1000).toISOString();
  const detail = {
    attachments: kind === 'ec2' ? [] : [taskInterface(attachmentId, world)],
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    availabilityZone: `${aws.region}a`,
    clusterArn,
    connectivity: 'CONNECTED',
    connectivityAt: later(12),
    containers: [
      {
        containerArn: `arn:${partition}:ecs:${aws.region}:${accountId}:container/${name}/${id}/${randomUUID()}`,
        lastStatus: 'STOPPED',
        name: 'app',
        image,
        taskArn,
        networkInterfaces: kind === 'ec2' ? [] : [{ attachmentId, privateIpv4Address: world.sourceAddress }],
        cpu: '0',
        ...(inContainer && { reason: text }),
      },
    ],
    cpu: '256',
    createdAt: later(0),
    desiredStatus: 'STOPPED',
    enableExecuteCommand: false,
    group: `service:${name}`,
    launchType: kind === 'ec2' ? 'EC2' : 'FARGATE',
    lastStatus: 'STOPPED',
    memory: '512',
    overrides: { containerOverrides: [{ name: 'app' }] },
    ...placedOn(world),
    pullStartedAt: later(20),
    startedBy: world.deploymentId,
    stoppingAt: later(70),
    stoppedAt: later(85),
    stoppedReason: inContainer ? 'Task failed to start' : text,
    stopCode: 'TaskFailedToStart',
    taskArn,
    taskDefinitionArn: world.taskDefinitionArn,
    updatedAt: later(85),
    version: 5,
    ...changes,
  };
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'ECS Task State Change',
    source: 'aws.ecs',
    account: accountId,
    time: later(86),
    region: aws.region,
    resources: [taskArn],
    detail,
  };
}

/** The task's interface. It is gone by now: no security groups, no public address. */
export const taskInterface = (id: string, { aws, taskSubnetId, sourceAddress }: World) => ({
  id,
  type: 'eni',
  status: 'DELETED',
  details: [
    { name: 'subnetId', value: taskSubnetId },
    { name: 'networkInterfaceId', value: `eni-${id.replaceAll('-', '').slice(0, 17)}` },
    { name: 'macAddress', value: '0a:ff:c6:fe:7f:0b' },
    {
      name: 'privateDnsName',
      value: `ip-${sourceAddress.replaceAll('.', '-')}.${aws.region === 'us-east-1' ? 'ec2' : `${aws.region}.compute`}.internal`,
    },
    { name: 'privateIPv4Address', value: sourceAddress },
  ],
});

const placedOn = ({ kind, containerInstanceArn }: World) =>
  kind === 'ec2'
    ? { containerInstanceArn }
    : {
        platformVersion: kind === 'platform-1.3.0' ? '1.3.0' : '1.4.0',
        ...(kind !== 'platform-1.3.0' && { ephemeralStorage: { sizeInGiB: 20 } }),
      };
