import type { CollectedFacts, PullError, Unknown, VpcEndpoint } from '../model/facts.ts';
import type { Destination, Hop, Path } from '../model/network.ts';
import { isPrivate } from './address.ts';
import { covers } from './cidr.ts';
import { isDualStack } from './destinations.ts';
import { queriesEnd } from './dns-queries.ts';
import { dnsServersOf } from './dns-servers.ts';
import { gatewayEndpointsFor, interfaceEndpointsFor } from './endpoints.ts';
import {
  atEndpoints,
  behindRouteTable,
  closed,
  knownValue,
  onTheWayOut,
  open,
  unclear,
  unseen,
} from './hop.ts';
import { isOfVpc } from './own-blocks.ts';
import { answersFor, unreadZone, zoneFor } from './private-zone.ts';
import type { Walk } from './walk.ts';

/** What the name of a destination leads to. */
export type Name =
  | { readonly to: 'nowhere'; readonly hop: Hop }
  | { readonly to: 'endpoint'; readonly hop: Hop; readonly endpoint: VpcEndpoint }
  /** To endpoints of another VPC, or to one that has no names of its own. */
  | { readonly to: 'elsewhere'; readonly hop: Hop; readonly addresses: Path['addresses'] }
  | {
      readonly to: 'internet';
      readonly hop: Hop;
      /** `private`: the text shows an address that is none of an endpoint of the VPC. */
      readonly addresses: Path['addresses'];
      /** An endpoint that should answer and does not: the reason, as a hop, and whether it may answer after all. */
      readonly instead?: { readonly hop: Hop; readonly endpoint: VpcEndpoint; readonly mayAnswer: boolean };
    };

const is = 'name resolution';

/**
 * The private DNS of an endpoint needs its own switch, both DNS attributes of the VPC, and the Amazon DNS server.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
 */
export function resolve(way: Walk): Name {
  const { facts, subnet, destination, error, dialled } = way;
  const dns = knownValue(facts.vpcDns);
  const dhcp = knownValue(facts.dhcpOptions);
  const servers = customServers(way);
  const vpcDnsHop = { is, at: subnet.vpcId, check: 'vpc-dns-disabled', resources: [subnet.vpcId] } as const;
  const dhcpHop = {
    is,
    at: dhcp?.dhcpOptionsId ?? subnet.vpcId,
    check: 'custom-dns-servers',
    resources: dhcp ? [dhcp.dhcpOptionsId, subnet.vpcId] : [subnet.vpcId],
  } as const;
  const { host } = destination;

  if (dns && !dns.enableDnsSupport && servers.length === 0 && !dialled)
    return {
      to: 'nowhere',
      hop: closed(
        vpcDnsHop,
        `\`enableDnsSupport\` of \`${subnet.vpcId}\` is off, so the Amazon DNS server does not resolve \`${host}\``,
        dhcp ? 'proven' : 'likely',
      ),
    };
  // An address that was dialled, or an answer of any kind, shows that queries get through.
  const asked =
    error.address !== undefined || (error.answered ?? []).length > 0 || /no such host/i.test(error.text);
  const mayBeAmazon = way.facts.vpc.status === 'unknown' && servers.some(isAtTwo);
  const asksAmazon = amazonBeside(way) || mayBeAmazon;
  const end = servers.length > 0 && !asksAmazon && !asked ? queriesEnd(way, servers) : null;
  if (end)
    return {
      to: 'nowhere',
      hop: closed(
        { ...dhcpHop, resources: [...end.ids, ...dhcpHop.resources] },
        `\`${dhcp?.dhcpOptionsId}\` names the DNS servers ${list(servers)}, and ${list(end.ids)} ${
          end.answers ? 'lets none of their answers in' : 'lets no query out to them on UDP port 53'
        }: no name is resolved`,
      ),
    };
  const namesFail =
    error.symptoms.includes('name-not-resolved') && (error.host === undefined || error.host === host);
  if (servers.length > 0 && namesFail)
    return {
      to: 'nowhere',
      hop: closed(
        dhcpHop,
        `\`${dhcp?.dhcpOptionsId}\` names the DNS servers ${list(servers)}, and \`${host}\` was not resolved`,
        'likely',
      ),
    };

  if (facts.vpcEndpoints.status === 'unknown' && destination.service) {
    const where = { is, at: subnet.vpcId, check: 'endpoint-missing', resources: [subnet.vpcId] } as const;
    return {
      to: 'internet',
      addresses: 'unknown',
      hop: unseen(where, `The VPC endpoints of \`${subnet.vpcId}\``, facts.vpcEndpoints, atEndpoints),
    };
  }

  const endpoints = interfaceEndpointsFor(destination, knownValue(facts.vpcEndpoints) ?? []).toSorted(
    byPresence,
  );
  const named = endpoints.filter(
    ({ privateDnsEnabled, privateDnsOnlyForInboundResolver }) =>
      privateDnsEnabled && !privateDnsOnlyForInboundResolver,
  );
  if (dialled && (isPrivate(dialled) || isOfVpc(dialled, facts))) {
    const endpoint = named.find((one) => mayHave(one, dialled, facts));
    if (endpoint)
      return {
        to: 'endpoint',
        endpoint,
        hop:
          facts.vpcSubnets.status === 'unknown'
            ? unseen(
                dhcpHop,
                `Whether \`${dialled}\`, to which \`${host}\` resolved, is an address of endpoint \`${endpoint.vpcEndpointId}\``,
                facts.vpcSubnets,
                onTheWayOut,
              )
            : open(dhcpHop, `\`${host}\` resolved to \`${dialled}\`, an address of an endpoint`),
      };
    return {
      to: 'internet',
      addresses: 'private',
      hop: open(
        dhcpHop,
        `\`${host}\` resolved to \`${dialled}\`, which is no address of an endpoint of \`${subnet.vpcId}\``,
      ),
    };
  }

  const asPublic = publicName(way);
  const off = dns && (['enableDnsSupport', 'enableDnsHostnames'] as const).find((one) => dns[one] === false);
  const endpoint = named.find(({ state }) => state === 'available' || state === 'partial');
  const isSure =
    facts.vpcDns.status === 'known' && facts.dhcpOptions.status === 'known' && !isDualStack(host);
  const endpointAnswers = Boolean(endpoint) && isSure && !off && servers.length === 0;
  const elsewhere = dialled ? null : ledElsewhere(way, endpointAnswers);
  if (elsewhere) return elsewhere;
  if (!endpoint) {
    const unavailable = endpoints.find(
      ({ state, privateDnsEnabled }) => state !== 'available' && privateDnsEnabled,
    );
    // An endpoint of Amazon S3 without names of its own stands for other uses where a gateway endpoint is there for the tasks.
    const mute =
      gatewayEndpointsFor(destination, knownValue(facts.vpcEndpoints) ?? []).length > 0
        ? undefined
        : endpoints.find(({ state, privateDnsEnabled }) => state === 'available' && !privateDnsEnabled);
    if (unavailable) {
      const where = {
        is: 'VPC endpoint',
        at: unavailable.vpcEndpointId,
        check: 'endpoint-not-available',
        resources: [unavailable.vpcEndpointId],
      } as const;
      const because = `Endpoint \`${unavailable.vpcEndpointId}\` for \`${unavailable.serviceName}\` is \`${unavailable.state}\``;
      // The records of an endpoint come and go with it.
      const passing =
        named.includes(unavailable) && ['pending', 'deleting'].includes(unavailable.state) && !off;
      return {
        to: 'internet',
        addresses: 'public',
        hop:
          passing && !dialled
            ? {
                ...unclear(
                  where,
                  `${because}, and \`${host}\` may lead to it`,
                  'Diagnose again in some minutes',
                ),
                is,
              }
            : asPublic,
        instead: { hop: closed(where, because), endpoint: unavailable, mayAnswer: false },
      };
    }
    if (!mute) return { to: 'internet', addresses: 'public', hop: asPublic };
    // A private hosted zone of the user's own may lead to it.
    const certainty = facts.privateZones.status === 'unknown' && !dialled ? 'likely' : 'proven';
    const silent = closed(
      {
        is,
        at: mute.vpcEndpointId,
        check: 'endpoint-private-dns-off',
        resources: [mute.vpcEndpointId, subnet.vpcId],
      },
      `Private DNS of endpoint \`${mute.vpcEndpointId}\` for \`${mute.serviceName}\` is off, so \`${host}\` leads to public addresses`,
      certainty,
    );
    const instead = { hop: silent, endpoint: mute, mayAnswer: false };
    return { to: 'internet', addresses: 'public', hop: asPublic, instead };
  }

  if (off) {
    const because = `\`${off}\` of \`${subnet.vpcId}\` is off, so the private DNS of \`${endpoint.vpcEndpointId}\` has no effect`;
    const instead = { hop: closed(vpcDnsHop, because), endpoint, mayAnswer: false };
    return { to: 'internet', addresses: 'public', hop: asPublic, instead };
  }
  if (servers.length > 0 && !dialled && isAnswered(destination, error))
    return {
      to: 'endpoint',
      endpoint,
      hop: open(
        dhcpHop,
        `\`${dhcp?.dhcpOptionsId}\` names the DNS servers ${list(servers)}, and \`${host}\` answered`,
      ),
    };
  // Which of the servers a task asks first is its own choice: both answers are possible.
  if (servers.length > 0 && amazonBeside(way) && !dialled)
    return {
      to: 'endpoint',
      endpoint,
      hop: unclear(
        dhcpHop,
        `\`${dhcp?.dhcpOptionsId}\` names ${list(servers)} beside the Amazon DNS server; unless they forward \`${host}\` to it, it leads to \`${endpoint.vpcEndpointId}\` for some queries only`,
        `Look \`${host}\` up at ${list(servers)} from within the VPC`,
      ),
    };
  if (servers.length > 0) {
    const evidence = `\`${dhcp?.dhcpOptionsId}\` names the DNS servers ${list(servers)}; unless they forward \`${host}\` to the Amazon DNS server, it does not lead to \`${endpoint.vpcEndpointId}\``;
    const because = dialled ? `${evidence}, and the address dialled was the public \`${dialled}\`` : evidence;
    const custom = closed(dhcpHop, because, 'likely');
    // If it was the Amazon DNS server that answered so, the endpoint itself is in question.
    const hop = perhapsAmazons(way) ? { ...custom, hides: atEndpoints } : custom;
    const instead = { hop, endpoint, mayAnswer: !dialled };
    return { to: 'internet', addresses: 'public', hop: asPublic, instead };
  }
  const unknown =
    facts.vpcDns.status === 'unknown'
      ? unseen(vpcDnsHop, `The DNS attributes of \`${subnet.vpcId}\``, facts.vpcDns, onTheWayOut)
      : facts.dhcpOptions.status === 'unknown'
        ? unseen(dhcpHop, `The DHCP options of \`${subnet.vpcId}\``, facts.dhcpOptions, onTheWayOut)
        : null;
  if (dialled) {
    const stands = `\`${host}\` resolved to the public \`${dialled}\`, and`;
    const where = { is, at: endpoint.vpcEndpointId } as const;
    const since = isDualStack(host)
      ? closed(
          { ...where, check: 'endpoint-private-dns-off' },
          `${stands} not to \`${endpoint.vpcEndpointId}\`, whose private DNS need not know dual-stack names`,
          'likely',
        )
      : // The facts are younger than the failure.
        unclear(
          { ...where, check: 'endpoint-not-available' },
          `${stands} now \`${endpoint.vpcEndpointId}\` stands for it`,
          'Start another task, and diagnose that one',
        );
    const past = open(dhcpHop, `\`${host}\` resolved to the public \`${dialled}\``);
    const instead = { hop: since, endpoint, mayAnswer: false };
    return { to: 'internet', addresses: 'public', hop: unknown ?? past, instead };
  }
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html has said that they do not, and says so no more.
  const byPrivateDns = isDualStack(host)
    ? unclear(
        dhcpHop,
        `Whether \`${host}\`, a dual-stack name, leads to \`${endpoint.vpcEndpointId}\` is not documented`,
        `Use the IPv4 name of the registry, or look \`${host}\` up from within the VPC`,
      )
    : open(dhcpHop, `\`${host}\` leads to \`${endpoint.vpcEndpointId}\` by its private DNS`);
  const hop = unknown ?? byPrivateDns;
  return { to: 'endpoint', endpoint, hop };
}

/** One that failed or is on its way out may stand beside the one that took its place. */
const byPresence = (a: VpcEndpoint, b: VpcEndpoint): number =>
  present.indexOf(b.state) - present.indexOf(a.state) || a.vpcEndpointId.localeCompare(b.vpcEndpointId);
/** Those that may have addresses, the surest last. */
const present = ['deleting', 'pending', 'partial', 'available'];

/** A private hosted zone leads the name to addresses of its own, usually those of the endpoints of another VPC. */
function ledElsewhere(way: Walk, endpointAnswers: boolean): Name | null {
  const { facts, subnet, destination } = way;
  const { host } = destination;
  const zone = zoneFor(host, knownValue(facts.privateZones) ?? []);
  if (!zone || answersFor(host, zone) === false) return null;
  // The private names of an endpoint are a zone too, and the longest name answers.
  if (endpointAnswers && zone.name.length < zoneOfEndpoint(destination).length) return null;
  const where = { is: 'elsewhere', at: zone.hostedZoneId, check: 'no-route-to-registry' } as const;
  // Until its records are seen, nothing can be asked of the ways that they may lead to.
  if (zone.recordNames.status === 'unknown') {
    const { because, ask } = unreadZone(zone, zone.recordNames);
    return { to: 'elsewhere', addresses: 'unknown', hop: unclear(where, because, ask) };
  }
  const led = unclear(
    where,
    `Private hosted zone \`${zone.name}\` leads \`${host}\` to addresses of its own, and what answers there cannot be seen from here`,
    `Ask the owner of the endpoints behind \`${zone.name}\` whether they let \`${subnet.subnetId}\` in on TCP port 443`,
    [...behindRouteTable, ...atEndpoints],
  );
  return { to: 'elsewhere', addresses: 'private', hop: led };
}

/** Registries and buckets are labels before the name that an endpoint answers for. */
const zoneOfEndpoint = ({ host, step }: Destination): string =>
  step === 'manifest' || step === 'layers' ? host.slice(host.indexOf('.') + 1) : host;

/** Whether an address may be one of an endpoint: it lies in a subnet of it. */
const mayHave = ({ subnetIds }: VpcEndpoint, address: string, { vpcSubnets }: CollectedFacts): boolean =>
  vpcSubnets.status === 'unknown' ||
  vpcSubnets.value.some(
    ({ subnetId, cidrBlock }) =>
      subnetIds.includes(subnetId) && cidrBlock !== null && covers(cidrBlock, address) === 'all',
  );

function publicName(way: Walk): Hop {
  const { facts, subnet, destination, dialled } = way;
  const where = { is, at: subnet.vpcId, check: 'vpc-dns-disabled', resources: [subnet.vpcId] } as const;
  if (facts.vpcDns.status === 'unknown' && !dialled)
    return unseen(where, `The DNS attributes of \`${subnet.vpcId}\``, facts.vpcDns);
  const isOff = knownValue(facts.vpcDns)?.enableDnsSupport === false;
  const unseenVpc = perhapsAmazons(way);
  if (isOff && !dialled && unseenVpc)
    return unseen(
      where,
      `\`enableDnsSupport\` of \`${subnet.vpcId}\` is off, and whether ${list(customServers(way))} is the Amazon DNS server`,
      unseenVpc,
    );
  return open(where, `\`${subnet.vpcId}\` resolves names; \`${destination.host}\` leads to public addresses`);
}

/** Whether a host itself answered, and not only somebody whom its name led to. */
const isAnswered = ({ step }: Destination, error: PullError): boolean =>
  Boolean(error.answered?.includes(step)) && !(error.step === step && error.reached === 'end');

/** The DNS servers of the DHCP options that are not Amazon's. Beside it, they may answer as well. */
const customServers = (way: Walk): readonly string[] => dnsServersOf(way.facts).custom;

/** The VPC, if those may be Amazon's because its block, which would tell, could not be seen. */
function perhapsAmazons(way: Walk): Unknown | null {
  const { vpc } = way.facts;
  return vpc.status === 'unknown' && customServers(way).every(isAtTwo) ? vpc : null;
}

/** No VPC is smaller than 16 addresses. */
const isAtTwo = (server: string) => Number(server.split('.')[3]) % 16 === 2;

/** Whether the DHCP options name the DNS server of Amazon among others. */
const amazonBeside = (way: Walk): boolean => dnsServersOf(way.facts).amazon.length > 0;

const list = (items: readonly string[]) => items.map((one) => `\`${one}\``).join(', ');
