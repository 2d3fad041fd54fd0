import { must } from './must.ts';
import {
  type AclRule,
  everywhere,
  https,
  makeNatGateway,
  makeNatInstance,
  makeTable,
  setAcl,
  setRules,
} from './network.ts';
import { layersTimeout, manifestTimeout, manifestWithoutAddress, tokenTimeout, umbrella } from './texts.ts';
import type { Trap } from './trap.ts';
import { worldKinds } from './world.ts';

const internetTexts = [
  ...tokenTimeout('public'),
  ...manifestTimeout('public'),
  ...manifestWithoutAddress,
  ...umbrella,
];
const endpointTexts = [
  ...tokenTimeout('endpoint'),
  ...manifestTimeout('endpoint'),
  ...manifestWithoutAddress,
];

const endpointWorlds = ['privatelink', 'platform-1.3.0'] as const;
const vpc = '10.20.0.0/16';

/** No more than what a pull through a NAT gateway, or through endpoints, needs. */
const clientSide = (to: string): readonly AclRule[] => [
  [100, 'out', 'allow', [443, 443], to],
  [100, 'in', 'allow', [1024, 65_535], to],
];
const natSide: readonly AclRule[] = [
  [100, 'in', 'allow', [443, 443], vpc],
  [110, 'in', 'allow', [1024, 65_535], everywhere],
  [100, 'out', 'allow', [443, 443], everywhere],
  [110, 'out', 'allow', [1024, 65_535], vpc],
];
const endpointSide: readonly AclRule[] = [
  [100, 'in', 'allow', [443, 443], vpc],
  [100, 'out', 'allow', [1024, 65_535], vpc],
];

/** Networks that look closed and are open, and some that cannot be judged from here. */
export const networkTraps: readonly Trap[] = [
  {
    name: 'nothing is wrong',
    worlds: ['public', 'private-nat', 'ec2'],
    prepare: async () => {},
    texts: internetTexts,
  },
  {
    name: 'nothing is wrong, with endpoints',
    worlds: endpointWorlds,
    prepare: async () => {},
    texts: [...endpointTexts, ...layersTimeout('s3')],
  },
  {
    name: 'a NAT instance in the place of the gateway',
    worlds: ['private-nat'],
    prepare: async ({ aws, vpcId, natSubnetId, taskTableId }) => {
      const { instanceId: InstanceId } = await makeNatInstance(aws, vpcId, must(natSubnetId));
      await aws.ec2.replaceRoute({ RouteTableId: taskTableId, DestinationCidrBlock: everywhere, InstanceId });
    },
    texts: internetTexts,
  },
  {
    name: 'DNS servers of the own, and a group that lets queries to them and HTTPS out',
    worlds: ['private-nat'],
    prepare: async ({ aws, vpcId, taskGroupId }) => {
      const { DhcpOptions } = await aws.ec2.createDhcpOptions({
        DhcpConfigurations: [{ Key: 'domain-name-servers', Values: ['10.20.0.53'] }],
      });
      const DhcpOptionsId = must(DhcpOptions?.DhcpOptionsId);
      await aws.ec2.associateDhcpOptions({ DhcpOptionsId, VpcId: vpcId });
      await setRules(aws, taskGroupId, 'egress', [
        https({ IpRanges: [{ CidrIp: everywhere }] }),
        { IpProtocol: 'udp', FromPort: 53, ToPort: 53, IpRanges: [{ CidrIp: '10.20.0.53/32' }] },
      ]);
    },
    texts: internetTexts,
  },
  {
    name: 'the endpoints stand in another zone only',
    worlds: endpointWorlds,
    prepare: async ({ aws, endpoints, endpointSubnetIds }) => {
      const RemoveSubnetIds = [must(endpointSubnetIds[0])];
      for (const [service, VpcEndpointId] of Object.entries(endpoints))
        if (service !== 's3') await aws.ec2.modifyVpcEndpoint({ VpcEndpointId, RemoveSubnetIds });
    },
    texts: endpointTexts,
  },
  {
    name: 'the group of the endpoints is open to a block of addresses',
    worlds: endpointWorlds,
    prepare: ({ aws, endpointGroupId }) =>
      setRules(aws, must(endpointGroupId), 'ingress', [
        https({ IpRanges: [{ CidrIp: '10.20.1.0/24' }, { CidrIp: '10.20.2.0/24' }] }),
      ]),
    texts: endpointTexts,
  },
  {
    name: 'the policy of the S3 endpoint allows the layer bucket only',
    worlds: endpointWorlds,
    prepare: async ({ aws, endpoints }) => {
      const Resource = `arn:aws:s3:::prod-${aws.region}-starport-layer-bucket/*`;
      const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource }];
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      await aws.ec2.modifyVpcEndpoint({ VpcEndpointId: must(endpoints['s3']), PolicyDocument });
    },
    texts: [...layersTimeout('s3'), ...umbrella],
  },
  {
    name: 'network ACLs that allow what is needed and no more',
    worlds: ['private-nat', 'ec2'],
    prepare: async ({ aws, vpcId, taskSubnetId, natSubnetId }) => {
      await setAcl(aws, vpcId, taskSubnetId, clientSide(everywhere));
      await setAcl(aws, vpcId, must(natSubnetId), natSide);
    },
    texts: internetTexts,
  },
  {
    name: 'network ACLs that allow what endpoints need and no more',
    worlds: endpointWorlds,
    prepare: async ({ aws, vpcId, taskSubnetId, endpointSubnetIds }) => {
      await setAcl(aws, vpcId, taskSubnetId, clientSide(everywhere));
      for (const subnetId of endpointSubnetIds) await setAcl(aws, vpcId, subnetId, endpointSide);
    },
    texts: endpointTexts,
  },
  {
    name: 'a network ACL that denies after it has allowed',
    worlds: ['public', 'private-nat', 'ec2'],
    prepare: async ({ aws, vpcId, taskSubnetId }) => {
      await setAcl(aws, vpcId, taskSubnetId, [
        [100, 'in', 'allow', null, everywhere],
        [100, 'out', 'allow', [443, 443], everywhere],
        [200, 'in', 'deny', null, everywhere],
        [200, 'out', 'deny', [443, 443], everywhere],
      ]);
    },
    texts: internetTexts,
  },
  {
    name: 'the task group lets out on port 443 only',
    worlds: worldKinds,
    prepare: ({ aws, taskGroupId }) =>
      setRules(aws, taskGroupId, 'egress', [https({ IpRanges: [{ CidrIp: everywhere }] })]),
    texts: [...internetTexts.filter(({ name }) => !/ at /.test(name)), ...layersTimeout('s3')],
  },
  {
    name: 'the default route is split in two',
    worlds: ['private-nat', 'ec2'],
    prepare: async ({ aws, taskTableId, natGatewayId }) => {
      await aws.ec2.deleteRoute({ RouteTableId: taskTableId, DestinationCidrBlock: everywhere });
      for (const DestinationCidrBlock of ['0.0.0.0/1', '128.0.0.0/1'])
        await aws.ec2.createRoute({
          RouteTableId: taskTableId,
          DestinationCidrBlock,
          NatGatewayId: must(natGatewayId),
        });
    },
    texts: internetTexts,
  },
  {
    name: 'the default route leads to a transit gateway',
    worlds: ['private-nat', 'ec2'],
    prepare: async (world) => {
      const { TransitGateway } = await world.aws.ec2.createTransitGateway({});
      const TransitGatewayId = must(TransitGateway?.TransitGatewayId);
      await world.aws.ec2.createTransitGatewayVpcAttachment({
        TransitGatewayId,
        VpcId: world.vpcId,
        SubnetIds: [world.taskSubnetId],
      });
      await world.aws.ec2.replaceRoute({
        RouteTableId: world.taskTableId,
        DestinationCidrBlock: everywhere,
        TransitGatewayId,
      });
    },
    texts: internetTexts,
  },
  {
    name: 'the NAT gateway of the other zone is deleted',
    worlds: ['private-nat', 'ec2'],
    prepare: async ({ aws, vpcId, otherSubnetId, taskTableId, natSubnetId }) => {
      const tableId = await makeTable(aws, vpcId, []);
      const { RouteTables } = await aws.ec2.describeRouteTables({ RouteTableIds: [taskTableId] });
      const association = RouteTables?.[0]?.Associations?.find(({ SubnetId }) => SubnetId === otherSubnetId);
      await aws.ec2.replaceRouteTableAssociation({
        AssociationId: must(association?.RouteTableAssociationId),
        RouteTableId: tableId,
      });
      const NatGatewayId = await makeNatGateway(aws, must(natSubnetId), 'public');
      await aws.ec2.createRoute({ RouteTableId: tableId, DestinationCidrBlock: everywhere, NatGatewayId });
      await aws.ec2.deleteNatGateway({ NatGatewayId });
    },
    texts: internetTexts,
  },
  {
    name: 'the task group lets out to the group of the endpoints and to the prefix list of Amazon S3',
    worlds: endpointWorlds,
    prepare: async ({ aws, taskGroupId, endpointGroupId }) => {
      const Filters = [{ Name: 'prefix-list-name', Values: [`com.amazonaws.${aws.region}.s3`] }];
      const { PrefixLists } = await aws.ec2.describeManagedPrefixLists({ Filters });
      await setRules(aws, taskGroupId, 'egress', [
        https({ UserIdGroupPairs: [{ GroupId: must(endpointGroupId) }] }),
        https({ PrefixListIds: [{ PrefixListId: must(PrefixLists?.[0]?.PrefixListId) }] }),
      ]);
    },
    texts: [...endpointTexts, ...layersTimeout('s3')],
  },
  {
    name: 'the default route is a prefix list',
    worlds: ['private-nat', 'ec2'],
    prepare: async ({ aws, taskTableId, natGatewayId }) => {
      const { PrefixList } = await aws.ec2.createManagedPrefixList({
        PrefixListName: 'internet',
        AddressFamily: 'IPv4',
        MaxEntries: 2,
        Entries: [{ Cidr: '0.0.0.0/1' }, { Cidr: '128.0.0.0/1' }],
      });
      await aws.ec2.deleteRoute({ RouteTableId: taskTableId, DestinationCidrBlock: everywhere });
      await aws.ec2.createRoute({
        RouteTableId: taskTableId,
        DestinationPrefixListId: must(PrefixList?.PrefixListId),
        NatGatewayId: must(natGatewayId),
      });
    },
    texts: internetTexts,
  },
];
