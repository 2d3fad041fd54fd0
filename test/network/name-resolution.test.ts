import { expect, test } from '@jest/globals';
import type { CollectedFacts, FactName, Facts, PrivateZone, PullError } from '../../lambda/model/facts.ts';
import type { Destination, Hop } from '../../lambda/model/network.ts';
import { type Name, resolve } from '../../lambda/network/name-resolution.ts';
import type { Walk } from '../../lambda/network/walk.ts';
import { known, refused } from '../support/asking.ts';
import { errorOf, unknown } from './agreement.ts';
import { base, type Change, edit, withEndpoint } from './healthy-network.ts';
import { collected } from './random-network.ts';

const region = 'eu-west-1';
const aws = (host: string, step: Destination['step'], service: string): Destination => ({
  host,
  step,
  service,
  region,
});
const destinations = {
  token: aws('api.ecr.eu-west-1.amazonaws.com', 'token', 'ecr.api'),
  'dual-stack token': aws('ecr.eu-west-1.api.aws', 'token', 'ecr.api'),
  manifest: aws('111122223333.dkr.ecr.eu-west-1.amazonaws.com', 'manifest', 'ecr.dkr'),
  layers: aws('prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com', 'layers', 's3'),
  'Docker Hub': { host: 'registry-1.docker.io', step: 'manifest', service: null, region: null },
} as const satisfies Record<string, Destination>;

/** What the name of a destination leads to, in a VPC with both DNS attributes, Amazon's servers and no endpoint but those told. */
interface Case {
  readonly says: string;
  readonly of?: keyof typeof destinations;
  readonly changes?: readonly Change[];
  readonly hidden?: readonly FactName[];
  readonly dialled?: string | undefined;
  readonly error?: Partial<PullError>;
  readonly is: readonly string[];
}

const change =
  (edited: Partial<Facts>): Change =>
  (facts) => ({ ...facts, ...edited });
const dns = (enableDnsSupport: boolean, enableDnsHostnames: boolean | null) =>
  change({ vpcDns: { enableDnsSupport, enableDnsHostnames } });
const servers = (...domainNameServers: readonly string[]) =>
  change({ dhcpOptions: { dhcpOptionsId: 'dopt-0a1', domainNameServers } });
const blocks =
  (...cidrBlocks: readonly string[]): Change =>
  (facts) => ({ ...facts, vpc: facts.vpc && { ...facts.vpc, cidrBlocks } });
const zone = (name: string, recordNames: PrivateZone['recordNames']) =>
  change({ privateZones: [{ hostedZoneId: 'Z0HUB', name, recordNames }] });
const own = '10.0.0.53';
const api = withEndpoint('vpce-0api');
const without = { privateDnsEnabled: false };

const publicly = 'open vpc-dns-disabled vpc-0a1';
const byPrivateDns = ['endpoint vpce-0api', 'open custom-dns-servers dopt-0a1'];
const toInternet = ['public internet', publicly];
const elsewhere = ['elsewhere', 'unknown no-route-to-registry Z0HUB, hiding'];
const ownServers = 'instead of vpce-0api, which may answer: likely closed custom-dns-servers dopt-0a1';

const cases: readonly Case[] = [
  { says: 'to public addresses, without an endpoint', is: toInternet },
  { says: 'to an endpoint by its private DNS', changes: [api], is: byPrivateDns },
  {
    says: 'to an endpoint of which some interfaces are there',
    changes: [withEndpoint('vpce-0api', { state: 'partial' })],
    is: byPrivateDns,
  },

  // The DNS attributes of the VPC
  {
    says: 'nowhere, without DNS support',
    changes: [dns(false, true)],
    is: ['nowhere', 'closed vpc-dns-disabled vpc-0a1'],
  },
  {
    says: 'perhaps to other servers, without DNS support, where the DHCP options could not be seen',
    changes: [dns(false, true)],
    hidden: ['dhcpOptions'],
    is: ['nowhere', 'likely closed vpc-dns-disabled vpc-0a1'],
  },
  {
    says: 'as own servers answer, without DNS support',
    changes: [dns(false, true), servers(own)],
    is: toInternet,
  },
  {
    says: 'to what was dialled, whatever DNS support is by now',
    changes: [dns(false, true)],
    dialled: '52.95.115.9',
    is: toInternet,
  },
  {
    says: 'past an endpoint, without DNS hostnames',
    changes: [api, dns(true, false)],
    is: [...toInternet, 'instead of vpce-0api: closed vpc-dns-disabled vpc-0a1'],
  },
  {
    says: 'past an endpoint, without DNS support and with own servers',
    changes: [api, dns(false, true), servers(own)],
    is: [...toInternet, 'instead of vpce-0api: closed vpc-dns-disabled vpc-0a1'],
  },
  {
    says: 'to public addresses, where the attributes could not be seen',
    hidden: ['vpcDns'],
    is: ['public internet', 'unknown vpc-dns-disabled vpc-0a1'],
  },
  {
    says: 'to the public address dialled, where the attributes could not be seen',
    hidden: ['vpcDns'],
    dialled: '52.95.115.9',
    is: toInternet,
  },
  {
    says: 'to an endpoint, where the attributes could not be seen',
    changes: [api],
    hidden: ['vpcDns'],
    is: ['endpoint vpce-0api', 'unknown vpc-dns-disabled vpc-0a1, hiding'],
  },
  {
    says: 'to an endpoint, where the DHCP options could not be seen',
    changes: [api],
    hidden: ['dhcpOptions'],
    is: ['endpoint vpce-0api', 'unknown custom-dns-servers vpc-0a1, hiding'],
  },

  // DNS servers
  {
    says: 'nowhere, as own servers do not know it',
    changes: [servers(own)],
    error: { symptoms: ['name-not-resolved'], host: destinations.token.host },
    is: ['nowhere', 'likely closed custom-dns-servers dopt-0a1'],
  },
  {
    says: 'nowhere, as own servers do not know a name that the text leaves out',
    changes: [servers(own)],
    error: { symptoms: ['name-not-resolved'] },
    is: ['nowhere', 'likely closed custom-dns-servers dopt-0a1'],
  },
  {
    says: 'to public addresses, where own servers do not know another name',
    changes: [servers(own)],
    error: { symptoms: ['name-not-resolved'], host: destinations.manifest.host },
    is: toInternet,
  },
  {
    says: 'to public addresses, where own servers failed at nothing',
    changes: [servers(own)],
    error: { host: destinations.token.host },
    is: toInternet,
  },
  {
    says: 'to public addresses at the server of Amazon, which the text does not blame',
    error: { symptoms: ['name-not-resolved'], host: destinations.token.host },
    is: toInternet,
  },
  {
    says: 'past an endpoint by own servers, unless they forward it',
    changes: [api, servers(own)],
    is: [...toInternet, ownServers],
  },
  {
    says: 'past an endpoint by own servers, as the address dialled shows',
    changes: [api, servers(own)],
    dialled: '52.95.115.9',
    is: [...toInternet, 'instead of vpce-0api: likely closed custom-dns-servers dopt-0a1'],
  },
  {
    says: 'to an endpoint by own servers or past it, and it answered',
    changes: [api, servers(own)],
    error: { answered: ['token'] },
    is: byPrivateDns,
  },
  {
    says: 'past an endpoint by own servers, where another host answered',
    changes: [api, servers(own)],
    error: { answered: ['manifest'] },
    is: [...toInternet, ownServers],
  },
  {
    says: 'to an endpoint or past it, where it answered and the attributes could not be seen',
    changes: [api],
    hidden: ['vpcDns'],
    error: { answered: ['token'] },
    is: ['endpoint vpce-0api', 'unknown vpc-dns-disabled vpc-0a1, hiding'],
  },
  {
    says: 'to an endpoint for some queries, with own servers beside that of Amazon',
    changes: [api, servers(own, 'AmazonProvidedDNS')],
    is: ['endpoint vpce-0api', 'unknown custom-dns-servers dopt-0a1'],
  },
  {
    says: 'past an endpoint for the query that was made, with own servers beside that of Amazon',
    changes: [api, servers(own, 'AmazonProvidedDNS')],
    dialled: '52.95.115.9',
    is: [...toInternet, 'instead of vpce-0api: likely closed custom-dns-servers dopt-0a1'],
  },
  ...['169.254.169.253', 'fd00:ec2::253', '10.0.0.2'].map((server) => ({
    says: `to an endpoint by ${server}, the server of Amazon`,
    changes: [api, servers(server)],
    is: byPrivateDns,
  })),
  {
    says: 'to an endpoint by the server of Amazon, which is at the second address of the primary block',
    changes: [api, blocks('10.0.0.128/25', '100.64.0.0/16'), servers('10.0.0.130')],
    is: byPrivateDns,
  },
  {
    says: 'past an endpoint by a server at the second address of another block',
    changes: [api, blocks('10.0.0.0/16', '100.64.0.0/16'), servers('100.64.0.2')],
    is: [...toInternet, ownServers],
  },
  {
    says: 'perhaps to an endpoint, by a server that may be that of Amazon in a small VPC',
    changes: [api, servers('10.0.0.130')],
    hidden: ['vpc'],
    is: [...toInternet, `${ownServers}, hiding`],
  },
  {
    says: 'perhaps to an endpoint, by a server that may be that of Amazon: nobody could see the VPC',
    changes: [api, servers('10.0.0.2')],
    hidden: ['vpc'],
    is: [...toInternet, `${ownServers}, hiding`],
  },
  {
    says: 'past an endpoint by servers of which one is none of Amazon, though nobody could see the VPC',
    changes: [api, servers('10.0.0.2', own)],
    hidden: ['vpc'],
    is: [...toInternet, ownServers],
  },
  {
    says: 'nowhere if that is the server of Amazon, without DNS support',
    changes: [dns(false, true), servers('10.0.0.2')],
    hidden: ['vpc'],
    is: ['public internet', 'unknown vpc-dns-disabled vpc-0a1'],
  },
  {
    says: 'to the public address dialled, whosever server it was',
    changes: [dns(false, true), servers('10.0.0.2')],
    hidden: ['vpc'],
    dialled: '52.95.115.9',
    is: toInternet,
  },
  {
    says: 'to public addresses, whosever server it was, with DNS support',
    changes: [servers('10.0.0.2')],
    hidden: ['vpc'],
    is: toInternet,
  },
  {
    says: 'past an endpoint by own servers, whose address is like that of Amazon in another VPC',
    changes: [api, servers('10.9.0.2')],
    is: [...toInternet, ownServers],
  },
  {
    says: 'as such servers answer, without DNS support',
    changes: [dns(false, true), servers('10.9.0.2')],
    is: toInternet,
  },
  {
    says: 'as own servers answer, without DNS support, though nobody could see the VPC',
    changes: [dns(false, true), servers(own)],
    hidden: ['vpc'],
    is: toInternet,
  },

  // Endpoints
  {
    says: 'perhaps to an endpoint that nobody could see',
    hidden: ['vpcEndpoints'],
    is: ['unknown internet', 'unknown endpoint-missing vpc-0a1, hiding'],
  },
  {
    says: 'to public addresses, for which there are no endpoints to see',
    of: 'Docker Hub',
    hidden: ['vpcEndpoints'],
    is: toInternet,
  },
  {
    says: 'to the endpoint that took the place of one that failed',
    of: 'manifest',
    changes: [withEndpoint('vpce-0dkr', { state: 'failed' }), withEndpoint('vpce-0dkr2')],
    is: ['endpoint vpce-0dkr2', 'open custom-dns-servers dopt-0a1'],
  },
  {
    says: 'perhaps to an endpoint that is on its way in, rather than to one on its way out',
    of: 'manifest',
    changes: [
      withEndpoint('vpce-0dkr', { state: 'deleting' }),
      withEndpoint('vpce-0dkr2', { state: 'pending' }),
    ],
    is: [
      'public internet',
      'unknown endpoint-not-available vpce-0dkr2',
      'instead of vpce-0dkr2: closed endpoint-not-available vpce-0dkr2',
    ],
  },
  {
    says: 'to no endpoint that failed, and the first of them by its id is named',
    of: 'manifest',
    changes: [
      withEndpoint('vpce-0dkr2', { state: 'failed' }),
      withEndpoint('vpce-0dkr', { state: 'failed' }),
    ],
    is: [...toInternet, 'instead of vpce-0dkr: closed endpoint-not-available vpce-0dkr'],
  },
  {
    says: 'to no endpoint whose owner rejected it',
    changes: [withEndpoint('vpce-0api', { state: 'rejected' })],
    is: [...toInternet, 'instead of vpce-0api: closed endpoint-not-available vpce-0api'],
  },
  ...['pending', 'deleting'].flatMap((state): readonly Case[] => [
    {
      says: `perhaps to an endpoint that is ${state}`,
      changes: [withEndpoint('vpce-0api', { state })],
      is: [
        'public internet',
        'unknown endpoint-not-available vpce-0api',
        'instead of vpce-0api: closed endpoint-not-available vpce-0api',
      ],
    },
    {
      says: `to the public address dialled, past an endpoint that is ${state}`,
      changes: [withEndpoint('vpce-0api', { state })],
      dialled: '52.95.115.9',
      is: [...toInternet, 'instead of vpce-0api: closed endpoint-not-available vpce-0api'],
    },
    {
      says: `to no endpoint that is ${state}, without DNS hostnames`,
      changes: [withEndpoint('vpce-0api', { state }), dns(true, false)],
      is: [...toInternet, 'instead of vpce-0api: closed endpoint-not-available vpce-0api'],
    },
  ]),
  {
    says: 'to no endpoint that is pending and has no private DNS',
    changes: [withEndpoint('vpce-0api', { state: 'pending', ...without })],
    is: toInternet,
  },
  {
    says: 'to no endpoint without private DNS',
    changes: [withEndpoint('vpce-0api', without)],
    is: [...toInternet, 'instead of vpce-0api: closed endpoint-private-dns-off vpce-0api'],
  },
  {
    says: 'to an endpoint without private DNS by a private zone, if nobody could see the zones',
    changes: [withEndpoint('vpce-0api', without)],
    hidden: ['privateZones'],
    is: [...toInternet, 'instead of vpce-0api: likely closed endpoint-private-dns-off vpce-0api'],
  },
  {
    says: 'to no endpoint without private DNS, as the address dialled shows',
    changes: [withEndpoint('vpce-0api', without)],
    hidden: ['privateZones'],
    dialled: '52.95.115.9',
    is: [...toInternet, 'instead of vpce-0api: closed endpoint-private-dns-off vpce-0api'],
  },
  {
    says: 'to no interface endpoint without private DNS, and none is meant for the layers',
    of: 'layers',
    changes: [withEndpoint('vpce-0s3if', without)],
    is: [...toInternet, 'instead of vpce-0s3if: closed endpoint-private-dns-off vpce-0s3if'],
  },
  {
    says: 'to the public addresses for which a gateway endpoint stands',
    of: 'layers',
    changes: [withEndpoint('vpce-0s3if', without), withEndpoint('vpce-0s3')],
    is: toInternet,
  },
  {
    says: 'to no endpoint whose private DNS is only for inbound resolvers',
    of: 'layers',
    changes: [
      withEndpoint('vpce-0s3if', { privateDnsOnlyForInboundResolver: true }),
      withEndpoint('vpce-0s3'),
    ],
    is: toInternet,
  },
  {
    says: 'to no such endpoint without a gateway endpoint either',
    of: 'layers',
    changes: [withEndpoint('vpce-0s3if', { privateDnsOnlyForInboundResolver: true })],
    is: toInternet,
  },
  {
    says: 'to no endpoint that is pending, and whose private DNS is only for inbound resolvers',
    of: 'layers',
    changes: [
      withEndpoint('vpce-0s3if', { state: 'pending', privateDnsOnlyForInboundResolver: true }),
      withEndpoint('vpce-0s3'),
    ],
    is: [...toInternet, 'instead of vpce-0s3if: closed endpoint-not-available vpce-0s3if'],
  },

  // The address dialled
  {
    says: 'to the endpoint in whose subnet the address dialled lies',
    changes: [api],
    dialled: '10.0.2.4',
    is: byPrivateDns,
  },
  {
    says: 'to that one of two endpoints',
    of: 'manifest',
    changes: [
      withEndpoint('vpce-0dkr'),
      withEndpoint('vpce-0dkr2', { state: 'deleting', subnetIds: ['subnet-0far'] }),
    ],
    dialled: '100.64.1.9',
    is: ['endpoint vpce-0dkr2', 'open custom-dns-servers dopt-0a1'],
  },
  {
    says: 'to that endpoint, whatever DNS support is by now',
    changes: [api, dns(false, true)],
    dialled: '10.0.2.4',
    is: byPrivateDns,
  },
  {
    says: 'to an endpoint that also has a subnet without IPv4 addresses',
    changes: [
      withEndpoint('vpce-0api', { subnetIds: ['subnet-0far', 'subnet-0other'] }),
      (facts) => edit(facts, 'vpcSubnets', 'subnetId', 'subnet-0far', () => ({ cidrBlock: null })),
    ],
    dialled: '100.64.1.9',
    is: ['private internet', 'open custom-dns-servers dopt-0a1'],
  },
  {
    says: 'to an address of no endpoint: it lies in another subnet',
    changes: [api],
    dialled: '10.0.9.9',
    is: ['private internet', 'open custom-dns-servers dopt-0a1'],
  },
  {
    says: 'to an address of no endpoint: that in the subnet has no private DNS',
    changes: [withEndpoint('vpce-0api', without)],
    dialled: '10.0.2.4',
    is: ['private internet', 'open custom-dns-servers dopt-0a1'],
  },
  {
    says: 'to an address that may be of an endpoint, whose subnets nobody could see',
    changes: [api],
    hidden: ['vpcSubnets'],
    dialled: '10.0.2.4',
    is: ['endpoint vpce-0api', 'unknown custom-dns-servers dopt-0a1, hiding'],
  },
  {
    says: 'to a public address, and an endpoint stands there now',
    changes: [api],
    dialled: '52.95.115.9',
    is: [
      'public internet',
      'open custom-dns-servers dopt-0a1',
      'instead of vpce-0api: unknown endpoint-not-available vpce-0api',
    ],
  },
  {
    says: 'to a public address, and nobody could see whether the endpoint has a name',
    changes: [api],
    hidden: ['vpcDns'],
    dialled: '52.95.115.9',
    is: [
      'public internet',
      'unknown vpc-dns-disabled vpc-0a1, hiding',
      'instead of vpce-0api: unknown endpoint-not-available vpce-0api',
    ],
  },
  {
    says: 'past an endpoint that need not know dual-stack names, as the address dialled shows',
    of: 'dual-stack token',
    changes: [api],
    dialled: '52.95.115.9',
    is: [
      'public internet',
      'open custom-dns-servers dopt-0a1',
      'instead of vpce-0api: likely closed endpoint-private-dns-off vpce-0api',
    ],
  },
  {
    says: 'to an endpoint or past it: that of a dual-stack name is not documented',
    of: 'dual-stack token',
    changes: [api],
    is: ['endpoint vpce-0api', 'unknown custom-dns-servers dopt-0a1'],
  },

  // Private hosted zones
  {
    says: 'where a private zone leads it',
    changes: [zone('ecr.eu-west-1.amazonaws.com', known([destinations.token.host]))],
    is: elsewhere,
  },
  {
    says: 'perhaps where a private zone leads it, whose records nobody could see',
    changes: [zone('ecr.eu-west-1.amazonaws.com', refused)],
    is: ['elsewhere', 'unknown no-route-to-registry Z0HUB'],
  },
  {
    says: 'not where a private zone leads other names',
    changes: [zone('ecr.eu-west-1.amazonaws.com', known(['other.ecr.eu-west-1.amazonaws.com']))],
    is: toInternet,
  },
  {
    says: 'to the public address dialled, whatever a private zone says by now',
    changes: [zone('ecr.eu-west-1.amazonaws.com', known([destinations.token.host]))],
    dialled: '52.95.115.9',
    is: toInternet,
  },
  {
    says: 'to an endpoint, whose name is longer than that of a private zone',
    changes: [api, zone('ecr.eu-west-1.amazonaws.com', known([destinations.token.host]))],
    is: byPrivateDns,
  },
  {
    says: 'where a private zone of the very name leads it',
    changes: [api, zone(destinations.token.host, known([destinations.token.host]))],
    is: elsewhere,
  },
  ...(
    [
      ['manifest', 'vpce-0dkr', 'dkr.ecr.eu-west-1.amazonaws.com', 'ecr.eu-west-1.amazonaws.com'],
      ['layers', 'vpce-0s3if', 's3.eu-west-1.amazonaws.com', 'eu-west-1.amazonaws.com'],
    ] as const
  ).flatMap(([of, id, same, above]): readonly Case[] => [
    {
      says: `where a private zone of the name of the endpoint leads it (${of})`,
      of,
      changes: [withEndpoint(id), zone(same, known([`*.${same}`]))],
      is: elsewhere,
    },
    {
      says: `to an endpoint, whose name is longer than that of a private zone (${of})`,
      of,
      changes: [withEndpoint(id), zone(above, known([`*.${same}`]))],
      is: [`endpoint ${id}`, 'open custom-dns-servers dopt-0a1'],
    },
  ]),
  ...(
    [
      ['own servers may not know it', servers(own), undefined],
      ['DNS hostnames are off', dns(true, false), undefined],
      ['the DNS attributes could not be seen', api, 'vpcDns'],
      ['the DHCP options could not be seen', api, 'dhcpOptions'],
      ['it failed', withEndpoint('vpce-0api', { state: 'failed' }), undefined],
    ] as const
  ).map(([why, changed, hidden]) => ({
    says: `where a private zone above an endpoint leads it, if ${why}`,
    changes: [api, changed, zone('ecr.eu-west-1.amazonaws.com', known([destinations.token.host]))],
    hidden: hidden ? [hidden] : [],
    is: elsewhere,
  })),
  {
    says: 'where a private zone above an endpoint leads a dual-stack name',
    of: 'dual-stack token',
    changes: [api, zone('api.aws', known(['*.api.aws']))],
    is: elsewhere,
  },
];

test.each(cases)('a name leads $says', ({ is, ...one }) => {
  expect(linesOf(nameIn(one))).toEqual(is);
});

test('own servers are told by the DHCP options that name them, and the address dialled if there is one', () => {
  const ofServers = (dialled?: string) => {
    const name = nameIn({ changes: [api, servers(own)], dialled });
    return name.to === 'internet' ? name.instead?.hop : undefined;
  };

  expect(ofServers()?.resources).toEqual(['dopt-0a1', 'vpc-0a1']);
  expect(ofServers('52.95.115.9')?.because).toContain('the address dialled was the public `52.95.115.9`');
  expect(ofServers()?.because).not.toContain('dialled');
});

function nameIn({
  of = 'token',
  changes = [],
  hidden = [],
  dialled,
  error,
}: Omit<Case, 'says' | 'is'>): Name {
  const facts = changes.reduce((before, one) => one(before), base);
  const [subnet] = facts.subnets;
  return resolve({
    facts: { ...collected(facts), ...unknown(hidden) } as CollectedFacts,
    subnet: subnet as Walk['subnet'],
    destination: destinations[of],
    destinations: [destinations[of]],
    error: { ...errorOf(undefined), ...error },
    dialled: dialled ?? null,
    dialledIpv6: null,
  });
}

function linesOf(name: Name): readonly string[] {
  const lines = [name.to === 'internet' ? `${name.addresses} internet` : name.to, lineOf(name.hop)];
  if (name.to === 'endpoint') return [`endpoint ${name.endpoint.vpcEndpointId}`, ...lines.slice(1)];
  if (name.to !== 'internet' || !name.instead) return lines;
  const { endpoint, mayAnswer, hop } = name.instead;
  return [
    ...lines,
    `instead of ${endpoint.vpcEndpointId}${mayAnswer ? ', which may answer' : ''}: ${lineOf(hop)}`,
  ];
}

const lineOf = ({ verdict, certainty, check, at, hides }: Hop): string =>
  `${verdict === 'closed' && certainty === 'likely' ? 'likely ' : ''}${verdict} ${check} ${at}${hides ? ', hiding' : ''}`;
