import type { CollectedFacts, PullError, Subnet } from '../model/facts.ts';
import type { Destination, Hop, Path } from '../model/network.ts';
import { destinationsOf } from './destinations.ts';
import { closed, knownValue, open, unclear } from './hop.ts';
import { resolve } from './name-resolution.ts';
import { hopsToEndpoint } from './to-endpoint.ts';
import { hopsToInternet, type PublicHop } from './to-internet.ts';

/** What one walk goes by. */
export interface Walk {
  readonly facts: CollectedFacts;
  readonly subnet: Subnet;
  readonly destination: Destination;
  /** All connections of the pull. */
  readonly destinations: readonly Destination[];
  readonly error: PullError;
  /** The address that the failed connection dialled, if the text tells and it was this connection. */
  readonly dialled: string | null;
}

/** Where each connection of the pull gets to, from each subnet that the task may have run in. Empty outside a VPC. */
export function pathsOf(facts: CollectedFacts, error: PullError): readonly Path[] {
  const subnets = knownValue(facts.placement) ? (knownValue(facts.subnets) ?? []) : [];
  const destinations = destinationsOf(facts, error);
  return subnets.flatMap((subnet) =>
    destinations.map((destination) =>
      walk({
        facts,
        subnet,
        destination,
        destinations,
        error,
        dialled: dialled(destination, destinations, error),
      }),
    ),
  );
}

function walk(way: Walk): Path {
  const { destination, subnet } = way;
  const family = addressFamily(way);
  if (family.verdict === 'closed')
    return { destination, subnetId: subnet.subnetId, addresses: 'unknown', hops: [family] };
  const name = resolve(way);
  const path = (addresses: Path['addresses'], hops: readonly PublicHop[]): Path => ({
    destination,
    subnetId: subnet.subnetId,
    addresses,
    hops: [family, ...hops.map(({ noWayOut: _, ...hop }) => hop)],
  });
  if (name.to === 'nowhere') return path('unknown', [name.hop]);
  if (name.to === 'endpoint') return path('private', [name.hop, ...hopsToEndpoint(way, name.endpoint)]);

  const hops = hopsToInternet(way);
  if (!name.instead) return path(name.known ? 'public' : 'unknown', [name.hop, ...hops]);
  // An endpoint stands for this name, and the name does not lead to it. That matters only if no other way is open.
  if (hops.some(({ verdict, noWayOut }) => verdict === 'closed' && noWayOut))
    return path('public', [name.instead, ...hops.filter(({ verdict }) => verdict !== 'closed')]);
  if (hops.every(({ verdict }) => verdict === 'open')) return path('public', [name.hop, ...hops]);
  const { because } = name.instead;
  const doubtful = unclear(
    name.instead,
    `${because}; whether another way is open could not be seen`,
    'Look at the other ways of the subnet',
  );
  return path('public', [{ ...doubtful, is: name.instead.is }, ...hops]);
}

/** In a subnet without IPv4 addresses only the dual-stack names of Amazon ECR can be reached. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html */
function addressFamily({ subnet, destination }: Walk): Hop {
  const where = { is: 'address family', at: subnet.subnetId, check: 'ipv6-only-subnet' } as const;
  const needsIpv4 =
    destination.service !== null &&
    !/\.(?:on|api)\.aws$/.test(destination.host) &&
    destination.step !== 'layers';
  if (subnet.ipv6Native && needsIpv4)
    return closed(
      where,
      `\`${subnet.subnetId}\` has IPv6 addresses only, and \`${destination.host}\` has IPv4 addresses only`,
    );
  return open(where, `\`${subnet.subnetId}\` has ${subnet.ipv6Native ? 'IPv6' : 'IPv4'} addresses`);
}

/** The connection that the text speaks of: the one of its step or to its host. */
function dialled(destination: Destination, all: readonly Destination[], error: PullError): string | null {
  if (!error.address) return null;
  const byHost = all.filter(({ host }) => host === error.host);
  if (byHost.length > 0) return error.host === destination.host ? error.address : null;
  return error.step === destination.step ? error.address : null;
}
