import { aclHop, groupHop, https } from './filters.ts';
import { knownValue } from './hop.ts';
import { isOfVpc } from './own-blocks.ts';
import { tableOf } from './route-table.ts';
import { routingWithoutEndpoints } from './routing.ts';
import type { Walk } from './walk.ts';

/**
 * Whether the name of a host may lead to a private address that lies outside the endpoints of the VPC, and packets may get there:
 * a private hosted zone may name the endpoints of another VPC, and a registry of one's own may be anywhere.
 */
export function mayBePrivate(way: Walk): boolean {
  const { subnet, destination, dialled } = way;
  if (dialled || publicRegistries.has(destination.host)) return false;
  // A private hosted zone of the VPC with a record for the name: then it does, see `resolve`.
  if (destination.service && knownValue(way.facts.privateZones) && !isHiddenNameIn(way)) return false;
  const group = groupHop(way, { blocks: privateBlocks, groupIds: [] }, 'private addresses');
  if (group.verdict === 'closed') return false;
  // A registry of one's own may stand in the same subnet, where neither routes nor network ACLs count.
  if (!destination.service) return true;
  const acl = aclHop(way, subnet.subnetId, 'out', privateBlocks, https, 'connections');
  return acl.verdict !== 'closed' && leadsOn(way, subnet.subnetId);
}

/**
 * Whether a name of AWS led to an address in another network: then something answers for such names that is no zone of the VPC, such as
 * a profile or a rule of Route 53. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/profiles.html
 */
const isHiddenNameIn = ({ facts, error: { address, addressKind, host }, destinations }: Walk): boolean =>
  address !== undefined &&
  addressKind === 'private' &&
  destinations.some((one) => one.service !== null && one.host === host) &&
  !isOfVpc(address, facts);

/** Whether a subnet has a way to private addresses outside the VPC, through one NAT gateway at most. */
function leadsOn(way: Walk, subnetId: string, behindNat = false): boolean {
  const table = tableOf(subnetId, knownValue(way.facts.routeTables) ?? []);
  if (!table) return true;
  const { usual, special } = routingWithoutEndpoints(way, table, privateBlocks);
  return [...usual, ...special].some(({ taken }) => {
    if (taken === 'none') return false;
    if ('because' in taken) return true;
    const { target, state } = taken;
    if (state === 'blackhole' || target === 'local' || target.startsWith('igw-')) return false;
    if (!target.startsWith('nat-')) return true;
    const nat = knownValue(way.facts.natGateways)?.find(({ natGatewayId }) => natGatewayId === target);
    if (!nat) return way.facts.natGateways.status === 'unknown';
    return (
      !behindNat && nat.state === 'available' && nat.subnetId !== null && leadsOn(way, nat.subnetId, true)
    );
  });
}

const privateBlocks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** Registries that all the world reaches by the same names. */
const publicRegistries = new Set([
  'registry-1.docker.io',
  'public.ecr.aws',
  'ghcr.io',
  'quay.io',
  'gcr.io',
  'registry.k8s.io',
  'mcr.microsoft.com',
  'registry.gitlab.com',
]);
