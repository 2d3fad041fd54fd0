import type { CollectedFacts, RouteTable } from '../model/facts.ts';
import type { Hop, Path } from '../model/network.ts';
import { knownValue, tableIn } from './hop.ts';
import { internet, routesTo, tableOf, tableOfNat } from './route-table.ts';
import { isPrefixList } from './wrong-routes.ts';

/** What a way out of the VPC is looked for in. */
export type WayOutFacts = Pick<
  CollectedFacts,
  'publicIp' | 'internetGateways' | 'natGateways' | 'routeTables'
>;

/**
 * A gateway of the VPC that can lead the packets of a subnet to the internet: an internet gateway where the task has a public IP
 * address, else a public NAT gateway whose own subnet or table has a way out. `null`: there is none, or none can be seen.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-scenarios.html
 */
export function wayOut(facts: WayOutFacts): string | null {
  const attached = (knownValue(facts.internetGateways) ?? []).map(
    ({ internetGatewayId }) => internetGatewayId,
  );
  const [gateway] = attached;
  if (knownValue(facts.publicIp) === true && gateway) return gateway;
  const tables = knownValue(facts.routeTables) ?? [];
  const nat = (knownValue(facts.natGateways) ?? []).find(
    ({ state, connectivityType, ...nat }) =>
      state === 'available' && connectivityType === 'public' && leadsTo(tableOfNat(nat, tables), attached),
  );
  return nat?.natGatewayId ?? null;
}

/**
 * A subnet that routes to the internet gateway of the VPC, in the Availability Zone of another subnet if there is one: a NAT gateway
 * may stand there. `null`: there is none, or none can be seen.
 */
export function publicSubnetNear(
  subnetId: string,
  facts: Pick<CollectedFacts, 'vpcSubnets' | 'routeTables' | 'internetGateways'>,
): string | null {
  const attached = (knownValue(facts.internetGateways) ?? []).map(
    ({ internetGatewayId }) => internetGatewayId,
  );
  const tables = knownValue(facts.routeTables) ?? [];
  const subnets = knownValue(facts.vpcSubnets) ?? [];
  const zone = subnets.find((one) => one.subnetId === subnetId)?.availabilityZone;
  const open = subnets.filter(
    (one) =>
      one.cidrBlock !== null &&
      one.internetGatewayBlockMode !== 'block-bidirectional' &&
      leadsTo(tableOf(one.subnetId, tables), attached),
  );
  return (open.find(({ availabilityZone }) => availabilityZone === zone) ?? open[0])?.subnetId ?? null;
}

/** Whether a route table is the own one of a regional NAT gateway: others stand in subnets, and have theirs. */
export const isOfRegionalNat = (
  table: string,
  { natGateways }: Pick<CollectedFacts, 'natGateways'>,
): boolean => (knownValue(natGateways) ?? []).some(({ routeTableId }) => routeTableId === table);

/**
 * Which table is led elsewhere where a NAT gateway gives no way. `isOwn`: the gateway's own, and none that tasks have too: it alone
 * may be led to an internet gateway, for which tasks would need public addresses. Else it is the one that leads the task there.
 * `subnetIds`: those that the task may have run in.
 */
export function tableToMend(
  hop: Hop,
  path: Path,
  subnetIds: readonly string[],
  facts: Pick<CollectedFacts, 'natGateways' | 'routeTables'>,
): { readonly table: string | undefined; readonly isOwn: boolean } {
  const named = tableIn(hop);
  const tables = knownValue(facts.routeTables) ?? [];
  const tableFor = (subnetId: string) => tableOf(subnetId, tables)?.routeTableId;
  const isOwn =
    named !== undefined &&
    (hop.resources.length > 2 || isOfRegionalNat(named, facts)) &&
    subnetIds.every((id) => tableFor(id) !== named);
  return { table: isOwn ? named : (tableFor(path.subnetId) ?? named), isOwn };
}

/** Whether a table leads the whole internet, in one piece or in several, to one of the gateways. */
function leadsTo(table: RouteTable | undefined, gateways: readonly string[]): boolean {
  if (!table) return false;
  // Those of services lead to their endpoints, and leave the rest as it is.
  const routes = table.routes.filter(({ destination }) => !isPrefixList(destination));
  return routesTo(internet, { ...table, routes }, []).usual.every(
    ({ taken }) =>
      typeof taken === 'object' &&
      'target' in taken &&
      taken.state === 'active' &&
      gateways.includes(taken.target),
  );
}
