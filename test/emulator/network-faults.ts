import type { Fault } from './fault.ts';
import { must } from './must.ts';
import {
  type AclRule,
  everywhere,
  https,
  makeNatGateway,
  makeNatInstance,
  setAcl,
  setRules,
} from './network.ts';
import { layersTimeout, manifestTimeout, manifestWithoutAddress, tokenTimeout } from './texts.ts';
import { type World, withoutPublicIp } from './world.ts';

/** The way to the internet is closed for the token and for the manifest alike. */
const internetTexts = [...tokenTimeout('public'), ...manifestTimeout('public'), ...manifestWithoutAddress];
/** The way to the endpoints is closed. */
const endpointTexts = [
  ...tokenTimeout('endpoint'),
  ...manifestTimeout('endpoint'),
  ...manifestWithoutAddress,
];

const internetWorlds = ['public', 'private-nat', 'ec2'] as const;
const natWorlds = ['private-nat', 'ec2'] as const;
const endpointWorlds = ['privatelink', 'platform-1.3.0'] as const;

const allowAll: readonly AclRule[] = [
  [100, 'in', 'allow', null, everywhere],
  [100, 'out', 'allow', null, everywhere],
];
const denyHttpsOut: readonly AclRule[] = [[50, 'out', 'deny', [443, 443], everywhere], ...allowAll];
const denyBackIn: readonly AclRule[] = [[50, 'in', 'deny', [1024, 65_535], everywhere], ...allowAll];

const inTaskSubnet = (rules: readonly AclRule[]) => (world: World) =>
  setAcl(world.aws, world.vpcId, world.taskSubnetId, rules);
const inNatSubnet = (rules: readonly AclRule[]) => (world: World) =>
  setAcl(world.aws, world.vpcId, must(world.natSubnetId), rules);

const taskGroupOnly =
  (...permissions: Parameters<typeof setRules>[3]) =>
  async ({ aws, taskGroupId }: World) => {
    await setRules(aws, taskGroupId, 'egress', permissions);
    return taskGroupId;
  };

const defaultRouteTo = async (
  { aws, taskTableId }: World,
  target: { NatGatewayId: string } | { GatewayId: string } | { InstanceId: string },
) => {
  await aws.ec2.replaceRoute({ RouteTableId: taskTableId, DestinationCidrBlock: everywhere, ...target });
};

const natInstanceFor = async (world: World) => {
  const made = await makeNatInstance(world.aws, world.vpcId, must(world.natSubnetId));
  await defaultRouteTo(world, { InstanceId: made.instanceId });
  return made;
};

/** Faults of routes, gateways, security groups and network ACLs. */
export const networkFaults: readonly Fault[] = [
  {
    name: 'the table of the subnet has no default route',
    worlds: internetWorlds,
    break: async ({ aws, taskTableId }) => {
      await aws.ec2.deleteRoute({ RouteTableId: taskTableId, DestinationCidrBlock: everywhere });
      return taskTableId;
    },
    texts: internetTexts,
    check: 'no-route-to-registry',
    fix: 'Other subnets have this table',
  },
  {
    name: 'the subnet is on the main table, which has no default route',
    worlds: internetWorlds,
    break: async ({ aws, taskTableId, mainTableId }) => {
      const { RouteTables } = await aws.ec2.describeRouteTables({ RouteTableIds: [taskTableId] });
      for (const { RouteTableAssociationId } of RouteTables?.[0]?.Associations ?? [])
        await aws.ec2.disassociateRouteTable({ AssociationId: must(RouteTableAssociationId) });
      return mainTableId;
    },
    texts: internetTexts,
    check: 'no-route-to-registry',
  },
  {
    name: 'the NAT gateway is deleted and its route a blackhole',
    worlds: natWorlds,
    break: async ({ aws, natGatewayId }) => {
      await aws.ec2.deleteNatGateway({ NatGatewayId: must(natGatewayId) });
      return must(natGatewayId);
    },
    texts: internetTexts,
    check: 'nat-gateway-unusable',
  },
  {
    name: 'the subnet of the NAT gateway has no way out',
    worlds: natWorlds,
    break: async ({ aws, natTableId, natGatewayId }) => {
      await aws.ec2.deleteRoute({ RouteTableId: must(natTableId), DestinationCidrBlock: everywhere });
      return must(natGatewayId);
    },
    texts: internetTexts,
    check: 'nat-gateway-unusable',
  },
  {
    name: 'the NAT gateway is a private one',
    worlds: natWorlds,
    break: async (world) => {
      const NatGatewayId = await makeNatGateway(world.aws, must(world.natSubnetId), 'private');
      await defaultRouteTo(world, { NatGatewayId });
      return NatGatewayId;
    },
    texts: internetTexts,
    check: 'nat-gateway-unusable',
  },
  {
    name: 'the NAT instance checks sources and destinations',
    worlds: ['private-nat'],
    break: async (world) => {
      const { instanceId } = await natInstanceFor(world);
      await world.aws.ec2.modifyInstanceAttribute({
        InstanceId: instanceId,
        SourceDestCheck: { Value: true },
      });
      return instanceId;
    },
    texts: internetTexts,
    check: 'nat-instance-unusable',
    evidence: 'source/destination check',
  },
  {
    name: 'the NAT instance is stopped',
    worlds: ['ec2'],
    break: async (world) => {
      const { instanceId } = await natInstanceFor(world);
      await world.aws.ec2.stopInstances({ InstanceIds: [instanceId] });
      return instanceId;
    },
    texts: internetTexts,
    check: 'nat-instance-unusable',
    evidence: 'stop',
  },
  {
    name: 'the security group of the NAT instance lets nobody in',
    worlds: ['private-nat'],
    break: async (world) => {
      const { groupId } = await natInstanceFor(world);
      await setRules(world.aws, groupId, 'ingress', []);
      return groupId;
    },
    texts: internetTexts,
    check: 'nat-instance-unusable',
  },
  {
    name: 'the security group of the NAT instance lets nothing out',
    worlds: ['private-nat'],
    break: async (world) => {
      const { groupId } = await natInstanceFor(world);
      await setRules(world.aws, groupId, 'egress', []);
      return groupId;
    },
    texts: internetTexts,
    check: 'nat-instance-unusable',
    fix: 'egress',
  },
  {
    name: 'the network ACL of the subnet of the NAT gateway lets answers in to the ports of Linux alone',
    worlds: natWorlds,
    break: inNatSubnet([
      [90, 'in', 'allow', null, '10.0.0.0/8'],
      [100, 'in', 'allow', [32_768, 60_999], everywhere],
      [100, 'out', 'allow', null, everywhere],
    ]),
    texts: internetTexts,
    check: 'network-acl-blocks-registry',
    evidence: 'only on some of TCP ports 1024-65535',
  },
  {
    name: 'a route to the internet gateway, and no public address',
    worlds: ['public'],
    break: async (world) => {
      await withoutPublicIp(world);
      return world.taskSubnetId;
    },
    texts: internetTexts,
    check: 'public-ip-missing',
  },
  {
    name: 'a private subnet with a route to the internet gateway',
    worlds: natWorlds,
    break: async (world) => {
      await defaultRouteTo(world, { GatewayId: must(world.internetGatewayId) });
      return world.taskSubnetId;
    },
    texts: internetTexts,
    check: 'public-ip-missing',
  },
  {
    name: 'the internet gateway is detached',
    worlds: ['public'],
    break: async ({ aws, vpcId, internetGatewayId }) => {
      await aws.ec2.detachInternetGateway({ InternetGatewayId: must(internetGatewayId), VpcId: vpcId });
      return must(internetGatewayId);
    },
    texts: internetTexts,
    check: 'internet-gateway-detached',
  },
  {
    name: 'VPC Block Public Access is on',
    worlds: ['public'],
    region: 'ca-central-1',
    break: async ({ aws, vpcId, taskSubnetId, internetGatewayId }) => {
      await aws.ec2.modifyVpcBlockPublicAccessOptions({ InternetGatewayBlockMode: 'block-bidirectional' });
      return [taskSubnetId, vpcId, must(internetGatewayId)];
    },
    texts: internetTexts,
    check: 'internet-access-blocked',
  },
  {
    name: 'the task group lets nothing out on port 443, towards the internet',
    worlds: internetWorlds,
    break: taskGroupOnly({ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: everywhere }] }),
    texts: internetTexts,
    check: 'task-security-group-closed',
  },
  {
    name: 'the task group lets nothing out on port 443, towards the endpoints',
    worlds: endpointWorlds,
    break: taskGroupOnly({ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: everywhere }] }),
    texts: endpointTexts,
    check: 'task-security-group-closed',
  },
  {
    name: 'the task group lets out to private addresses only',
    worlds: internetWorlds,
    break: taskGroupOnly(https({ IpRanges: [{ CidrIp: '10.0.0.0/8' }] })),
    texts: internetTexts,
    check: 'task-security-group-closed',
  },
  {
    name: 'the task group lets out to the endpoints, but not to Amazon S3',
    worlds: endpointWorlds,
    break: taskGroupOnly(https({ IpRanges: [{ CidrIp: '10.20.0.0/16' }] })),
    texts: layersTimeout('s3'),
    check: 'task-security-group-closed',
  },
  {
    name: 'the network ACL denies port 443 on the way out, towards the internet',
    worlds: internetWorlds,
    break: inTaskSubnet(denyHttpsOut),
    texts: internetTexts,
    check: 'network-acl-blocks-registry',
  },
  {
    name: 'the network ACL denies port 443 on the way out, towards the endpoints',
    worlds: endpointWorlds,
    break: inTaskSubnet(denyHttpsOut),
    texts: endpointTexts,
    check: 'network-acl-blocks-registry',
  },
  {
    name: 'the network ACL denies the answers of the internet on their way in',
    worlds: internetWorlds,
    break: inTaskSubnet(denyBackIn),
    texts: internetTexts,
    check: 'network-acl-blocks-registry',
  },
  {
    name: 'the network ACL allows port 443 both ways, and no answers from the endpoints',
    worlds: endpointWorlds,
    break: inTaskSubnet([
      [100, 'in', 'allow', [443, 443], everywhere],
      [100, 'out', 'allow', [443, 443], everywhere],
    ]),
    texts: endpointTexts,
    check: 'network-acl-blocks-registry',
  },
  {
    name: 'the network ACL of the subnet of the NAT gateway lets nothing out',
    worlds: natWorlds,
    break: inNatSubnet(denyHttpsOut),
    texts: internetTexts,
    check: 'network-acl-blocks-registry',
  },
  {
    name: 'the network ACL of the subnet of the NAT gateway keeps the answers of the internet out',
    worlds: natWorlds,
    break: inNatSubnet([
      [100, 'in', 'allow', null, '10.20.0.0/16'],
      [100, 'out', 'allow', null, everywhere],
    ]),
    texts: internetTexts,
    check: 'network-acl-blocks-registry',
  },
  {
    name: 'the network ACLs of the subnets of the endpoints keep the task out',
    worlds: endpointWorlds,
    break: ({ aws, vpcId, endpointSubnetIds }) =>
      Promise.all(
        endpointSubnetIds.map((subnetId) =>
          setAcl(aws, vpcId, subnetId, [[50, 'in', 'deny', [443, 443], '10.20.1.0/24'], ...allowAll]),
        ),
      ),
    texts: endpointTexts,
    check: 'network-acl-blocks-registry',
  },
];
