import type { IpPermission } from '@aws-sdk/client-ec2';
import type { SecurityGroupRule } from '../model/facts.ts';
import { allPages } from './answered.ts';
import { defineCollector } from './define.ts';

/** The security groups of the VPC that this account can see; in a shared VPC those are its own, and those that are shared with it. */
export default defineCollector({
  fact: 'securityGroups',
  needs: ['subnets'],

  async collect({ subnets: [subnet] }, read) {
    if (!subnet) return [];
    const groups = await allPages('ec2:DescribeSecurityGroups', async (NextToken) => {
      const Filters = [{ Name: 'vpc-id', Values: [subnet.vpcId] }];
      const answer = await read('ec2:DescribeSecurityGroups', { Filters, NextToken });
      return { items: answer.SecurityGroups, next: answer.NextToken };
    });
    return groups.flatMap((group) =>
      group.GroupId
        ? [
            {
              groupId: group.GroupId,
              groupName: group.GroupName ?? '',
              vpcId: group.VpcId ?? subnet.vpcId,
              ...(group.OwnerId && { ownerId: group.OwnerId }),
              ingress: (group.IpPermissions ?? []).flatMap(rulesOf),
              egress: (group.IpPermissionsEgress ?? []).flatMap(rulesOf),
            },
          ]
        : [],
    );
  },
});

/** One rule per peer. Ports are absent, or -1, where the protocol is `-1`. */
function rulesOf(permission: IpPermission): readonly SecurityGroupRule[] {
  const { IpProtocol: protocol = '-1', FromPort, ToPort } = permission;
  const ports =
    protocol === '-1' || FromPort === undefined || ToPort === undefined || FromPort < 0
      ? null
      : ([FromPort, ToPort] as const);
  const peers = [
    ...(permission.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
    ...(permission.UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
  ];
  return peers.flatMap((peer) => (peer ? [{ protocol, ports, peer }] : []));
}
