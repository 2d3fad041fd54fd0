import type {
  CollectedFacts,
  Facts,
  InstanceInterface,
  PullError,
  Subnet,
  VpcEndpoint,
} from '../model/facts.ts';
import type { Hop, Mending, Path } from '../model/network.ts';
import {
  allowing,
  changed,
  unblackholed,
  withEndpoint,
  withEntries,
  withGateway,
  withRoutes,
  withRule,
} from './changed-facts.ts';
import { coversTogether } from './cidr.ts';
import { endpointServiceName } from './endpoints.ts';
import { knownValue, tableIn } from './hop.ts';
import { namesOf } from './mend-names.ts';
import { faultOf } from './nat-instance-fault.ts';
import { ephemeralPorts, nameOf, nameOfRule } from './network-acl.ts';
import { pathsOf } from './walk.ts';
import { tableToMend, wayOut } from './way-out.ts';
import { wrongDestinations } from './wrong-routes.ts';

interface Mend {
  readonly does: string;
  /** What it costs to run, where it costs anything. */
  readonly costs?: string;
  /** Whether it opens the hop shows only once it is done. */
  readonly inDoubt?: boolean;
  readonly facts: CollectedFacts;
}

/** More broken things than this are no accident, and a plan of so many changes is none. */
const mostChanges = 8;

/**
 * Mends the first closed hop on the model, walks again, and goes on until every connection is open or nothing is left to try; then
 * what stops the names of those ways, which a packet meets before. Says which changes that took. `null` where no path is closed.
 */
export function mendingOf(facts: CollectedFacts, error: PullError, paths: readonly Path[]): Mending | null {
  if (!firstClosed(paths)) return null;
  const ofNames: Change[] = [];
  const ofWay: Change[] = [];
  let model = facts;
  let said = error;
  let walked = paths;
  let doubt = false;
  for (;;) {
    const changes = [...ofNames, ...ofWay];
    const closed = firstClosed(walked);
    const names = closed ? null : namesOf(model, said, walked);
    if (names && !names.mend) return mended(changes, walked, names.inDoubt || doubt);
    const mend = closed ? ofHop(closed.hop, closed.path, model) : names?.mend;
    if (!mend || changes.length === mostChanges || changes.some(({ does }) => does === mend.does))
      return { changes, opens: false };
    const { facts: tried, inDoubt = false, ...change }: Change & Mend = mend;
    doubt ||= inDoubt;
    (closed ? ofWay : ofNames).push(change);
    model = tried;
    // Once a name leads elsewhere, what came of it before says no more.
    if (aboutNames.has(change.check)) said = withoutName(said);
    walked = pathsOf(model, said);
  }
}

type Change = Mending['changes'][number];

/** Nothing that can be seen is closed any more: that opens the way, unless something could not be seen. */
const mended = (changes: readonly Change[], walked: readonly Path[], inDoubt: boolean): Mending =>
  inDoubt || walked.some(({ hops }) => hops.some(({ verdict }) => verdict !== 'open'))
    ? { changes, opens: false, unseen: true }
    : { changes, opens: true };

const aboutNames = new Set([
  'endpoint-missing',
  'endpoint-not-available',
  'endpoint-private-dns-off',
  'vpc-dns-disabled',
  'custom-dns-servers',
]);

/** Of the symptoms, a way asks only whether the name was resolved. */
const withoutName = ({ address: _, addressKind: __, ...error }: PullError): PullError => ({
  ...error,
  symptoms: [],
});

/** The first hop that is closed or, where none is, that is closed in part. */
function firstClosed(paths: readonly Path[]): { readonly hop: Hop; readonly path: Path } | undefined {
  const isClosed = ({ verdict }: Hop) => verdict === 'closed';
  const isInPart = ({ verdict, traffic }: Hop) => verdict === 'unknown' && traffic !== undefined;
  for (const isWanted of [isClosed, isInPart])
    for (const path of paths) {
      const hop = path.hops.find(isWanted);
      if (hop) return { hop, path };
    }
  return undefined;
}

function ofHop(hop: Hop, path: Path, facts: CollectedFacts): (Change & Mend) | null {
  const mend = mendOf(hop, path, facts);
  return mend && { check: hop.check, ...mend };
}

/** The smallest change that opens one hop, made to the facts as the person would make it to the account. */
function mendOf(hop: Hop, path: Path, facts: CollectedFacts): Mend | null {
  const [first = hop.at, second = ''] = hop.resources;
  const { destination, subnetId } = path;
  switch (hop.check) {
    case 'task-security-group-closed':
      return outOf(first, facts);
    case 'endpoint-security-group-closed':
      return into(
        first,
        knownValue(facts.vpcSubnets)?.find((one) => one.subnetId === subnetId),
        facts,
      );
    case 'network-acl-blocks-registry': {
      if (!hop.traffic) return null;
      const { direction, ports } = hop.traffic;
      return {
        does: `Allow TCP ${nameOf(ports)} by an ${nameOfRule(direction)} of \`${hop.at}\`, before the rule that denies`,
        facts: withEntries(facts, hop.at, allowing('6', direction, ports)),
      };
    }
    case 'no-route-to-registry':
      return led(path, { table: tableIn(hop) ?? '', from: targetIn(hop), toGateway: false }, facts);
    case 'nat-gateway-unusable':
      return ofNatGateway(hop, path, facts);
    case 'nat-instance-unusable':
      return ofInstance(hop, path, facts);
    case 'internet-gateway-detached':
      return {
        does: `Attach internet gateway \`${first}\``,
        facts: unblackholed(withGateway(facts, first), first),
      };
    case 'public-ip-missing':
      return {
        does: 'Give the tasks a public IP address',
        costs: 'public IPv4 addresses are charged by the hour',
        facts: { ...facts, publicIp: { status: 'known', value: true } },
      };
    case 'internet-access-blocked': {
      const excluded = (subnets: Facts['subnets']) =>
        subnets.map((one) =>
          one.subnetId === first ? { ...one, internetGatewayBlockMode: 'off' as const } : one,
        );
      return {
        does: `Exclude \`${first}\` from VPC Block Public Access`,
        facts: changed(changed(facts, 'subnets', excluded), 'vpcSubnets', excluded),
      };
    }
    case 'endpoint-missing': {
      const service = endpointServiceName(destination);
      const endpoint = {
        vpcEndpointId: `vpce-new-${destination.service}`,
        serviceName: service,
        serviceRegion: null,
        state: 'available',
        privateDnsOnlyForInboundResolver: false,
        policy: null,
      };
      const created = (model: CollectedFacts, its: Omit<VpcEndpoint, keyof typeof endpoint>) =>
        changed(model, 'vpcEndpoints', (all) => [...all, { ...endpoint, ...its }]);
      if (destination.service === 's3') {
        const table = tableIn(hop) ?? '';
        return {
          does: `Create the gateway endpoint for \`${service}\` on \`${table}\``,
          facts: created(facts, {
            type: 'Gateway',
            privateDnsEnabled: false,
            subnetIds: [],
            securityGroupIds: [],
            routeTableIds: [table],
          }),
        };
      }
      const vpcId = knownValue(facts.vpc)?.vpcId ?? '';
      const withGroup = changed(facts, 'securityGroups', (groups) => [...groups, { ...newGroup, vpcId }]);
      return {
        does: `Create the interface endpoint for \`${service}\` with private DNS`,
        costs: 'an interface endpoint is charged by the hour, per subnet, and by the gigabyte',
        facts: created(withGroup, {
          type: 'Interface',
          privateDnsEnabled: true,
          subnetIds: [subnetId],
          securityGroupIds: [newGroup.groupId],
          routeTableIds: [],
        }),
      };
    }
    case 's3-endpoint-not-routed':
      return {
        does: `Add \`${second}\` to gateway endpoint \`${first}\``,
        facts: withEndpoint(facts, first, (one) => ({
          ...one,
          routeTableIds: [...one.routeTableIds, second],
        })),
      };
    case 'endpoint-private-dns-off':
      return {
        does: `Turn on private DNS of \`${first}\``,
        facts: withEndpoint(facts, first, (one) => ({ ...one, privateDnsEnabled: true })),
      };
    case 'endpoint-not-available':
      return {
        does: `Make endpoint \`${first}\` available`,
        facts: withEndpoint(facts, first, (one) => ({ ...one, state: 'available' })),
      };
    case 'endpoint-policy-denies-pull':
      return {
        does: `Allow the pull in the policy of \`${first}\``,
        facts: withEndpoint(facts, first, (one) => ({ ...one, policy: null })),
      };
    case 'vpc-dns-disabled':
      return {
        does: `Turn on DNS in \`${first}\``,
        facts: {
          ...facts,
          vpcDns: { status: 'known', value: { enableDnsSupport: true, enableDnsHostnames: true } },
        },
      };
    case 'custom-dns-servers':
      if (first.startsWith('sg-'))
        return {
          does: `Allow UDP and TCP port 53 out of \`${first}\``,
          facts: withRule(facts, first, 'egress', { protocol: 'udp', ports: [53, 53], peer: '0.0.0.0/0' }),
        };
      if (first.startsWith('acl-'))
        return {
          does: `Allow queries on port 53 by an outbound rule of \`${first}\`, and their answers by an inbound one, before the rules that deny`,
          facts: withEntries(
            facts,
            first,
            allowing('17', 'out', [53, 53]),
            allowing('17', 'in', ephemeralPorts.natGateway),
          ),
        };
      return {
        does: `Forward \`${destination.host}\` to the Amazon DNS server, or use it`,
        facts: changed(
          facts,
          'dhcpOptions',
          (set) => set && { ...set, domainNameServers: ['AmazonProvidedDNS'] },
        ),
      };
    default:
      return null;
  }
}

/** A group that lets HTTPS out. */
const outOf = (groupId: string, facts: CollectedFacts): Mend => ({
  does: `Allow TCP port 443 out of \`${groupId}\``,
  facts: withRule(facts, groupId, 'egress', { ...https, peer: '0.0.0.0/0' }),
});

/** A group that lets HTTPS in from a subnet or, where its block is not known, from everywhere. */
function into(groupId: string, subnet: Pick<Subnet, 'cidrBlock'> | undefined, facts: CollectedFacts): Mend {
  const peer = subnet?.cidrBlock ?? '0.0.0.0/0';
  return {
    does: `Allow TCP port 443 into \`${groupId}\` from \`${peer}\``,
    facts: withRule(facts, groupId, 'ingress', { ...https, peer }),
  };
}

const https = { protocol: 'tcp', ports: [443, 443] } as const;

interface Lead {
  readonly table: string;
  /** What its routes lead to so far, and what they shall not lead to any more. */
  readonly from: string | undefined;
  /** To an internet gateway, and not to what leads there. */
  readonly toGateway: boolean;
}

/** A route table that leads out. Behind no gateway to the internet is a private address. */
function led({ addresses }: Path, { table, from, toGateway }: Lead, facts: CollectedFacts): Mend | null {
  if (addresses === 'private') return null;
  const attached = knownValue(facts.internetGateways);
  const gateway = attached?.[0]?.internetGatewayId ?? 'igw-new';
  const before = attached?.length === 0 ? 'Attach an internet gateway to the VPC, and route' : 'Route';
  const standing = wayOut(facts);
  const isNew = !toGateway && !standing;
  const target = toGateway ? gateway : (standing ?? newNat.natGatewayId);
  const routes = knownValue(facts.routeTables)?.find((one) => one.routeTableId === table)?.routes ?? [];
  const wrong = wrongDestinations(routes, from);
  const what =
    coversTogether(wrong, '0.0.0.0/0') === 'all'
      ? 'the internet'
      : wrong.map((one) => `\`${one}\``).join(' and ');
  return {
    does: `${before} ${what} from \`${table}\` to ${
      toGateway ? 'an internet gateway' : isNew ? 'a public NAT gateway' : nameOfTarget(target)
    }`,
    ...(isNew && { costs: 'a NAT gateway is charged by the hour and by the gigabyte' }),
    facts: withGateway(withRoutes(isNew ? withNewNat(facts, gateway) : facts, table, wrong, target), gateway),
  };
}

/** What mends a NAT gateway without a way out: its own table leads to an internet gateway, or that of the task to another way. */
function ofNatGateway(hop: Hop, path: Path, facts: CollectedFacts): Mend | null {
  const tasks = (knownValue(facts.subnets) ?? []).map(({ subnetId }) => subnetId);
  const { table = '', isOwn } = tableToMend(hop, path, tasks, facts);
  return led(path, { table, from: isOwn ? hop.ledTo : targetIn(hop), toGateway: isOwn }, facts);
}

/** What the wrong routes of a hop's table lead to. */
const targetIn = ({ resources }: Hop) => resources.find((id) => !id.startsWith('rtb-'));

/** What mends a NAT instance: the instance itself where that can be, else another way. */
function ofInstance(hop: Hop, path: Path, facts: CollectedFacts): Mend | null {
  const { id, table = '', target, fault } = faultOf(hop, path, facts);
  const ofIt = (change: Partial<InstanceInterface>, state?: string) =>
    changed(facts, 'natInstances', (all) =>
      all.map((one) =>
        one.instanceId === id
          ? {
              ...one,
              ...(state && { state }),
              interfaces: one.interfaces.map((each) =>
                'networkInterfaceId' in fault && each.networkInterfaceId !== fault.networkInterfaceId
                  ? each
                  : { ...each, ...change },
              ),
            }
          : one,
      ),
    );
  switch (fault.is) {
    case 'group':
      return fault.direction === 'out'
        ? outOf(fault.groupId, facts)
        : into(fault.groupId, { cidrBlock: fault.block }, facts);
    case 'stopped':
    case 'starting':
      return {
        does: fault.is === 'stopped' ? `Start instance \`${id}\`` : `Wait until instance \`${id}\` runs`,
        costs: 'an instance is charged while it runs',
        // Started, it may have another public address than the one it lost, or none.
        ...(!fault.hasAddress && { inDoubt: true }),
        facts: unblackholed(
          ofIt(fault.hasAddress ? {} : { publicIpAddress: 'that of its start' }, 'running'),
          target,
        ),
      };
    case 'checks destinations':
      return {
        does: `Turn the source/destination check of \`${id}\` off`,
        facts: ofIt({ sourceDestCheck: false }),
      };
    case 'no address':
      return {
        does: `Give \`${id}\` a public IP address`,
        costs: 'public IPv4 addresses are charged by the hour',
        facts: ofIt({ publicIpAddress: 'that of an Elastic IP' }),
      };
    case 'no way out':
      return led(path, { table: fault.table, from: fault.from, toGateway: true }, facts);
    case 'useless':
    case 'unseen':
      return led(path, { table, from: target, toGateway: false }, facts);
  }
}

const newNat = {
  natGatewayId: 'nat-new',
  state: 'available',
  failureMessage: null,
  connectivityType: 'public',
  subnetId: null,
  routeTableId: 'rtb-new',
} as const;

const nameOfTarget = (id: string) => (id === newNat.natGatewayId ? 'that NAT gateway' : `\`${id}\``);

/** With a NAT gateway that leads to the internet gateway by a table of its own. */
const withNewNat = (facts: CollectedFacts, gateway: string): CollectedFacts => {
  const nats = changed(facts, 'natGateways', (all) => [...all, newNat]);
  const tables = changed(nats, 'routeTables', (all) => [
    ...all,
    { routeTableId: newNat.routeTableId, main: false, subnetIds: [], routes: [] },
  ]);
  return withRoutes(tables, newNat.routeTableId, ['0.0.0.0/0'], gateway);
};

const newGroup = {
  groupId: 'sg-new',
  groupName: 'endpoints',
  vpcId: '',
  ingress: [{ ...https, peer: '0.0.0.0/0' }],
  egress: [],
};
