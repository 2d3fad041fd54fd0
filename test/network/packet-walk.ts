import type { Facts, NatGateway, Route, Step, VpcEndpoint } from '../../lambda/model/facts.ts';
import type { HopKind } from '../../lambda/model/network.ts';
import { holds, hostsOf, prefixLength } from './ipv4.ts';

/** What decides about the packets of a pull, with nothing unknown. */
export type Network = Pick<
  Facts,
  | 'task'
  | 'images'
  | 'taskDefinition'
  | 'placement'
  | 'vpc'
  | 'securityGroupIds'
  | 'publicIp'
  | 'subnets'
  | 'vpcDns'
  | 'dhcpOptions'
  | 'privateZones'
  | 'vpcSubnets'
  | 'routeTables'
  | 'networkAcls'
  | 'securityGroups'
  | 'vpcEndpoints'
  | 'natGateways'
  | 'internetGateways'
  | 'prefixLists'
>;

/** What becomes of a packet: it gets through, it does not, or that is decided where nobody here can look. */
export type Verdict = 'open' | 'closed' | 'unknown';

/** A service of AWS in a Region, or a registry that is none: one that all the world knows, or somebody's own. */
export interface Service {
  readonly service: 'ecr.api' | 'ecr.dkr' | 's3' | 'secretsmanager' | 'Docker Hub' | 'own registry';
  readonly region: string;
  /** Whether its host may have IPv6 addresses. */
  readonly dualStack: boolean;
}

/** An address that a name may lead to, and what is there. A hub is another VPC, to which only a private zone leads. */
export interface Address {
  readonly ip: string;
  readonly at: VpcEndpoint | 'the internet' | 'a hub' | 'a host in the VPC';
}

/** One TCP connection to port 443 with nothing left open. */
export interface Connection {
  readonly subnetId: string;
  readonly from: string;
  readonly to: Address;
  /** The port of the task, to which the answers come. */
  readonly port: number;
  /** The port that a NAT gateway takes for it. */
  readonly natPort: number;
}

/** One thing on the way of a packet, and what it does with it. */
export type Hop = readonly [is: HopKind, at: string, verdict: Verdict];

/** A connection, everything on its way, and what becomes of it. */
export interface Walked {
  readonly connection: Connection | null;
  readonly hops: readonly Hop[];
  readonly verdict: Verdict;
}

// Representatives: at least one on either side of every boundary that a random network draws.
const outside: readonly Address[] = [
  '52.95.115.9',
  '52.216.9.9',
  '52.217.9.9',
  '3.5.9.9',
  '3.248.1.1',
  '99.80.0.9',
  '176.34.1.1',
  '203.1.2.3',
].map((ip) => ({ ip, at: 'the internet' }));
const hub: Address = { ip: '10.50.1.10', at: 'a hub' };
const hosts: readonly Address[] = ['10.0.1.50', '10.0.9.50'].map((ip) => ({ ip, at: 'a host in the VPC' }));
const linuxPorts = [32768, 45000, 50005, 60999];
const windowsPorts = [49152, 50005, 65535];
const natPorts = [1024, 20000, 33000, 45000, 50005, 65535];

/** The connections of the pull that leave through the VPC, by step (D.1). */
export function servicesOf({ task, taskDefinition, images: [image] }: Network): ReadonlyMap<Step, Service> {
  const services = new Map<Step, Service>();
  const isWindows = /WINDOWS/.test(taskDefinition?.operatingSystemFamily ?? '');
  // Up to platform version 1.3 an interface of Fargate's own fetches the token and the secrets.
  const isOld = task.launchType === 'FARGATE' && !isWindows && /^1\.[0-3]\./.test(task.platformVersion ?? '');
  const { region, dualStack } = image?.ecr ?? { region: task.region, dualStack: true };
  if (!isOld && image?.ecr) services.set('token', { service: 'ecr.api', region, dualStack });
  if (!isOld && taskDefinition?.containers.some(({ secretArns }) => secretArns.length > 0))
    services.set('secrets', { service: 'secretsmanager', region: task.region, dualStack: false });
  const outside = image?.registry === 'docker.io' ? 'Docker Hub' : 'own registry';
  services.set('manifest', { service: image?.ecr ? 'ecr.dkr' : outside, region, dualStack });
  if (image?.ecr) services.set('layers', { service: 's3', region, dualStack });
  return services;
}

/**
 * Every connection that may be made from a subnet to a service, walked: to the dialled address, or to all there may be.
 * `isAnswered`: some name was resolved.
 */
export function walks(
  whole: Network,
  subnetId: string,
  service: Service,
  dialled?: Address,
  isAnswered = dialled !== undefined,
): readonly Walked[] {
  const network = { ...whole, prefixLists: listsFor(whole, service) };
  const subnet = subnetOf(network, subnetId);
  if (!subnet.cidrBlock) {
    // How far hosts with IPv6 addresses can be reached is disputed (D.2), and which host of a secret is asked then is not known.
    // Nor is that of the token: the agent asks at the dual-stack name where it has no IPv4, whatever the image is called.
    // https://github.com/aws/amazon-ecs-agent/blob/10d1fb7585dad5a1f3f1a58a606605572bdf42ea/agent/ecr/factory.go
    // NAT64 leads to all others, where it is routed to: AWS says that the usual names of registries are not to be used so (D.2).
    const mayHaveIPv6 =
      service.dualStack ||
      ['secretsmanager', 'ecr.api'].includes(service.service ?? '') ||
      isTranslated(network, subnetId);
    return [walked(null, [['address family', subnetId, mayHaveIPv6 ? 'unknown' : 'closed']])];
  }
  if (dialled?.ip.includes(':')) return [walked(null, [['address family', subnetId, 'unknown']])];
  const lost: readonly Hop[] =
    isAnswered || queriesGetThrough(whole, subnetId) ? [] : [['name resolution', subnet.vpcId, 'closed']];
  const zone = dialled ? undefined : zoneWithRecord(network, service);
  if (zone) return [walked(null, [...lost, ['elsewhere', zone, 'unknown']])];
  const addresses = dialled ? [dialled] : addressesOf(network, service);
  if (addresses.length === 0) return [walked(null, [['name resolution', subnet.vpcId, 'closed']])];

  const own = network.placement?.sourceAddress;
  const sources = own && holds(subnet.cidrBlock, own) ? [own] : hostsOf(subnet.cidrBlock);
  const isWindows = /WINDOWS/.test(network.taskDefinition?.operatingSystemFamily ?? '');
  const spared = !dialled && lost.length === 0 && mayTakeIPv6(network, subnetId, service);
  return addresses.flatMap((to) =>
    sources.flatMap((from) =>
      (isWindows ? windowsPorts : linuxPorts).flatMap((port) =>
        (natTo(network, subnetId, to) ? natPorts : [0]).map((natPort) => {
          const connection = { subnetId, from, to, port, natPort };
          const one = walked(connection, [...lost, ...walk(network, connection, service)]);
          return spared && one.verdict === 'closed' ? { ...one, verdict: 'unknown' as const } : one;
        }),
      ),
    ),
  );
}

/**
 * Whether a query by UDP may get to a DNS server, and its answer back. Groups and ACLs filter those to servers of one's own, and none
 * to Amazon's, wherever it is named (D.5). Clients ask again, and from other ports.
 */
function queriesGetThrough(network: Network, subnetId: string): boolean {
  const servers = network.dhcpOptions?.domainNameServers ?? [];
  const own = ownServersOf(network);
  if (own.length < servers.length || own.length === 0) return true;
  const ids = network.securityGroupIds;
  const mine = network.securityGroups.filter(({ groupId }) => ids.includes(groupId));
  const rules = mine.flatMap(({ egress }) => egress).filter((rule) => isUdp(rule, 53));
  // Who is in a group, or what is in one of others, is not to be seen.
  const mayPass = mine.length < ids.length || rules.some(({ peer }) => peer.startsWith('sg-'));
  const { cidrBlock } = subnetOf(network, subnetId);
  const isWindows = /WINDOWS/.test(network.taskDefinition?.operatingSystemFamily ?? '');
  return own.some((server) => {
    const group =
      mayPass || rules.some(({ peer }) => blocksOf(network, peer).some((block) => holds(block, server)));
    const beside = cidrBlock !== null && holds(cidrBlock, server);
    const lets = (way: 'in' | 'out', port: number) => decided(network, subnetId, way, server, port, isUdp)[1];
    return (
      group &&
      (beside ||
        (lets('out', 53) && (isWindows ? windowsPorts : linuxPorts).some((port) => lets('in', port))))
    );
  });
}

/** Whether packets to the IPv6 addresses of NAT64 are routed to what may translate them; no internet gateway does. */
const isTranslated = (network: Network, subnetId: string): boolean =>
  tableOf(network, subnetId)?.routes.some(
    ({ destination, target, state }) =>
      ['64:ff9b::/96', '::/0'].includes(destination) &&
      state !== 'blackhole' &&
      !['local', 'igw-0a1', 'igw-0gone', 'eigw-0a1'].includes(target),
  ) === true;

/** Whether a route leads to IPv6 addresses that the host may have: where IPv4 ends, how far they can be reached is disputed (D.2). */
const mayTakeIPv6 = (network: Network, subnetId: string, { dualStack }: Service): boolean =>
  dualStack &&
  tableOf(network, subnetId)?.routes.some(
    ({ destination, target, state }) =>
      destination.includes(':') && target !== 'local' && state !== 'blackhole',
  ) === true;

const walked = (connection: Connection | null, hops: readonly Hop[]): Walked => ({
  connection,
  hops,
  verdict:
    (['closed', 'unknown'] as const).find((one) => hops.some(([, , verdict]) => verdict === one)) ?? 'open',
});

const openIf = (open: boolean): Verdict => (open ? 'open' : 'closed');

/**
 * The private hosted zone with a record for a service, which may name anything: the most specific one answers, alone, and the
 * names of an endpoint are such a zone too (D.6).
 */
function zoneWithRecord(network: Network, service: Service): string | undefined {
  const host = hostOf(service);
  const [zone] = (network.privateZones ?? [])
    .filter(({ name }) => host === name || host.endsWith(`.${name}`))
    .toSorted((a, b) => b.name.length - a.name.length);
  const ownServers = hasOwnServers(network);
  if (!zone || (!network.vpcDns?.enableDnsSupport && !ownServers)) return undefined;
  const stands = (record: string) =>
    record === host || (record.startsWith('*') && host.endsWith(record.slice(1)));
  if (zone.recordNames.status === 'known' && !zone.recordNames.value.some(stands)) return undefined;
  const isNamed =
    network.vpcDns?.enableDnsHostnames &&
    !ownServers &&
    (!service.dualStack || service.service === 's3') &&
    endpointsOf(network, service).some(({ state }) => ['available', 'partial'].includes(state));
  // Registries and buckets are labels before the name of the endpoint.
  const named = ['ecr.dkr', 's3'].includes(service.service) ? host.slice(host.indexOf('.') + 1) : host;
  return isNamed && zone.name.length < named.length ? undefined : zone.hostedZoneId;
}

/** The host of a service, of which one with IPv6 addresses has another name; but for the layers, which follow the registry. */
function hostOf({ service, region, dualStack }: Service): string {
  const suffix = `${region}.amazonaws.com`;
  switch (service) {
    case 'ecr.api':
      return dualStack ? `ecr.${region}.api.aws` : `api.ecr.${suffix}`;
    case 'ecr.dkr':
      return dualStack ? `111122223333.dkr-ecr.${region}.on.aws` : `111122223333.dkr.ecr.${suffix}`;
    case 's3':
      return `prod-${region}-starport-layer-bucket.s3.${suffix}`;
    case 'secretsmanager':
      return `secretsmanager.${suffix}`;
    case 'Docker Hub':
      return 'registry-1.docker.io';
    case 'own registry':
      return 'registry.example.com';
  }
}

/** Amazon's DNS server has addresses of its own, one of them behind the first two of the VPC's primary block. */
function ownServersOf({ dhcpOptions, vpc }: Network): readonly string[] {
  const base = vpc?.cidrBlocks[0]?.replace(/\.0\/.*/, '.2');
  const amazon = ['AmazonProvidedDNS', '169.254.169.253', 'fd00:ec2::253', base];
  return dhcpOptions?.domainNameServers.filter((one) => !amazon.includes(one)) ?? [];
}

const hasOwnServers = (network: Network): boolean => ownServersOf(network).length > 0;

/** Where the name of a service may lead to (D.5); nowhere, if names are not resolved. */
export function addressesOf(network: Network, service: Service): readonly Address[] {
  const { vpcDns } = network;
  const ownServers = hasOwnServers(network);
  if (!ownServers && !vpcDns?.enableDnsSupport) return [];

  const named = vpcDns?.enableDnsSupport && vpcDns.enableDnsHostnames ? endpointsOf(network, service) : [];
  const at = (...states: readonly string[]) =>
    named
      .filter(({ state }) => states.includes(state))
      .flatMap((endpoint) =>
        endpoint.subnetIds.flatMap((id) =>
          hostsOf(subnetOf(network, id).cidrBlock ?? '').map((ip): Address => ({ ip, at: endpoint })),
        ),
      );
  const standing = at('available', 'partial');
  // Own servers may ask Amazon's or not; whether the dual-stack host of a registry leads to an endpoint is disputed (D.2).
  const sure = !ownServers && (!service.dualStack || service.service === 's3');
  if (standing.length > 0 && sure) return standing;
  // The records of an endpoint come and go with it; of those that failed or wait for their owner there are none.
  return [...standing, ...at('pending', 'deleting'), ...elsewhere(network, service)];
}

/** The prefix lists of AWS services hold the addresses of those services alone. */
const listsFor = ({ prefixLists }: Network, { service, region }: Service) =>
  prefixLists.map((list) =>
    list.name === null || (service === 's3' && list.name.endsWith(`.${region}.s3`))
      ? list
      : { ...list, cidrBlocks: [] },
  );

const endpointsOf = ({ vpcEndpoints }: Network, { service, region }: Service) =>
  vpcEndpoints.filter(
    (one) =>
      one.type === 'Interface' &&
      one.privateDnsEnabled &&
      !one.privateDnsOnlyForInboundResolver &&
      one.serviceName.endsWith(`.${region}.${service}`),
  );

/** Where names lead that lead to no endpoint of the VPC. */
function elsewhere({ prefixLists, privateZones }: Network, { service, region }: Service): readonly Address[] {
  if (service === 'Docker Hub') return outside;
  if (service === 'own registry') return [...outside, hub, ...hosts];
  // Amazon S3 publishes its addresses; those of other services, and of Regions that are not here, may be any.
  const published = prefixLists.find(({ name }) => service === 's3' && name?.endsWith(`.${region}.s3`));
  const addresses = published?.cidrBlocks.flatMap(hostsOf).map((ip): Address => ({ ip, at: 'the internet' }));
  // Where the private zones of the VPC are known, and none has a record, no other VPC is meant.
  return [...(addresses ?? outside), ...(privateZones ? [] : [hub])];
}

function subnetOf({ vpcSubnets }: Network, id: string) {
  const subnet = vpcSubnets.find(({ subnetId }) => subnetId === id);
  if (!subnet) throw new Error(`there is no subnet ${id}`);
  return subnet;
}

const walk = (network: Network, connection: Connection, service: Service): readonly Hop[] => {
  const { at } = connection.to;
  return typeof at === 'object'
    ? walkToEndpoint(network, connection, at, service)
    : walkOut(network, connection, service);
};

/** To an interface of an endpoint, which stands in a subnet of the VPC. */
function walkToEndpoint(
  network: Network,
  connection: Connection,
  endpoint: VpcEndpoint,
  service: Service,
): readonly Hop[] {
  const { subnetId, from, to } = connection;
  const { vpcEndpointId: id, securityGroupIds: groups } = endpoint;
  const own = network.securityGroupIds;
  const there = network.vpcSubnets.find(({ cidrBlock }) => cidrBlock && holds(cidrBlock, to.ip));
  if (!there) throw new Error(`${to.ip} is in no subnet`);
  const group = groupsLet(network, own, 'egress', to.ip, groups);
  const itself: readonly Hop[] = [
    ['VPC endpoint', id, endpoint.state === 'partial' ? 'unknown' : openIf(endpoint.state === 'available')],
    ['endpoint security group', id, groupsLet(network, groups, 'ingress', from, own)],
    ['endpoint policy', id, policyLets(endpoint, service)],
  ];
  // Within one subnet there is no route to choose, and no network ACL.
  if (there.subnetId === subnetId) return [['security group', subnetId, group], ...itself];
  const { table, route } = routeTo(network, subnetId, to.ip);
  const isLocal = typeof route === 'object' && isAlive(route) && route.target === 'local';
  const isDead = route === 'none' || (typeof route === 'object' && !isAlive(route));
  return [
    ['security group', subnetId, group],
    aclHop(network, subnetId, 'out', to.ip, 443),
    ['route table', table, isDead ? 'closed' : isLocal ? 'open' : 'unknown'],
    ...itself,
    aclHop(network, there.subnetId, 'in', from, 443),
    aclHop(network, there.subnetId, 'out', from, connection.port),
    aclHop(network, subnetId, 'in', to.ip, connection.port),
  ];
}

/** To an address that is not in the VPC (D.6). */
function walkOut(network: Network, connection: Connection, service: Service): readonly Hop[] {
  const { subnetId, to, port } = connection;
  const group: Hop = [
    'security group',
    subnetId,
    groupsLet(network, network.securityGroupIds, 'egress', to.ip, []),
  ];
  const out = aclHop(network, subnetId, 'out', to.ip, 443);
  const backIn = aclHop(network, subnetId, 'in', to.ip, port);
  const via = (...hops: readonly Hop[]): readonly Hop[] => [group, out, ...hops, backIn];

  const { cidrBlock } = subnetOf(network, subnetId);
  if (to.at === 'a host in the VPC')
    return cidrBlock && holds(cidrBlock, to.ip)
      ? [group, ['elsewhere', to.ip, 'unknown']]
      : via(['elsewhere', to.ip, 'unknown']);
  const { table, route } = routeTo(network, subnetId, to.ip);
  if (route === 'none') return via(['route table', table, 'closed']);
  if (route === 'drawn by lot') return via(['route table', table, 'unknown']);
  const { target } = route;
  const toGateway = target.startsWith('igw-') && to.at === 'the internet';
  if (!isAlive(route) && !toGateway) return via([kindOf(target), target, 'closed']);
  const nat = natTo(network, subnetId, to);
  // Between two interfaces in one subnet there is no network ACL.
  if (nat?.subnetId === subnetId) return [group, ...walkThroughNat(network, connection, nat, service)];
  if (nat) return via(...walkThroughNat(network, connection, nat, service));
  const endpoint = gatewayEndpoint(network, route);
  if (endpoint)
    return via(
      ['VPC endpoint', target, openIf(endpoint.state === 'available')],
      ['endpoint policy', target, policyLets(endpoint, service)],
    );
  if (target.startsWith('igw-') && !toGateway) return via(['route table', table, 'closed']);
  if (toGateway) {
    const { internetGatewayBlockMode } = subnetOf(network, subnetId);
    return via(
      ['internet gateway', target, openIf(isAlive(route) && isAttached(network, target))],
      ['public IP address', subnetId, openIf(network.publicIp)],
      ['internet gateway', subnetId, openIf(internetGatewayBlockMode === 'off')],
    );
  }
  // A peering connection gives no way to the internet of the peer; all other targets lead out of sight.
  return via([
    'route table',
    table,
    target.startsWith('pcx-') && to.at === 'the internet' ? 'closed' : 'unknown',
  ]);
}

function walkThroughNat(
  network: Network,
  connection: Connection,
  nat: NatGateway,
  service: Service,
): readonly Hop[] {
  const { natGatewayId: id, subnetId } = nat;
  const { from, to, port, natPort } = connection;
  const state: Hop = ['NAT gateway', id, openIf(nat.state === 'available')];
  const isHub = to.at === 'a hub';
  if (!subnetId) {
    // It has a table of its own with a route to the internet gateway, and no subnet of which public access could be blocked.
    if (isHub) return [['NAT gateway', id, 'closed']];
    const blocked = network.vpcSubnets.some(
      ({ internetGatewayBlockMode: mode }) => mode === 'block-bidirectional',
    );
    const attached = network.internetGateways.length > 0;
    return [state, ['internet gateway', 'igw-0a1', !attached ? 'closed' : blocked ? 'unknown' : 'open']];
  }
  // AWS does not say whether a NAT gateway takes the route of a gateway endpoint: only what holds either way is certain.
  const { route: first } = routeTo(network, subnetId, to.ip);
  const endpoint = typeof first === 'object' ? gatewayEndpoint(network, first) : undefined;
  const { route } = endpoint ? routeTo(network, subnetId, to.ip, endpoint) : { route: first };
  const [is, at, byRoute] = onward(network, nat, subnetId, route, isHub);
  const byEndpoint = endpoint ? endpointVerdict(endpoint, service) : byRoute;
  return [
    state,
    ...(subnetId === connection.subnetId
      ? []
      : [aclHop(network, subnetId, 'in', from, 443), aclHop(network, subnetId, 'out', from, port)]),
    [is, at, byEndpoint === byRoute ? byRoute : 'unknown'],
    aclHop(network, subnetId, 'out', to.ip, 443),
    aclHop(network, subnetId, 'in', to.ip, natPort),
  ];
}

/** What becomes of a packet that a NAT gateway sends on by the table of its subnet. */
function onward(
  network: Network,
  { natGatewayId, connectivityType }: NatGateway,
  subnetId: string,
  route: Taken,
  isHub: boolean,
): Hop {
  const itself = (verdict: Verdict): Hop => ['NAT gateway', natGatewayId, verdict];
  if (route === 'drawn by lot') return itself('unknown');
  if (route === 'none' || route.target.startsWith('nat-')) return itself('closed');
  const { target } = route;
  if (target.startsWith('igw-') && !isHub && connectivityType === 'public') {
    const { internetGatewayBlockMode } = subnetOf(network, subnetId);
    // Blocking ingress spares NAT gateways.
    const lets = isAttached(network, target) && internetGatewayBlockMode !== 'block-bidirectional';
    return ['internet gateway', target, openIf(isAlive(route) && lets)];
  }
  if (!isAlive(route) || target.startsWith('igw-')) return itself('closed');
  return itself(target.startsWith('pcx-') && !isHub ? 'closed' : 'unknown');
}

const gatewayEndpoint = ({ vpcEndpoints }: Network, { target }: Route) =>
  vpcEndpoints.find(({ vpcEndpointId, type }) => vpcEndpointId === target && type === 'Gateway');

const endpointVerdict = (endpoint: VpcEndpoint, service: Service): Verdict =>
  endpoint.state === 'available' ? policyLets(endpoint, service) : 'closed';

/** The NAT gateway that the subnet's route to an address leads to. */
function natTo(network: Network, subnetId: string, { ip, at }: Address): NatGateway | undefined {
  if (typeof at === 'object') return undefined;
  const { route } = routeTo(network, subnetId, ip);
  return typeof route === 'object'
    ? network.natGateways.find(({ natGatewayId }) => natGatewayId === route.target)
    : undefined;
}

/** A dead route speaks through what it led to. */
const kindOf = (target: string): HopKind =>
  target.startsWith('nat-') ? 'NAT gateway' : /^(?:i|eni)-/.test(target) ? 'NAT instance' : 'route table';

const isAttached = ({ internetGateways }: Network, id: string) =>
  internetGateways.some(({ internetGatewayId }) => internetGatewayId === id);

/** The first matching rule in ascending order decides; none denies. */
function aclHop(network: Network, subnetId: string, way: 'in' | 'out', peer: string, port: number): Hop {
  const [id, lets] = decided(network, subnetId, way, peer, port, isTcp);
  return ['network ACL', `${id} ${way}`, openIf(lets)];
}

function decided(
  network: Network,
  subnetId: string,
  way: 'in' | 'out',
  peer: string,
  port: number,
  isMeant: typeof isTcp,
): readonly [string | undefined, boolean] {
  const acl = network.networkAcls.find(({ subnetIds }) => subnetIds.includes(subnetId));
  let decides: { readonly ruleNumber: number; readonly action: string } | undefined;
  for (const entry of acl?.entries ?? [])
    if (
      entry.egress === (way === 'out') &&
      isMeant(entry, port) &&
      holds(entry.cidrBlock, peer) &&
      (!decides || entry.ruleNumber < decides.ruleNumber)
    )
      decides = entry;
  return [acl?.networkAclId, decides?.action === 'allow'];
}

interface Rule {
  readonly protocol: string;
  readonly ports: readonly [number, number] | null;
}
const isFor =
  (...protocols: readonly string[]) =>
  ({ protocol, ports }: Rule, port: number) =>
    protocol === '-1' || (protocols.includes(protocol) && (!ports || (ports[0] <= port && port <= ports[1])));
const isTcp = isFor('tcp', '6');
const isUdp = isFor('udp', '17');

/**
 * Whether one rule of one group lets a peer through on port 443: by address, by prefix list or by the groups of the peer. Groups
 * of another VPC or account are not to be seen.
 */
function groupsLet(
  network: Network,
  ids: readonly string[],
  way: 'ingress' | 'egress',
  peer: string,
  groupsOfPeer: readonly string[],
): Verdict {
  const lets = network.securityGroups.some(
    (group) =>
      ids.includes(group.groupId) &&
      group[way].some(
        (rule) =>
          isTcp(rule, 443) &&
          (groupsOfPeer.includes(rule.peer) ||
            (!rule.peer.startsWith('sg-') &&
              blocksOf(network, rule.peer).some((block) => holds(block, peer)))),
      ),
  );
  const areAllSeen = ids.every((id) => network.securityGroups.some(({ groupId }) => groupId === id));
  return lets || areAllSeen ? openIf(lets) : 'unknown';
}

const blocksOf = ({ prefixLists }: Network, blockOrList: string): readonly string[] =>
  blockOrList.startsWith('pl-')
    ? (prefixLists.find(({ prefixListId }) => prefixListId === blockOrList)?.cidrBlocks ?? [])
    : [blockOrList];

/** A route, none, or one of several that AWS draws by lot or that nothing is documented about. */
type Taken = Route | 'none' | 'drawn by lot';

/**
 * The route of a subnet to an address: the longest prefix; then a static route, a prefix list, a propagated route. Nothing
 * propagated stands before the local route. https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
 * https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html
 */
function routeTo(network: Network, subnetId: string, ip: string, without?: VpcEndpoint) {
  const known = found.get(network) ?? new Map<string, Found>();
  found.set(network, known);
  const key = `${subnetId} ${ip} ${without?.vpcEndpointId}`;
  const before = known.get(key);
  if (before) return before;
  const answer = findRoute(network, subnetId, ip, without);
  known.set(key, answer);
  return answer;
}

interface Found {
  readonly table: string;
  readonly route: Taken;
}
const found = new WeakMap<Network, Map<string, Found>>();

function findRoute(network: Network, subnetId: string, ip: string, without?: VpcEndpoint): Found {
  const table = tableOf(network, subnetId);
  const routes = (table?.routes ?? []).filter(({ target }) => target !== without?.vpcEndpointId);
  const matching = routes.flatMap((route) =>
    blocksOf(network, route.destination)
      .filter((block) => holds(block, ip))
      .map((block) => ({ route, rank: prefixLength(block) * 3 + preferenceOf(route) })),
  );
  const inside = matching.some(({ route }) => route.target === 'local');
  const allowed = matching.filter(({ route }) => !inside || !isPropagated(route));
  const rank = Math.max(...allowed.map((one) => one.rank));
  const [best, ...others] = allowed.filter((one) => one.rank === rank).map(({ route }) => route);
  const byLot =
    best &&
    (best.state === 'filtered' ||
      others.some(({ target, state }) => target !== best.target || state !== best.state));
  return { table: table?.routeTableId ?? '', route: byLot ? 'drawn by lot' : (best ?? 'none') };
}

const tableOf = ({ routeTables }: Network, subnetId: string) =>
  routeTables.find(({ subnetIds }) => subnetIds.includes(subnetId)) ?? routeTables.find(({ main }) => main);

const isPropagated = ({ origin }: Route) => origin === 'EnableVgwRoutePropagation';
const preferenceOf = (route: Route) =>
  isPropagated(route) ? 0 : route.destination.startsWith('pl-') ? 1 : 2;
const isAlive = ({ state }: Route) => state === 'active';

const statement = (Effect: string, Action: string, Resource = '*', Condition = {}) => ({
  Effect,
  Principal: '*',
  Action,
  Resource,
  Condition,
});
const by = (AWS: string) => ({ ...statement('Allow', '*'), Principal: { AWS } });
const ofOrganization = { StringEquals: { 'aws:ResourceOrgID': 'o-own' } };
const layerBucket = 'arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*';

/** Endpoint policies, and the services whose part of a pull in `eu-west-1` each lets through, or may (D.4). */
export const policies: ReadonlyMap<string | null, Lets> = new Map(
  (
    [
      [[statement('Allow', '*')], ['ecr.api', 'ecr.dkr', 's3', 'secretsmanager']],
      [[statement('Allow', 'ecr:*')], ['ecr.api', 'ecr.dkr']],
      [[statement('Allow', 'ecr:GetAuthorizationToken')], ['ecr.api']],
      [[statement('Allow', 's3:GetObject', layerBucket)], ['s3']],
      [[statement('Allow', 's3:*', 'arn:aws:s3:::reports/*')], []],
      // The layers are fetched by an account of Amazon ECR.
      [[by('arn:aws:iam::111122223333:role/ecsTaskExecutionRole')], ['ecr.api', 'ecr.dkr', 'secretsmanager']],
      [[by('111122223333')], ['ecr.api', 'ecr.dkr', 'secretsmanager']],
      // Of which AWS does not say the number.
      [[by('444455556666')], [], ['s3']],
      // And they belong to it.
      [[statement('Allow', 's3:*', '*', ofOrganization)], []],
      [
        [statement('Allow', '*'), statement('Deny', 'ecr:*')],
        ['s3', 'secretsmanager'],
      ],
    ] as const
  ).map(([Statement, lets, may = []]) => [
    JSON.stringify({ Version: '2012-10-17', Statement }),
    { lets, may },
  ]),
);
interface Lets {
  readonly lets: readonly Service['service'][];
  readonly may: readonly Service['service'][];
}

/** A gateway endpoint reads an account as the root user of it, who fetches no layers. */
function policyLets({ policy, type }: VpcEndpoint, { service }: Service): Verdict {
  const answer = policy === null ? undefined : policies.get(policy);
  if (!answer) return openIf(policy === null);
  return type !== 'Gateway' && answer.may.includes(service)
    ? 'unknown'
    : openIf(answer.lets.includes(service));
}
