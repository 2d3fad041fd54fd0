import type { NatGateway, PrefixList, Route, RouteTable } from '../model/facts.ts';
import { covers, coversTogether, everywhere, isPrivateBlock, prefixLength } from './cidr.ts';

/** The route table of a subnet: the one associated with it, else the main one. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html */
export const tableOf = (subnetId: string, tables: readonly RouteTable[]): RouteTable | undefined =>
  tables.find(({ subnetIds }) => subnetIds.includes(subnetId)) ?? tables.find(({ main }) => main);

/** The route table that the packets of a NAT gateway take: that of its subnet or, for a regional one, its own. */
export const tableOfNat = (
  { subnetId, routeTableId }: Pick<NatGateway, 'subnetId' | 'routeTableId'>,
  tables: readonly RouteTable[],
): RouteTable | undefined =>
  subnetId ? tableOf(subnetId, tables) : tables.find((one) => one.routeTableId === routeTableId);

/** What some packets take: a route, none, or one that the table alone does not tell, and why. */
export type Taken = Route | 'none' | { readonly because: string };

/** What packets to some blocks take. */
export interface Branch {
  readonly taken: Taken;
  readonly blocks: readonly string[];
}

/** The routes that packets to some blocks take. */
export interface Routing {
  /** Of most addresses of the blocks. */
  readonly usual: readonly Branch[];
  /** Of some addresses within the blocks, by more specific routes. */
  readonly special: readonly Branch[];
}

/** The routes that packets to some blocks take: longest prefix first, then static before prefix list before propagated. https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html */
export function routesTo(
  blocks: readonly string[],
  table: RouteTable,
  prefixLists: readonly PrefixList[] | null,
): Routing {
  const expanded: Expanded[] = [];
  for (const route of table.routes) {
    if (!route.destination.startsWith('pl-')) {
      expanded.push({ block: route.destination, rank: isPropagated(route) ? 2 : 0, route });
      continue;
    }
    const list = prefixLists?.find(({ prefixListId }) => prefixListId === route.destination);
    if (!list) {
      const because = `the entries of prefix list \`${route.destination}\`, to which \`${table.routeTableId}\` has a route, are not known`;
      return { usual: [{ taken: { because }, blocks }], special: [] };
    }
    expanded.push(...list.cidrBlocks.map((block) => ({ block, rank: 1, route })));
  }

  const usual = new Map<Taken, string[]>();
  const special = new Map<Taken, string[]>();
  for (const target of blocks) {
    const within = unique(
      expanded
        // Private addresses are no part of the internet.
        .filter(
          ({ block }) =>
            covers(block, target) === 'part' && (!isPrivateBlock(block) || isPrivateBlock(target)),
        )
        .map(({ block }) => block),
    );
    const whole = unique([target, ...within]).filter((block) => {
      const narrower = within.filter((one) => prefixLength(one) > prefixLength(block));
      return coversTogether(narrower, block) !== 'all';
    });
    const isSplit = !whole.includes(target);
    for (const block of whole) {
      const branches = block === target || isSplit ? usual : special;
      const by = taken(block, expanded, table);
      branches.set(by, [...(branches.get(by) ?? []), block]);
    }
  }
  const branchesOf = (branches: ReadonlyMap<Taken, string[]>) =>
    [...branches].map(([by, its]): Branch => ({ taken: by, blocks: its }));
  return {
    usual: branchesOf(usual),
    special: branchesOf(special).filter(({ taken: by }) => !usual.has(by)),
  };
}

interface Expanded {
  readonly block: string;
  readonly rank: number;
  readonly route: Route;
}

function taken(block: string, all: readonly Expanded[], table: RouteTable): Taken {
  const matching = all.filter((one) => covers(one.block, block) === 'all');
  // Nothing propagated stands before the local route. https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html
  const isLocal = matching.some(({ route }) => route.target === 'local');
  const [best, ...others] = matching
    .filter(({ route }) => !isLocal || !isPropagated(route))
    .toSorted((a, b) => prefixLength(b.block) - prefixLength(a.block) || a.rank - b.rank);
  if (!best) return 'none';
  const rival = others.find(
    ({ block: one, rank, route }) =>
      rank === best.rank &&
      prefixLength(one) === prefixLength(best.block) &&
      route.target !== best.route.target,
  );
  if (rival)
    return {
      because: `\`${table.routeTableId}\` routes \`${block}\` to \`${best.route.target}\` and to \`${rival.route.target}\`, and AWS does not say which of them counts`,
    };
  if (best.route.state === 'filtered')
    return {
      because: `the route of \`${table.routeTableId}\` for \`${best.block}\` to \`${best.route.target}\` is filtered`,
    };
  return best.route;
}

const isPropagated = ({ origin }: Route) => origin === 'EnableVgwRoutePropagation';

const unique = <T>(items: readonly T[]): readonly T[] => [...new Set(items)];

/** The whole internet, where the address of a registry is not known. */
export const internet: readonly string[] = everywhere;

/** Whether some private addresses that lie outside the VPC are routed: to another VPC, or to a network of the user's own. */
export const leadsToOtherNetwork = ({ routes }: RouteTable): boolean =>
  routes.some(
    ({ destination, target, state }) =>
      state === 'active' && isPrivateBlock(destination) && /^(?:tgw|pcx|vgw|eni|lgw|i)-|^arn:/.test(target),
  );
