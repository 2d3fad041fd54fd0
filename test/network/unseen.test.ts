import { expect, test } from '@jest/globals';
import type { Step } from '../../lambda/model/facts.ts';
import type { Hop } from '../../lambda/model/network.ts';
import { refused } from '../support/asking.ts';
import { endpoint } from './added-endpoint.ts';
import { type Edit, pathIn } from './hops.ts';
import type { Recipe } from './random-network.ts';

type Changes = Recipe['changes'];
const nat = 'NAT gateway';
const publicly = 'public IP address';
const link = 'PrivateLink';

const route = (target: string, state = 'active', table = 'rtb-0task') =>
  ['route added', { table, destination: '0.0.0.0/0', target, state, propagated: false }] as const;
const natIn = (subnetId: string | null, options: object = {}) =>
  [nat, { state: 'available', connectivityType: 'public', subnetId, ...options }] as const;
const blocked = (mode: string, ...subnets: readonly string[]) =>
  ['public access blocked', { mode, subnets }] as const;
const gone = ['internet gateway detached', null] as const;

/** The hops of a connection that are not open. */
const hopsOf = (start: Recipe['start'], changes: Changes, edit: Edit, step?: Step): readonly Hop[] =>
  (pathIn({ start, changes, edit }, step)?.hops ?? []).filter(({ verdict }) => verdict !== 'open');
const none = () => [];
const without = (key: string, id: string) => (all: readonly Record<string, unknown>[]) =>
  all.filter((one) => one[key] !== id);

test.each<[string, Recipe['start'], Changes, Edit, string]>([
  // NAT gateways
  ['a NAT gateway that nobody could see', nat, [], { natGateways: refused }, 'unknown nat-gateway-unusable'],
  [
    'a blackhole to a NAT gateway that nobody could see',
    nat,
    [route('nat-0a1', 'blackhole')],
    { natGateways: refused },
    'closed nat-gateway-unusable',
  ],
  ['a NAT gateway that is not there', nat, [], { natGateways: none }, 'closed nat-gateway-unusable'],
  [
    'a blackhole to a NAT gateway that is well',
    nat,
    [route('nat-0a1', 'blackhole')],
    {},
    'closed nat-gateway-unusable',
  ],
  [
    'a NAT gateway on the main table, which leads nowhere',
    nat,
    [],
    { routeTables: without('routeTableId', 'rtb-0public') },
    'closed nat-gateway-unusable',
  ],
  [
    'a NAT gateway whose route table is not there',
    nat,
    [],
    {
      routeTables: (all: readonly object[]) =>
        all.filter((one) => 'subnetIds' in one && String(one.subnetIds) === 'subnet-0task'),
    },
    'unknown nat-gateway-unusable',
  ],
  [
    'a regional NAT gateway, and no gateway could be seen',
    nat,
    [natIn(null)],
    { internetGateways: refused },
    'unknown internet-gateway-detached',
  ],
  [
    'a regional NAT gateway whose own route table could not be seen',
    nat,
    [natIn(null)],
    { routeTables: without('routeTableId', 'rtb-0regional') },
    'unknown nat-gateway-unusable',
  ],
  [
    'a regional NAT gateway in a VPC that is closed to the public in part',
    nat,
    [natIn(null), blocked('block-bidirectional', 'subnet-0other')],
    {},
    'unknown internet-access-blocked',
  ],
  ['a regional NAT gateway, and no subnet could be seen', nat, [natIn(null)], { vpcSubnets: refused }, ''],
  [
    'a regional NAT gateway in a subnet that is closed, and no other could be seen',
    nat,
    [natIn(null), blocked('block-bidirectional', 'subnet-0task')],
    { vpcSubnets: refused },
    'unknown internet-access-blocked',
  ],

  // Internet gateways
  [
    'an internet gateway that nobody could see',
    publicly,
    [],
    { internetGateways: refused },
    'unknown internet-gateway-detached',
  ],
  [
    'a blackhole to an internet gateway',
    publicly,
    [route('igw-0a1', 'blackhole')],
    {},
    'closed internet-gateway-detached',
  ],
  ['an internet gateway that is not there', publicly, [gone], {}, 'closed internet-gateway-detached'],
  ['other subnets that nobody could see', publicly, [], { vpcSubnets: refused }, ''],
  [
    'the subnet of a NAT gateway that nobody could see',
    nat,
    [],
    { vpcSubnets: refused },
    'unknown internet-access-blocked',
  ],
  [
    'public access that is blocked both ways',
    publicly,
    [blocked('block-bidirectional', 'subnet-0task')],
    {},
    'closed internet-access-blocked',
  ],
  [
    'public access that is blocked on the way in',
    publicly,
    [blocked('block-ingress', 'subnet-0task')],
    {},
    'closed internet-access-blocked',
  ],
  [
    'public access that is blocked both ways for a NAT gateway',
    nat,
    [blocked('block-bidirectional', 'subnet-0public')],
    {},
    'closed internet-access-blocked',
  ],
  [
    'public access that is blocked on the way in for a NAT gateway',
    nat,
    [blocked('block-ingress', 'subnet-0public')],
    {},
    '',
  ],
  [
    'public access that is blocked for another subnet',
    publicly,
    [blocked('block-bidirectional', 'subnet-0other')],
    {},
    '',
  ],
  [
    'a public address that nobody could see',
    publicly,
    [],
    { publicIp: refused },
    'unknown public-ip-missing',
  ],

  // Filters and route tables
  [
    'groups that nobody could name',
    nat,
    [],
    { securityGroupIds: refused },
    'unknown task-security-group-closed',
  ],
  ['rules that nobody could see', nat, [], { securityGroups: refused }, 'unknown task-security-group-closed'],
  ['a group that is not there', nat, [], { securityGroups: none }, 'unknown task-security-group-closed'],
  [
    'a network ACL that nobody could see',
    nat,
    [],
    { networkAcls: refused },
    'unknown network-acl-blocks-registry',
  ],
  ['a network ACL that is not there', nat, [], { networkAcls: none }, 'unknown network-acl-blocks-registry'],
  ['a route table that nobody could see', nat, [], { routeTables: refused }, 'unknown no-route-to-registry'],
  ['a route table that is not there', nat, [], { routeTables: none }, 'unknown no-route-to-registry'],

  // Endpoints
  [
    'no way out, and endpoints that nobody could see',
    link,
    [],
    { vpcEndpoints: refused },
    'unknown endpoint-missing',
  ],
])('%s', (_, start, changes, edit, expected) => {
  const [first] = hopsOf(start, changes, edit);

  expect(first ? `${first.verdict} ${first.check}` : '').toBe(expected);
});

test('what nobody could see is no reason to say that a way is closed', () => {
  for (const start of [nat, publicly, link] as const)
    for (const name of [
      'natGateways',
      'internetGateways',
      'vpcSubnets',
      'publicIp',
      'securityGroupIds',
      'securityGroups',
      'networkAcls',
      'routeTables',
      'vpcEndpoints',
      'privateZones',
      'vpcDns',
      'dhcpOptions',
      'prefixLists',
      'servicePrefixLists',
    ] as const)
      expect(hopsOf(start, [], { [name]: refused }).filter(({ verdict }) => verdict === 'closed')).toEqual(
        [],
      );
});

test('why a NAT gateway failed is said', () => {
  const because = (more: object) =>
    hopsOf(nat, [natIn('subnet-0public', { state: 'failed' })], {
      natGateways: (all: readonly object[]) => all.map((one) => ({ ...one, ...more })),
    })[0]?.because;

  expect(because({ failureMessage: 'no free address' })).toBe(
    'NAT gateway `nat-0a1` is `failed`: no free address',
  );
  expect(because({ failureMessage: null })).toBe('NAT gateway `nat-0a1` is `failed`');
});

const s3 = (options: object = {}) => endpoint('vpce-0s3', { routeTableIds: ['rtb-0public'], ...options });
const shut = s3({
  policy: JSON.stringify({
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:*', Resource: '*' }],
  }),
});
const noWayOn = route('nat-0other', 'active', 'rtb-0public');

test.each<[string, Changes, Edit, string]>([
  ['both ways are open', [s3()], {}, ''],
  ['both ways are closed', [shut, noWayOn], {}, 'closed proven'],
  ['only the endpoint is closed', [shut], {}, 'unknown likely'],
  ['only the other way is closed', [s3(), noWayOn], {}, 'closed likely'],
  [
    'the endpoint is not there yet, and the other way is closed',
    [s3({ state: 'pending' }), noWayOn],
    {},
    'closed proven',
  ],
  ['the endpoint is not there yet', [s3({ state: 'pending' })], {}, 'unknown likely'],
  ['nobody could see the endpoint', [s3()], { vpcEndpoints: refused }, 'unknown likely'],
  [
    'nobody could see the endpoint, and the other way is closed',
    [s3(), noWayOn],
    { vpcEndpoints: refused },
    'closed likely',
  ],
])('layers, with a gateway endpoint beside the NAT gateway: %s', (_, changes, edit, expected) => {
  const hops = hopsOf(nat, changes, edit, 'layers');

  const atNat = hops.find(({ is }) => is === nat);

  expect(atNat ? `${atNat.verdict} ${atNat.certainty}` : '').toBe(expected);
  if (expected.endsWith('likely')) expect(hops.map(({ because }) => because).join()).toContain('`vpce-0s3`');
});
