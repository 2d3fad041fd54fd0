import { expect, test } from '@jest/globals';
import type { InstanceInterface, NatGateway, NatInstance, Placement } from '../../lambda/model/facts.ts';
import type { Mending } from '../../lambda/model/network.ts';
import { mendingOf } from '../../lambda/network/mend.ts';
import { refused } from '../support/asking.ts';
import { endpoint } from './added-endpoint.ts';
import { errorIn, factsIn, pathsIn, type Situation } from './hops.ts';
import { eni } from './nat-interface.ts';

const mendingIn = (situation: Situation): Mending | null =>
  mendingOf(factsIn(situation), errorIn(situation), pathsIn(situation));

const natIn = (subnetId: string | null, options: object = {}) =>
  ['NAT gateway', { state: 'available', connectivityType: 'public', subnetId, ...options }] as const;
const noRoute = (table: string) => ['route removed', { table, destination: '0.0.0.0/0' }] as const;
const route = (table: string, destination: string, target: string, state = 'active') =>
  ['route added', { table, destination, target, state, propagated: false }] as const;
const shutAcl = (acl: string) => ['network ACL', { acl, entries: [], keeps: false }] as const;
const group = (id: string, way: string) =>
  ['security group', { group: id, way, rules: [], keeps: false }] as const;
const own = (subnet: string, table: string) => ['route table of a subnet', { subnet, table }] as const;
const both = ['place', { subnets: ['subnet-0task', 'subnet-0other'], address: false }] as const;

const ofOther = own('subnet-0other', 'rtb-0main');
const dialled = { error: { step: 'token' as const, address: '52.95.115.9' } };
const denies = { policy: JSON.stringify({ Statement: [] }) };
const api = (options: object = {}) => endpoint('vpce-0api', options);
const link = 'PrivateLink';
const groupOfTask = group('sg-0task', 'egress');
/** The tasks leave by an EC2 instance, which hands packets on: the text shows that a registry has answered. */
const byInstance = (
  change: Partial<NatInstance>,
  its: Partial<InstanceInterface> = {},
  ...changes: NonNullable<Situation['changes']>
): Situation => ({
  error: { step: 'layers', answered: ['token'] },
  changes: [
    route('rtb-0task', '0.0.0.0/0', 'eni-0nat', change.state ? 'blackhole' : 'active'),
    [
      'security group',
      {
        group: 'sg-0endpoints',
        way: 'ingress',
        rules: [{ protocol: 'tcp', ports: [443, 443], peer: '10.0.1.0/24' }],
        keeps: false,
      },
    ],
    ...changes,
  ],
  edit: {
    natInstances: () => [
      { instanceId: 'i-0nat', state: 'running', interfaces: [{ ...eni, ...its }], ...change },
    ],
  },
});
const hides = (name: string) =>
  ['private zones', [{ hostedZoneId: 'Z0A1', name, recordNames: { status: 'known', value: [] } }]] as const;

test.each<[string, Situation, readonly string[], boolean]>([
  [
    'the tasks have no route, and a NAT gateway stands',
    { changes: [noRoute('rtb-0task')] },
    ['Route the internet from rtb-0task to nat-0a1'],
    true,
  ],
  [
    'two tables have no route, and one new NAT gateway does for both',
    { changes: [natIn('subnet-0public', { state: 'deleted' }), noRoute('rtb-0task'), both, ofOther] },
    [
      'Route the internet from rtb-0task to a public NAT gateway ($)',
      'Route the internet from rtb-0main to that NAT gateway',
    ],
    true,
  ],
  [
    'tasks may run beside the NAT gateway, and its table is theirs too',
    { changes: [noRoute('rtb-0public'), both, own('subnet-0other', 'rtb-0public')] },
    [
      'Route the internet from rtb-0task to a public NAT gateway ($)',
      'Route the internet from rtb-0public to that NAT gateway',
    ],
    true,
  ],
  [
    'half of what a NAT gateway would lead out is gone, so it is no way out',
    { changes: [noRoute('rtb-0task'), route('rtb-0public', '128.0.0.0/1', 'nat-0gone', 'blackhole')] },
    ['Route the internet from rtb-0task to a public NAT gateway ($)'],
    true,
  ],
  [
    'the subnet of a NAT gateway leads nowhere, whatever else stands',
    {
      changes: [noRoute('rtb-0public')],
      edit: {
        natGateways: ([one]: readonly NatGateway[]) => [
          one,
          { ...one, natGatewayId: 'nat-0b2', subnetId: null, routeTableId: 'rtb-0main' },
        ],
      },
    },
    ['Route the internet from rtb-0public to an internet gateway'],
    true,
  ],
  [
    'a NAT gateway stands among the tasks, which are not led to an internet gateway',
    { changes: [natIn('subnet-0task')] },
    ['Route the internet from rtb-0task to a public NAT gateway ($)'],
    true,
  ],
  [
    'a narrower route is what leads wrong',
    { ...dialled, changes: [route('rtb-0task', '52.0.0.0/8', 'tgw-0a1', 'blackhole')] },
    ['Route 52.0.0.0/8 from rtb-0task to nat-0a1'],
    true,
  ],
  ['the name leads to a private address', { error: { step: 'token', address: '10.50.1.10' } }, [], false],
  [
    'two groups of endpoints are closed',
    {
      start: link,
      changes: [
        api({ securityGroupIds: ['sg-0default'] }),
        group('sg-0default', 'ingress'),
        group('sg-0endpoints', 'ingress'),
      ],
    },
    [
      'Allow TCP port 443 into sg-0default from 10.0.1.0/24',
      'Allow TCP port 443 into sg-0endpoints from 10.0.1.0/24',
    ],
    true,
  ],
  [
    'two network ACLs are closed',
    {
      changes: [
        both,
        ofOther,
        route('rtb-0main', '0.0.0.0/0', 'nat-0a1'),
        shutAcl('acl-0task'),
        shutAcl('acl-0other'),
      ],
    },
    [
      'Allow TCP port 443 by an outbound rule of acl-0task, before the rule that denies',
      'Allow TCP ports 32768-60999 by an inbound rule of acl-0task, before the rule that denies',
      'Allow TCP port 443 by an outbound rule of acl-0other, before the rule that denies',
      'Allow TCP ports 32768-60999 by an inbound rule of acl-0other, before the rule that denies',
    ],
    true,
  ],
  [
    'public access is blocked in two subnets',
    {
      start: 'public IP address',
      changes: [
        both,
        ofOther,
        route('rtb-0main', '0.0.0.0/0', 'igw-0a1'),
        [
          'public access blocked',
          { mode: 'block-bidirectional', subnets: ['subnet-0task', 'subnet-0other'] },
        ],
      ],
    },
    [
      'Exclude subnet-0task from VPC Block Public Access',
      'Exclude subnet-0other from VPC Block Public Access',
    ],
    true,
  ],
  [
    'an internet gateway is detached, and a transit gateway gone',
    {
      start: 'public IP address',
      changes: [
        both,
        ofOther,
        ['internet gateway detached', null],
        route('rtb-0task', '0.0.0.0/0', 'igw-0a1', 'blackhole'),
        route('rtb-0main', '0.0.0.0/0', 'tgw-0a1', 'blackhole'),
      ],
    },
    ['Attach internet gateway igw-0a1', 'Route the internet from rtb-0main to igw-0a1'],
    true,
  ],
  [
    'a zone hides a name on the way of tasks without a route',
    { changes: [noRoute('rtb-0task'), hides('api.ecr.eu-west-1.amazonaws.com')] },
    [
      'Give api.ecr.eu-west-1.amazonaws.com (Z0A1) a record for api.ecr.eu-west-1.amazonaws.com, or take the VPC away from it',
      'Route the internet from rtb-0task to nat-0a1',
    ],
    true,
  ],
  [
    'nobody may see the zones',
    { changes: [noRoute('rtb-0task')], edit: { privateZones: refused } },
    ['Route the internet from rtb-0task to nat-0a1'],
    false,
  ],
  [
    'what lies behind a hub cannot be seen',
    { changes: [groupOfTask, route('rtb-0task', '0.0.0.0/0', 'tgw-0a1')] },
    ['Allow TCP port 443 out of sg-0task'],
    false,
  ],
  [
    'a public address was dialled where an endpoint is without private DNS, which then stands for the name',
    {
      start: link,
      ...dialled,
      changes: [
        api({ privateDnsEnabled: false, securityGroupIds: ['sg-0default'] }),
        group('sg-0default', 'ingress'),
      ],
    },
    ['Turn on private DNS of vpce-0api', 'Allow TCP port 443 into sg-0default from 10.0.1.0/24'],
    true,
  ],
  [
    'two endpoints are broken in one way',
    { start: link, changes: [api(denies), endpoint('vpce-0dkr', denies)] },
    ['Allow the pull in the policy of vpce-0api', 'Allow the pull in the policy of vpce-0dkr'],
    true,
  ],
  [
    'two endpoints are missing',
    {
      start: link,
      changes: [
        ['endpoint removed', 'vpce-0api'],
        ['endpoint removed', 'vpce-0s3'],
      ],
    },
    [
      'Create the interface endpoint for com.amazonaws.eu-west-1.ecr.api with private DNS ($)',
      'Create the gateway endpoint for com.amazonaws.eu-west-1.s3 on rtb-0task',
    ],
    true,
  ],
  [
    'a gateway endpoint is on none of two tables',
    { start: link, changes: [both, ofOther, endpoint('vpce-0s3', { routeTableIds: [] })] },
    ['Add rtb-0task to gateway endpoint vpce-0s3', 'Add rtb-0main to gateway endpoint vpce-0s3'],
    true,
  ],
  [
    'a NAT instance is stopped, and its address stays with it',
    byInstance({ state: 'stopped' }),
    ['Start instance i-0nat ($)'],
    true,
  ],
  [
    'a NAT instance is stopped, and whether it has an address once it runs is not known',
    byInstance({ state: 'stopped' }, { publicIpAddress: null }),
    ['Start instance i-0nat ($)'],
    false,
  ],
  [
    'a NAT instance is gone, and a NAT gateway stands',
    byInstance({ state: 'terminated', interfaces: [] }),
    ['Route the internet from rtb-0task to nat-0a1'],
    true,
  ],
  [
    'a NAT instance is gone, and nothing else leads out',
    byInstance({ state: 'terminated', interfaces: [] }, {}, natIn('subnet-0public', { state: 'deleted' })),
    ['Route the internet from rtb-0task to a public NAT gateway ($)'],
    true,
  ],
  [
    'a NAT instance checks destinations, and has no address',
    byInstance({}, { sourceDestCheck: true, publicIpAddress: null }),
    ['Turn the source/destination check of i-0nat off', 'Give i-0nat a public IP address ($)'],
    true,
  ],
  [
    'a NAT instance checks destinations on the interface by which packets leave, and one more',
    byInstance({
      interfaces: [
        { ...eni, networkInterfaceId: 'eni-0second', sourceDestCheck: true },
        { ...eni, sourceDestCheck: true },
      ],
    }),
    ['Turn the source/destination check of i-0nat off'],
    true,
  ],
  [
    'the group of a NAT instance is closed, and so is the ACL of its subnet',
    byInstance({}, {}, group('sg-0endpoints', 'ingress'), shutAcl('acl-0public')),
    [
      'Allow TCP port 443 by an inbound rule of acl-0public, before the rule that denies',
      'Allow TCP port 443 into sg-0endpoints from 10.0.1.0/24',
      'Allow TCP port 443 by an outbound rule of acl-0public, before the rule that denies',
      'Allow TCP ports 32768-60999 by an inbound rule of acl-0public, before the rule that denies',
      'Allow TCP ports 32768-60999 by an outbound rule of acl-0public, before the rule that denies',
    ],
    true,
  ],
  [
    'the group of a NAT instance lets nothing out',
    byInstance({}, {}, group('sg-0endpoints', 'egress')),
    ['Allow TCP port 443 out of sg-0endpoints'],
    true,
  ],
  [
    'a NAT instance is starting, and may have a public address then',
    byInstance({ state: 'pending' }, { publicIpAddress: null }),
    ['Wait until instance i-0nat runs ($)'],
    false,
  ],
  [
    'the subnet of a NAT instance has no way out',
    byInstance({}, {}, noRoute('rtb-0public')),
    ['Route the internet from rtb-0public to an internet gateway'],
    true,
  ],
  [
    'a NAT instance stands among the tasks, and is led to itself',
    byInstance({}, { subnetId: 'subnet-0task' }),
    ['Route the internet from rtb-0task to nat-0a1'],
    true,
  ],
  [
    'whether a NAT instance hands packets on is for its operating system',
    { ...byInstance({}, { sourceDestCheck: true }), error: {} },
    ['Turn the source/destination check of i-0nat off'],
    false,
  ],
])('%s', (_, situation, changes, opens) => {
  const mending = mendingIn(situation);

  expect(
    mending?.changes.map(({ does, costs }) => `${does.replaceAll('`', '')}${costs ? ' ($)' : ''}`),
  ).toEqual(changes);
  expect(mending?.opens).toBe(opens);
});

test('what does not help is not tried again, and what takes too many changes is given up', () => {
  // The task comes from an address that is none of its subnet.
  const closed = byInstance({}, { securityGroupIds: ['sg-0task'] }, group('sg-0task', 'ingress'));
  const helpless = mendingIn({
    ...closed,
    edit: { ...closed.edit, placement: (one: Placement) => ({ ...one, sourceAddress: '10.9.9.9' }) },
  });
  const ruined = mendingIn({
    changes: [
      ['place', { subnets: ['subnet-0task', 'subnet-0other', 'subnet-0far'], address: false }],
      ...['acl-0task', 'acl-0other', 'acl-0far', 'acl-0public'].map(shutAcl),
    ],
  });

  expect(helpless?.opens).toBe(false);
  expect(helpless?.changes).toHaveLength(1);
  expect(ruined?.opens).toBe(false);
  expect(ruined?.changes).toHaveLength(8);
});
