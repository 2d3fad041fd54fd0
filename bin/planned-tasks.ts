import type { ContainerDefinition, Service, Task } from '@aws-sdk/client-ecs';
import type { Read } from '../lambda/aws/api.ts';
import { CallFailed } from '../lambda/aws/call-failed.ts';
import { answered } from '../lambda/collect/answered.ts';
import type { Container, GivenNetwork, LaunchType, StoppedTask } from '../lambda/model/facts.ts';
import { type Asked, ask } from './ask.ts';
import { serviceHint, serviceNames } from './name-hint.ts';
import { UsageError } from './usage-error.ts';

/** A task that ECS would start next, once for each container instance that it may be placed on. */
export type Planned = readonly [StoppedTask, ...StoppedTask[]];

/** A cluster may have thousands: what a few have in common is the cluster's, what one has is its own. */
const instanceLimit = 5;

/** The tasks that a service, or each service of a cluster, would start next. */
export async function plannedByServices(
  cluster: string,
  service: string | undefined,
  account: Asked,
): Promise<readonly Planned[]> {
  const names =
    service === undefined
      ? await ask(() => serviceNames(cluster, account.read), account, { cluster })
      : [service];
  if (names.length === 0)
    throw new UsageError(`cluster ${cluster} has no services: name a task definition (--task-definition)`);
  const planned: Planned[] = [];
  // DescribeServices takes up to ten at once.
  for (let from = 0; from < names.length; from += 10) {
    const services = await ask(
      async () => {
        const answer = await account.read('ecs:DescribeServices', {
          cluster,
          services: names.slice(from, from + 10),
        });
        return answered('ecs:DescribeServices', answer.services);
      },
      account,
      { cluster },
    );
    const active = services.filter(({ status }) => status === 'ACTIVE');
    planned.push(...(await Promise.all(active.map((one) => plannedBy(one, account)))));
  }
  if (planned.length === 0)
    throw new UsageError(
      service === undefined
        ? `no service of cluster ${cluster} is active`
        : `there is no active service ${service} in cluster ${cluster}${await serviceHint(cluster, service, account.read)}`,
    );
  return planned;
}

async function plannedBy(service: Service, account: Asked): Promise<Planned> {
  const primary = ({ status }: { readonly status?: string | undefined }) => status === 'PRIMARY';
  // Where AWS CodeDeploy or another controller deploys, the task set says what the service itself need not know.
  const taskSet = service.taskSets?.find(primary);
  const deployment = taskSet ?? service.deployments?.find(primary);
  const running = await runningTask(service, deployment?.id, account.read);
  const task = await taskOf(
    {
      clusterArn: service.clusterArn ?? '',
      group: `service:${service.serviceName}`,
      startedBy: deployment?.id ?? null,
      launchType: running?.launchType ?? launchTypeOf(deployment ?? service) ?? launchTypeOf(service),
      platformVersion: deployment?.platformVersion ?? service.platformVersion ?? null,
      taskDefinition: taskSet?.taskDefinition ?? service.taskDefinition ?? '',
      givenNetwork: null,
      running,
    },
    account,
  );
  return placed(task, running?.containerInstanceArn, account.read);
}

/** The task that a task definition would make with given network settings. */
export async function plannedByTaskDefinition(
  taskDefinition: string,
  { cluster, network }: { readonly cluster: string; readonly network: GivenNetwork },
  account: Asked,
): Promise<Planned> {
  await mustBeThere(network, account.read);
  return [
    await taskOf(
      {
        clusterArn: cluster,
        group: null,
        startedBy: null,
        launchType: 'FARGATE',
        platformVersion: null,
        taskDefinition,
        givenNetwork: network,
        running: undefined,
      },
      account,
    ),
  ];
}

/** What a user has mistyped is no fact about a task. A call that is refused is one, and the report says so. */
async function mustBeThere({ subnetIds, securityGroupIds }: GivenNetwork, read: Read): Promise<void> {
  await Promise.all([
    known('--subnets', subnetIds, () => read('ec2:DescribeSubnets', { SubnetIds: [...subnetIds] })),
    securityGroupIds &&
      known('--security-groups', securityGroupIds, () =>
        read('ec2:DescribeSecurityGroups', { GroupIds: [...securityGroupIds] }),
      ),
  ]);
}

async function known(option: string, ids: readonly string[], call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    if (!/^Invalid(?:SubnetI[dD]|Group|GroupId|SecurityGroupI[dD])\.(?:NotFound|Malformed)$/.test(error.code))
      return;
    const said = error.cause instanceof Error ? ` (${error.cause.message})` : '';
    throw new UsageError(`${option} ${ids.join(',')}: not in this account and Region${said}`, {
      cause: error,
    });
  }
}

interface Plan
  extends Pick<
    StoppedTask,
    'clusterArn' | 'group' | 'startedBy' | 'platformVersion' | 'launchType' | 'givenNetwork'
  > {
  readonly taskDefinition: string;
  /** A task of the same deployment: the digests that it was pinned to hold for the next one too. */
  readonly running: Task | undefined;
}

async function taskOf(
  { taskDefinition: wanted, running, ...plan }: Plan,
  account: Asked,
): Promise<StoppedTask> {
  const { taskDefinition } = await ask(
    () => account.read('ecs:DescribeTaskDefinition', { taskDefinition: wanted }),
    account,
    { taskDefinition: wanted },
  );
  const taskDefinitionArn = taskDefinition?.taskDefinitionArn;
  if (!taskDefinition || !taskDefinitionArn) throw new UsageError(`there is no task definition ${wanted}`);
  const [, partition = '', , region = '', accountId = ''] = taskDefinitionArn.split(':');
  const { clusterArn } = plan;
  const cluster = clusterArn.split('/').at(-1) ?? clusterArn;
  return {
    ...plan,
    clusterArn: clusterArn.startsWith('arn:')
      ? clusterArn
      : `arn:${partition}:ecs:${region}:${accountId}:cluster/${cluster}`,
    group: plan.group ?? `family:${taskDefinition.family ?? ''}`,
    // Policies match it against patterns; no task has this id.
    taskArn: `arn:${partition}:ecs:${region}:${accountId}:task/${cluster}/planned`,
    region,
    accountId,
    taskDefinitionArn,
    containerInstanceArn: null,
    stoppedReason: '',
    stopCode: null,
    createdAt: null,
    pullStartedAt: null,
    stoppedAt: null,
    version: null,
    containers: (taskDefinition.containerDefinitions ?? []).map((one) => containerOf(one, running)),
    subnetId: null,
    privateIpv4Address: null,
    ephemeralStorageGiB: null,
    cpuArchitecture: null,
    executionRoleArnOverride: null,
  };
}

const containerOf = (
  { name = '', image, versionConsistency }: ContainerDefinition,
  running: Task | undefined,
): Container => ({
  name,
  image: image ?? null,
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html#deployment-container-image-stability
  imageDigest:
    versionConsistency === 'disabled'
      ? null
      : (running?.containers?.find((one) => one.name === name)?.imageDigest ?? null),
  reason: null,
  ran: false,
});

/** A running task of the deployment: it shows which digests the service is pinned to, and an instance that takes its tasks. */
async function runningTask(
  { clusterArn: cluster, serviceName }: Service,
  deploymentId: string | undefined,
  read: Read,
): Promise<Task | undefined> {
  const { taskArns = [] } = await orNothing(() =>
    read('ecs:ListTasks', { cluster, serviceName, desiredStatus: 'RUNNING' }),
  );
  if (taskArns.length === 0) return undefined;
  const { tasks = [] } = await orNothing(() =>
    read('ecs:DescribeTasks', { cluster, tasks: taskArns.slice(0, 100) }),
  );
  return tasks.find(({ startedBy }) => startedBy === deploymentId);
}

/** On Fargate a task has no instance; elsewhere it may be placed on any that is registered. */
async function placed(task: StoppedTask, known: string | undefined, read: Read): Promise<Planned> {
  if (task.launchType !== 'EC2' && task.launchType !== 'MANAGED_INSTANCES') return [task];
  const { containerInstanceArns = [] } = await orNothing(() =>
    read('ecs:ListContainerInstances', { cluster: task.clusterArn, status: 'ACTIVE' }),
  );
  const others = containerInstanceArns.filter((arn) => arn !== known);
  const [first, ...more] = [...(known ? [known] : []), ...others]
    .slice(0, instanceLimit)
    .map((containerInstanceArn): StoppedTask => ({ ...task, containerInstanceArn }));
  return first ? [first, ...more] : [task];
}

/** Named in its own words, or by the capacity provider that comes first. */
function launchTypeOf({
  launchType,
  capacityProviderStrategy = [],
}: Pick<Service, 'launchType' | 'capacityProviderStrategy'>): LaunchType | null {
  const [provider] = capacityProviderStrategy;
  if (provider) return provider.capacityProvider?.startsWith('FARGATE') ? 'FARGATE' : 'EC2';
  return launchType ?? null;
}

/** What only makes the answer sharper: without it the checks say themselves what they could not see. */
async function orNothing<T extends object>(call: () => Promise<T>): Promise<Partial<T>> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CallFailed) return {};
    throw error;
  }
}
