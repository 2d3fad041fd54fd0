import type { CollectedFacts } from '../model/facts.ts';
import type { Hop, Path } from '../model/network.ts';
import { knownValue, tableIn } from './hop.ts';
import { tableOf } from './route-table.ts';

/** What a hop that ends at a NAT instance says of it. */
export interface FaultyInstance {
  /** Of the instance, or of its interface where nobody could see it. */
  readonly id: string;
  /** The route table that leads the task to it. */
  readonly table: string | undefined;
  /** What the routes of that table name: the instance, or an interface of it. */
  readonly target: string;
  readonly fault:
    | {
        readonly is: 'group';
        readonly groupId: string;
        readonly direction: 'in' | 'out';
        /** Of the task. */
        readonly block: string | null;
      }
    | { readonly is: 'stopped' | 'starting'; readonly hasAddress: boolean }
    | { readonly is: 'checks destinations'; readonly networkInterfaceId: string }
    /** Its own subnet and the table of that, which no task has, and what that leads to instead of a gateway. */
    | { readonly is: 'no way out'; readonly subnetId: string; readonly table: string; readonly from?: string }
    | { readonly is: 'no address'; readonly networkInterfaceId?: string }
    /** Whether it runs could not be seen. */
    | { readonly is: 'unseen' }
    /** It is gone, or leads back to itself: nothing can be done about it. */
    | { readonly is: 'useless' };
}

/** Why a NAT instance hands nothing on, by the hop at which its packets end. */
export function faultOf(
  hop: Hop,
  path: Path,
  { natInstances, routeTables, subnets }: Pick<CollectedFacts, 'natInstances' | 'routeTables' | 'subnets'>,
): FaultyInstance {
  const id = hop.at;
  const instance = knownValue(natInstances)?.find(({ instanceId }) => instanceId === id);
  const tables = knownValue(routeTables) ?? [];
  const tableFor = (subnetId: string) => tableOf(subnetId, tables)?.routeTableId;
  // The hop may be about the table of the instance's own subnet.
  const named = tableIn(hop);
  const table = tableFor(path.subnetId) ?? named;
  const [culprit = id, , ownSubnet] = hop.resources;
  const [first] = instance?.interfaces ?? [];
  const leading = tables
    .find(({ routeTableId }) => routeTableId === table)
    ?.routes.find(
      (route) =>
        [route.target, route.instanceId].includes(id) ||
        instance?.interfaces.some(({ networkInterfaceId }) => networkInterfaceId === route.target),
    );
  const target = leading?.target ?? id;
  // With several interfaces it is the one that the packets come in by.
  const entered =
    instance?.interfaces.find(({ networkInterfaceId }) => networkInterfaceId === target) ?? first;

  const fault = (): FaultyInstance['fault'] => {
    if (culprit.startsWith('sg-')) {
      const block = knownValue(subnets)?.find(({ subnetId }) => subnetId === path.subnetId)?.cidrBlock;
      return {
        is: 'group',
        groupId: culprit,
        direction: hop.traffic?.direction ?? 'in',
        block: block ?? null,
      };
    }
    if (natInstances.status === 'unknown') return { is: 'unseen' };
    const hasAddress = Boolean(entered?.publicIpAddress);
    if (instance?.state === 'stopped' || instance?.state === 'stopping') return { is: 'stopped', hasAddress };
    if (instance?.state === 'pending') return { is: 'starting', hasAddress };
    if (instance?.state !== 'running' || leading?.state === 'blackhole') return { is: 'useless' };
    if (entered?.sourceDestCheck)
      return { is: 'checks destinations', networkInterfaceId: entered.networkInterfaceId };
    if (ownSubnet?.startsWith('subnet-'))
      // In the subnets of the tasks it leads back to itself: led to an internet gateway, the tasks would need public addresses.
      return named === undefined ||
        (knownValue(subnets) ?? []).some(({ subnetId }) => tableFor(subnetId) === named)
        ? { is: 'useless' }
        : { is: 'no way out', subnetId: ownSubnet, table: named, ...(hop.ledTo && { from: hop.ledTo }) };
    return { is: 'no address', ...(entered && { networkInterfaceId: entered.networkInterfaceId }) };
  };
  return { id, table, target, fault: fault() };
}
