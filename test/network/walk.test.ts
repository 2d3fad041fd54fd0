import { expect, test } from '@jest/globals';
import type { FactName, Step } from '../../lambda/model/facts.ts';
import { pathsOf } from '../../lambda/network/walk.ts';
import { endpoint } from './added-endpoint.ts';
import { errorOf, unknown, verdictOf } from './agreement.ts';
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
