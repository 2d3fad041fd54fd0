import { allPages } from './answered.ts';
import { defineCollector } from './define.ts';

/** Every network ACL of the VPC, its IPv4 entries in ascending order of rule number, which is the order of evaluation. */
export default defineCollector({
  fact: 'networkAcls',
  needs: ['subnets'],

  async collect({ subnets: [subnet] }, read) {
    if (!subnet) return [];
    const acls = await allPages('ec2:DescribeNetworkAcls', async (NextToken) => {
      const Filters = [{ Name: 'vpc-id', Values: [subnet.vpcId] }];
      const answer = await read('ec2:DescribeNetworkAcls', { Filters, NextToken });
      return { items: answer.NetworkAcls, next: answer.NextToken };
    });
    return acls.flatMap(({ NetworkAclId, Associations = [], Entries = [] }) =>
      NetworkAclId
        ? [
            {
              networkAclId: NetworkAclId,
              subnetIds: Associations.flatMap(({ SubnetId }) => (SubnetId ? [SubnetId] : [])),
              entries: Entries.flatMap((entry) =>
                entry.CidrBlock
                  ? [
                      {
                        ruleNumber: entry.RuleNumber ?? 32_767,
                        egress: entry.Egress ?? false,
                        protocol: entry.Protocol ?? '-1',
                        action: entry.RuleAction === 'allow' ? ('allow' as const) : ('deny' as const),
                        cidrBlock: entry.CidrBlock,
                        ports:
                          entry.PortRange?.From !== undefined && entry.PortRange.To !== undefined
                            ? ([entry.PortRange.From, entry.PortRange.To] as const)
                            : null,
                      },
                    ]
                  : [],
              ).toSorted((a, b) => a.ruleNumber - b.ruleNumber),
            },
          ]
        : [],
    );
  },
});
