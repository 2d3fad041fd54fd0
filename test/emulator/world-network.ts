import type { Aws } from './aws.ts';
import {
  everywhere,
  https,
  makeGroup,
  makeInterfaceEndpoint,
  makeInternetGateway,
  makeNatGateway,
  makeS3Endpoint,
  makeSubnet,
  makeTable,
  makeVpc,
  setRules,
} from './network.ts';
import type { WorldKind } from './world.ts';

/** A VPC in which a pull works, until something in it is broken. What a kind does not have is `null`. */
export interface Network {
  readonly vpcId: string;
  readonly mainTableId: string;
  /** Where the task runs, or its instance; in the first zone. */
  readonly taskSubnetId: string;
  /** Of the same kind, in the second zone. */
  readonly otherSubnetId: string;
  readonly taskTableId: string;
  readonly taskGroupId: string;
  readonly internetGatewayId: string | null;
  readonly natGatewayId: string | null;
  readonly natSubnetId: string | null;
  readonly natTableId: string | null;
  readonly endpointGroupId: string | null;
  readonly endpointSubnetIds: readonly string[];
  /** By service: `ecr.api`, `ecr.dkr`, `s3`, `logs`. */
  readonly endpoints: { readonly [service: string]: string };
}

/** Builds the network of a kind of world. */
export async function buildNetwork(kind: WorldKind, aws: Aws): Promise<Network> {
  const { vpcId, mainTableId } = await makeVpc(aws);
  const [taskSubnetId, otherSubnetId, taskGroupId] = await Promise.all([
    makeSubnet(aws, vpcId, 'a', 1),
    makeSubnet(aws, vpcId, 'b', 2),
    makeGroup(aws, vpcId, 'task'),
  ]);
  const taskTableId = await makeTable(aws, vpcId, [taskSubnetId, otherSubnetId]);
  const network = {
    vpcId,
    mainTableId,
    taskSubnetId,
    otherSubnetId,
    taskTableId,
    taskGroupId,
    internetGatewayId: null,
    natGatewayId: null,
    natSubnetId: null,
    natTableId: null,
    endpointGroupId: null,
    endpointSubnetIds: [],
    endpoints: {},
  };
  switch (kind) {
    case 'public':
      return { ...network, internetGatewayId: await makeInternetGateway(aws, vpcId, taskTableId) };
    case 'private-nat':
    case 'ec2':
      return { ...network, ...(await addNat(aws, network)) };
    case 'privatelink':
      return { ...network, ...(await addEndpoints(aws, network, ['ecr.api', 'ecr.dkr', 'logs'])) };
    case 'platform-1.3.0':
      return { ...network, ...(await addEndpoints(aws, network, ['ecr.dkr'])) };
  }
}

async function addNat(aws: Aws, { vpcId, taskTableId }: Network) {
  const natSubnetId = await makeSubnet(aws, vpcId, 'a', 101);
  const natTableId = await makeTable(aws, vpcId, [natSubnetId]);
  const internetGatewayId = await makeInternetGateway(aws, vpcId, natTableId);
  const natGatewayId = await makeNatGateway(aws, natSubnetId, 'public');
  await aws.ec2.createRoute({
    RouteTableId: taskTableId,
    DestinationCidrBlock: everywhere,
    NatGatewayId: natGatewayId,
  });
  return { natSubnetId, natTableId, internetGatewayId, natGatewayId };
}

/** Interface endpoints in subnets of their own, one in each zone, and one for Amazon S3 on the task's table. */
async function addEndpoints(
  aws: Aws,
  { vpcId, taskTableId, taskGroupId }: Network,
  services: readonly string[],
) {
  const [first, second, endpointGroupId] = await Promise.all([
    makeSubnet(aws, vpcId, 'a', 11),
    makeSubnet(aws, vpcId, 'b', 12),
    makeGroup(aws, vpcId, 'endpoints'),
  ]);
  await setRules(aws, endpointGroupId, 'ingress', [https({ UserIdGroupPairs: [{ GroupId: taskGroupId }] })]);
  const made = await Promise.all([
    ...services.map(async (service) => [
      service,
      await makeInterfaceEndpoint(aws, vpcId, service, [first, second], endpointGroupId),
    ]),
    makeS3Endpoint(aws, vpcId, [taskTableId]).then((id) => ['s3', id]),
  ]);
  return { endpointGroupId, endpointSubnetIds: [first, second], endpoints: Object.fromEntries(made) };
}
