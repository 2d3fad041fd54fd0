import { expect, test } from '@jest/globals';
import type { NatGateway, RouteTable, Subnet } from '../../lambda/model/facts.ts';
import { publicSubnetNear, tableToMend, type WayOutFacts, wayOut } from '../../lambda/network/way-out.ts';
import { known, refused } from '../support/asking.ts';

const nat: NatGateway = {
  natGatewayId: 'nat-0a1',
  state: 'available',
  failureMessage: null,
  connectivityType: 'public',
  subnetId: 'subnet-0public',
};
const table = (target: string, state: 'active' | 'blackhole' = 'active'): RouteTable => ({
  routeTableId: 'rtb-0public',
  main: false,
  subnetIds: ['subnet-0public'],
  routes: [{ destination: '0.0.0.0/0', target, state, origin: 'CreateRoute' }],
});
/** Its table with routes of their own to parts of the internet. */
const split = (...routes: readonly (readonly [string, string, state?: 'blackhole'])[]) => ({
  routeTables: known([
    {
      ...table('igw-0a1'),
      routes: routes.map(([destination, target, state = 'active' as const]) => ({
        destination,
        target,
        state,
        origin: 'CreateRoute',
      })),
    },
  ]),
});
const whole = ['0.0.0.0/0', 'igw-0a1'] as const;
const facts: WayOutFacts = {
  publicIp: known(false),
  internetGateways: known([{ internetGatewayId: 'igw-0a1' }]),
  natGateways: known([nat]),
  routeTables: known([table('igw-0a1')]),
};

test.each<[string, Partial<WayOutFacts>, string | null]>([
  ['a public NAT gateway in a subnet that leads out', {}, 'nat-0a1'],
  ['the internet gateway, for a task with a public address', { publicIp: known(true) }, 'igw-0a1'],
  [
    'no internet gateway for a task with a public address',
    { publicIp: known(true), internetGateways: known([]) },
    null,
  ],
  ['not known to have a public address', { publicIp: refused }, 'nat-0a1'],
  ['a private one', { natGateways: known([{ ...nat, connectivityType: 'private' }]) }, null],
  ['one that failed', { natGateways: known([{ ...nat, state: 'failed' }]) }, null],
  ['a regional one, whose own table is not seen', { natGateways: known([{ ...nat, subnetId: null }]) }, null],
  [
    'a regional one whose own table leads out',
    { natGateways: known([{ ...nat, subnetId: null, routeTableId: 'rtb-0public' }]) },
    'nat-0a1',
  ],
  [
    'a regional one is in no subnet of the main table',
    {
      natGateways: known([{ ...nat, subnetId: null }]),
      routeTables: known([{ ...table('igw-0a1'), main: true }]),
    },
    null,
  ],
  [
    'its subnet leads only some addresses out',
    {
      routeTables: known([
        {
          ...table('igw-0a1'),
          routes: [{ destination: '52.0.0.0/8', target: 'igw-0a1', state: 'active', origin: null }],
        },
      ]),
    },
    null,
  ],
  [
    'its subnet leads both halves out',
    split(['0.0.0.0/1', 'igw-0a1'], ['128.0.0.0/1', 'igw-0a1']),
    'nat-0a1',
  ],
  ['its subnet leads one half out', split(['0.0.0.0/1', 'igw-0a1']), null],
  ['one half of it is a blackhole', split(whole, ['128.0.0.0/1', 'igw-0gone', 'blackhole']), null],
  ['one half of it leads elsewhere', split(whole, ['0.0.0.0/1', 'vpce-0firewall']), null],
  ['some of it leads elsewhere', split(whole, ['52.0.0.0/8', 'tgw-0a1']), 'nat-0a1'],
  ['Amazon S3 leads to its endpoint', split(whole, ['pl-6da54004', 'vpce-0s3']), 'nat-0a1'],
  ['its subnet leads to itself', { routeTables: known([table('nat-0a1')]) }, null],
  ['its route is a blackhole', { routeTables: known([table('igw-0a1', 'blackhole')]) }, null],
  ['its gateway is attached to no VPC', { internetGateways: known([]) }, null],
  ['nobody may see the internet gateways', { internetGateways: refused }, null],
  ['nobody may see the gateways', { natGateways: refused }, null],
  ['nobody may see the tables', { routeTables: refused }, null],
])('%s', (_, change, expected) => {
  expect(wayOut({ ...facts, ...change })).toBe(expected);
});

test('a NAT gateway may stand in a subnet that leads out, in the same zone rather than in another', () => {
  const subnet = (subnetId: string, availabilityZone: string, change: Partial<Subnet> = {}): Subnet => ({
    subnetId,
    vpcId: 'vpc-0a1',
    ownerId: null,
    availabilityZone,
    cidrBlock: '10.0.1.0/24',
    ipv6Native: false,
    internetGatewayBlockMode: 'off',
    ...change,
  });
  const near = (subnets: readonly Subnet[], change: Partial<WayOutFacts> = {}) =>
    publicSubnetNear('task', {
      ...facts,
      routeTables: known([{ ...table('igw-0a1'), subnetIds: ['b', 'a'] }]),
      ...change,
      vpcSubnets: known([subnet('other', 'zone-b'), subnet('task', 'zone-a'), ...subnets]),
    });
  const both = [subnet('b', 'zone-b'), subnet('a', 'zone-a')];

  expect(near(both)).toBe('a');
  expect(near(both.slice(0, 1))).toBe('b');
  expect(near([])).toBeNull();
  expect(near([subnet('b', 'zone-b'), subnet('a', 'zone-a', { cidrBlock: null })])).toBe('b');
  expect(near([subnet('a', 'zone-a', { internetGatewayBlockMode: 'block-bidirectional' })])).toBeNull();
  // That mode lets NAT gateways out.
  expect(near([subnet('a', 'zone-a', { internetGatewayBlockMode: 'block-ingress' })])).toBe('a');
  expect(near(both, { internetGateways: known([]) })).toBeNull();
  expect(near(both, { routeTables: known([table('igw-0a1', 'blackhole')]) })).toBeNull();
  expect(near(both, { routeTables: refused })).toBeNull();
  expect(publicSubnetNear('task', { ...facts, vpcSubnets: refused })).toBeNull();
});

const tables = known([
  { routeTableId: 'rtb-0task', main: false, subnetIds: ['subnet-0task'], routes: [] },
  { routeTableId: 'rtb-0nat', main: false, subnetIds: ['subnet-0nat'], routes: [] },
]);
test.each<[string, readonly string[], object, object]>([
  [
    'that of the task, where a table is shared',
    ['nat-0a1', 'rtb-0task', 'subnet-0task'],
    {},
    { table: 'rtb-0task', isOwn: false },
  ],
  ['its own', ['nat-0a1', 'rtb-0nat', 'subnet-0nat'], {}, { table: 'rtb-0nat', isOwn: true }],
  ['that of the task, which leads to it', ['nat-0a1', 'rtb-0nat'], {}, { table: 'rtb-0task', isOwn: false }],
  [
    'that of a regional one',
    ['nat-0a1', 'rtb-0nat'],
    { natGateways: known([{ natGatewayId: 'nat-0a1', routeTableId: 'rtb-0nat' }]) },
    { table: 'rtb-0nat', isOwn: true },
  ],
  [
    'that of the task, where the hop names none',
    ['nat-0a1', 'subnet-0a', 'subnet-0b'],
    {},
    { table: 'rtb-0task', isOwn: false },
  ],
  [
    'the one that the hop names, where tables are not shown',
    ['nat-0a1', 'rtb-0nat'],
    { routeTables: refused },
    { table: 'rtb-0nat', isOwn: false },
  ],
])('the table to mend for a NAT gateway is %s', (_, resources, shown, expected) => {
  const facts = { natGateways: known([]), routeTables: tables, ...shown };

  expect(
    tableToMend(
      { resources } as never,
      { subnetId: 'subnet-0task' } as never,
      ['subnet-0task'],
      facts as never,
    ),
  ).toEqual(expected);
});
