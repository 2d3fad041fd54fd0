import type { Route as AwsRoute } from '@aws-sdk/client-ec2';
import type { Route } from '../model/facts.ts';
import { allPages } from './answered.ts';
import { defineCollector } from './define.ts';

/** Every route table of the VPC. A subnet without an association of its own uses the main one. */
export default defineCollector({
  fact: 'routeTables',
  needs: ['subnets'],

  async collect({ subnets: [subnet] }, read) {
    if (!subnet) return [];
    const tables = await allPages('ec2:DescribeRouteTables', async (NextToken) => {
      const Filters = [{ Name: 'vpc-id', Values: [subnet.vpcId] }];
      const answer = await read('ec2:DescribeRouteTables', { Filters, NextToken });
      return { items: answer.RouteTables, next: answer.NextToken };
    });
    return tables.flatMap(({ RouteTableId, Associations = [], Routes = [] }) =>
      RouteTableId
        ? [
            {
              routeTableId: RouteTableId,
              main: Associations.some(({ Main }) => Main),
              subnetIds: Associations.flatMap(({ SubnetId, AssociationState }) =>
                SubnetId && AssociationState?.State !== 'disassociated' ? [SubnetId] : [],
              ),
              routes: Routes.flatMap(routeOf),
            },
          ]
        : [],
    );
  },
});

/** A route to a target of a kind that we do not know yet is kept, as `unknown`: it may well lead somewhere. */
function routeOf(route: AwsRoute): readonly Route[] {
  const destination =
    route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId;
  if (!destination) return [];
  const target =
    route.NatGatewayId ??
    route.TransitGatewayId ??
    route.VpcPeeringConnectionId ??
    route.GatewayId ??
    route.EgressOnlyInternetGatewayId ??
    route.NetworkInterfaceId ??
    route.InstanceId ??
    route.LocalGatewayId ??
    route.CarrierGatewayId ??
    route.CoreNetworkArn ??
    'unknown';
  const state =
    route.State === 'blackhole' ? 'blackhole' : route.State === 'filtered' ? 'filtered' : 'active';
  const instanceId = target.startsWith('eni-') ? route.InstanceId : undefined;
  return [{ destination, target, state, ...(instanceId && { instanceId }), origin: route.Origin ?? null }];
}
