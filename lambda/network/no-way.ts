import type { RouteTable } from '../model/facts.ts';
import { endpointServiceName, gatewayEndpointsFor, serves } from './endpoints.ts';
import { closed, unseen } from './hop.ts';
import type { Walk } from './walk.ts';
import type { PublicHop } from './ways.ts';

/** No route leads to the internet: which check speaks depends on the endpoints that stand. */
export function noWay(way: Walk, table: RouteTable): PublicHop {
  const { facts, subnet, destination, destinations } = way;
  const noRoute = `Route table \`${table.routeTableId}\` of subnet \`${subnet.subnetId}\` has no route to the internet`;
  const where = (check: string, resources: readonly string[]) =>
    ({ is: 'route table', at: table.routeTableId, check, resources }) as const;
  const plain = where('no-route-to-registry', [table.routeTableId, subnet.subnetId]);
  if (!destination.service) return { ...closed(plain, noRoute), noWayOut: true };
  if (facts.vpcEndpoints.status === 'unknown')
    return unseen(plain, `${noRoute}, and whether endpoints stand in for one`, facts.vpcEndpoints);
  const endpoints = facts.vpcEndpoints.value.filter(({ state }) => state !== 'deleting');
  const [unrouted] = gatewayEndpointsFor(destination, endpoints);
  if (unrouted)
    return {
      ...closed(
        where('s3-endpoint-not-routed', [unrouted.vpcEndpointId, table.routeTableId]),
        `Gateway endpoint \`${unrouted.vpcEndpointId}\` for Amazon S3 is not on route table \`${table.routeTableId}\` of subnet \`${subnet.subnetId}\``,
      ),
      noWayOut: true,
    };
  if (!destinations.some((one) => endpoints.some((endpoint) => serves(endpoint, one))))
    return {
      ...closed(plain, `${noRoute}, and \`${subnet.vpcId}\` has no endpoint for Amazon ECR`),
      noWayOut: true,
    };
  const service = endpointServiceName(destination);
  return {
    ...closed(
      where('endpoint-missing', [subnet.vpcId, service, table.routeTableId]),
      `\`${subnet.vpcId}\` has no endpoint for \`${service}\`, and \`${table.routeTableId}\` has no route to the internet`,
    ),
    noWayOut: true,
  };
}
