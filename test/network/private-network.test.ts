import { expect, test } from '@jest/globals';
import type { CollectedFacts, Facts } from '../../lambda/model/facts.ts';
import type { Destination } from '../../lambda/model/network.ts';
import { mayBePrivate } from '../../lambda/network/private-network.ts';
import type { Walk } from '../../lambda/network/walk.ts';
import { known, refused } from '../support/asking.ts';
import { route } from './healthy-network.ts';

const region = 'eu-west-1';
const token: Destination = {
  host: `api.ecr.${region}.amazonaws.com`,
  step: 'token',
  service: 'ecr.api',
  region,
};
const outside = (host: string): Destination => ({ host, step: 'manifest', service: null, region: null });

const group = (...peers: readonly string[]) => ({
  securityGroups: known([
    {
      groupId: 'sg-0task',
      groupName: 'web',
      vpcId: 'vpc-0a1',
      ingress: [],
      egress: peers.map((peer) => ({ protocol: '-1', ports: null, peer })),
    },
  ]),
});
const acl = (...blocks: readonly string[]) => ({
  networkAcls: known([
    {
      networkAclId: 'acl-0task',
      subnetIds: ['subnet-0task'],
      entries: blocks.map((cidrBlock, index) => ({
        ruleNumber: 100 + index,
        egress: true,
        protocol: '-1',
        action: 'allow' as const,
        cidrBlock,
        ports: null,
      })),
    },
  ]),
});
type Routes = readonly ReturnType<typeof route>[];
const tables = (task: Routes, ofNat: Routes = []) => ({
  routeTables: known([
    { routeTableId: 'rtb-0task', main: false, subnetIds: ['subnet-0task'], routes: withLocal(task) },
    { routeTableId: 'rtb-0nat', main: false, subnetIds: ['subnet-0nat'], routes: withLocal(ofNat) },
  ]),
});
const withLocal = (routes: Routes) => [route('10.0.0.0/16', 'local'), ...routes];
const nat = (change: Partial<Facts['natGateways'][number]> = {}) => ({
  natGateways: known([
    {
      natGatewayId: 'nat-0a1',
      state: 'available',
      failureMessage: null,
      connectivityType: 'private' as const,
      subnetId: 'subnet-0nat',
      ...change,
    },
  ]),
});

/** Nobody knows the private zones of the VPC, and a transit gateway leads on. */
const base = {
  privateZones: refused,
  securityGroupIds: known(['sg-0task']),
  ...group('0.0.0.0/0'),
  ...acl('0.0.0.0/0'),
  ...tables([route('0.0.0.0/0', 'tgw-0a1')]),
  ...nat(),
  vpcEndpoints: known([]),
  prefixLists: known([]),
  servicePrefixLists: known([]),
  vpc: known({ vpcId: 'vpc-0a1', cidrBlocks: ['10.0.0.0/16'] }),
  vpcSubnets: known([]),
  subnets: known([]),
};
const noWay = tables([]);
const throughNat = tables([route('0.0.0.0/0', 'nat-0a1')], [route('10.0.0.0/8', 'tgw-0a1')]);

type Edit = Partial<CollectedFacts> & {
  readonly to?: Destination;
  readonly dialled?: string;
  /** Where the name of the registry led. */
  readonly led?: string;
};
const registry = {
  ...token,
  host: `111122223333.dkr.ecr.${region}.amazonaws.com`,
  step: 'manifest' as const,
};
test.each<[string, boolean, Edit]>([
  // Names
  ['an API of AWS, by a zone that nobody looked for', true, {}],
  ['an API of AWS, and no zone has its name', false, { privateZones: known([]) }],
  [
    'an API of AWS, where no zone has its name, and another one led to another network',
    true,
    { privateZones: known([]), led: '10.99.0.5' },
  ],
  [
    'an API of AWS, where another one led to an endpoint of the VPC',
    false,
    { privateZones: known([]), led: '10.0.2.5' },
  ],
  [
    'an API of AWS, where another one led to the internet',
    false,
    { privateZones: known([]), led: '52.95.115.9' },
  ],
  ['an API of AWS, of which an address is known', false, { dialled: '52.95.115.9' }],
  ["a registry of one's own", true, { to: outside('registry.example.com') }],
  [
    "a registry of one's own, whatever zones there are",
    true,
    { to: outside('registry.example.com'), privateZones: known([]) },
  ],
  [
    "a registry of one's own in the same subnet",
    true,
    { to: outside('registry.example.com'), ...noWay, ...acl() },
  ],
  [
    "a registry of one's own, of which an address is known",
    false,
    { to: outside('registry.example.com'), dialled: '52.95.115.9' },
  ],
  ['a registry of all the world', false, { to: outside('ghcr.io') }],

  // Filters
  [
    "a registry of one's own, to which the groups let nothing",
    false,
    { to: outside('registry.example.com'), ...group('52.0.0.0/8') },
  ],
  ['somewhere to which the groups let nothing', false, group('52.0.0.0/8')],
  ['somewhere to which the groups let something', true, group('10.0.0.0/8')],
  ['somewhere to which the groups may let something', true, { securityGroups: refused }],
  ['somewhere to which the network ACL lets nothing', false, acl('52.0.0.0/8')],
  ['somewhere to which the network ACL lets something', true, acl('192.168.0.0/16')],
  ['somewhere to which the network ACL may let something', true, { networkAcls: refused }],

  // Routes
  ['nowhere, as no route leads out of the VPC', false, noWay],
  ['somewhere, by a route to some private addresses', true, tables([route('10.50.0.0/16', 'pcx-0a1')])],
  ['nowhere, by a blackhole', false, tables([route('0.0.0.0/0', 'tgw-0a1', 'blackhole')])],
  ['nowhere, by an internet gateway', false, tables([route('0.0.0.0/0', 'igw-0a1')])],
  ['somewhere, by a route that may not count', true, tables([route('0.0.0.0/0', 'tgw-0a1', 'filtered')])],
  ['somewhere, by a table that nobody could see', true, { routeTables: refused }],
  ['somewhere, by a table that is not there', true, { routeTables: known([]) }],

  // NAT gateways
  ['somewhere, behind a NAT gateway', true, throughNat],
  [
    'nowhere, behind a NAT gateway before an internet gateway',
    false,
    tables([route('0.0.0.0/0', 'nat-0a1')], [route('0.0.0.0/0', 'igw-0a1')]),
  ],
  ['nowhere, behind a NAT gateway that failed', false, { ...throughNat, ...nat({ state: 'failed' }) }],
  ['nowhere, behind a regional NAT gateway', false, { ...throughNat, ...nat({ subnetId: null }) }],
  [
    'nowhere, behind a NAT gateway that is not there',
    false,
    tables([route('0.0.0.0/0', 'nat-0gone')], [route('10.0.0.0/8', 'tgw-0a1')]),
  ],
  ['somewhere, behind a NAT gateway that nobody could see', true, { ...throughNat, natGateways: refused }],
  [
    'nowhere, from a NAT gateway to itself',
    false,
    tables([route('0.0.0.0/0', 'nat-0a1')], [route('0.0.0.0/0', 'nat-0a1')]),
  ],
])(
  'a name may lead to a private address: %s',
  (_, expected, { to = token, dialled = null, led = '', ...edit }) => {
    const way = {
      facts: { ...base, ...edit },
      destinations: [to, registry],
      error: {
        host: registry.host,
        ...(led && { address: led, addressKind: led.startsWith('10.') ? 'private' : 'public' }),
      },
      subnet: { subnetId: 'subnet-0task', vpcId: 'vpc-0a1', cidrBlock: '10.0.1.0/24' },
      destination: to,
      dialled,
    } as unknown as Walk;

    expect(mayBePrivate(way)).toBe(expected);
  },
);
