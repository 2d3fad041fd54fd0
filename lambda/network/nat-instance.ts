import type { InstanceInterface, NatInstance, Route, RouteTable } from '../model/facts.ts';
import type { Hop } from '../model/network.ts';
import { gatewayEndpointsFor, interfaceEndpointsFor } from './endpoints.ts';
import { aclHop, admitsOut, answerPorts, https, lets, sourceBlocks } from './filters.ts';
import { behindNatGateway, closed, knownValue, open, unclear, unseen } from './hop.ts';
import { internetGatewayHopsOfInstance } from './internet-gateway.ts';
import { tableOf } from './route-table.ts';
import { arePrivate, gatewayEndpointOn, routingWithoutEndpoints } from './routing.ts';
import { admits, rulesOf } from './security-group.ts';
import type { Walk } from './walk.ts';
import { alongAll, type PublicHop } from './ways.ts';

const check = 'nat-instance-unusable';

/**
 * Along a route to an EC2 instance: whether it can hand packets on. That it does is up to its operating system, and cannot be
 * seen. `null`: what stands there is no instance of the account, or the route leads elsewhere.
 * https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html
 */
export function natInstanceHops(
  way: Walk,
  table: RouteTable,
  route: Route,
  blocks: readonly string[],
): readonly PublicHop[] | null {
  const { facts } = way;
  const { target, state, destination } = route;
  if (!/^(?:i|eni)-/.test(target)) return null;
  const behind = { is: 'NAT instance', at: target, check, resources: [target, table.routeTableId] } as const;
  const instance = knownValue(facts.natInstances)?.find(
    ({ instanceId, interfaces }) =>
      [target, route.instanceId].includes(instanceId) ||
      interfaces.some(({ networkInterfaceId }) => networkInterfaceId === target),
  );
  const routed = `\`${table.routeTableId}\` routes \`${destination}\` to`;
  if (state === 'blackhole' && (!instance || instance.state === 'running'))
    return [closed(behind, `${routed} \`${target}\`, which is a blackhole`)];
  if (facts.natInstances.status === 'unknown')
    return [unseen(behind, `The instance behind \`${target}\``, facts.natInstances, behindNatGateway)];
  if (!instance) return null;
  const id = instance.instanceId;
  const where = { is: 'NAT instance', at: id, check, resources: [id, table.routeTableId] } as const;
  if (instance.state !== 'running')
    return [closed(where, `${routed} instance \`${id}\`, which is \`${instance.state}\``)];

  const [only, ...others] = instance.interfaces;
  const inner =
    instance.interfaces.find(({ networkInterfaceId }) => networkInterfaceId === target) ??
    (others.length === 0 ? only : undefined);
  const forwards = unclear(
    { ...where, is: 'elsewhere' },
    `${routed} instance \`${id}\`, and whether its operating system hands packets on cannot be seen from here`,
    `Check on \`${id}\` that IP forwarding and address translation are on: \`sysctl net.ipv4.ip_forward\`, \`iptables -t nat -S\``,
  );
  if (!inner) return [forwards];
  if (inner.sourceDestCheck)
    return [
      closed(
        where,
        `The source/destination check of instance \`${id}\` (\`${inner.networkInterfaceId}\`) is on, so it drops the packets of others`,
      ),
    ];
  const runs = open(where, `Instance \`${id}\` is running, its source/destination check is off`);
  const own = sourceBlocks(way);
  const inside = inner.subnetId === way.subnet.subnetId;
  const acl = (
    direction: 'in' | 'out',
    to: readonly string[],
    ports: readonly [number, number],
    what: string,
  ) => (inner.subnetId ? [aclHop(way, inner.subnetId, direction, to, ports, what)] : []);
  const entry = [
    runs,
    ...(inside ? [] : acl('in', own, https, 'connections of the task')),
    groupHop(way, instance, inner, table, { direction: 'in', blocks: own }),
  ];
  const exit = inside ? [] : acl('out', own, answerPorts(way), 'answers to the task');
  // With a second interface packets may leave another way than they came.
  const leaves =
    others.length > 0 || !inner.subnetId || arePrivate(blocks)
      ? []
      : [
          groupHop(way, instance, inner, table, { direction: 'out', blocks }),
          ...acl('out', blocks, https, 'connections to the registry'),
          ...onward(way, id, inner, inner.subnetId, blocks),
          ...acl('in', blocks, answerPorts(way), 'answers of the registry'),
        ];
  const hops = [...entry, ...leaves, ...exit];
  return hops.some(({ verdict }) => verdict === 'closed') || handsOn(way) ? hops : [...hops, forwards];
}

/** Whether a host has answered that no endpoint of the VPC stands for: then something has handed packets on. */
function handsOn({ facts, destinations, error }: Walk): boolean {
  const endpoints = knownValue(facts.vpcEndpoints);
  return destinations.some(
    (one) =>
      error.answered?.includes(one.step) &&
      endpoints &&
      interfaceEndpointsFor(one, endpoints).length + gatewayEndpointsFor(one, endpoints).length === 0,
  );
}

interface Crossing {
  readonly direction: 'in' | 'out';
  readonly blocks: readonly string[];
}

/** Whether the groups of the instance let the task in on port 443, and its packets out: what it hands on is a connection of its own. */
function groupHop(
  way: Walk,
  instance: NatInstance,
  inner: InstanceInterface,
  table: RouteTable,
  { direction, blocks }: Crossing,
): Hop {
  const { facts, subnet, dialled, destination } = way;
  const ids = inner.securityGroupIds;
  const groups = ids.map((one) => `\`${one}\``).join(', ');
  const of = `of instance \`${instance.instanceId}\``;
  const where = {
    is: 'NAT instance',
    at: instance.instanceId,
    check,
    resources: [...ids, instance.instanceId, table.routeTableId],
  } as const;
  if (facts.securityGroups.status === 'unknown')
    return unseen(where, `The rules of ${groups} ${of}`, facts.securityGroups);
  const isIn = direction === 'in';
  const { rules, unseen: missing } = rulesOf(ids, facts.securityGroups.value, isIn ? 'ingress' : 'egress');
  const taskGroups = isIn ? knownValue(facts.securityGroupIds) : [];
  const peer = { blocks, groupIds: taskGroups ?? [] };
  const cover = isIn ? admits(rules, peer, knownValue(facts.prefixLists)) : admitsOut(way, rules, peer);
  const what = isIn
    ? `TCP port 443 from the task in \`${subnet.subnetId}\``
    : `TCP port 443 to \`${dialled ?? destination.host}\``;
  if (cover === 'all') return open(where, `${groups} ${of} ${lets(ids)} ${what} ${direction}`);
  const namesGroups = isIn && rules.some(({ peer }) => peer.startsWith('sg-'));
  if (cover === 'none' && ids.length > 0 && missing.length === 0 && (taskGroups || !namesGroups))
    return {
      ...closed(where, `${groups} ${of} ${lets(ids)} nothing ${direction} on ${what}`),
      traffic: { direction, ports: https },
    };
  return unclear(
    where,
    `Whether ${groups} ${of} ${lets(ids)} ${what} ${direction} could not be seen`,
    isIn
      ? `Check that the rules of ${groups} hold the address of the task`
      : `Check that the egress rules of ${groups} hold every address of \`${destination.host}\``,
  );
}

/** From the instance on, by the route table of its subnet. */
function onward(
  way: Walk,
  id: string,
  { publicIpAddress, networkInterfaceId }: InstanceInterface,
  subnetId: string,
  blocks: readonly string[],
): readonly PublicHop[] {
  const table = tableOf(subnetId, knownValue(way.facts.routeTables) ?? []);
  // What leads to Amazon S3 by an endpoint needs no way to the internet.
  if (!table || gatewayEndpointOn(way, table)) return [];
  const where = { is: 'NAT instance', at: id, check, resources: [id, table.routeTableId, subnetId] } as const;
  const doubt = unclear(
    where,
    `Where \`${table.routeTableId}\` leads the packets of instance \`${id}\` could not be seen`,
    `Check the routes of subnet \`${subnetId}\` of instance \`${id}\``,
  );
  return alongAll(
    routingWithoutEndpoints(way, table, blocks),
    ({ taken }) => {
      if (taken === 'none')
        return [
          closed(
            where,
            `Subnet \`${subnetId}\` of instance \`${id}\` has no route to the internet (\`${table.routeTableId}\`)`,
          ),
        ];
      if ('because' in taken) return [doubt];
      const { target, state, destination } = taken;
      const misled = (whither: string): Hop => ({
        ...closed(where, `Subnet \`${subnetId}\` of instance \`${id}\` routes ${whither}`),
        ledTo: target,
      });
      const leads = `\`${destination}\` to \`${target}\``;
      if (target === id || target === networkInterfaceId) return [misled('back to the instance itself')];
      if (state === 'blackhole' && !target.startsWith('igw-'))
        return [misled(`${leads}, which is a blackhole`)];
      if (target.startsWith('pcx-'))
        return [misled(`${leads}; a peering connection gives no way to the internet`)];
      if (!target.startsWith('igw-')) return [doubt];
      const gateway = internetGatewayHopsOfInstance(way, table, target, state === 'blackhole', subnetId);
      return publicIpAddress
        ? gateway
        : [
            ...gateway,
            closed(
              { ...where, resources: [id, subnetId, target] },
              `Instance \`${id}\` has no public IP address, and \`${table.routeTableId}\` leads it to internet gateway \`${target}\``,
            ),
          ];
    },
    doubt,
  );
}
