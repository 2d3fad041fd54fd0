import type { Route, RouteTable, VpcEndpoint } from '../model/facts.ts';
import { isPrivateBlock, prefixLength } from './cidr.ts';
import { gatewayEndpointsFor } from './endpoints.ts';
import { knownValue } from './hop.ts';
import { mayConcern } from './own-blocks.ts';
import { listsFor, s3ListOf } from './public-addresses.ts';
import { type Routing, routesTo } from './route-table.ts';
import type { Walk } from './walk.ts';

/** The routes that packets to some blocks take by a table, those of gateway endpoints among them. */
export function routingOf(way: Walk, table: RouteTable, blocks: readonly string[]): Routing {
  const others = routingWithoutEndpoints(way, table, blocks);
  const endpoint = gatewayEndpointOn(way, table);
  if (!endpoint || arePrivate(blocks)) return others;
  const list = s3ListOf(way);
  const target = typeof endpoint === 'string' ? endpoint : endpoint.vpcEndpointId;
  const route: Route = {
    destination: list?.prefixListId ?? 'the prefix list of Amazon S3',
    target,
    state: 'active',
    origin: null,
  };
  if (list)
    return routesTo(
      blocks,
      { ...table, routes: [...ownRoutes(way, table, blocks), route] },
      listsFor(way, blocks),
    );
  // Which addresses the endpoint serves is not known; more specific routes may lead some of them elsewhere.
  const rivals = others.usual.filter(
    ({ taken }) => taken !== 'none' && ('because' in taken || prefixLength(taken.destination) > 1),
  );
  return { usual: [{ taken: route, blocks }], special: [...rivals, ...others.special] };
}

/** The same without gateway endpoints: their routes serve Amazon S3 and DynamoDB, whose addresses are those of no registry. */
export const routingWithoutEndpoints = (way: Walk, table: RouteTable, blocks: readonly string[]): Routing =>
  routesTo(blocks, { ...table, routes: ownRoutes(way, table, blocks) }, listsFor(way, blocks));

/** Whether packets go to private addresses. Nobody asks for private and public ones together. */
export const arePrivate = (blocks: readonly string[]): boolean => blocks.every(isPrivateBlock);

/** The gateway endpoint for a destination that is on a table; its id alone, where the endpoints could not be seen. */
export function gatewayEndpointOn(way: Walk, table: RouteTable): VpcEndpoint | string | undefined {
  const { facts, destination } = way;
  if (facts.vpcEndpoints.status === 'known') {
    const onTable = (one: VpcEndpoint) =>
      one.routeTableIds.includes(table.routeTableId) ||
      table.routes.some(({ target }) => target === one.vpcEndpointId);
    return gatewayEndpointsFor(destination, facts.vpcEndpoints.value).find(onTable);
  }
  const list = s3ListOf(way)?.prefixListId;
  return table.routes.find(({ destination: to, target }) => to === list && target.startsWith('vpce-'))
    ?.target;
}

const ownRoutes = (way: Walk, table: RouteTable, blocks: readonly string[]) => {
  const concerns = mayConcern(blocks, way.facts);
  return table.routes.filter((route) => concerns(route.destination) && !isOfGatewayEndpoint(route, way));
};

/** Only gateway endpoints are routed to by the prefix list of a service. */
function isOfGatewayEndpoint({ destination, target }: Route, { facts }: Walk): boolean {
  if (!target.startsWith('vpce-') || !destination.startsWith('pl-')) return false;
  if (facts.vpcEndpoints.status === 'known')
    return facts.vpcEndpoints.value.some(
      ({ vpcEndpointId, type }) => vpcEndpointId === target && type.toLowerCase() === 'gateway',
    );
  const services = knownValue(facts.servicePrefixLists);
  return !services || services.some(({ prefixListId }) => prefixListId === destination);
}
