import type { IpPermission } from '@aws-sdk/client-ec2';
import type { Aws } from './aws.ts';
import { must } from './must.ts';

/** The address block of every VPC here, the broken neighbour's too: addresses must not tell them apart. */
export const vpcCidr = '10.20.0.0/16';
export const everywhere = '0.0.0.0/0';

/** A VPC with DNS on, and the ids of what AWS makes with it. */
export async function makeVpc({ ec2 }: Aws) {
  const vpcId = must((await ec2.createVpc({ CidrBlock: vpcCidr })).Vpc?.VpcId);
  await ec2.modifyVpcAttribute({ VpcId: vpcId, EnableDnsHostnames: { Value: true } });
  const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
  const [tables, acls, groups] = await Promise.all([
    ec2.describeRouteTables({ Filters }),
    ec2.describeNetworkAcls({ Filters }),
    ec2.describeSecurityGroups({ Filters }),
  ]);
  return {
    vpcId,
    mainTableId: must(tables.RouteTables?.[0]?.RouteTableId),
    defaultAclId: must(acls.NetworkAcls?.[0]?.NetworkAclId),
    defaultGroupId: must(groups.SecurityGroups?.[0]?.GroupId),
  };
}

/** A subnet with 256 addresses: `10.20.<third>.0/24`. */
export async function makeSubnet(aws: Aws, vpcId: string, zone: 'a' | 'b', third: number): Promise<string> {
  const { Subnet } = await aws.ec2.createSubnet({
    VpcId: vpcId,
    AvailabilityZone: `${aws.region}${zone}`,
    CidrBlock: `10.20.${third}.0/24`,
  });
  return must(Subnet?.SubnetId);
}

/** A route table for some subnets. */
export async function makeTable({ ec2 }: Aws, vpcId: string, subnetIds: readonly string[]): Promise<string> {
  const tableId = must((await ec2.createRouteTable({ VpcId: vpcId })).RouteTable?.RouteTableId);
  for (const SubnetId of subnetIds) await ec2.associateRouteTable({ RouteTableId: tableId, SubnetId });
  return tableId;
}

/** An internet gateway, attached, with the default route of a table. */
export async function makeInternetGateway({ ec2 }: Aws, vpcId: string, tableId: string): Promise<string> {
  const gatewayId = must((await ec2.createInternetGateway({})).InternetGateway?.InternetGatewayId);
  await ec2.attachInternetGateway({ InternetGatewayId: gatewayId, VpcId: vpcId });
  await ec2.createRoute({ RouteTableId: tableId, DestinationCidrBlock: everywhere, GatewayId: gatewayId });
  return gatewayId;
}

/** A NAT gateway; a private one has no address on the internet. */
export async function makeNatGateway(
  { ec2 }: Aws,
  subnetId: string,
  kind: 'public' | 'private',
): Promise<string> {
  const address = kind === 'public' ? await ec2.allocateAddress({ Domain: 'vpc' }) : null;
  const { NatGateway } = await ec2.createNatGateway({
    SubnetId: subnetId,
    ...(address ? { AllocationId: must(address.AllocationId) } : { ConnectivityType: kind }),
  });
  return must(NatGateway?.NatGatewayId);
}

/** An EC2 instance with a public address that hands packets on for a VPC, in the place of a NAT gateway. */
export async function makeNatInstance(aws: Aws, vpcId: string, SubnetId: string) {
  const groupId = await makeGroup(aws, vpcId, 'nat');
  await setRules(aws, groupId, 'ingress', [{ IpProtocol: '-1', IpRanges: [{ CidrIp: vpcCidr }] }]);
  const { Instances } = await aws.ec2.runInstances({
    MinCount: 1,
    MaxCount: 1,
    ImageId: 'ami-03cf127a',
    InstanceType: 't3.nano',
    NetworkInterfaces: [{ DeviceIndex: 0, SubnetId, Groups: [groupId], AssociatePublicIpAddress: true }],
  });
  const instanceId = must(Instances?.[0]?.InstanceId);
  await aws.ec2.modifyInstanceAttribute({ InstanceId: instanceId, SourceDestCheck: { Value: false } });
  return { instanceId, groupId };
}

/** A security group that lets everything out and nothing in, as AWS makes them. */
export async function makeGroup({ ec2 }: Aws, vpcId: string, name: string): Promise<string> {
  return must((await ec2.createSecurityGroup({ VpcId: vpcId, GroupName: name, Description: name })).GroupId);
}

/** Permissions for TCP on port 443. */
export const https = (peer: Omit<IpPermission, 'IpProtocol' | 'FromPort' | 'ToPort'>): IpPermission => ({
  IpProtocol: 'tcp',
  FromPort: 443,
  ToPort: 443,
  ...peer,
});

/** Replaces all rules of a group in one direction. */
export async function setRules(
  { ec2 }: Aws,
  GroupId: string,
  direction: 'ingress' | 'egress',
  IpPermissions: IpPermission[],
): Promise<void> {
  const { SecurityGroups } = await ec2.describeSecurityGroups({ GroupIds: [GroupId] });
  const group = must(SecurityGroups?.[0]);
  const now = (direction === 'egress' ? group.IpPermissionsEgress : group.IpPermissions) ?? [];
  if (direction === 'egress') {
    if (now.length > 0) await ec2.revokeSecurityGroupEgress({ GroupId, IpPermissions: now });
    if (IpPermissions.length > 0) await ec2.authorizeSecurityGroupEgress({ GroupId, IpPermissions });
  } else {
    if (now.length > 0) await ec2.revokeSecurityGroupIngress({ GroupId, IpPermissions: now });
    if (IpPermissions.length > 0) await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
  }
}

/** `[rule number, direction, action, ports or null for all, block]` */
export type AclRule = readonly [
  number,
  'in' | 'out',
  'allow' | 'deny',
  readonly [number, number] | null,
  string,
];

/** Gives a subnet a network ACL of its own; what no rule allows is denied. */
export async function setAcl(
  aws: Aws,
  vpcId: string,
  subnetId: string,
  rules: readonly AclRule[],
): Promise<string> {
  const { ec2 } = aws;
  const NetworkAclId = must((await ec2.createNetworkAcl({ VpcId: vpcId })).NetworkAcl?.NetworkAclId);
  for (const [RuleNumber, direction, RuleAction, ports, CidrBlock] of rules)
    await ec2.createNetworkAclEntry({
      NetworkAclId,
      RuleNumber,
      RuleAction,
      CidrBlock,
      Egress: direction === 'out',
      Protocol: ports ? '6' : '-1',
      ...(ports && { PortRange: { From: ports[0], To: ports[1] } }),
    });
  const { NetworkAcls } = await ec2.describeNetworkAcls({
    Filters: [{ Name: 'association.subnet-id', Values: [subnetId] }],
  });
  const association = NetworkAcls?.[0]?.Associations?.find(({ SubnetId }) => SubnetId === subnetId);
  await ec2.replaceNetworkAclAssociation({
    AssociationId: must(association?.NetworkAclAssociationId),
    NetworkAclId,
  });
  return NetworkAclId;
}

/** An interface endpoint with private DNS. */
export async function makeInterfaceEndpoint(
  { ec2, region }: Aws,
  vpcId: string,
  service: string,
  SubnetIds: string[],
  groupId: string,
  policy?: object,
): Promise<string> {
  const { VpcEndpoint } = await ec2.createVpcEndpoint({
    VpcId: vpcId,
    VpcEndpointType: 'Interface',
    ServiceName: `com.amazonaws.${region}.${service}`,
    SubnetIds,
    SecurityGroupIds: [groupId],
    PrivateDnsEnabled: true,
    ...(policy && { PolicyDocument: JSON.stringify(policy) }),
  });
  return must(VpcEndpoint?.VpcEndpointId);
}

/** A gateway endpoint for Amazon S3 on some route tables. */
export async function makeS3Endpoint(
  { ec2, region }: Aws,
  vpcId: string,
  RouteTableIds: string[],
): Promise<string> {
  const { VpcEndpoint } = await ec2.createVpcEndpoint({
    VpcId: vpcId,
    VpcEndpointType: 'Gateway',
    ServiceName: `com.amazonaws.${region}.s3`,
    RouteTableIds,
  });
  return must(VpcEndpoint?.VpcEndpointId);
}
