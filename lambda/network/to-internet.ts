import type { Route, RouteTable } from '../model/facts.ts';
import type { Destination, Hop } from '../model/network.ts';
import { covers } from './cidr.ts';
import { isDualStack } from './destinations.ts';
import { policyHop } from './endpoint-policy.ts';
import { aclHop, answerPorts, groupHop, https } from './filters.ts';
import { behindRouteTable, closed, knownValue, open, unclear, unseen } from './hop.ts';
import { internetGatewayHops } from './internet-gateway.ts';
import { natHops } from './nat-gateway.ts';
import { natInstanceHops } from './nat-instance.ts';
import { noWay } from './no-way.ts';
import { mayBePrivate } from './private-network.ts';
import { addressesOf, s3ListOf } from './public-addresses.ts';
import { type Branch, tableOf } from './route-table.ts';
import { arePrivate, routingOf } from './routing.ts';
import type { Walk } from './walk.ts';
import { alongAll, doubtful, type PublicHop } from './ways.ts';

/** From the task to the addresses of a host that no endpoint stands for, and back: by a gateway endpoint, a NAT gateway or an internet gateway. */
export function hopsToInternet(way: Walk): readonly PublicHop[] {
  const { subnet, facts, destination, dialled } = way;
  const blocks = addressesOf(way);
  const group = groupHop(way, { blocks, groupIds: [] }, `\`${dialled ?? destination.host}\``);
  // Within a subnet there is no route to choose, and no network ACL.
  if (dialled && subnet.cidrBlock && covers(subnet.cidrBlock, dialled) === 'all')
    return [group, hostOfVpc(way, dialled)];
  const out = aclHop(way, subnet.subnetId, 'out', blocks, https, 'connections to the registry');
  const back = aclHop(way, subnet.subnetId, 'in', blocks, answerPorts(way), 'answers of the registry');
  const meant = (hop: Hop): PublicHop => (hop.verdict === 'closed' ? { ...hop, noWayOut: true } : hop);
  const hops = [meant(group), meant(out), ...gatewayHops(way, blocks), meant(back)];
  // Behind an endpoint that we cannot see, or on the way to a private address, these hops may not matter.
  const endpointsUnseen = facts.vpcEndpoints.status === 'unknown' && destination.service !== null;
  if (endpointsUnseen || mayBePrivate(way)) return doubtful(hops);
  if (!mayTakeIpv6(way)) return hops;
  // Registries outside AWS may have IPv6 addresses, or none.
  return destination.service === null
    ? doubtful(hops)
    : hops.map((hop) => (hop.verdict === 'closed' ? overIpv6(way, hop) : hop));
}

/** A name may have IPv6 addresses as well, and a route may lead to them: ways over IPv6 are not walked. */
export function mayTakeIpv6({ facts, subnet, destination, destinations, dialled }: Walk): boolean {
  // The layers' host follows the registry's.
  const asked = destinations.filter(({ step }) => step === 'manifest' && destination.step === 'layers');
  const mayHaveIpv6 = ({ host, service }: Destination) => service === null || isDualStack(host);
  if (dialled || ![destination, ...asked].some(mayHaveIpv6)) return false;
  const table = tableOf(subnet.subnetId, knownValue(facts.routeTables) ?? []);
  return table?.routes.some(leadsToIpv6) ?? true;
}

const leadsToIpv6 = ({ destination, target, state }: Route): boolean =>
  destination.includes(':') && target !== 'local' && state !== 'blackhole';

const overIpv6 = ({ destination, subnet }: Walk, { at, is, check, resources, because }: Hop): Hop =>
  unclear(
    { at, is, check, resources },
    `${because}; \`${destination.host}\` has IPv6 addresses too, and ways over IPv6 are not walked`,
    `Check that \`${subnet.subnetId}\` reaches \`${destination.host}\` over IPv6`,
  );

/** Something in the VPC itself that is no endpoint. */
const hostOfVpc = ({ destination }: Walk, address: string): Hop =>
  unclear(
    { is: 'elsewhere', at: address, check: 'no-route-to-registry' },
    `\`${address}\` lies in the VPC, and what stands there cannot be seen from here`,
    `Ask the owner of \`${address}\` whether it answers for \`${destination.host}\` on TCP port 443`,
  );

function gatewayHops(way: Walk, blocks: readonly string[]): readonly PublicHop[] {
  const { facts, subnet, destination } = way;
  const where = (at: string) =>
    ({ is: 'route table', at, check: 'no-route-to-registry', resources: [at, subnet.subnetId] }) as const;
  if (facts.routeTables.status === 'unknown')
    return [
      unseen(
        where(subnet.subnetId),
        `The route table of \`${subnet.subnetId}\``,
        facts.routeTables,
        behindRouteTable,
      ),
    ];
  const table = tableOf(subnet.subnetId, facts.routeTables.value);
  if (!table)
    return [
      unclear(
        where(subnet.subnetId),
        `No route table of \`${subnet.subnetId}\` was found`,
        `Look at the route table of \`${subnet.subnetId}\``,
      ),
    ];

  return alongAll(
    routingOf(way, table, blocks),
    (branch) => hopsAlong(way, table, branch),
    unclear(
      where(table.routeTableId),
      `\`${table.routeTableId}\` sends some addresses another way than most, and \`${destination.host}\` may have one of them`,
      `Check that \`${table.routeTableId}\` routes the addresses of \`${destination.host}\``,
    ),
  );
}

/** Along one route: what it leads to, and whether that leads on. */
function hopsAlong(way: Walk, table: RouteTable, { taken, blocks }: Branch): readonly PublicHop[] {
  if (taken === 'none') return [noWay(way, table)];
  const routeHop = (resources: readonly string[]) =>
    ({ is: 'route table', at: table.routeTableId, check: 'no-route-to-registry', resources }) as const;
  if ('because' in taken)
    return [
      unclear(
        routeHop([table.routeTableId, way.subnet.subnetId]),
        taken.because,
        `Check that \`${table.routeTableId}\` routes the addresses of \`${way.destination.host}\``,
        behindRouteTable,
      ),
    ];

  const { target, state, destination } = taken;
  const routed = `\`${table.routeTableId}\` routes \`${destination}\` to \`${target}\``;
  const gatewayEndpoint = gatewayEndpointHops(way, table, taken);
  if (gatewayEndpoint) return gatewayEndpoint;
  const lead = open(routeHop([table.routeTableId]), routed);
  const toPrivate = arePrivate(blocks);
  if (target.startsWith('nat-')) return [lead, ...natHops(way, table, target, state === 'blackhole', blocks)];
  if (target.startsWith('igw-') && !toPrivate)
    return [lead, ...internetGatewayHops(way, table, target, state === 'blackhole')];
  const byInstance = natInstanceHops(way, table, taken, blocks);
  if (byInstance) return [lead, ...byInstance];
  const dead = routeHop([table.routeTableId, target]);
  if (state === 'blackhole') return [closed(dead, `${routed}, which is a blackhole`)];
  if (target.startsWith('igw-'))
    return [closed(dead, `${routed}, which leads to no private address such as \`${way.dialled}\``)];
  if (target === 'local' && way.dialled) return [lead, hostOfVpc(way, way.dialled)];
  if (target.startsWith('pcx-') && !toPrivate)
    return [closed(dead, `${routed}; a peering connection gives no way to the internet`)];
  return [
    unclear(
      { is: 'elsewhere', at: target, check: 'no-route-to-registry', resources: [target, table.routeTableId] },
      `${routed}, and what lies behind it cannot be seen from here`,
      `Ask the owner of \`${target}\` whether it lets \`${way.destination.host}\` through on TCP port 443`,
    ),
  ];
}

/** Along the route of a gateway endpoint, or nothing where the route is none. */
function gatewayEndpointHops(
  way: Walk,
  table: RouteTable,
  { target, destination }: Route,
): readonly PublicHop[] | null {
  const { facts } = way;
  const where = (check: string) =>
    ({ is: 'VPC endpoint', at: target, check, resources: [target, table.routeTableId] }) as const;
  const routed = open(
    where('s3-endpoint-not-routed'),
    `\`${table.routeTableId}\` routes Amazon S3 to gateway endpoint \`${target}\``,
  );
  if (facts.vpcEndpoints.status === 'unknown')
    return destination === s3ListOf(way)?.prefixListId && target.startsWith('vpce-')
      ? [
          routed,
          unseen(
            {
              is: 'endpoint policy',
              at: target,
              check: 'endpoint-policy-denies-pull',
              resources: [target],
            },
            `The policy of \`${target}\``,
            facts.vpcEndpoints,
          ),
        ]
      : null;
  const endpoint = facts.vpcEndpoints.value.find(({ vpcEndpointId }) => vpcEndpointId === target);
  if (endpoint?.type.toLowerCase() !== 'gateway') return null;
  return endpoint.state === 'available'
    ? [routed, policyHop(way, endpoint)]
    : [
        closed(where('endpoint-not-available'), `Gateway endpoint \`${target}\` is \`${endpoint.state}\``),
        policyHop(way, endpoint),
      ];
}
