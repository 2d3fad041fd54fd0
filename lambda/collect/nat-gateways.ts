import { allPages } from './answered.ts';
import { defineCollector, ownedByOther } from './define.ts';

/** The NAT gateways of the VPC. Deleted ones are listed for about an hour. */
export default defineCollector({
  fact: 'natGateways',
  needs: ['task', 'subnets'],

  async collect({ task, subnets: [subnet] }, read) {
    if (!subnet) return [];
    if (subnet.ownerId && subnet.ownerId !== task.accountId)
      return ownedByOther(subnet.ownerId, 'ec2:DescribeNatGateways');
    const gateways = await allPages('ec2:DescribeNatGateways', async (NextToken) => {
      const Filter = [{ Name: 'vpc-id', Values: [subnet.vpcId] }];
      const answer = await read('ec2:DescribeNatGateways', { Filter, NextToken });
      return { items: answer.NatGateways, next: answer.NextToken };
    });
    return gateways.flatMap((gateway) =>
      gateway.NatGatewayId
        ? [
            {
              natGatewayId: gateway.NatGatewayId,
              state: gateway.State?.toLowerCase() ?? 'available',
              failureMessage: gateway.FailureMessage ?? null,
              connectivityType:
                gateway.ConnectivityType === 'private' ? ('private' as const) : ('public' as const),
              subnetId: gateway.SubnetId ?? null,
              ...(gateway.RouteTableId && { routeTableId: gateway.RouteTableId }),
            },
          ]
        : [],
    );
  },
});
