import { expect, test } from '@jest/globals';
import type { RouteTable, Subnet } from '../../lambda/model/facts.ts';
import { refused } from '../support/asking.ts';
import { endpoint } from './added-endpoint.ts';
import { notOpen, pathIn, type Situation } from './hops.ts';

const start = 'PrivateLink';
const standsIn = (...subnetIds: readonly string[]) => endpoint('vpce-0api', { subnetIds });
const withGroups = (...securityGroupIds: readonly string[]) => endpoint('vpce-0api', { securityGroupIds });
const both = standsIn('subnet-0other', 'subnet-0far');
const partial = endpoint('vpce-0api', { state: 'partial' });

const entry = (egress: boolean, action: 'allow' | 'deny', cidrBlock: string, ruleNumber = 100) => ({
  ruleNumber,
  egress,
  protocol: '-1',
  action,
  cidrBlock,
  ports: null,
});
const allIn = entry(false, 'allow', '0.0.0.0/0');
const allOut = entry(true, 'allow', '0.0.0.0/0');
const acl = (of: string, ...entries: readonly object[]) =>
  ['network ACL', { acl: `acl-0${of}`, keeps: false, entries }] as const;
const group = (way: 'egress' | 'ingress', ...peers: readonly string[]) =>
  [
    'security group',
    {
      group: way === 'egress' ? 'sg-0task' : 'sg-0endpoints',
      way,
      rules: peers.map((peer) => ({ protocol: 'tcp', ports: [443, 443], peer })),
      keeps: false,
    },
  ] as const;
const route = (destination: string, target: string, state = 'active') =>
  ['route added', { table: 'rtb-0task', destination, target, state, propagated: false }] as const;

const dialled = (address: string) => ({ step: 'token', address }) as const;
const withoutIpv4 = (id: string) => ({
  vpcSubnets: (all: readonly Subnet[]) =>
    all.map((one) => (one.subnetId === id ? { ...one, cidrBlock: null } : one)),
});
const shut = 'closed network-acl-blocks-registry';

test.each<[string, Situation, string]>([
  // Where the endpoint stands
  ['an endpoint in another subnet', {}, ''],
  [
    'an endpoint in the subnet of the task, whose network ACL lets nothing through',
    {
      changes: [standsIn('subnet-0task'), acl('task')],
    },
    '',
  ],
  [
    'an endpoint in the subnet of the task, whose address was dialled',
    {
      changes: [standsIn('subnet-0task'), acl('task')],
      error: dialled('10.0.1.9'),
    },
    '',
  ],
  [
    'an endpoint of which one subnet has no IPv4 addresses',
    {
      changes: [standsIn('subnet-0far', 'subnet-0other')],
      edit: withoutIpv4('subnet-0far'),
    },
    '',
  ],
  [
    'the same, and its address was dialled',
    {
      changes: [standsIn('subnet-0far', 'subnet-0other')],
      edit: withoutIpv4('subnet-0far'),
      error: dialled('10.0.2.4'),
    },
    '',
  ],
  [
    'subnets that nobody could see',
    { edit: { vpcSubnets: refused } },
    'unknown task-security-group-closed, unknown endpoint-not-available',
  ],

  // Its network ACLs
  ['the network ACL of the task lets nothing out', { changes: [acl('task', allIn)] }, shut],
  ['the network ACL of the task lets no answers in', { changes: [acl('task', allOut)] }, shut],
  ['the network ACL of the endpoint lets nothing in', { changes: [acl('other', allOut)] }, shut],
  ['the network ACL of the endpoint lets no answers out', { changes: [acl('other', allIn)] }, shut],
  [
    'one of two network ACLs of the endpoint is shut',
    { changes: [both, acl('other', allOut)] },
    `likely ${shut}`,
  ],
  ['the other one is', { changes: [both, acl('far', allOut)] }, `likely ${shut}`],
  ['one of two network ACLs lets no answers out', { changes: [both, acl('other', allIn)] }, `likely ${shut}`],
  [
    'both network ACLs of the endpoint are shut',
    { changes: [both, acl('other', allOut), acl('far', allOut)] },
    shut,
  ],
  [
    'one of two network ACLs of the endpoint lets some of the subnet in',
    {
      changes: [
        both,
        acl('far', allOut, entry(false, 'allow', '10.0.1.0/25')),
        ['place', { subnets: ['subnet-0task'], address: false }],
      ],
    },
    'unknown network-acl-blocks-registry',
  ],
  [
    'one of two network ACLs of the endpoint is shut, and the text names an address behind the other',
    {
      changes: [standsIn('subnet-0far', 'subnet-0other'), acl('far', allOut)],
      error: dialled('10.0.2.4'),
    },
    '',
  ],
  [
    'the text names an address behind the one that is shut',
    {
      changes: [both, acl('far', allOut)],
      error: dialled('100.64.1.4'),
    },
    shut,
  ],
  [
    'the endpoint stands in the subnet of the task too, and the other is shut',
    {
      changes: [standsIn('subnet-0task', 'subnet-0other'), acl('other', allOut)],
    },
    `likely ${shut}`,
  ],
  [
    'the same, and its own network ACL lets nothing out',
    {
      changes: [standsIn('subnet-0task', 'subnet-0other'), acl('task', allIn)],
    },
    `likely ${shut}`,
  ],
  [
    'the same, and its own network ACL lets no answers in',
    {
      changes: [standsIn('subnet-0task', 'subnet-0other'), acl('task', allOut)],
    },
    `likely ${shut}`,
  ],
  [
    'the same, and its own network ACL lets packets out to the other subnet alone',
    {
      changes: [
        standsIn('subnet-0task', 'subnet-0other'),
        acl('task', allIn, entry(true, 'deny', '10.0.1.0/24', 10), allOut),
      ],
    },
    '',
  ],
  [
    'the network ACL of the task lets packets out to the dialled address alone',
    {
      changes: [acl('task', allIn, entry(true, 'allow', '10.0.2.4/32'))],
      error: dialled('10.0.2.4'),
    },
    '',
  ],

  // Groups
  [
    'the groups of the task let packets out to the dialled address alone',
    {
      changes: [group('egress', '10.0.2.4/32')],
      error: dialled('10.0.2.4'),
    },
    '',
  ],
  [
    'the groups of the task let packets out to the VPC, whatever public address was dialled',
    {
      changes: [endpoint('vpce-0api', { privateDnsEnabled: false }), group('egress', '10.0.0.0/8')],
      error: dialled('52.95.115.9'),
    },
    'closed endpoint-private-dns-off',
  ],
  [
    'groups of the endpoint that are not recorded',
    { changes: [withGroups()] },
    'unknown endpoint-security-group-closed',
  ],
  [
    'a group of the endpoint that nobody could see',
    { changes: [withGroups('sg-0unseen')] },
    'unknown endpoint-security-group-closed',
  ],
  [
    'the endpoint lets in a part of the subnet of the task',
    {
      changes: [group('ingress', '10.0.1.0/25'), ['place', { subnets: ['subnet-0task'], address: false }]],
    },
    'unknown endpoint-security-group-closed',
  ],
  [
    'the endpoint lets in another group',
    { changes: [group('ingress', 'sg-0default')] },
    'closed endpoint-security-group-closed',
  ],
  [
    'the endpoint lets in groups and addresses, and nobody knows the groups of the task',
    {
      changes: [group('ingress', 'sg-0task', '192.168.0.0/16')],
      edit: { securityGroupIds: refused },
    },
    'unknown task-security-group-closed, unknown endpoint-security-group-closed',
  ],
  [
    'the endpoint lets in addresses alone, and nobody knows the groups of the task',
    {
      changes: [group('ingress', '192.168.0.0/16')],
      edit: { securityGroupIds: refused },
    },
    'unknown task-security-group-closed, closed endpoint-security-group-closed',
  ],

  // Its state
  ['an endpoint that is there in part', { changes: [partial] }, 'unknown endpoint-not-available'],
  [
    'an endpoint that failed since its address was dialled',
    {
      changes: [endpoint('vpce-0api', { state: 'failed' })],
      error: dialled('10.0.2.4'),
    },
    'closed endpoint-not-available',
  ],

  // Routes
  [
    'a table without a route to the endpoint',
    {
      edit: { routeTables: (all: readonly RouteTable[]) => all.map((one) => ({ ...one, routes: [] })) },
    },
    'closed no-route-to-registry',
  ],
  ['no route table', { edit: { routeTables: () => [] } }, 'unknown no-route-to-registry'],
  ['a table that nobody could see', { edit: { routeTables: refused } }, 'unknown no-route-to-registry'],
  [
    'an appliance before the endpoint',
    { changes: [route('10.0.2.0/24', 'eni-0a1')] },
    'unknown no-route-to-registry',
  ],
  [
    'an appliance before the endpoint that is gone',
    {
      changes: [route('10.0.2.0/24', 'eni-0a1', 'blackhole')],
    },
    'closed no-route-to-registry',
  ],
  [
    'an appliance before another address than the one that was dialled',
    {
      changes: [route('10.0.2.128/25', 'eni-0a1', 'blackhole')],
      error: dialled('10.0.2.4'),
    },
    '',
  ],
])('%s', (_, situation, expected) => {
  expect(notOpen(pathIn({ start, ...situation })?.hops)).toBe(expected);
});

/** The network ACLs that are asked, and for which packets. */
const filtersIn = (...changes: NonNullable<Situation['changes']>) =>
  (pathIn({ start, changes })?.hops ?? []).flatMap(({ is, because }) =>
    is === 'network ACL' ? [because.replaceAll('`', '').replace(/ on port.*/, '')] : [],
  );
test('a connection passes a network ACL of every subnet that it leaves or enters, once each way', () => {
  const passed = [
    'acl-0task lets connections to the endpoint out',
    'acl-0other lets connections from the task in',
    'acl-0other lets answers of the endpoint out',
    'acl-0task lets answers of the endpoint in',
  ];

  expect(filtersIn()).toEqual(passed);
  expect(filtersIn(both)).toEqual(passed);
  expect(filtersIn(standsIn('subnet-0task', 'subnet-0other'))).toEqual(passed);
  expect(filtersIn(standsIn('subnet-0task'))).toEqual([]);
});

/** The first hop that is not open. */
const firstOf = (situation: Situation) =>
  pathIn({ start, ...situation })?.hops.find(({ verdict }) => verdict !== 'open');

test.each<[string, Situation, string]>([
  ['a route table', { changes: [route('10.0.2.0/24', 'eni-0a1')] }, 'rtb-0task'],
  ['the subnet, where no route table was found', { edit: { routeTables: () => [] } }, 'subnet-0task'],
  [
    'the groups of an endpoint',
    { changes: [withGroups('sg-0unseen', 'sg-0default')] },
    'sg-0unseen, sg-0default',
  ],
  ['the endpoint, where none are recorded', { changes: [withGroups()] }, 'vpce-0api'],
])('a way ends at %s', (_, situation, at) => {
  expect(firstOf(situation)?.at).toBe(at);
});

test.each<[string, Situation, string]>([
  [
    'a state',
    { changes: [partial] },
    'Endpoint `vpce-0api` for `com.amazonaws.eu-west-1.ecr.api` is `partial`',
  ],
  [
    'a prefix list that nobody could read',
    { changes: [route('pl-0b2', 'tgw-0a1')] },
    'the entries of prefix list `pl-0b2`, to which `rtb-0task` has a route, are not known',
  ],
])('what is said of %s', (_, situation, because) => {
  expect(firstOf(situation)?.because).toBe(because);
});

test('what is said of an endpoint that is well', () => {
  const said = pathIn({ start })?.hops.find(({ check }) => check === 'endpoint-not-available')?.because;

  expect(said).toBe('Endpoint `vpce-0api` for `com.amazonaws.eu-west-1.ecr.api` is available');
});
