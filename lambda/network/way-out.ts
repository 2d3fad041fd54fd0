import type { CollectedFacts } from '../model/facts.ts';
import { knownValue } from './hop.ts';
import { tableOf } from './route-table.ts';

/** What a way out of the VPC is looked for in. */
export type WayOutFacts = Pick<
  CollectedFacts,
  'publicIp' | 'internetGateways' | 'natGateways' | 'routeTables'
>;

/**
 * A gateway of the VPC that can lead the packets of a subnet to the internet: an internet gateway where the task has a public IP
 * address, else a public NAT gateway whose own subnet has a way out. `null`: there is none, or none can be seen.
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
    ({ state, connectivityType, subnetId }) =>
      state === 'available' &&
      connectivityType === 'public' &&
      subnetId !== null &&
      tableOf(subnetId, tables)?.routes.some(
        (route) =>
          route.destination === '0.0.0.0/0' && route.state === 'active' && attached.includes(route.target),
      ),
  );
  return nat?.natGatewayId ?? null;
}
