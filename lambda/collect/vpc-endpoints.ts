import { allPages } from './answered.ts';
import { defineCollector, ownedByOther } from './define.ts';

/** The VPC endpoints of the VPC. Those that another account made in a VPC that it shares cannot be seen. */
export default defineCollector({
  fact: 'vpcEndpoints',
  needs: ['task', 'subnets'],

  async collect({ task, subnets: [subnet] }, read) {
    if (!subnet) return [];
    if (subnet.ownerId && subnet.ownerId !== task.accountId)
      return ownedByOther(subnet.ownerId, 'ec2:DescribeVpcEndpoints');
    const endpoints = await allPages('ec2:DescribeVpcEndpoints', async (NextToken) => {
      const Filters = [{ Name: 'vpc-id', Values: [subnet.vpcId] }];
      const answer = await read('ec2:DescribeVpcEndpoints', { Filters, NextToken });
      return { items: answer.VpcEndpoints, next: answer.NextToken };
    });
    return endpoints.flatMap((endpoint) => {
      // AWS mixes the case of states.
      const state = endpoint.State?.toLowerCase() ?? 'available';
      if (!endpoint.VpcEndpointId || !endpoint.ServiceName || state === 'deleted') return [];
      return [
        {
          vpcEndpointId: endpoint.VpcEndpointId,
          serviceName: endpoint.ServiceName,
          serviceRegion: endpoint.ServiceRegion ?? null,
          type: endpoint.VpcEndpointType ?? 'Interface',
          state,
          privateDnsEnabled: endpoint.PrivateDnsEnabled ?? false,
          privateDnsOnlyForInboundResolver:
            endpoint.DnsOptions?.PrivateDnsOnlyForInboundResolverEndpoint ?? false,
          subnetIds: endpoint.SubnetIds ?? [],
          securityGroupIds: (endpoint.Groups ?? []).flatMap(({ GroupId }) => (GroupId ? [GroupId] : [])),
          routeTableIds: endpoint.RouteTableIds ?? [],
          policy: endpoint.PolicyDocument || null,
        },
      ];
    });
  },
});
