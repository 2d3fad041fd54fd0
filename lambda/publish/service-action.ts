import type { Read } from '../aws/api.ts';
import { isPullFailure } from '../error-text/is-pull-failure.ts';
import { withoutSecrets } from '../error-text/without-secrets.ts';
import type { StoppedTask } from '../model/facts.ts';

/** A service that could not start a task for its image or its role. */
export interface ServiceAction {
  readonly serviceArn: string;
  readonly serviceName: string;
  readonly clusterArn: string;
  readonly region: string;
  readonly accountId: string;
  readonly text: string;
  /** Whether ECS could not assume a role; otherwise it could not pull. */
  readonly isAboutRole: boolean;
  /** The role in question, if the text names it. */
  readonly roleArn: string | null;
}

const cannotAssume = /unable to assume the role/i;

/**
 * What an `ECS Service Action` event says, or `null` if it is another event or about something else.
 * Throws an error if it speaks of a failure but names no service.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
 */
export function serviceAction(event: unknown): ServiceAction | null {
  if (!isObject(event) || event['detail-type'] !== 'ECS Service Action' || !isObject(event['detail']))
    return null;
  const { reason, clusterArn } = event['detail'];
  if (typeof reason !== 'string' || !(cannotAssume.test(reason) || isPullFailure(reason))) return null;

  const [serviceArn] = Array.isArray(event['resources']) ? event['resources'] : [];
  const arn = /^arn:([a-z0-9-]+):ecs:([a-z0-9-]+):(\d{12}):service\/(?:([\w-]+)\/)?([\w-]+)$/.exec(
    typeof serviceArn === 'string' ? serviceArn : '',
  );
  if (!arn)
    throw new Error('the service event names no service: expected its ARN as the first of `resources`');
  const [all, partition = '', region = '', accountId = '', cluster = 'default', serviceName = ''] = arn;
  return {
    serviceArn: all,
    serviceName,
    clusterArn:
      typeof clusterArn === 'string'
        ? clusterArn
        : `arn:${partition}:ecs:${region}:${accountId}:cluster/${cluster}`,
    region,
    accountId,
    text: withoutSecrets(reason),
    isAboutRole: cannotAssume.test(reason),
    roleArn: /arn:[a-z0-9-]+:iam::\d{12}:role\/[\w+=,.@/-]+/.exec(reason)?.[0] ?? null,
  };
}

/**
 * The task that the service tries to start, from its present deployment: the facts about it are those about a stopped task.
 * `null` where they would be others: the service is gone, the role is not the one that pulls, or the task would run on an
 * instance that nobody knows. What AWS refuses is thrown.
 */
export async function taskOfService(action: ServiceAction, read: Read): Promise<StoppedTask | null> {
  const { services } = await read('ecs:DescribeServices', {
    cluster: action.clusterArn,
    services: [action.serviceName],
  });
  const [service] = services ?? [];
  const deployment =
    service?.deployments?.find(({ status }) => status === 'PRIMARY') ??
    service?.taskSets?.find(({ status }) => status === 'PRIMARY');
  const name = deployment?.taskDefinition ?? service?.taskDefinition;
  if (!service || !name) return null;
  const { taskDefinition } = await read('ecs:DescribeTaskDefinition', { taskDefinition: name });
  if (!taskDefinition?.taskDefinitionArn) return null;

  const launchType = deployment?.launchType ?? service.launchType;
  const providers = deployment?.capacityProviderStrategy ?? service.capacityProviderStrategy;
  const onFargate =
    launchType === 'FARGATE' || providers?.[0]?.capacityProvider?.startsWith('FARGATE') === true;
  const isOtherRole = action.roleArn !== null && action.roleArn !== taskDefinition.executionRoleArn;
  if (action.isAboutRole ? isOtherRole : !onFargate) return null;
  return {
    // There is no task: what stands for it is the service.
    taskArn: action.serviceArn,
    clusterArn: action.clusterArn,
    region: action.region,
    accountId: action.accountId,
    group: `service:${action.serviceName}`,
    startedBy: deployment?.id ?? null,
    // Where ECS could not even take on the role, nothing was placed anywhere: no network is to be looked at.
    launchType: action.isAboutRole ? 'EXTERNAL' : 'FARGATE',
    platformVersion: deployment?.platformVersion ?? service.platformVersion ?? null,
    taskDefinitionArn: taskDefinition.taskDefinitionArn,
    containerInstanceArn: null,
    stoppedReason: action.text,
    stopCode: null,
    createdAt: null,
    pullStartedAt: null,
    stoppedAt: null,
    version: null,
    containers: (taskDefinition.containerDefinitions ?? []).map(({ name: container = '', image = null }) => ({
      name: container,
      image,
      imageDigest: null,
      reason: null,
      ran: false,
    })),
    subnetId: null,
    privateIpv4Address: null,
    ephemeralStorageGiB: null,
    cpuArchitecture: null,
    executionRoleArnOverride: null,
    givenNetwork: null,
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
