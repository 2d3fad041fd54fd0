import type { NatGateway, Route, RouteTable } from '../model/facts.ts';
import type { Destination, Hop } from '../model/network.ts';
import { isPrivate } from './address.ts';
import { policyHop } from './endpoint-policy.ts';
import { gatewayEndpointsFor, serves } from './endpoints.ts';
import { aclHop, answerPorts, groupHop, https, sourceBlocks } from './filters.ts';
import { behindNatGateway, behindRouteTable, closed, knownValue, open, unclear, unseen } from './hop.ts';
import { ephemeralPorts } from './network-acl.ts';
import { internet, routesTo, tableOf } from './route-table.ts';
import type { Walk } from './walk.ts';

/** A hop to a public address. `noWayOut`: the VPC was never meant to lead there, as opposed to a gateway that is broken. */
export type PublicHop = Hop & { readonly noWayOut?: true };

/** From the task to the public addresses of a host and back: by a gateway endpoint, a NAT gateway or an internet gateway. */
export function hopsToInternet(way: Walk): readonly PublicHop[] {
  const { subnet, facts } = way;
  const blocks = blocksOf(way);
  const whither =
    way.dialled && !isPrivate(way.dialled) ? `\`${way.dialled}\`` : `\`${way.destination.host}\``;
  const group = groupHop(way, { blocks, groupIds: [] }, whither);
  const out = aclHop(way, subnet.subnetId, 'out', blocks, https, 'connections to the registry');
  const back = aclHop(way, subnet.subnetId, 'in', blocks, answerPorts(way), 'answers of the registry');
  const meant = (hop: Hop): PublicHop => (hop.verdict === 'closed' ? { ...hop, noWayOut: true } : hop);
  return [meant(group), meant(out), ...gatewayHops(way, blocks), meant(back)].map((hop) =>
    // Behind an endpoint that we cannot see, these hops may not matter.
    facts.vpcEndpoints.status === 'unknown' && way.destination.service && hop.verdict === 'closed'
      ? { ...hop, certainty: 'likely' as const }
      : hop,
  );
}

/** The addresses that may be meant: the one that was dialled, those of Amazon S3 in the Region, or the whole internet. */
function blocksOf({ facts, destination, dialled }: Walk): readonly string[] {
  if (dialled && !isPrivate(dialled)) return [`${dialled}/32`];
  if (destination.service !== 's3') return internet;
  const s3 = knownValue(facts.servicePrefixLists)?.find(({ name }) =>
    name?.endsWith(`.${destination.region}.s3`),
  );
  return s3 && s3.cidrBlocks.length > 0 ? s3.cidrBlocks.filter((block) => !block.includes(':')) : internet;
}

function gatewayHops(way: Walk, blocks: readonly string[]): readonly PublicHop[] {
  const { facts, subnet, destination } = way;
  const at = (is: Hop['is'], id: string, check: string, resources: readonly string[] = [id]) => ({
    is,
    at: id,
    check,
    resources,
  });
  if (facts.routeTables.status === 'unknown')
    return [
      unseen(
        at('route table', subnet.subnetId, 'no-route-to-registry'),
        `The route table of \`${subnet.subnetId}\``,
        facts.routeTables,
        behindRouteTable,
      ),
    ];
  const table = tableOf(subnet.subnetId, facts.routeTables.value);
  if (!table)
    return [
      unclear(
        at('route table', subnet.subnetId, 'no-route-to-registry'),
        `No route table of \`${subnet.subnetId}\` was found`,
        `Look at the route table of \`${subnet.subnetId}\``,
      ),
    ];

  const gateways = gatewayEndpointsFor(destination, knownValue(facts.vpcEndpoints) ?? []);
  const listed = gateways.find(
    ({ routeTableIds, state }) => routeTableIds.includes(table.routeTableId) && state === 'available',
  );
  const s3 = listed ?? unseenGateway(way, table);
  if (s3 && 'vpcEndpointId' in s3) {
    const where = at('VPC endpoint', s3.vpcEndpointId, 's3-endpoint-not-routed', [
      s3.vpcEndpointId,
      table.routeTableId,
    ]);
    return [
      open(where, `\`${table.routeTableId}\` routes Amazon S3 to gateway endpoint \`${s3.vpcEndpointId}\``),
      policyHop(way, s3),
    ];
  }
  if (s3)
    return [
      open(
        at('VPC endpoint', s3.target, 's3-endpoint-not-routed'),
        `\`${table.routeTableId}\` routes Amazon S3 to \`${s3.target}\``,
      ),
    ];

  const answer = routesTo(
    blocks,
    table,
    knownValue(facts.prefixLists) ?? knownValue(facts.servicePrefixLists),
  );
  const where = at('route table', table.routeTableId, 'no-route-to-registry', [
    table.routeTableId,
    subnet.subnetId,
  ]);
  switch (answer.verdict) {
    case 'none':
      return [noWay(way, table)];
    case 'unknown':
      return [
        unclear(
          where,
          answer.because,
          `Check that \`${table.routeTableId}\` routes the addresses of \`${destination.host}\``,
        ),
      ];
    case 'route': {
      const ways = answer.routes.map((route) => hopsAlong(way, table, route));
      // Two halves of the internet may leave by different gateways. Only if both end are all connections cut.
      const ending = ways.filter((hops) => hops.some(({ verdict }) => verdict === 'closed'));
      if (ending.length === ways.length || ending.length === 0) return ways[0] ?? [];
      return (ending[0] ?? []).map((hop) =>
        hop.verdict === 'closed' ? { ...hop, certainty: 'likely' as const } : hop,
      );
    }
  }
}

/** A route to a gateway endpoint, where the endpoints themselves could not be seen. */
function unseenGateway({ facts, destination }: Walk, table: RouteTable): Route | undefined {
  if (facts.vpcEndpoints.status === 'known' || destination.service !== 's3') return undefined;
  const s3 = knownValue(facts.servicePrefixLists)?.find(({ name }) =>
    name?.endsWith(`.${destination.region}.s3`),
  );
  return table.routes.find(
    ({ destination: to, target }) => to === s3?.prefixListId && target.startsWith('vpce-'),
  );
}

/** No route leads to the internet: which check speaks depends on the endpoints that stand. */
function noWay(way: Walk, table: RouteTable): PublicHop {
  const { facts, subnet, destination, destinations } = way;
  const noRoute = `Route table \`${table.routeTableId}\` of subnet \`${subnet.subnetId}\` has no route to the internet`;
  const where = (check: string, resources: readonly string[]) =>
    ({ is: 'route table', at: table.routeTableId, check, resources }) as const;
  const plain = where('no-route-to-registry', [table.routeTableId, subnet.subnetId]);
  if (!destination.service) return { ...closed(plain, noRoute), noWayOut: true };
  if (facts.vpcEndpoints.status === 'unknown') {
    const hop = unseen(plain, `${noRoute}, and whether endpoints stand in for one`, facts.vpcEndpoints);
    return hop;
  }
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
  const needed = destinations.filter(({ service }) => service !== null);
  const standing = needed.filter((one) => endpoints.some((endpoint) => serves(endpoint, one)));
  if (standing.length === 0)
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

/** The name of the endpoint service of a destination. https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html */
export function endpointServiceName({ service, region }: Pick<Destination, 'service' | 'region'>): string {
  const ownPrefix = service?.startsWith('ecr');
  if (region?.startsWith('cn-') && ownPrefix) return `cn.com.amazonaws.${region}.${service}`;
  if (region?.startsWith('eusc-') && ownPrefix) return `eu.amazonaws.${region}.${service}`;
  return `com.amazonaws.${region}.${service}`;
}

/** Along one route: what it leads to, and whether that leads on. */
function hopsAlong(
  way: Walk,
  table: RouteTable,
  { target, state, destination }: Route,
): readonly PublicHop[] {
  const routed = `\`${table.routeTableId}\` routes \`${destination}\` to \`${target}\``;
  const routeHop = (check: string, resources: readonly string[]) =>
    ({ is: 'route table', at: table.routeTableId, check, resources }) as const;
  const lead = open(routeHop('no-route-to-registry', [table.routeTableId]), routed);
  if (target.startsWith('nat-')) return [lead, ...natHops(way, table, target, state === 'blackhole')];
  if (target.startsWith('igw-'))
    return [lead, ...internetGatewayHops(way, table, target, state === 'blackhole', false)];
  if (state === 'blackhole')
    return [
      closed(
        routeHop('no-route-to-registry', [table.routeTableId, target]),
        `${routed}, which is a blackhole`,
      ),
    ];
  if (target.startsWith('pcx-'))
    return [
      closed(
        routeHop('no-route-to-registry', [table.routeTableId, target]),
        `${routed}; a peering connection gives no way to the internet`,
      ),
    ];
  if (target === 'local') return [closed(routeHop('no-route-to-registry', [table.routeTableId]), routed)];
  return [
    unclear(
      { is: 'elsewhere', at: target, check: 'no-route-to-registry', resources: [target, table.routeTableId] },
      `${routed}, and what lies behind it cannot be seen from here`,
      `Ask the owner of \`${target}\` whether it lets \`${way.destination.host}\` through on TCP port 443`,
    ),
  ];
}

function natHops(way: Walk, table: RouteTable, id: string, blackhole: boolean): readonly PublicHop[] {
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
        : unseen(where, `NAT gateway \`${id}\``, facts.natGateways, behindNatGateway),
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
  if (nat.connectivityType === 'private' && !leadsElsewhere(way, nat))
    return [closed(where, `NAT gateway \`${id}\` is private: it gives no way to the internet`)];
  return [open(where, `NAT gateway \`${id}\` is available`), ...behindNat(way, nat)];
}

/** A private NAT gateway may hand on to a transit gateway or a VPN, whose way nobody can judge from here. */
function leadsElsewhere({ facts, destination }: Walk, { subnetId }: NatGateway): boolean {
  const table = subnetId ? tableOf(subnetId, knownValue(facts.routeTables) ?? []) : undefined;
  const answer = table && routesTo(internet, table, knownValue(facts.prefixLists));
  return Boolean(
    destination &&
      answer?.verdict === 'route' &&
      answer.routes.some(({ target }) => /^(?:tgw|vgw|arn|eni|lgw)/.test(target)),
  );
}

/** A zonal NAT gateway stands in a subnet of its own, whose routes and ACL count too. A regional one has none. */
function behindNat(way: Walk, { natGatewayId, subnetId }: NatGateway): readonly PublicHop[] {
  const { facts, subnet } = way;
  if (!subnetId) return [];
  const where = { is: 'NAT gateway', at: natGatewayId, check: 'nat-gateway-unusable' } as const;
  const tables = knownValue(facts.routeTables);
  const table = tables && tableOf(subnetId, tables);
  if (!table) return [];
  const blocks = blocksOf(way);
  const inside = subnetId === subnet.subnetId;
  const own = sourceBlocks(way);
  const acl = (
    direction: 'in' | 'out',
    to: readonly string[],
    ports: readonly [number, number],
    what: string,
  ) => aclHop(way, subnetId, direction, to, ports, what);
  const resources = [natGatewayId, table.routeTableId, subnetId];
  const answer = routesTo(blocks, table, knownValue(facts.prefixLists));
  const [route] = answer.verdict === 'route' ? answer.routes : [];
  const onward = (): readonly PublicHop[] => {
    if (answer.verdict === 'unknown')
      return [
        unclear({ ...where, resources }, answer.because, `Check the routes of \`${table.routeTableId}\``),
      ];
    if (!route)
      return [
        closed(
          { ...where, resources },
          `Subnet \`${subnetId}\` of NAT gateway \`${natGatewayId}\` has no route to an internet gateway (\`${table.routeTableId}\`)`,
        ),
      ];
    if (route.target.startsWith('igw-'))
      return internetGatewayHops(way, table, route.target, route.state === 'blackhole', true, subnetId);
    if (route.target.startsWith('nat-'))
      return [
        closed(
          { ...where, resources },
          `Subnet \`${subnetId}\` of NAT gateway \`${natGatewayId}\` routes \`${route.destination}\` to \`${route.target}\` instead of an internet gateway`,
        ),
      ];
    return [
      unclear(
        {
          is: 'elsewhere',
          at: route.target,
          check: 'nat-gateway-unusable',
          resources: [route.target, ...resources],
        },
        `NAT gateway \`${natGatewayId}\` leads on to \`${route.target}\`, and what lies behind it cannot be seen from here`,
        `Ask the owner of \`${route.target}\` whether it lets \`${way.destination.host}\` through on TCP port 443`,
      ),
    ];
  };
  return [
    ...(inside ? [] : [acl('in', own, https, 'connections of the task')]),
    acl('out', blocks, https, 'connections to the registry'),
    ...onward(),
    acl('in', blocks, ephemeralPorts.natGateway, 'answers of the registry'),
    ...(inside ? [] : [acl('out', own, answerPorts(way), 'answers to the task')]),
  ];
}

/** An internet gateway lets a packet out if it is attached, if the sender has a public address, and if the account does not block it. */
function internetGatewayHops(
  way: Walk,
  table: RouteTable,
  id: string,
  blackhole: boolean,
  fromNat: boolean,
  fromSubnet = way.subnet.subnetId,
): readonly PublicHop[] {
  const { facts, subnet } = way;
  const where = {
    is: 'internet gateway',
    at: id,
    check: 'internet-gateway-detached',
    resources: [id, table.routeTableId],
  } as const;
  const attached = knownValue(facts.internetGateways)?.some(
    ({ internetGatewayId }) => internetGatewayId === id,
  );
  if (blackhole || attached === false)
    return [
      closed(
        where,
        `Internet gateway \`${id}\`, to which \`${table.routeTableId}\` routes, is not attached to \`${subnet.vpcId}\``,
      ),
    ];
  const gateway =
    facts.internetGateways.status === 'unknown'
      ? unseen(where, `Internet gateway \`${id}\``, facts.internetGateways)
      : open(where, `Internet gateway \`${id}\` is attached to \`${subnet.vpcId}\``);
  return [
    gateway,
    blockHop(way, fromSubnet, id, fromNat),
    ...(fromNat ? [] : [publicAddressHop(way, table, id)]),
  ];
}

/** VPC Block Public Access: in the mode `block-ingress` only NAT gateways get out. https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html */
function blockHop({ facts, subnet }: Walk, subnetId: string, id: string, fromNat: boolean): Hop {
  const where = {
    is: 'internet gateway',
    at: id,
    check: 'internet-access-blocked',
    resources: [subnetId, id],
  } as const;
  const all = [subnet, ...(knownValue(facts.vpcSubnets) ?? [])];
  const mode = all.find((one) => one.subnetId === subnetId)?.internetGatewayBlockMode ?? 'off';
  const blocked = mode === 'block-bidirectional' || (mode === 'block-ingress' && !fromNat);
  return blocked
    ? closed(where, `VPC Block Public Access is \`${mode}\` for subnet \`${subnetId}\``)
    : open(where, `VPC Block Public Access does not stop subnet \`${subnetId}\``);
}

function publicAddressHop({ facts, subnet }: Walk, table: RouteTable, id: string): Hop {
  const service = knownValue(facts.service);
  const instance = knownValue(facts.placement)?.interface === 'instance' ? knownValue(facts.instance) : null;
  const owner = instance?.instanceId ?? service?.serviceArn;
  const where = {
    is: 'public IP address',
    at: subnet.subnetId,
    check: 'public-ip-missing',
    resources: [subnet.subnetId, ...(owner ? [owner] : []), table.routeTableId, id],
  } as const;
  if (facts.publicIp.status === 'unknown')
    return unseen(where, 'Whether the task had a public IP address', facts.publicIp);
  if (facts.publicIp.value)
    return open(
      where,
      `The ${instance ? 'instance' : 'task'} in \`${subnet.subnetId}\` has a public IP address`,
    );
  return closed(
    where,
    instance
      ? `Instance \`${instance.instanceId}\` has no public IP address, and \`${table.routeTableId}\` routes to internet gateway \`${id}\``
      : `\`assignPublicIp\` is \`DISABLED\`, and \`${table.routeTableId}\` of subnet \`${subnet.subnetId}\` routes to internet gateway \`${id}\``,
  );
}
