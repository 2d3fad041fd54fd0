import { expect, test } from '@jest/globals';
import type { PullError, Step } from '../../lambda/model/facts.ts';
import { refused } from '../support/asking.ts';
import { endpoint } from './added-endpoint.ts';
import { notOpen, pathIn, type Situation, written } from './hops.ts';

const nat = (options: object = {}) =>
  [
    'NAT gateway',
    { state: 'available', connectivityType: 'public', subnetId: 'subnet-0public', ...options },
  ] as const;
const route = (destination: string, target: string, state = 'active') =>
  ['route added', { table: 'rtb-0public', destination, target, state, propagated: false }] as const;
const noRoute = ['route removed', { table: 'rtb-0public', destination: '0.0.0.0/0' }] as const;
const hub: Partial<PullError> = { step: 'token', address: '10.50.1.10' };
const sealed = { policy: JSON.stringify({ Statement: [] }) };
const s3 = (options: object = {}) => endpoint('vpce-0s3', { routeTableIds: ['rtb-0public'], ...options });
const unusable = 'closed nat-gateway-unusable';
const leadsElsewhere = 'closed no-route-to-registry';
const outOfSight = 'unknown nat-gateway-unusable';

test.each<[string, Situation, string]>([
  [
    'another one than those that are there',
    {
      changes: [
        [
          'route added',
          {
            table: 'rtb-0task',
            destination: '0.0.0.0/0',
            target: 'nat-0b2',
            state: 'active',
            propagated: false,
          },
        ],
      ],
    },
    unusable,
  ],
  [
    'a private one whose subnet leads to an internet gateway',
    { changes: [nat({ connectivityType: 'private' })] },
    unusable,
  ],
  [
    'a regional one, and a private address',
    { changes: [nat({ subnetId: null })], error: hub },
    leadsElsewhere,
  ],
  ['a regional one, and a public address', { changes: [nat({ subnetId: null })] }, ''],
  ['one whose subnet has no route', { changes: [noRoute] }, unusable],
  [
    'one whose subnet leads one half of the internet to what is gone',
    { changes: [route('128.0.0.0/1', 'nat-0gone', 'blackhole')] },
    `likely ${unusable}`,
  ],
  [
    'one whose subnet leads one half of the internet to what is gone, and an address of that half',
    {
      changes: [route('128.0.0.0/1', 'nat-0gone', 'blackhole')],
      error: { step: 'token', address: '150.222.1.1' },
    },
    unusable,
  ],
  [
    'one whose subnet leads one half of the internet to what is gone, and an address of the other half',
    {
      changes: [route('128.0.0.0/1', 'nat-0gone', 'blackhole')],
      error: { step: 'token', address: '52.95.115.9' },
    },
    '',
  ],
  ['one whose subnet leads to another one', { changes: [route('0.0.0.0/0', 'nat-0b2')] }, unusable],
  ['one whose subnet leads to an internet gateway, and a private address', { error: hub }, leadsElsewhere],
  ['one whose subnet leads to a hub', { changes: [route('10.0.0.0/8', 'tgw-0a1')], error: hub }, outOfSight],
  [
    'one whose subnet leads to a hub that is gone',
    { changes: [route('10.0.0.0/8', 'tgw-0a1', 'blackhole')], error: hub },
    unusable,
  ],
  [
    'one whose subnet leads to the VPC of a peer, and a private address',
    { changes: [route('10.0.0.0/8', 'pcx-0a1')], error: hub },
    outOfSight,
  ],
  [
    'one whose subnet leads to the VPC of a peer, and a public address',
    { changes: [route('0.0.0.0/0', 'pcx-0a1')] },
    unusable,
  ],
  [
    'one whose subnet leads to a transit gateway that is gone',
    { changes: [route('0.0.0.0/0', 'tgw-0a1', 'blackhole')] },
    unusable,
  ],
])('packets meet %s', (_, situation, expected) => {
  expect(notOpen(pathIn(situation)?.hops)).toBe(expected);
});

const blocked = (mode: string) => ['public access blocked', { mode, subnets: ['subnet-0public'] }] as const;
const gatewayGone = ['internet gateway detached', null] as const;
test.each<[string, Situation, string]>([
  ['both end', { changes: [s3(sealed), gatewayGone] }, 'closed internet-gateway-detached'],
  [
    'only the other way ends, at the gateway',
    { changes: [s3(), gatewayGone] },
    'likely closed internet-gateway-detached, unknown nat-gateway-unusable',
  ],
  [
    'only the other way ends, by what blocks public access',
    { changes: [s3(), blocked('block-bidirectional')] },
    'likely closed internet-access-blocked, unknown nat-gateway-unusable',
  ],
])('layers, by a NAT gateway beside a gateway endpoint: %s', (_, situation, expected) => {
  expect(notOpen(pathIn(situation, 'layers')?.hops)).toBe(expected);
});

const said = (situation: Situation, step?: Step) =>
  pathIn(situation, step)?.hops.find(({ verdict }) => verdict !== 'open');

test('a NAT gateway that is not there is named as such, also where its route is a blackhole', () => {
  const changes = [
    [
      'route added',
      {
        table: 'rtb-0task',
        destination: '0.0.0.0/0',
        target: 'nat-0gone',
        state: 'blackhole',
        propagated: false,
      },
    ],
  ] as const;

  expect(said({ changes })?.because).toBe(
    '`rtb-0task` routes to NAT gateway `nat-0gone`, which does not exist',
  );
});

test('a private address that a NAT gateway does not lead to is named', () => {
  for (const changes of [[], [nat({ subnetId: null })]])
    expect(said({ changes, error: hub })?.because).toBe(
      '`rtb-0task` leads the private address `10.50.1.10` to NAT gateway `nat-0a1`, which leads to the internet only',
    );
});

test('a prefix list of its subnet that nobody could read is named', () => {
  expect(said({ changes: [route('pl-0b2', 'tgw-0a1')] })?.because).toBe(
    'the entries of prefix list `pl-0b2`, to which `rtb-0public` has a route, are not known',
  );
});

test('what makes a NAT gateway unusable are its subnet and the table of that', () => {
  expect(said({ changes: [noRoute] })?.resources).toEqual(['nat-0a1', 'rtb-0public', 'subnet-0public']);
  expect(
    said({
      edit: {
        routeTables: (all: readonly { subnetIds: readonly string[] }[]) =>
          all.filter(({ subnetIds }) => subnetIds.includes('subnet-0task')),
      },
    })?.resources,
  ).toEqual(['nat-0a1', 'subnet-0public']);
});

test('a regional NAT gateway stands in no subnet: it is named with the table of its own', () => {
  const regional = nat({ subnetId: null });
  const without = (id: string) => ({
    routeTables: (all: readonly { routeTableId: string; subnetIds: readonly string[] }[]) =>
      all.filter(({ routeTableId, subnetIds }) => routeTableId !== id && subnetIds.includes('subnet-0task')),
  });

  expect(
    said({
      changes: [regional, ['route removed', { table: 'rtb-0regional', destination: '0.0.0.0/0' }]],
    }),
  ).toMatchObject({
    because: 'Regional NAT gateway `nat-0a1` has no route to an internet gateway (`rtb-0regional`)',
    resources: ['nat-0a1', 'rtb-0regional'],
  });
  expect(said({ changes: [regional], edit: without('rtb-0regional') })).toMatchObject({
    because: 'No route table of regional NAT gateway `nat-0a1` was found',
    ask: 'Check the routes of NAT gateway `nat-0a1` in the route table of its own',
    resources: ['nat-0a1'],
  });
  expect(said({ edit: without('rtb-0public') })).toMatchObject({
    because: 'No route table of subnet `subnet-0public` of NAT gateway `nat-0a1` was found',
    ask: 'Check the routes of subnet `subnet-0public` of NAT gateway `nat-0a1`',
  });
});

test('a NAT gateway that nobody could see may have no way to a private address', () => {
  const hidden = (error?: Partial<PullError>) =>
    said({ edit: { natGateways: refused }, ...(error && { error }) })?.hides ?? [];

  expect(hidden(hub)).toContain('no-route-to-registry');
  expect(hidden()).toContain('internet-gateway-detached');
  expect(hidden()).not.toContain('no-route-to-registry');
});

test('nothing is said to be well behind a private NAT gateway', () => {
  const hops = pathIn({ changes: [nat({ connectivityType: 'private' })] })?.hops;

  expect(written(hops)).toBe(
    [
      'open ipv6-only-subnet',
      'open vpc-dns-disabled',
      'open task-security-group-closed',
      'open network-acl-blocks-registry',
      'open no-route-to-registry',
      unusable,
      'open network-acl-blocks-registry',
    ].join(', '),
  );
});

/** The network ACLs that are asked, and for which packets. */
const filtersIn = (...changes: NonNullable<Situation['changes']>) =>
  (pathIn({ changes })?.hops ?? []).flatMap(({ is, because }) =>
    is === 'network ACL' ? [because.replaceAll('`', '').replace(/ on port.*/, '')] : [],
  );
test('packets of the task pass the network ACL of another subnet with a NAT gateway, both ways', () => {
  expect(filtersIn()).toEqual([
    'acl-0task lets connections to the registry out',
    'acl-0public lets connections of the task in',
    'acl-0public lets connections to the registry out',
    'acl-0public lets answers of the registry in',
    'acl-0public lets answers to the task out',
    'acl-0task lets answers of the registry in',
  ]);
  // Within a subnet there is none.
  expect(filtersIn(nat({ subnetId: 'subnet-0task' }))).toEqual([
    'acl-0task lets connections to the registry out',
    'acl-0task lets connections to the registry out',
    'acl-0task lets answers of the registry in',
    'acl-0task lets answers of the registry in',
  ]);
});
