import { expect, test } from '@jest/globals';
import type { FactName, ImageReference, Step, Subnet } from '../../lambda/model/facts.ts';
import { pathsOf } from '../../lambda/network/walk.ts';
import { refused } from '../support/asking.ts';
import { endpoint } from './added-endpoint.ts';
import { errorOf, unknown, verdictOf } from './agreement.ts';
import { notOpen, pathIn, pathsIn, type Situation, written } from './hops.ts';
import { collected, factsOf, type Recipe } from './random-network.ts';

type Changes = Recipe['changes'];
const nat = 'NAT gateway';
const publicly = 'public IP address';
const link = 'PrivateLink';

const route = (destination: string, target: string, options = {}) =>
  [
    'route added',
    { table: 'rtb-0task', destination, target, state: 'active', propagated: false, ...options },
  ] as const;
const aclOf = (entries: readonly object[]) =>
  ['network ACL', { acl: 'acl-0task', keeps: false, entries }] as const;
const rule = (
  ruleNumber: number,
  egress: boolean,
  action: string,
  cidrBlock: string,
  ports: object | null,
) => ({
  ruleNumber,
  egress,
  protocol: ports ? '6' : '-1',
  action,
  cidrBlock,
  ports,
});

const withSecret = ['secret', null] as const;
const ownRegistry = ['image', 'own registry'] as const;
const dualStack = ['image', 'dual-stack'] as const;
const noEndpoint = ['endpoint removed', 'vpce-0api'] as const;
const known = (...value: readonly string[]) => ({ status: 'known', value });
const zone = {
  hostedZoneId: 'Z0HUB',
  name: 'ecr.eu-west-1.amazonaws.com',
  recordNames: known('api.ecr.eu-west-1.amazonaws.com'),
};
const ipv6Only = ['IPv6 only', 'subnet-0task'] as const;
const withDns64 = (all: readonly Subnet[]) => all.map((one) => ({ ...one, dns64: true }));
const ownDns = (...servers: readonly string[]) => ['DNS servers', servers] as const;
const groupLets = (...rules: readonly object[]) =>
  ['security group', { group: 'sg-0task', way: 'egress', rules, keeps: false }] as const;
const lets = (protocol: string, port: number, peer: string) => ({ protocol, ports: [port, port], peer });
const httpsOut = lets('tcp', 443, '0.0.0.0/0');
const udp = (ruleNumber: number, egress: boolean, action: string, ports: object | null) => ({
  ...rule(ruleNumber, egress, action, '0.0.0.0/0', ports),
  protocol: '17',
});
const allBut = (entry: object) =>
  aclOf([entry, rule(100, true, 'allow', '0.0.0.0/0', null), rule(100, false, 'allow', '0.0.0.0/0', null)]);
const only = (entry: object) => aclOf([entry, rule(100, true, 'allow', '0.0.0.0/0', null)]);
const noSecrets = JSON.stringify({
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:*', Resource: '*' }],
});

interface Case {
  readonly says: string;
  readonly start?: Recipe['start'];
  readonly changes?: Changes;
  readonly step?: Step;
  readonly dialled?: string;
  readonly hidden?: FactName;
  /** `null`: there is no such connection. */
  readonly is: ReturnType<typeof verdictOf> | null;
}

const cases: readonly Case[] = [
  { says: 'a NAT gateway is a way out', is: 'open' },
  { says: 'a public IP address is a way out', start: publicly, is: 'open' },
  { says: 'an endpoint needs no way out', start: link, is: 'open' },

  // Routes
  {
    says: 'a more specific route may take some addresses elsewhere',
    changes: [route('3.0.0.0/8', 'tgw-0a1')],
    is: 'unknown',
  },
  {
    says: 'a more specific route does not matter to an address that it does not hold',
    changes: [route('3.0.0.0/8', 'tgw-0a1')],
    dialled: '52.95.115.9',
    is: 'open',
  },
  {
    says: 'a more specific route that leads out as well is no matter',
    start: publicly,
    changes: [route('3.0.0.0/8', 'nat-0a1')],
    is: 'open',
  },
  {
    says: 'a route for private addresses does not matter to the internet',
    changes: [route('10.0.0.0/8', 'tgw-0a1')],
    is: 'open',
  },
  {
    says: 'a second block of the VPC, for pods, does not matter to the internet',
    changes: [route('100.64.0.0/16', 'local'), route('198.19.0.0/16', 'local')],
    is: 'open',
  },
  {
    says: 'two halves are a default route, whatever the whole says',
    changes: [
      route('0.0.0.0/0', 'tgw-0a1', { state: 'blackhole' }),
      route('0.0.0.0/1', 'nat-0a1'),
      route('128.0.0.0/1', 'nat-0a1'),
    ],
    is: 'open',
  },
  {
    says: 'nobody knows whether a filtered route counts',
    changes: [route('0.0.0.0/0', 'nat-0a1', { state: 'filtered' })],
    is: 'unknown',
  },
  {
    says: 'AWS draws lots between two prefix lists for the same addresses',
    changes: [['own prefix list', ['52.216.0.0/15']], route('pl-0own', 'tgw-0a1'), endpoint('vpce-0s3')],
    step: 'layers',
    is: 'unknown',
  },
  {
    says: 'a firewall endpoint that a prefix list leads to is no gateway endpoint',
    changes: [route('pl-0own', 'vpce-0firewall')],
    is: 'unknown',
  },
  {
    says: 'a route more specific than the local one leads to an endpoint through an appliance',
    start: link,
    changes: [route('10.0.2.0/24', 'eni-0a1')],
    is: 'unknown',
  },
  {
    says: 'a propagated route never stands before the local one',
    start: link,
    changes: [route('10.0.2.0/24', 'vgw-0a1', { propagated: true })],
    is: 'open',
  },
  {
    says: 'a route that is more specific than the list of Amazon S3 leads past the gateway endpoint',
    start: link,
    changes: [route('52.216.0.0/16', 'tgw-0a1')],
    step: 'layers',
    is: 'unknown',
  },

  // NAT gateways
  {
    says: 'a regional NAT gateway needs no subnet',
    changes: [['NAT gateway', { state: 'available', connectivityType: 'public', subnetId: null }]],
    is: 'open',
  },
  {
    says: 'a regional NAT gateway needs an internet gateway',
    changes: [
      ['NAT gateway', { state: 'available', connectivityType: 'public', subnetId: null }],
      ['internet gateway detached', null],
    ],
    is: 'closed',
  },
  {
    says: 'an internet gateway drops what a private NAT gateway sends',
    changes: [
      ['NAT gateway', { state: 'available', connectivityType: 'private', subnetId: 'subnet-0public' }],
    ],
    is: 'closed',
  },
  {
    says: 'a private NAT gateway may hand on to a transit gateway',
    changes: [
      ['NAT gateway', { state: 'available', connectivityType: 'private', subnetId: 'subnet-0public' }],
      route('0.0.0.0/0', 'tgw-0a1', { table: 'rtb-0public' }),
    ],
    is: 'unknown',
  },
  {
    says: 'a peering connection behind a NAT gateway leads nowhere',
    changes: [route('0.0.0.0/0', 'pcx-0a1', { table: 'rtb-0public' })],
    dialled: '52.95.115.9',
    is: 'closed',
  },
  {
    says: 'a gateway endpoint beside the NAT gateway may serve, or not',
    changes: [endpoint('vpce-0s3', { routeTableIds: ['rtb-0public'], policy: noSecrets })],
    step: 'layers',
    is: 'unknown',
  },

  // Filters
  {
    says: 'two allowing halves of a network ACL are a whole',
    changes: [
      aclOf([
        rule(10, true, 'allow', '0.0.0.0/1', null),
        rule(20, true, 'allow', '128.0.0.0/1', null),
        rule(10, false, 'allow', '0.0.0.0/0', null),
      ]),
    ],
    is: 'open',
  },
  {
    says: 'a network ACL that lets answers in on some ephemeral ports works now and then',
    changes: [only(rule(10, false, 'allow', '0.0.0.0/0', [1024, 50_000]))],
    is: 'unknown',
  },
  {
    says: 'the list of Amazon S3 lets nobody reach a registry',
    changes: [
      [
        'security group',
        {
          group: 'sg-0task',
          way: 'egress',
          rules: [{ protocol: 'tcp', ports: [443, 443], peer: 'pl-6da54004' }],
          keeps: false,
        },
      ],
    ],
    is: 'closed',
  },

  // Names
  {
    says: 'own DNS servers beside that of Amazon may not know the endpoint',
    start: link,
    changes: [ownDns('10.0.0.53', 'AmazonProvidedDNS')],
    is: 'unknown',
  },
  {
    says: 'own DNS servers matter only to endpoints',
    changes: [ownDns('10.0.0.53')],
    is: 'open',
  },
  {
    says: 'queries to own DNS servers must get out of the group',
    changes: [ownDns('10.0.0.53'), groupLets(httpsOut, lets('tcp', 53, '0.0.0.0/0'))],
    is: 'closed',
  },
  {
    says: 'they go over UDP',
    changes: [ownDns('10.0.0.53'), groupLets(httpsOut, lets('udp', 53, '10.0.0.0/16'))],
    is: 'open',
  },
  {
    says: 'one server of several is enough',
    changes: [ownDns('10.0.0.53', '10.9.0.53'), groupLets(httpsOut, lets('17', 53, '10.9.0.53/32'))],
    is: 'open',
  },
  {
    says: 'a server may be a member of a group',
    changes: [ownDns('10.0.0.53'), groupLets(httpsOut, lets('udp', 53, 'sg-0default'))],
    is: 'open',
  },
  {
    says: 'queries to the Amazon DNS server pass no group',
    changes: [ownDns('10.0.0.53', 'AmazonProvidedDNS'), groupLets(httpsOut)],
    is: 'open',
  },
  {
    says: 'an address that was dialled shows that queries get through',
    changes: [ownDns('10.0.0.53'), groupLets(httpsOut)],
    dialled: '52.95.115.9',
    is: 'open',
  },
  {
    says: 'queries must pass the network ACL',
    changes: [ownDns('10.9.0.53'), allBut(udp(50, true, 'deny', [53, 53]))],
    is: 'closed',
  },
  {
    says: 'and their answers too',
    changes: [ownDns('10.9.0.53'), allBut(udp(50, false, 'deny', [1024, 65_535]))],
    is: 'closed',
  },
  {
    says: 'within the subnet there is no network ACL',
    changes: [ownDns('10.0.1.53'), allBut(udp(50, true, 'deny', [53, 53]))],
    is: 'open',
  },
  {
    says: 'a registry whose name leads into the network of somebody else is out of sight',
    changes: [route('10.0.0.0/8', 'tgw-0a1')],
    dialled: '10.50.1.10',
    is: 'unknown',
  },
  {
    says: 'an internet gateway leads to no private address',
    start: publicly,
    dialled: '10.50.1.10',
    is: 'closed',
  },
  {
    says: 'an isolated subnet may still reach the endpoints of another VPC, by a zone that nobody looked for',
    start: link,
    changes: [['endpoint removed', 'vpce-0api'], route('10.0.0.0/8', 'tgw-0a1'), ['private zones', null]],
    is: 'likely closed',
  },
  {
    says: 'an isolated subnet does not reach what a public address was dialled for',
    start: link,
    changes: [['endpoint removed', 'vpce-0api'], route('10.0.0.0/8', 'tgw-0a1')],
    dialled: '52.95.115.9',
    is: 'closed',
  },
  {
    says: "a registry of one's own may stand in the VPC",
    start: link,
    changes: [ownRegistry],
    step: 'manifest',
    is: 'likely closed',
  },
  {
    says: 'Docker Hub does not',
    start: link,
    changes: [['image', 'Docker Hub']],
    step: 'manifest',
    is: 'closed',
  },
  {
    says: 'whether a dual-stack name leads to an endpoint is not documented',
    start: link,
    changes: [dualStack],
    is: 'unknown',
  },

  {
    says: 'a private address may be that of no endpoint, where the subnets of the endpoints could not be seen',
    start: link,
    changes: [['groups of the task', ['sg-0default']], route('0.0.0.0/0', 'tgw-0a1')],
    dialled: '10.50.1.10',
    hidden: 'vpcSubnets',
    is: 'likely closed',
  },
  {
    says: 'a private zone may answer before an endpoint, where the DNS servers could not be seen',
    start: link,
    changes: [['private zones', [zone]]],
    hidden: 'dhcpOptions',
    is: 'unknown',
  },

  {
    says: 'the private names of an endpoint are more specific than a zone above them',
    start: link,
    changes: [['private zones', [zone]]],
    is: 'open',
  },
  {
    says: 'they need not hold the dual-stack names',
    start: link,
    changes: [dualStack, ['private zones', [{ ...zone, name: 'api.aws', recordNames: known('*.api.aws') }]]],
    is: 'unknown',
  },
  {
    says: "a private zone leads to a registry of one's own",
    changes: [
      ownRegistry,
      ['private zones', [{ ...zone, name: 'example.com', recordNames: known('registry.example.com') }]],
    ],
    step: 'manifest',
    is: 'unknown',
  },
  {
    says: 'an endpoint that failed does not stand where another one took its place',
    start: link,
    changes: [endpoint('vpce-0dkr', { state: 'failed' }), endpoint('vpce-0dkr2')],
    step: 'manifest',
    dialled: '10.0.2.4',
    is: 'open',
  },
  {
    says: 'where the VPC could not be seen, its DNS server looks like one of the user',
    changes: [ownDns('10.0.0.2'), ['DNS of the VPC', { enableDnsSupport: false, enableDnsHostnames: true }]],
    hidden: 'vpc',
    is: 'unknown',
  },
  {
    says: 'the second address of the VPC is that of its DNS server',
    changes: [ownDns('10.0.0.2'), ['DNS of the VPC', { enableDnsSupport: false, enableDnsHostnames: true }]],
    is: 'closed',
  },
  {
    says: 'a security group of another VPC is not to be seen',
    changes: [['groups of the task', ['sg-0unseen']]],
    is: 'unknown',
  },

  // IPv6, platform versions, secrets
  { says: 'the usual names have no IPv6 addresses', changes: [ipv6Only], step: 'layers', is: 'closed' },
  {
    says: 'NAT64 may give the usual names IPv6 addresses',
    changes: [ipv6Only, route('64:ff9b::/96', 'nat-0a1')],
    step: 'layers',
    is: 'likely closed',
  },
  { says: 'ways over IPv6 are not walked', changes: [ipv6Only, dualStack], is: 'unknown' },
  {
    says: 'a dual-stack name may be reached over IPv6',
    start: link,
    changes: [noEndpoint, dualStack, route('::/0', 'eigw-0a1')],
    is: 'unknown',
  },
  {
    says: 'the layers of a dual-stack registry may be reached over IPv6, past the endpoint for Amazon S3',
    changes: [
      dualStack,
      endpoint('vpce-0s3if', { securityGroupIds: ['sg-0task'] }),
      route('::/0', 'eigw-0a1'),
    ],
    step: 'layers',
    is: 'likely closed',
  },
  {
    says: 'a blackhole leads to no IPv6 address',
    start: link,
    changes: [noEndpoint, dualStack, route('::/0', 'eigw-0a1', { state: 'blackhole' })],
    is: 'closed',
  },
  {
    says: 'a registry outside AWS may be reached over IPv6',
    start: link,
    changes: [['image', 'Docker Hub'], route('::/0', 'eigw-0a1')],
    step: 'manifest',
    is: 'likely closed',
  },
  {
    says: 'an address of IPv6 was dialled, and ways over IPv6 are not walked',
    changes: [dualStack],
    dialled: '2600:1f18::9',
    is: 'unknown',
  },
  {
    says: 'an address of IPv6 was dialled, and the way over IPv4 ends too',
    changes: [dualStack, ['internet gateway detached', null]],
    dialled: '2600:1f18::9',
    is: 'likely closed',
  },
  {
    says: 'Fargate 1.3.0 fetches the token outside the VPC',
    changes: [['launch', 'Fargate 1.3.0']],
    is: null,
  },
  { says: 'Fargate on Windows does not', changes: [['launch', 'Fargate on Windows']], is: 'open' },
  {
    says: 'the policy of an endpoint may keep secrets back',
    start: link,
    changes: [withSecret, endpoint('vpce-0secrets', { policy: noSecrets })],
    step: 'secrets',
    is: 'closed',
  },
];

test.each(cases)('$says', ({ start = nat, changes = [], step = 'token', dialled, hidden, is }) => {
  const facts = { ...collected(factsOf({ start, changes })), ...unknown(hidden ? [hidden] : []) };
  const error = errorOf(
    dialled
      ? { step, address: { ip: dialled, at: dialled.startsWith('10.') ? 'a hub' : 'the internet' } }
      : undefined,
  );

  const path = pathsOf(facts, error).find(({ destination }) => destination.step === step);

  expect(path ? verdictOf(path) : null).toBe(is);
});

const registry = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const imageOf = (change: Partial<NonNullable<ImageReference['ecr']>>, host = registry) => ({
  images: (all: readonly ImageReference[]) =>
    all.map((one) => ({ ...one, registry: host, ecr: one.ecr && { ...one.ecr, ...change } })),
});
const fips = imageOf({ fips: true }, '111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com');
const privateDnsOff = endpoint('vpce-0api', { privateDnsEnabled: false });
const ownServers = ownDns('10.0.0.53');
const besideAmazon = ownDns('10.0.0.53', 'AmazonProvidedDNS');
const lockedOut = { policy: JSON.stringify({ Statement: [] }) };
const natFailed = [nat, { state: 'failed', connectivityType: 'public', subnetId: 'subnet-0public' }] as const;
const gatewayGone = ['internet gateway detached', null] as const;
const groupRules = (way: 'ingress' | 'egress', ...peers: readonly string[]) =>
  [
    'security group',
    {
      group: 'sg-0task',
      way,
      rules: peers.map((peer) => ({ protocol: 'tcp', ports: [443, 443], peer })),
      keeps: false,
    },
  ] as const;
const groupsLetNothingOut = groupRules('egress');
const groupsLetOut = groupRules('egress', '10.0.0.0/8');
const toHub = route('10.0.0.0/8', 'tgw-0a1');
const shutOther = ['network ACL', { acl: 'acl-0other', keeps: false, entries: [] }] as const;
const letsOutWithin = aclOf([
  rule(10, true, 'allow', '10.0.0.0/8', null),
  rule(10, false, 'allow', '0.0.0.0/0', null),
]);

test.each<[string, Situation, string]>([
  // A token that may be asked for by two names
  ['both names of the API end', { edit: fips, changes: [gatewayGone] }, 'closed internet-gateway-detached'],
  [
    'the Amazon DNS server gives such addresses, and NAT64 may lead there',
    {
      changes: [ipv6Only, route('64:ff9b::/96', 'nat-0a1')],
      edit: { subnets: withDns64 },
      error: { host: 'api.ecr.eu-west-1.amazonaws.com' },
    },
    'unknown ipv6-only-subnet',
  ],
  [
    'the Amazon DNS server gives such addresses, and nothing leads there',
    {
      changes: [ipv6Only],
      edit: { subnets: withDns64 },
      error: { host: 'api.ecr.eu-west-1.amazonaws.com' },
    },
    'closed ipv6-only-subnet',
  ],
  ['only the usual name of the API leads on', { start: link, edit: fips }, 'unknown endpoint-missing'],

  // An endpoint, and doubt whether the name leads to it
  [
    'the endpoint ends what its name leads to, whatever other ways there are',
    { changes: [endpoint('vpce-0api', lockedOut)] },
    'closed endpoint-policy-denies-pull',
  ],
  [
    'by an endpoint or past it: both are open',
    { changes: [endpoint('vpce-0api')], edit: { dhcpOptions: refused } },
    '',
  ],
  [
    'by an endpoint or past it: nobody knows whether names are resolved at all',
    { changes: [endpoint('vpce-0api')], edit: { vpcDns: refused } },
    'unknown vpc-dns-disabled',
  ],
  [
    'by an endpoint or past it: only past it',
    { changes: [endpoint('vpce-0api', lockedOut)], edit: { dhcpOptions: refused } },
    'unknown custom-dns-servers, likely closed endpoint-policy-denies-pull',
  ],
  [
    'by an endpoint or past it: only by it',
    { start: link, edit: { dhcpOptions: refused } },
    'unknown custom-dns-servers',
  ],
  [
    'by an endpoint or past it: neither',
    { start: link, changes: [endpoint('vpce-0api', lockedOut)], edit: { dhcpOptions: refused } },
    'unknown custom-dns-servers, closed endpoint-policy-denies-pull',
  ],

  // An endpoint that its name does not lead to
  ['private DNS is off, and another way is open', { changes: [privateDnsOff] }, ''],
  [
    'private DNS is off, and no other way was meant to be there',
    { start: link, changes: [privateDnsOff] },
    'closed endpoint-private-dns-off',
  ],
  [
    'the group of the task lets out to a list that holds the addresses of the VPC',
    { start: link, changes: [['own prefix list', ['10.0.0.0/16']], groupRules('egress', 'pl-0own')] },
    '',
  ],
  [
    'a public address was dialled, there is no way out, and the subnets of the endpoint are not shown',
    {
      start: link,
      edit: { vpcSubnets: refused },
      error: { step: 'token', address: '52.95.115.9', addressKind: 'public' },
    },
    'unknown endpoint-not-available, unknown task-security-group-closed, unknown endpoint-not-available',
  ],
  [
    'private DNS is off, and another way is broken',
    { changes: [privateDnsOff, natFailed] },
    'unknown endpoint-private-dns-off, closed nat-gateway-unusable',
  ],
  [
    'private DNS is off, another way is open, and the endpoint would deny',
    { changes: [endpoint('vpce-0api', { privateDnsEnabled: false, ...lockedOut })] },
    '',
  ],
  [
    'private DNS is off, and what would end the way behind it is said too',
    { start: link, changes: [endpoint('vpce-0api', { privateDnsEnabled: false, ...lockedOut })] },
    'closed endpoint-private-dns-off, closed endpoint-policy-denies-pull',
  ],
  [
    'private DNS is off, and a hub may lead on: both are only likely',
    {
      start: link,
      changes: [
        endpoint('vpce-0api', { privateDnsEnabled: false, ...lockedOut }),
        toHub,
        ['private zones', null],
      ],
    },
    'likely closed endpoint-private-dns-off, likely closed endpoint-policy-denies-pull',
  ],
  [
    'private DNS is off, and the groups of the task let nothing out',
    { changes: [privateDnsOff, groupsLetNothingOut] },
    'unknown endpoint-private-dns-off, closed task-security-group-closed',
  ],
  [
    'private DNS is off, there is no way out, and the groups of the task let nothing out',
    { start: link, changes: [privateDnsOff, groupsLetNothingOut] },
    'closed endpoint-private-dns-off, closed task-security-group-closed',
  ],
  [
    'private DNS is off, and the groups of the task let packets out to the VPC alone',
    { changes: [privateDnsOff, groupsLetOut] },
    'closed endpoint-private-dns-off',
  ],
  [
    'private DNS is off, and the group of the task, which is that of the endpoint, lets nothing in',
    {
      changes: [
        endpoint('vpce-0api', { privateDnsEnabled: false, securityGroupIds: ['sg-0task'] }),
        groupsLetOut,
      ],
    },
    'closed endpoint-private-dns-off, closed endpoint-security-group-closed',
  ],
  [
    'private DNS is off, and one network ACL shuts the internet out, another one the endpoint',
    { changes: [privateDnsOff, letsOutWithin, shutOther] },
    'closed endpoint-private-dns-off, closed network-acl-blocks-registry, closed network-acl-blocks-registry',
  ],
  [
    'private DNS is off, and one network ACL shuts everything out',
    { changes: [privateDnsOff, aclOf([])] },
    'unknown endpoint-private-dns-off, closed network-acl-blocks-registry, closed network-acl-blocks-registry',
  ],
  [
    'a failed endpoint is named once',
    { start: link, changes: [endpoint('vpce-0api', { state: 'failed' })] },
    'closed endpoint-not-available',
  ],

  // An endpoint that own DNS servers may not know
  ['own DNS servers, and both ways are open', { changes: [endpoint('vpce-0api'), ownServers] }, ''],
  [
    'own DNS servers, and the endpoint ends what they may lead to it',
    { changes: [endpoint('vpce-0api', lockedOut), ownServers] },
    'unknown custom-dns-servers',
  ],
  [
    'own DNS servers, and no other way was meant to be there',
    { start: link, changes: [ownServers] },
    'likely closed custom-dns-servers',
  ],
  [
    'own DNS servers, no other way, and an endpoint that is there in part',
    { start: link, changes: [ownServers, endpoint('vpce-0api', { state: 'partial' })] },
    'likely closed custom-dns-servers, unknown endpoint-not-available',
  ],
  [
    'own DNS servers, and another way is broken',
    { changes: [endpoint('vpce-0api'), ownServers, natFailed] },
    'unknown custom-dns-servers, likely closed nat-gateway-unusable',
  ],
  [
    'own DNS servers, another way is broken, and the endpoint ends the other',
    { changes: [endpoint('vpce-0api', lockedOut), ownServers, natFailed] },
    'unknown custom-dns-servers, closed nat-gateway-unusable',
  ],
  [
    'own DNS servers beside that of Amazon, and both ways are open',
    { changes: [endpoint('vpce-0api'), besideAmazon] },
    '',
  ],
])('%s', (_, situation, expected) => {
  expect(notOpen(pathIn(situation)?.hops)).toBe(expected);
});

test('of two names of the API, what is open on the way of one stays open', () => {
  const hops = pathIn({ start: link, edit: fips })?.hops ?? [];

  expect(written(hops)).toMatch(/^open ipv6-only-subnet, .*unknown endpoint-missing/);
  expect(hops.find(({ verdict }) => verdict === 'unknown')?.because).toMatch(
    /; the token may be asked for at `api\.ecr\.eu-west-1\.amazonaws\.com` instead$/,
  );
});

test('an endpoint whose name does not lead to it is not said to be well', () => {
  expect(written(pathIn({ start: link, changes: [privateDnsOff] })?.hops)).toBe(
    [
      'open ipv6-only-subnet',
      'closed endpoint-private-dns-off',
      'open task-security-group-closed',
      ...Array(2).fill('open network-acl-blocks-registry'),
      'open endpoint-security-group-closed',
      'open endpoint-policy-denies-pull',
      ...Array(2).fill('open network-acl-blocks-registry'),
    ].join(', '),
  );
});

test.each<[string, Situation, object]>([
  ['is broken', { changes: [privateDnsOff, natFailed] }, []],
  [
    'leads out of sight',
    { changes: [privateDnsOff, route('0.0.0.0/0', 'tgw-0a1')] },
    expect.arrayContaining(['endpoint-security-group-closed']),
  ],
])('what an unused endpoint hides, where another way %s', (_, situation, hidden) => {
  const hops = pathIn(situation)?.hops ?? [];

  expect(hops.find(({ check }) => check === 'endpoint-private-dns-off')?.hides).toEqual(hidden);
});

test('nothing is said of what lies behind a name that leads nowhere, or of a way over IPv6', () => {
  const dnsOff = ['DNS of the VPC', { enableDnsSupport: false, enableDnsHostnames: true }] as const;
  const of = (changes: Changes) => pathIn({ changes: changes ?? [] }, 'manifest');

  expect(written(of([dnsOff])?.hops)).toBe('open ipv6-only-subnet, closed vpc-dns-disabled');
  expect(of([dnsOff])?.addresses).toBe('unknown');
  expect(written(of([ipv6Only])?.hops)).toBe('closed ipv6-only-subnet');
  expect(of([ipv6Only])?.addresses).toBe('unknown');
});

test('of a way over IPv4 beside the IPv6 address that was dialled, only what ends it is said', () => {
  const changes = [dualStack, gatewayGone];

  expect(written(pathIn({ changes, error: { step: 'token', address: '2600:1f18::9' } })?.hops)).toBe(
    'unknown ipv6-only-subnet, likely closed internet-gateway-detached',
  );
});

// Subnets without IPv4 addresses
const images = (...hosts: readonly (keyof typeof hostOf)[]) => ({
  images: ([one]: readonly ImageReference[]) =>
    hosts.map((host) => ({
      ...one,
      registry: hostOf[host],
      ecr: host === 'elsewhere' ? null : one?.ecr && { ...one.ecr, dualStack: host === 'dual-stack' },
    })),
});
const hostOf = {
  usual: registry,
  'dual-stack': '111122223333.dkr-ecr.eu-west-1.on.aws',
  elsewhere: 'ghcr.io',
};
const askedAtDualStack = { host: 'ecr.eu-west-1.api.aws' };
test.each<[Step, string, Situation, string]>([
  ['token', 'the usual names, or others', {}, 'unknown'],
  [
    'token',
    'the usual name, which the text names',
    { error: { host: 'api.ecr.eu-west-1.amazonaws.com' } },
    'closed',
  ],
  ['manifest', 'the usual names', {}, 'closed'],
  ['token', 'a dual-stack name', { edit: images('dual-stack') }, 'unknown'],
  ['token', 'a dual-stack name, whatever that of the image', { error: askedAtDualStack }, 'unknown'],
  ['secrets', 'a secret', { changes: [withSecret] }, 'unknown'],
  ['manifest', 'a registry elsewhere', { edit: images('elsewhere') }, 'unknown'],
  ['layers', 'the usual names', {}, 'closed'],
  ['layers', 'a dual-stack name', { edit: images('dual-stack') }, 'unknown'],
  ['layers', 'one name of each', { edit: images('usual', 'dual-stack') }, 'unknown'],
  [
    'layers',
    'the usual name of the image, whatever that of the token',
    { error: askedAtDualStack },
    'closed',
  ],
  ['layers', 'an internet gateway for IPv6', { changes: [route('::/0', 'igw-0a1')] }, 'closed'],
  ['layers', 'a NAT gateway for IPv6', { changes: [route('::/0', 'nat-0a1')] }, 'likely closed'],
  [
    'layers',
    'NAT64 in a blackhole',
    {
      changes: [route('64:ff9b::/96', 'nat-0a1', { state: 'blackhole' })],
    },
    'closed',
  ],
  [
    'layers',
    'a NAT gateway for some of the addresses of NAT64',
    {
      changes: [route('64:ff9b::/120', 'nat-0a1')],
    },
    'closed',
  ],
  ['layers', 'a route table that nobody could see', { edit: { routeTables: refused } }, 'likely closed'],
  ['layers', 'a route table that is not there', { edit: { routeTables: () => [] } }, 'likely closed'],
])('%s from a subnet without IPv4 addresses: %s', (step, _, { changes = [], ...more }, expected) => {
  const path = pathIn({ changes: [ipv6Only, ...changes], ...more }, step);

  expect(written(path?.hops)).toBe(`${expected} ipv6-only-subnet`);
});

// Which connection a text speaks of
const within = '10.50.1.10';
test.each<[string, Situation['error'], readonly Step[]]>([
  ['no address', { step: 'manifest' }, []],
  ['the address of a step', { step: 'manifest', address: within }, ['manifest']],
  ['the address of a host', { step: null, host: registry, address: within }, ['manifest']],
  [
    'the address of a host, which tells more than the step',
    { step: 'token', host: registry, address: within },
    ['manifest'],
  ],
  [
    'the address of a host that no connection of the pull goes to',
    { step: 'layers', host: 'mirror.example.com', address: within },
    ['layers'],
  ],
])('a text that names %s', (_, error, expected) => {
  const paths = pathsIn({ changes: [toHub], error: { ...error } });

  const dialled = paths.filter(({ hops }) => hops.some(({ at }) => at === 'tgw-0a1'));
  expect(dialled.map(({ destination }) => destination.step)).toEqual(expected);
});

// What cannot be walked
const stepsOf = (situation: Situation) => pathsIn(situation).map(({ destination }) => destination.step);
test.each<[string, Situation]>([
  ['outside a VPC', { edit: { placement: () => null } }],
  ['a task that nobody knows the place of', { edit: { placement: refused } }],
  ['a task in subnets that nobody could see', { edit: { subnets: refused } }],
])('%s has no ways', (_, situation) => {
  expect(stepsOf(situation)).toEqual([]);
});

test('without the task definition, secrets are a connection of which nothing is known', () => {
  const withoutDefinition = { edit: { taskDefinition: refused } };
  const revision = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7';
  const task = (taskDefinitionArn: string | null) => (one: object) => ({ ...one, taskDefinitionArn });
  const nameOf = (arn: string | null) =>
    pathIn({ edit: { ...withoutDefinition.edit, task: task(arn) } }, 'secrets')?.hops[0]?.at;

  expect(written(pathIn(withoutDefinition, 'secrets')?.hops)).toBe('unknown endpoint-missing');
  expect([nameOf(revision), nameOf(null)]).toEqual([revision, expect.stringContaining(':task/')]);
  expect(stepsOf({})).not.toContain('secrets');
  expect(stepsOf({ ...withoutDefinition, error: { step: 'token' } })).not.toContain('secrets');
  expect(stepsOf({ ...withoutDefinition, changes: [['launch', 'Fargate 1.3.0']] })).not.toContain('secrets');
});
