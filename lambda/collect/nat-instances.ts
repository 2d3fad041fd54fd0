import { allPages } from './answered.ts';
import { defineCollector } from './define.ts';

/** The EC2 instances that routes of the VPC lead to: NAT instances, and appliances that look at what passes. */
export default defineCollector({
  fact: 'natInstances',
  needs: ['subnets', 'routeTables'],

  async collect({ subnets: [subnet], routeTables }, read) {
    const routes = routeTables
      .flatMap((table) => table.routes)
      .filter(({ target }) => /^(?:i|eni)-/.test(target));
    if (!subnet || routes.length === 0) return [];
    const ids = routes.map(({ target, instanceId }) => instanceId ?? target);
    // AWS names the instance of an interface that is attached to one; an interface alone is looked for among all of the VPC.
    const Filters = ids.some((id) => id.startsWith('eni-'))
      ? [{ Name: 'vpc-id', Values: [subnet.vpcId] }]
      : [{ Name: 'instance-id', Values: [...new Set(ids)] }];
    const reservations = await allPages('ec2:DescribeInstances', async (NextToken) => {
      const answer = await read('ec2:DescribeInstances', { Filters, NextToken });
      return { items: answer.Reservations, next: answer.NextToken };
    });
    const instances = reservations.flatMap(({ Instances = [] }) =>
      Instances.flatMap(({ InstanceId, State, SourceDestCheck = true, NetworkInterfaces = [] }) =>
        InstanceId
          ? [
              {
                instanceId: InstanceId,
                state: State?.Name ?? 'running',
                interfaces: NetworkInterfaces.flatMap((one) =>
                  one.NetworkInterfaceId
                    ? [
                        {
                          networkInterfaceId: one.NetworkInterfaceId,
                          subnetId: one.SubnetId ?? null,
                          // The instance has a value of its own only where it has one interface.
                          sourceDestCheck:
                            (one.SourceDestCheck ?? false) &&
                            (NetworkInterfaces.length > 1 || SourceDestCheck),
                          securityGroupIds: (one.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
                          publicIpAddress: one.Association?.PublicIp ?? null,
                        },
                      ]
                    : [],
                ),
              },
            ]
          : [],
      ),
    );
    return instances.filter(
      ({ instanceId, interfaces }) =>
        ids.includes(instanceId) ||
        interfaces.some(({ networkInterfaceId }) => ids.includes(networkInterfaceId)),
    );
  },
});
