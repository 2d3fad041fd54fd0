import { randomInt } from 'node:crypto';
import { type Aws, awsIn } from './aws.ts';
import { brokenNeighbour } from './broken-neighbour.ts';
import { must } from './must.ts';
import {
  executionRolePolicy,
  imageUri,
  instanceRolePolicy,
  makeContainerInstance,
  makeRole,
  pushImage,
  registerTaskDefinition,
} from './workload.ts';
import { buildNetwork, type Network } from './world-network.ts';

/** The kinds of worlds, each in a Region of its own. */
const regions = {
  public: 'eu-west-1',
  'private-nat': 'us-east-1',
  privatelink: 'eu-central-1',
  'platform-1.3.0': 'us-west-2',
  ec2: 'ap-southeast-2',
} as const;

export type WorldKind = keyof typeof regions;
export const worldKinds = Object.keys(regions) as readonly WorldKind[];

/** All that a test breaks, and all that an event tells of. */
export interface World extends Network {
  readonly kind: WorldKind;
  readonly aws: Aws;
  /** Name of its cluster, role, repository, service and task definition alike. */
  readonly name: string;
  readonly roleArn: string;
  readonly digest: string;
  readonly clusterArn: string;
  readonly instanceId: string | null;
  readonly containerInstanceArn: string | null;
  /** Address of the interface that the pull leaves through. */
  readonly sourceAddress: string;
  /** Ids of the broken neighbour. */
  readonly strangers: readonly string[];
  image: string;
  taskDefinitionArn: string;
  deploymentId: string;
}

/** Builds a world through the API, and a broken neighbour beside it. */
export async function buildWorld(kind: WorldKind, region: string = regions[kind]): Promise<World> {
  const aws = awsIn(region);
  const name = `${kind.replaceAll('.', '-')}-${letters(10)}`;
  const isEc2 = kind === 'ec2';
  const [network, strangers, { digest, roleArn, clusterArn }] = await Promise.all([
    buildNetwork(kind, aws),
    brokenNeighbour(aws),
    buildNamed(aws, name, isEc2),
  ]);
  const instance = isEc2
    ? await makeContainerInstance(aws, name, name, {
        subnetId: network.taskSubnetId,
        groupId: network.taskGroupId,
      })
    : null;
  const image = imageUri(aws, name, ':v1');
  const taskDefinitionArn = await registerTaskDefinition(aws, definitionOf({ name, kind, roleArn }, image));
  const { service } = await aws.ecs.createService({
    cluster: name,
    serviceName: name,
    taskDefinition: taskDefinitionArn,
    desiredCount: 1,
    launchType: isEc2 ? 'EC2' : 'FARGATE',
    ...(!isEc2 && {
      platformVersion: kind === 'platform-1.3.0' ? '1.3.0' : '1.4.0',
      networkConfiguration: networkSettings(network, kind === 'public'),
    }),
  });
  return {
    ...network,
    kind,
    aws,
    name,
    roleArn,
    digest,
    clusterArn,
    instanceId: instance?.instanceId ?? null,
    containerInstanceArn: instance?.containerInstanceArn ?? null,
    sourceAddress: instance?.privateIpAddress ?? '10.20.1.23',
    strangers,
    image,
    taskDefinitionArn,
    deploymentId: must(service?.deployments?.[0]?.id),
  };
}

// No digits: a name must not look like an HTTP status by chance. One trap makes it look so on purpose.
const letters = (length: number) =>
  Array.from({ length }, () => 'abcdefghijklmnopqrstuvwxyz'.charAt(randomInt(26))).join('');

/** Lets the service use another image, as a deployment would. */
export async function useImage(world: World, image: string): Promise<void> {
  world.image = image;
  await redefine(world);
}

/** Gives the container a secret or parameter. */
export const useSecret = (world: World, arn: string) => redefine(world, [arn]);

async function redefine(world: World, secretArns: readonly string[] = []): Promise<void> {
  const definition = { ...definitionOf(world, world.image), secretArns };
  world.taskDefinitionArn = await registerTaskDefinition(world.aws, definition);
  await update(world, { taskDefinition: world.taskDefinitionArn });
}

/** Takes the public addresses of the tasks away. */
export const withoutPublicIp = (world: World) =>
  update(world, { networkConfiguration: networkSettings(world, false) });

async function update(world: World, change: object): Promise<void> {
  const { service } = await world.aws.ecs.updateService({
    cluster: world.name,
    service: world.name,
    ...change,
  });
  world.deploymentId = must(service?.deployments?.[0]?.id);
}

const definitionOf = ({ name, kind, roleArn }: Pick<World, 'name' | 'kind' | 'roleArn'>, image: string) => {
  const isEc2 = kind === 'ec2';
  return {
    family: name,
    image,
    launchType: isEc2 ? ('EC2' as const) : ('FARGATE' as const),
    networkMode: isEc2 ? ('bridge' as const) : ('awsvpc' as const),
    executionRoleArn: isEc2 ? null : roleArn,
  };
};

const networkSettings = (
  {
    taskSubnetId,
    otherSubnetId,
    taskGroupId,
  }: Pick<Network, 'taskSubnetId' | 'otherSubnetId' | 'taskGroupId'>,
  publicIp: boolean,
) => ({
  awsvpcConfiguration: {
    subnets: [taskSubnetId, otherSubnetId],
    securityGroups: [taskGroupId],
    assignPublicIp: publicIp ? ('ENABLED' as const) : ('DISABLED' as const),
  },
});

/** What needs nothing but a name. */
async function buildNamed(aws: Aws, name: string, isEc2: boolean) {
  await aws.ecr.createRepository({ repositoryName: name });
  const [digest, roleArn, { cluster }] = await Promise.all([
    pushImage(aws, name, 'v1'),
    isEc2
      ? makeRole(aws, name, 'ec2.amazonaws.com', instanceRolePolicy)
      : makeRole(aws, name, 'ecs-tasks.amazonaws.com', executionRolePolicy),
    aws.ecs.createCluster({ clusterName: name }),
  ]);
  return { digest, roleArn, clusterArn: must(cluster?.clusterArn) };
}
