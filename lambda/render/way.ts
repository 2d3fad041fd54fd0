import type { Diagnosis } from '../model/diagnosis.ts';
import type { Destination, Hop, HopKind, Path } from '../model/network.ts';

/** One thing on the drawn way of a packet: a hop, or several at the same thing. */
export interface Stop {
  readonly kind: HopKind | 'task' | 'subnet' | 'registry';
  /** What people call it, e.g. `NAT gateway`. */
  readonly name: string;
  /** Ids of the resources; for the registry, host names. */
  readonly ids: readonly string[];
  readonly verdict: Hop['verdict'];
  /** Whether a packet gets here: what stands before is open, closed, or unknown. */
  readonly reached: 'yes' | 'no' | 'unknown';
  /** Why it is closed or unknown; what was seen, if it is open. */
  readonly because: string;
  readonly certainty: Hop['certainty'];
  readonly hops: readonly Hop[];
}

/** The way from a subnet to the hosts of the pull that it leads to, as it is drawn. */
export interface Way {
  readonly vpcId: string | null;
  readonly subnetId: string;
  /** Whether the task may have run in another subnet. */
  readonly oneOfSeveral: boolean;
  readonly destinations: readonly Destination[];
  readonly verdict: Hop['verdict'];
  /** From the task to the registry, and after it what stops its answers. */
  readonly stops: readonly Stop[];
  /** The stop where it ends, or where nobody can see on. */
  readonly end: Stop | null;
}

/** What is drawn of a diagnosis: connections that pass the same things from the same subnet are one way. */
export function waysOf({ paths, taskArn }: Pick<Diagnosis, 'paths' | 'taskArn'>): readonly Way[] {
  const alike = new Map<string, Path[]>();
  for (const path of paths) {
    const key = JSON.stringify([path.subnetId, path.hops.map(({ is, at, verdict }) => [is, at, verdict])]);
    alike.set(key, [...(alike.get(key) ?? []), path]);
  }
  const oneOfSeveral = new Set(paths.map(({ subnetId }) => subnetId)).size > 1;
  return [...alike.values()].flatMap(([first, ...others]) =>
    first ? [{ ...wayOf([first, ...others], taskArn), oneOfSeveral }] : [],
  );
}

function wayOf([path, ...others]: readonly [Path, ...Path[]], taskArn: string): Omit<Way, 'oneOfSeveral'> {
  const destinations = [path, ...others].map(({ destination }) => destination);
  const hops = path.hops;
  // Only ACLs stand on the way back: whatever else has to let an answer through keeps state.
  const back = hops.length - hops.toReversed().findIndex(({ is }) => is !== 'network ACL');
  const stops = reachedBy([
    {
      ...own('task', 'Task', [taskArn.split('/').at(-1) ?? taskArn]),
      because: `It runs in \`${path.subnetId}\``,
    },
    ...folded(hops.slice(0, back), path.subnetId),
    own(
      'registry',
      destinations.length > 1 ? 'Registry hosts' : 'Registry host',
      destinations.map(({ step, host }) => (destinations.length > 1 ? `${step} ${host}` : host)),
    ),
    ...hops
      .slice(back)
      .filter(({ verdict }) => verdict !== 'open')
      .map((hop) => ({ ...stopOf(hop, null), name: 'Network ACL for the answers' })),
  ]);
  const end =
    stops.find(({ verdict }) => verdict === 'closed') ?? stops.find(({ verdict }) => verdict === 'unknown');
  const vpcId = hops.flatMap(({ resources }) => resources).find((id) => id.startsWith('vpc-')) ?? null;
  return {
    vpcId,
    subnetId: path.subnetId,
    destinations,
    verdict: end?.verdict ?? 'open',
    stops,
    end: end ?? null,
  };
}

/** How a stop looks: `skipped` was not reached, `behind` neither, and is closed too. */
export function lookOf({ verdict, reached }: Stop): 'open' | 'closed' | 'unknown' | 'skipped' | 'behind' {
  if (reached === 'no') return verdict === 'closed' ? 'behind' : 'skipped';
  if (verdict === 'open' && reached === 'unknown') return 'unknown';
  return verdict;
}

/** How the line looks that leads to a stop from the one before it. */
export const railTo = (before: Stop, { reached }: Stop): 'open' | 'unknown' | 'skipped' => {
  if (before.verdict === 'closed') return 'skipped';
  return { yes: 'open', no: 'skipped', unknown: 'unknown' }[reached] as 'open' | 'unknown' | 'skipped';
};

/** A task of a service may have run in any of sixteen subnets: more ways than this help nobody. */
const foldedLimit = 9;

/** Which ways are drawn at once: one for each thing at which ways end. The others are folded, or too many. */
export function drawnWays(ways: readonly Way[]) {
  const broken = ways.filter(({ verdict }) => verdict !== 'open');
  const shown = broken.filter((way, index) => broken.findIndex((other) => sameEnd(way, other)) === index);
  const folded = ways.filter((way) => !shown.includes(way));
  return {
    shown,
    folded: folded.slice(0, foldedLimit),
    omitted: Math.max(0, folded.length - foldedLimit),
  };
}

const sameEnd = (one: Way, other: Way) =>
  one.end?.name === other.end?.name && one.end?.ids.join() === other.end?.ids.join();

type Unplaced = Omit<Stop, 'reached'>;

const own = (kind: 'task' | 'registry', name: string, ids: readonly string[]): Unplaced => ({
  kind,
  name,
  ids,
  verdict: 'open',
  because: '',
  certainty: 'proven',
  hops: [],
});

/** What can hardly be wrong, or belongs to the thing before it, is drawn only where it stops a packet. */
const details: readonly HopKind[] = [
  'address family',
  'public IP address',
  'endpoint security group',
  'endpoint policy',
];

function folded(hops: readonly Hop[], subnetId: string): readonly Unplaced[] {
  const stops: Unplaced[] = [];
  for (const hop of hops) {
    const last = stops.at(-1);
    const isSubnet =
      hop.is === 'network ACL' && !stops.some(({ kind }) => kind === 'subnet') && beforeGateway(stops);
    const isDetail = details.includes(hop.is) || (hop.is === 'network ACL' && !isSubnet);
    const same = last?.hops[0]?.is === hop.is && last.hops[0].at === hop.at;
    if (last && (same || (isDetail && hop.verdict === 'open'))) stops[stops.length - 1] = withHop(last, hop);
    else if (!isDetail || hop.verdict !== 'open') stops.push(stopOf(hop, isSubnet ? subnetId : null));
  }
  return stops;
}

/** The first ACL on the way is that of the subnet that the pull leaves. */
const beforeGateway = (stops: readonly Unplaced[]) =>
  stops.every(({ kind }) => ['address family', 'name resolution', 'security group'].includes(kind));

function stopOf(hop: Hop, subnetId: string | null): Unplaced {
  const { verdict, because, certainty } = hop;
  const ids = hop.at.split(', ');
  return subnetId === null
    ? {
        kind: hop.is,
        name: nameOf(hop),
        ids,
        verdict,
        because,
        certainty,
        hops: [hop],
      }
    : {
        kind: 'subnet',
        name: 'Subnet and network ACL',
        ids: [...new Set([subnetId, ...ids])],
        verdict,
        because,
        certainty,
        hops: [hop],
      };
}

/** A subnet stands for its route table or ACL where that could not be seen, and is none itself. */
function nameOf({ is, at }: Hop): string {
  if (is === 'elsewhere') return targetName(at);
  if (is === 'security group' && !at.startsWith('sg-')) return 'Security groups';
  if (!at.startsWith('subnet-') || is === 'address family') return names[is];
  return `${names[is]} ${is === 'public IP address' ? 'in' : 'of'} the subnet`;
}

/** The worst hop speaks for the stop. */
function withHop(stop: Unplaced, hop: Hop): Unplaced {
  const worse = rank[hop.verdict] > rank[stop.verdict];
  const { verdict, because, certainty } = worse ? hop : stop;
  return { ...stop, verdict, because, certainty, hops: [...stop.hops, hop] };
}

const rank = { open: 0, unknown: 1, closed: 2 } as const;

/** What a route may lead to, by the id. https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html */
function targetName(id: string): string {
  const targets = {
    'tgw-': 'Transit gateway',
    'vgw-': 'Virtual private gateway',
    'lgw-': 'Local gateway',
    'cagw-': 'Carrier gateway',
    'pcx-': 'Peering connection',
    'eni-': 'Network interface',
    'i-': 'Instance',
    'vpce-': 'Gateway Load Balancer endpoint',
  };
  if (/^arn:[\w-]+:networkmanager:/.test(id)) return 'Core network';
  if (/^arn:[\w-]+:ecs:/.test(id)) return id.includes(':task-definition/') ? 'Task definition' : 'Task';
  if (/^Z[A-Z0-9]+$/.test(id)) return 'Private hosted zone';
  if (/^[\d.]+$|:/.test(id)) return 'Host';
  return Object.entries(targets).find(([prefix]) => id.startsWith(prefix))?.[1] ?? names.elsewhere;
}

const names: Readonly<Record<HopKind, string>> = {
  'address family': 'Addresses of the subnet',
  'name resolution': 'Name resolution',
  'security group': 'Security group',
  'network ACL': 'Network ACL',
  'route table': 'Route table',
  'NAT gateway': 'NAT gateway',
  'NAT instance': 'NAT instance',
  'internet gateway': 'Internet gateway',
  'public IP address': 'Public IP address',
  'VPC endpoint': 'VPC endpoint',
  'endpoint security group': 'Security group of the endpoint',
  'endpoint policy': 'Policy of the endpoint',
  elsewhere: 'Elsewhere',
};

function reachedBy(stops: readonly Unplaced[]): readonly Stop[] {
  let reached: Stop['reached'] = 'yes';
  return stops.map((stop) => {
    const placed = { ...stop, reached };
    if (stop.verdict === 'closed') reached = 'no';
    else if (stop.verdict === 'unknown' && reached === 'yes') reached = 'unknown';
    return placed;
  });
}

/** Where a way ends, in words that stand after `at` and `past`. */
function placeOf({ kind, name, ids, verdict }: Stop): string {
  const named = ids.map((id) => `\`${id}\``).join(', ');
  const lower = name.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
  switch (kind) {
    case 'name resolution':
      return `${lower} (${named})`;
    case 'address family':
      return `the subnet ${named}, because of its address family`;
    case 'public IP address':
      return verdict === 'closed'
        ? `the subnet ${named}, for want of a public IP address`
        : `the subnet ${named}, for it is not known whether the task has a public IP address`;
    case 'security group':
      return ids.every((id) => id.startsWith('sg-'))
        ? `the ${lower} ${named}`
        : 'the security groups of the task';
    case 'elsewhere':
      return lower === 'elsewhere' ? named : `the ${lower} ${named}`;
    default:
      return `the ${lower} ${named}`;
  }
}

/** In one sentence: which connections, and where they get to. Identifiers are in backticks. */
export function summaryOf({ subnetId, oneOfSeveral, destinations, verdict, end }: Way): string {
  const steps = [...new Set(destinations.map(({ step }) => step))];
  const listed = steps.length > 1 ? `${steps.slice(0, -1).join(', ')} and ${steps.at(-1)}` : (steps[0] ?? '');
  const what = listed.charAt(0).toUpperCase() + listed.slice(1);
  const several = steps.length > 1 || listed.endsWith('s');
  const where = end ? placeOf(end) : '';
  const from = oneOfSeveral ? ` from \`${subnetId}\`` : '';
  switch (verdict) {
    case 'open':
      return `${what} ${several ? 'get' : 'gets'} through${from}`;
    case 'closed':
      return `${what} ${end?.certainty === 'likely' ? 'probably ' : ''}${several ? 'end' : 'ends'} at ${where}${from}`;
    case 'unknown':
      return `${what} cannot be followed past ${where}${from}`;
  }
}
