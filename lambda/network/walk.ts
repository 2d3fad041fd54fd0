import type { CollectedFacts, PullError, Subnet } from '../model/facts.ts';
import type { Destination, Hop, Path } from '../model/network.ts';
import { covers } from './cidr.ts';
import {
  destinationsOf,
  dualStackTokenName,
  isDualStack,
  otherTokenName,
  secretsIn,
  tokenOutsideVpc,
} from './destinations.ts';
import { atEndpoints, closed, knownValue, onTheWayOut, open, unclear, unseen } from './hop.ts';
import { resolve } from './name-resolution.ts';
import { tableOf } from './route-table.ts';
import { hopsToEndpoint } from './to-endpoint.ts';
import { hopsToInternet, mayTakeIpv6 } from './to-internet.ts';
import { doubtful, endsForSure, isOpen, type PublicHop } from './ways.ts';

/** What one walk goes by. */
export interface Walk {
  readonly facts: CollectedFacts;
  readonly subnet: Subnet;
  readonly destination: Destination;
  /** All connections of the pull. */
  readonly destinations: readonly Destination[];
  readonly error: PullError;
  /** The address that the failed connection dialled, if the text tells and it was this connection; one of IPv4. */
  readonly dialled: string | null;
  /** The same, where it was one of IPv6. */
  readonly dialledIpv6: string | null;
}

/** Where each connection of the pull gets to, from each subnet that the task may have run in. Empty outside a VPC. */
export function pathsOf(facts: CollectedFacts, error: PullError): readonly Path[] {
  const subnets = knownValue(facts.placement) ? (knownValue(facts.subnets) ?? []) : [];
  const destinations = destinationsOf(facts, error);
  const secrets = error.step === null ? unseenSecrets(facts) : null;
  return subnets.flatMap((subnet) => [
    ...destinations.map((destination) =>
      walkByEitherName({
        facts,
        subnet,
        destination,
        destinations,
        error,
        ...dialled(destination, destinations, error),
      }),
    ),
    ...(secrets ? [{ ...secrets, subnetId: subnet.subnetId }] : []),
  ]);
}

/** Without the task definition nobody knows whether secrets are fetched, on a way of their own. */
function unseenSecrets({ task, taskDefinition }: CollectedFacts): Omit<Path, 'subnetId'> | null {
  if (taskDefinition.status === 'known' || tokenOutsideVpc(task.value)) return null;
  const at = task.value.taskDefinitionArn ?? task.value.taskArn;
  const where = { is: 'elsewhere', at, check: 'endpoint-missing' } as const;
  return {
    destination: secretsIn(task.value.region, 'secretsmanager'),
    addresses: 'unknown',
    hops: [
      unseen(where, `Whether \`${at}\` fetches secrets`, taskDefinition, [
        ...onTheWayOut,
        ...atEndpoints,
        'vpc-dns-disabled',
        'ipv6-only-subnet',
      ]),
    ],
  };
}

/** Where the token may be asked for by another name too, only what ends both ways is certain. */
function walkByEitherName(way: Walk): Path {
  const path = walk(way);
  const other = otherTokenName(way.destination, way.error);
  if (!other || endsForSure(walk({ ...way, destination: other }).hops)) return path;
  const perhaps = ({ at, is, check, resources, because }: Hop): Hop =>
    unclear(
      { at, is, check, resources },
      `${because}; the token may be asked for at \`${other.host}\` instead`,
      `Check which of \`${path.destination.host}\` and \`${other.host}\` the task asks`,
    );
  return { ...path, hops: path.hops.map((hop) => (hop.verdict === 'closed' ? perhaps(hop) : hop)) };
}

function walk(way: Walk): Path {
  const { destination, subnet, dialledIpv6 } = way;
  const family = addressFamily(way);
  if (family.verdict !== 'open')
    return { destination, subnetId: subnet.subnetId, addresses: 'unknown', hops: [family] };
  if (dialledIpv6) {
    // Both families are tried, and the text names one of them: what ends the way over IPv4 is still worth saying.
    const { hops, ...path } = walk({ ...way, dialledIpv6: null });
    const endings = hops.filter(({ verdict }) => verdict === 'closed');
    return { ...path, addresses: 'unknown', hops: [ipv6Dialled(way, dialledIpv6), ...doubtful(endings)] };
  }
  const name = resolve(way);
  const path = (addresses: Path['addresses'], hops: readonly PublicHop[]): Path => ({
    destination,
    subnetId: subnet.subnetId,
    addresses,
    hops: [family, ...hops.map(({ noWayOut: _, ...hop }) => hop)],
  });
  if (name.to === 'nowhere') return path('unknown', [name.hop]);
  if (name.to === 'elsewhere') return path(name.addresses, [name.hop]);
  if (name.to === 'endpoint') {
    const hops = hopsToEndpoint(way, name.endpoint);
    if (name.hop.verdict === 'open')
      return path('private', [name.hop, ...(mayTakeIpv6(way) ? doubtful(hops) : hops)]);
    const past = hopsToInternet(way);
    if (isOpen(hops) && isOpen(past) && way.facts.vpcDns.status === 'known')
      return path('private', [open(name.hop, `${name.hop.because}; both ways are open`), ...hops]);
    return path('private', [name.hop, ...(endsForSure(past) ? hops : doubtful(hops))]);
  }

  const hops = hopsToInternet(way);
  if (!name.instead) return path(name.addresses, [name.hop, ...hops]);
  // An endpoint stands for this name, and the name does not lead to it. That matters only if no other way is open.
  const { hop: reason, endpoint, mayAnswer } = name.instead;
  const there = hopsToEndpoint(way, endpoint);
  if (isOpen(hops) && (!mayAnswer || isOpen(there))) return path('public', [name.hop, ...hops]);
  // What ends both ways is no matter of names.
  const endsThere = (hop: Hop) =>
    there.some(({ verdict, check, at }) => verdict === 'closed' && check === hop.check && at === hop.at);
  const noWay = hops.find((hop) => hop.noWayOut && !endsThere(hop));
  if (noWay) {
    const certainty = noWay.certainty === 'proven' ? reason.certainty : 'likely';
    // What could not be seen there may hide more.
    const behind = there.filter(
      ({ is, check, verdict }) =>
        verdict === 'unknown' || (check !== reason.check && !(is === 'VPC endpoint' && verdict === 'open')),
    );
    return path('public', [
      { ...reason, certainty },
      ...(noWay.certainty === 'proven' ? behind : doubtful(behind)),
    ]);
  }
  const doubt = unclear(
    reason,
    `${reason.because}; whether another way is open could not be seen`,
    'Look at the other ways of the subnet',
    hops.some(({ verdict }) => verdict === 'closed') ? [] : atEndpoints,
  );
  const isSure = !mayAnswer || endsForSure(there);
  return path('public', [{ ...doubt, is: reason.is }, ...(isSure ? hops : doubtful(hops))]);
}

/** In a subnet without IPv4 addresses only the dual-stack names of Amazon ECR can be reached. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html */
function addressFamily(way: Walk): Hop {
  const { subnet, destination, destinations } = way;
  const where = { is: 'address family', at: subnet.subnetId, check: 'ipv6-only-subnet' } as const;
  if (!subnet.ipv6Native) return open(where, `\`${subnet.subnetId}\` has IPv4 addresses`);
  // The layers' host follows the registry's; which host of a secret a task without IPv4 asks is not known, nor what others have.
  const registries = destinations.filter(({ step }) => step === 'manifest');
  const deciding =
    destination.step === 'secrets' ? [] : destination.step === 'layers' ? registries : [destination];
  const instead = dualStackTokenName(destination, way.error);
  if (instead)
    return unclear(
      where,
      `\`${subnet.subnetId}\` has IPv6 addresses only: the token may be asked for at \`${instead.host}\`, and ways over IPv6 are not walked`,
      `Check that \`${subnet.subnetId}\` reaches \`${instead.host}\` over IPv6`,
    );
  const needsIpv4 =
    deciding.length > 0 && deciding.every(({ host, service }) => service !== null && !isDualStack(host));
  if (needsIpv4) {
    const because = `\`${subnet.subnetId}\` has IPv6 addresses only, and \`${destination.host}\` has IPv4 addresses only`;
    if (subnet.dns64 && mayTranslate(way))
      return unclear(
        where,
        `${because}: DNS64 and NAT64 may translate them, and ways over IPv6 are not walked`,
        `Check that \`${subnet.subnetId}\` reaches \`${destination.host}\` over NAT64, or use the dual-stack host`,
      );
    return mayTranslate(way)
      ? closed(where, `${because}; whether DNS64 and NAT64 translate them cannot be seen from here`, 'likely')
      : closed(where, because);
  }
  return unclear(
    where,
    `\`${subnet.subnetId}\` has IPv6 addresses only, and ways over IPv6 are not walked`,
    `Check that \`${subnet.subnetId}\` reaches \`${destination.host}\` over IPv6`,
  );
}

/** NAT64 gives IPv6 addresses to hosts that have none, behind a route of their own. https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html */
function mayTranslate({ facts, subnet }: Walk): boolean {
  const table = tableOf(subnet.subnetId, knownValue(facts.routeTables) ?? []);
  return (
    table?.routes.some(
      ({ destination, target, state }) =>
        covers(destination, '64:ff9b::/96') === 'all' &&
        state !== 'blackhole' &&
        !/^(?:local$|igw-|eigw-)/.test(target),
    ) ?? true
  );
}

const ipv6Dialled = ({ subnet, destination }: Walk, address: string): Hop =>
  unclear(
    { is: 'address family', at: subnet.subnetId, check: 'ipv6-only-subnet' },
    `\`${destination.host}\` resolved to the IPv6 address \`${address}\`, and ways over IPv6 are not walked`,
    `Check that \`${subnet.subnetId}\` reaches \`${address}\`: route tables, network ACLs and security groups have rules of their own for IPv6`,
    [...onTheWayOut, ...atEndpoints],
  );

/** The address that the text names, for the connection that it speaks of: the one of its step or to its host. */
function dialled(
  destination: Destination,
  all: readonly Destination[],
  { address, host, step }: PullError,
): Pick<Walk, 'dialled' | 'dialledIpv6'> {
  const isMeant = all.some((one) => one.host === host)
    ? host === destination.host
    : step === destination.step;
  if (!address || !isMeant) return { dialled: null, dialledIpv6: null };
  const isIpv6 = address.includes(':');
  return { dialled: isIpv6 ? null : address, dialledIpv6: isIpv6 ? address : null };
}
