import type { Subnet, VpcEndpoint } from '../model/facts.ts';
import type { Hop } from '../model/network.ts';
import { covers } from './cidr.ts';
import { policyHop } from './endpoint-policy.ts';
import { aclHop, answerPorts, groupHop, https, lets, sourceBlocks } from './filters.ts';
import { closed, knownValue, open, unclear, unseen } from './hop.ts';
import { tableOf } from './route-table.ts';
import { routingWithoutEndpoints } from './routing.ts';
import { admits, rulesOf } from './security-group.ts';
import type { Walk } from './walk.ts';
import { alongAll, doubtful } from './ways.ts';

/**
 * From the task to an interface endpoint and back. The endpoint's interfaces stand in some subnets of the VPC and serve all of
 * them, in every Availability Zone. https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
 */
export function hopsToEndpoint(way: Walk, endpoint: VpcEndpoint): readonly Hop[] {
  const { facts, subnet } = way;
  const stands = endpoint.subnetIds.map((id) => ({
    id,
    subnet: knownValue(facts.vpcSubnets)?.find(({ subnetId }) => subnetId === id),
  }));
  const near = stands.flatMap(({ subnet: one }) => (one ? [one] : []));
  const chosen = dialledSubnet(way, near);
  const targets = chosen ? [chosen] : near;
  const blocks = chosen ? [`${way.dialled}/32`] : targets.flatMap(({ cidrBlock }) => cidrBlock ?? []);
  const id = endpoint.vpcEndpointId;
  const there = { is: 'VPC endpoint', at: id, check: 'endpoint-not-available', resources: [id] } as const;

  if (facts.vpcSubnets.status === 'unknown')
    return [
      groupHop(way, { blocks: [], groupIds: endpoint.securityGroupIds }, `endpoint \`${id}\``),
      unseen(there, `The subnets of endpoint \`${id}\``, facts.vpcSubnets, [
        'network-acl-blocks-registry',
        'task-security-group-closed',
      ]),
      endpointGroupHop(way, endpoint),
      policyHop(way, endpoint),
    ];

  // Traffic inside a subnet does not pass its ACL, nor its route table.
  const others = targets.filter(({ subnetId }) => subnetId !== subnet.subnetId);
  const away = chosen ? blocks : others.flatMap(({ cidrBlock }) => cidrBlock ?? []);
  const own = sourceBlocks(way);
  const crosses = others.length > 0;
  const some = others.length < targets.length;
  const mayCross = (hops: readonly Hop[]) => (some ? doubtful(hops) : hops);
  return [
    groupHop(way, { blocks, groupIds: endpoint.securityGroupIds }, `endpoint \`${id}\``),
    ...mayCross(
      crosses
        ? [
            aclHop(way, subnet.subnetId, 'out', away, https, 'connections to the endpoint'),
            ...routeHops(way, endpoint, away),
          ]
        : [],
    ),
    ...standing(endpoint, subnet.vpcId),
    ...mayCross(
      onlyIfAll(
        others.map(({ subnetId }) => aclHop(way, subnetId, 'in', own, https, 'connections from the task')),
      ),
    ),
    endpointGroupHop(way, endpoint),
    policyHop(way, endpoint),
    ...mayCross(
      crosses
        ? [
            ...onlyIfAll(
              others.map(({ subnetId }) =>
                aclHop(way, subnetId, 'out', own, answerPorts(way), 'answers of the endpoint'),
              ),
            ),
            aclHop(way, subnet.subnetId, 'in', away, answerPorts(way), 'answers of the endpoint'),
          ]
        : [],
    ),
  ];
}

/** Within a VPC packets take the local route, unless a more specific one leads them through an appliance. */
function routeHops(way: Walk, { vpcEndpointId }: VpcEndpoint, blocks: readonly string[]): readonly Hop[] {
  const { facts, subnet } = way;
  const where = (at: string) =>
    ({ is: 'route table', at, check: 'no-route-to-registry', resources: [at, subnet.subnetId] }) as const;
  if (facts.routeTables.status === 'unknown')
    return [unseen(where(subnet.subnetId), `The route table of \`${subnet.subnetId}\``, facts.routeTables)];
  const table = tableOf(subnet.subnetId, facts.routeTables.value);
  const there = where(table?.routeTableId ?? subnet.subnetId);
  const doubt = (because: string) =>
    unclear(there, because, `Check the way from \`${subnet.subnetId}\` to endpoint \`${vpcEndpointId}\``);
  if (!table) return [doubt(`No route table of \`${subnet.subnetId}\` was found`)];
  return alongAll(
    routingWithoutEndpoints(way, table, blocks),
    ({ taken }) => {
      if (taken === 'none')
        return [closed(there, `\`${table.routeTableId}\` has no route to endpoint \`${vpcEndpointId}\``)];
      if ('because' in taken) return [doubt(taken.because)];
      const { target, destination, state } = taken;
      const routed = `\`${table.routeTableId}\` routes \`${destination}\` to \`${target}\``;
      if (state === 'blackhole') return [closed(there, `${routed}, which is a blackhole`)];
      return target === 'local' ? [] : [doubt(`${routed}, on the way to endpoint \`${vpcEndpointId}\``)];
    },
    doubt(`\`${table.routeTableId}\` routes some addresses of endpoint \`${vpcEndpointId}\` another way`),
  );
}

/** What speaks for the endpoint itself: that it is there, available, and that its private DNS is on. */
function standing({ vpcEndpointId: id, serviceName, state }: VpcEndpoint, vpcId: string): readonly Hop[] {
  const there = { is: 'VPC endpoint', at: id, check: 'endpoint-not-available', resources: [id] } as const;
  const because = `Endpoint \`${id}\` for \`${serviceName}\` is ${state === 'available' ? state : `\`${state}\``}`;
  return [
    open(
      { is: 'VPC endpoint', at: id, check: 'endpoint-missing' },
      `\`${vpcId}\` has endpoint \`${id}\` for \`${serviceName}\``,
    ),
    open(
      { is: 'VPC endpoint', at: id, check: 'endpoint-private-dns-off' },
      `Private DNS of endpoint \`${id}\` for \`${serviceName}\` is on`,
    ),
    state === 'available'
      ? open(there, because)
      : state === 'partial'
        ? unclear(there, because, `Look at the state of endpoint \`${id}\` in each of its subnets`)
        : closed(there, because),
  ];
}

/** An endpoint stands in several subnets: one closed ACL among open ones stops only some connections. */
function onlyIfAll(hops: readonly Hop[]): readonly Hop[] {
  const shut = hops.filter(({ verdict }) => verdict === 'closed');
  if (shut.length > 0) return shut.length === hops.length ? hops.slice(0, 1) : doubtful(shut);
  const unseen = hops.filter(({ verdict }) => verdict === 'unknown');
  return unseen.length > 0 ? unseen : hops.slice(0, 1);
}

const dialledSubnet = ({ dialled }: Walk, near: readonly Subnet[]) =>
  dialled ? near.find(({ cidrBlock }) => cidrBlock && covers(cidrBlock, dialled) === 'all') : undefined;

/** Whether the groups of the endpoint let the task in on port 443. */
function endpointGroupHop(way: Walk, endpoint: VpcEndpoint): Hop {
  const { facts, subnet } = way;
  const groups = endpoint.securityGroupIds.map((one) => `\`${one}\``).join(', ');
  const where = {
    is: 'endpoint security group',
    at: endpoint.securityGroupIds.join(', ') || endpoint.vpcEndpointId,
    check: 'endpoint-security-group-closed',
    resources: [...endpoint.securityGroupIds, endpoint.vpcEndpointId],
  } as const;
  // Every endpoint has groups: where none is recorded, they could not be seen.
  if (endpoint.securityGroupIds.length === 0)
    return unclear(
      where,
      `The security groups of endpoint \`${endpoint.vpcEndpointId}\` could not be seen`,
      'Check that they admit the task on TCP port 443',
    );
  if (facts.securityGroups.status === 'unknown')
    return unseen(where, `The rules of ${groups}`, facts.securityGroups);
  const { rules, unseen: missing } = rulesOf(
    endpoint.securityGroupIds,
    facts.securityGroups.value,
    'ingress',
  );
  const ids = knownValue(facts.securityGroupIds);
  const cover = admits(
    rules,
    { blocks: sourceBlocks(way), groupIds: ids ?? [] },
    knownValue(facts.prefixLists),
  );
  const whence = `the task in \`${subnet.subnetId}\``;
  if (cover === 'all')
    return open(
      where,
      `${groups} of \`${endpoint.vpcEndpointId}\` ${lets(endpoint.securityGroupIds)} ${whence} in on TCP port 443`,
    );
  if (missing.length > 0)
    return unclear(
      where,
      `Security group \`${missing[0]}\` of the endpoint could not be seen`,
      'Ask the owner of the endpoint whether it admits the task on TCP port 443',
    );
  const namesGroups = rules.some(({ peer }) => peer.startsWith('sg-'));
  if (facts.securityGroupIds.status === 'unknown' && namesGroups)
    return unseen(where, `Whether ${groups} admit the groups of the task`, facts.securityGroupIds);
  if (cover === 'none')
    return closed(
      where,
      `${groups} of endpoint \`${endpoint.vpcEndpointId}\` ${lets(endpoint.securityGroupIds)} nothing in on TCP port 443 from ${whence}`,
    );
  return unclear(
    where,
    `${groups} of \`${endpoint.vpcEndpointId}\` ${lets(endpoint.securityGroupIds)} only some addresses of \`${subnet.subnetId}\` in`,
    `Check that the rules of ${groups} hold the address of the task`,
  );
}
