import type { NatGateway, RouteTable } from '../model/facts.ts';
import type { Hop } from '../model/network.ts';
import { policyHop } from './endpoint-policy.ts';
import { aclHop, answerPorts, https, sourceBlocks } from './filters.ts';
import { behindNatGateway, closed, knownValue, open, unclear, unseen } from './hop.ts';
import { internetGatewayHopsOfNat } from './internet-gateway.ts';
import { ephemeralPorts } from './network-acl.ts';
import { type Branch, tableOfNat } from './route-table.ts';
import { arePrivate, gatewayEndpointOn, routingWithoutEndpoints } from './routing.ts';
import type { Walk } from './walk.ts';
import { alongAll, doubtful, type PublicHop } from './ways.ts';

/** A NAT gateway lets packets out if it is available, and if its own subnet leads on to where they go. */
export function natHops(
  way: Walk,
  table: RouteTable,
  id: string,
  blackhole: boolean,
  blocks: readonly string[],
): readonly PublicHop[] {
  const { facts } = way;
  const where = {
    is: 'NAT gateway',
    at: id,
    check: 'nat-gateway-unusable',
    resources: [id, table.routeTableId],
  } as const;
  if (facts.natGateways.status === 'unknown')
    return [
      blackhole
        ? closed(where, `The route of \`${table.routeTableId}\` to \`${id}\` is a blackhole`)
        : unseen(where, `NAT gateway \`${id}\``, facts.natGateways, [
            ...behindNatGateway,
            ...(arePrivate(blocks) ? ['no-route-to-registry'] : []),
          ]),
    ];
  const nat = facts.natGateways.value.find(({ natGatewayId }) => natGatewayId === id);
  if (!nat)
    return [closed(where, `\`${table.routeTableId}\` routes to NAT gateway \`${id}\`, which does not exist`)];
  if (nat.state !== 'available')
    return [
      closed(
        where,
        `NAT gateway \`${id}\` is \`${nat.state}\`${nat.failureMessage ? `: ${nat.failureMessage}` : ''}`,
      ),
    ];
  if (blackhole) return [closed(where, `The route of \`${table.routeTableId}\` to \`${id}\` is a blackhole`)];
  const available = open(where, `NAT gateway \`${id}\` is available`);
  const isPrivate = closed(where, `NAT gateway \`${id}\` is private: it gives no way to the internet`);
  // A private one may hand on to a transit gateway or a VPN; an internet gateway drops what it sends.
  const drops = nat.connectivityType === 'private' ? isPrivate : null;
  const behind = behindNat(way, { nat, table }, blocks, drops);
  const dropped = behind.find((hop) => hop === isPrivate || hop.check === 'no-route-to-registry');
  return dropped ? [dropped] : [available, ...behind];
}

/** Nothing is wrong with a NAT gateway that leads to the internet: the name led to an address that lies elsewhere. */
const noPrivateAddress = ({ dialled }: Walk, { routeTableId }: RouteTable, id: string): Hop =>
  closed(
    { is: 'NAT gateway', at: id, check: 'no-route-to-registry', resources: [routeTableId, id] },
    `\`${routeTableId}\` leads the private address \`${dialled}\` to NAT gateway \`${id}\`, which leads to the internet only`,
  );

/** A NAT gateway, and the route table that leads to it. */
interface StandingNat {
  readonly nat: NatGateway;
  readonly table: RouteTable;
}

/** A zonal NAT gateway stands in a subnet of its own, whose ACL counts too. `drops`: what an internet gateway does. */
function behindNat(
  way: Walk,
  from: StandingNat,
  blocks: readonly string[],
  drops: Hop | null,
): readonly PublicHop[] {
  const { subnetId } = from.nat;
  const behind = onward(way, from, blocks, drops);
  if (!subnetId) return behind;
  const inside = subnetId === way.subnet.subnetId;
  const own = sourceBlocks(way);
  const acl = (
    direction: 'in' | 'out',
    to: readonly string[],
    ports: readonly [number, number],
    what: string,
  ) => aclHop(way, subnetId, direction, to, ports, what);
  return [
    ...(inside ? [] : [acl('in', own, https, 'connections of the task')]),
    acl('out', blocks, https, 'connections to the registry'),
    ...behind,
    acl('in', blocks, ephemeralPorts.natGateway, 'answers of the registry'),
    ...(inside ? [] : [acl('out', own, answerPorts(way), 'answers to the task')]),
  ];
}

/**
 * From a NAT gateway on: by the route table of its subnet or, for a regional one, which stands in none, by a table of its own.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
 */
function onward(
  way: Walk,
  { nat, table: before }: StandingNat,
  blocks: readonly string[],
  drops: Hop | null,
): readonly PublicHop[] {
  const { natGatewayId: id, subnetId } = nat;
  const tables = knownValue(way.facts.routeTables) ?? [];
  const table = tableOfNat(nat, tables);
  const whose = subnetId
    ? `Subnet \`${subnetId}\` of NAT gateway \`${id}\``
    : `Regional NAT gateway \`${id}\``;
  const resources = [id, ...(table ? [table.routeTableId] : []), ...(subnetId ? [subnetId] : [])];
  const where = { is: 'NAT gateway', at: id, check: 'nat-gateway-unusable', resources } as const;
  const doubt = (because: string) =>
    unclear(
      where,
      because,
      subnetId
        ? `Check the routes of subnet \`${subnetId}\` of NAT gateway \`${id}\``
        : `Check the routes of NAT gateway \`${id}\` in the route table of its own`,
      behindNatGateway,
    );
  if (!table)
    return [doubt(`No route table of ${whose.replace(/^[SR]/, (first) => first.toLowerCase())} was found`)];

  const toPrivate = arePrivate(blocks);
  const along = ({ taken }: Branch): readonly PublicHop[] => {
    if (taken === 'none')
      return [closed(where, `${whose} has no route to an internet gateway (\`${table.routeTableId}\`)`)];
    if ('because' in taken) return [doubt(taken.because)];
    const { target, state, destination } = taken;
    const leads = `${whose} routes \`${destination}\` to \`${target}\``;
    if (target.startsWith('igw-') && !toPrivate)
      return drops ? [drops] : internetGatewayHopsOfNat(way, table, target, state === 'blackhole', nat);
    const misled = (because: string): Hop => ({ ...closed(where, `${leads}${because}`), ledTo: target });
    if (target.startsWith('nat-')) return [misled(' instead of an internet gateway')];
    if (state === 'blackhole') return [misled(', which is a blackhole')];
    if (target.startsWith('igw-')) return [noPrivateAddress(way, before, id)];
    if (target.startsWith('pcx-') && !toPrivate)
      return [misled('; a peering connection gives no way to the internet')];
    return [
      unclear(
        { ...where, is: 'elsewhere', at: target, resources: [target, ...resources] },
        `NAT gateway \`${id}\` leads on to \`${target}\`, and what lies behind it cannot be seen from here`,
        `Ask the owner of \`${target}\` whether it lets \`${way.destination.host}\` through on TCP port 443`,
      ),
    ];
  };
  const some = doubt(
    `\`${table.routeTableId}\`, the table of NAT gateway \`${id}\`, sends some addresses another way than most`,
  );
  const hops = alongAll(routingWithoutEndpoints(way, table, blocks), along, some);
  return withEndpointOf(way, table, hops, doubt);
}

/**
 * AWS does not say whether the packets of a NAT gateway take the route of a gateway endpoint: only what holds either way is
 * certain. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
 */
function withEndpointOf(
  way: Walk,
  table: RouteTable,
  hops: readonly PublicHop[],
  doubt: (because: string) => Hop,
): readonly PublicHop[] {
  const endpoint = gatewayEndpointOn(way, table);
  if (!endpoint) return hops;
  if (typeof endpoint === 'object') {
    const verdict = endpoint.state === 'available' ? policyHop(way, endpoint).verdict : 'closed';
    const ends = verdict === 'closed' && hops.some((hop) => hop.verdict === 'closed');
    if (ends || (verdict === 'open' && hops.every((hop) => hop.verdict === 'open'))) return hops;
  }
  const id = typeof endpoint === 'string' ? endpoint : endpoint.vpcEndpointId;
  const because = `\`${table.routeTableId}\` has gateway endpoint \`${id}\`, and whether the NAT gateway uses it is not documented`;
  return [...doubtful(hops), doubt(because)];
}
