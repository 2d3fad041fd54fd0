import type { PrefixList, Route, RouteTable } from '../model/facts.ts';
import { covers, everywhere, isPrivateBlock, prefixLength } from './cidr.ts';

/** The route table of a subnet: the one associated with it, else the main one. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html */
export const tableOf = (subnetId: string, tables: readonly RouteTable[]): RouteTable | undefined =>
  tables.find(({ subnetIds }) => subnetIds.includes(subnetId)) ?? tables.find(({ main }) => main);

export type RouteAnswer =
  | { readonly verdict: 'route'; readonly routes: readonly Route[] }
  | { readonly verdict: 'none' }
  | { readonly verdict: 'unknown'; readonly because: string };

/** The routes that packets to some blocks take: longest prefix first, then static before prefix list before propagated. https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html */
export function routesTo(
  blocks: readonly string[],
  table: RouteTable,
  prefixLists: readonly PrefixList[] | null,
): RouteAnswer {
  const expanded: { block: string; rank: number; route: Route }[] = [];
  for (const route of table.routes) {
    if (route.state === 'filtered' || isGatewayEndpoint(route)) continue;
    if (!route.destination.startsWith('pl-')) {
      expanded.push({
        block: route.destination,
        rank: route.origin === 'EnableVgwRoutePropagation' ? 2 : 0,
        route,
      });
      continue;
    }
    const list = prefixLists?.find(({ prefixListId }) => prefixListId === route.destination);
    if (!list)
      return {
        verdict: 'unknown',
        because: `the entries of prefix list \`${route.destination}\` are not known`,
      };
    expanded.push(...list.cidrBlocks.map((block) => ({ block, rank: 1, route })));
  }

  const taken = blocks.map(
    (target) =>
      expanded
        .filter(({ block }) => covers(block, target) === 'all')
        .toSorted((a, b) => prefixLength(b.block) - prefixLength(a.block) || a.rank - b.rank)[0]?.route,
  );
  const routes = taken.filter((route) => route !== undefined);
  if (routes.length === blocks.length) return { verdict: 'route', routes: [...new Set(routes)] };
  const some = expanded.some(
    ({ block }) => !isPrivateBlock(block) && blocks.some((target) => covers(block, target) === 'part'),
  );
  if (routes.length > 0 || some)
    return {
      verdict: 'unknown',
      because: `\`${table.routeTableId}\` routes only some addresses of the internet`,
    };
  return { verdict: 'none' };
}

/** A route to a gateway endpoint is the endpoint's own; it serves Amazon S3 or DynamoDB alone. */
const isGatewayEndpoint = ({ destination, target }: Route) =>
  destination.startsWith('pl-') && target.startsWith('vpce-');

/** The whole internet, where the address of a registry is not known. */
export const internet: readonly string[] = everywhere;
