import { describe, expect, test } from '@jest/globals';
import type { InstanceInterface, NatInstance } from '../../lambda/model/facts.ts';
import { faultOf } from '../../lambda/network/nat-instance-fault.ts';
import { known, refused } from '../support/asking.ts';
import { endpoint } from './added-endpoint.ts';
import { notOpen, pathIn, type Situation } from './hops.ts';
import { eni } from './nat-interface.ts';

const second = { ...eni, networkInterfaceId: 'eni-0second' };
const instance = (change: Partial<NatInstance> = {}, its: Partial<InstanceInterface> = {}) => ({
  natInstances: () => [
    { instanceId: 'i-0other', state: 'running', interfaces: [{ ...eni, networkInterfaceId: 'eni-0other' }] },
    { instanceId: 'i-0nat', state: 'running', interfaces: [{ ...eni, ...its }], ...change },
  ],
});
const route = (target: string, table = 'rtb-0task', state = 'active', destination = '0.0.0.0/0') =>
  ['route added', { table, destination, target, state, propagated: false }] as const;
const toInstance = route('eni-0nat');
const dead = route('eni-0nat', 'rtb-0task', 'blackhole');
const noRoute = ['route removed', { table: 'rtb-0public', destination: '0.0.0.0/0' }] as const;
const lets = (...rules: readonly object[]) =>
  ['security group', { group: 'sg-0endpoints', way: 'ingress', rules, keeps: false }] as const;
const letsOut = (...rules: readonly object[]) =>
  ['security group', { group: 'sg-0endpoints', way: 'egress', rules, keeps: false }] as const;
const https = (peer: string) => ({ protocol: 'tcp', ports: [443, 443], peer });
const shut = (acl: string) => ['network ACL', { acl, entries: [], keeps: false }] as const;
/** Denies what goes on within the subnet of the task. */
const within = [
  'network ACL',
  {
    acl: 'acl-0task',
    entries: [false, true].map((egress) => ({
      ruleNumber: 10,
      egress,
      protocol: '6',
      action: 'deny',
      cidrBlock: '10.0.1.0/24',
      ports: [0, 65_535],
    })),
    keeps: true,
  },
] as const;
const hub = { step: 'token' as const, address: '10.50.1.10' };

const unusable = 'closed nat-instance-unusable';
/** It is up to its operating system. */
const forwards = 'unknown nat-instance-unusable';
const blocked = 'closed network-acl-blocks-registry';

test.each<[string, Situation, string]>([
  ['by its interface', { changes: [toInstance], edit: instance() }, forwards],
  ['by itself', { changes: [route('i-0nat')], edit: instance() }, forwards],
  ['that nobody could see', { changes: [toInstance], edit: { natInstances: refused } }, forwards],
  [
    'that is none of the account',
    { changes: [route('eni-0else')], edit: instance() },
    'unknown no-route-to-registry',
  ],
  ['that is gone', { changes: [route('eni-0else', 'rtb-0task', 'blackhole')], edit: instance() }, unusable],
  ['that nobody could see, by a blackhole', { changes: [dead], edit: { natInstances: refused } }, unusable],
  ['by a route that is a blackhole', { changes: [dead], edit: instance() }, unusable],
  ['that is stopped', { changes: [dead], edit: instance({ state: 'stopped' }) }, unusable],
  [
    'that checks destinations',
    { changes: [toInstance], edit: instance({}, { sourceDestCheck: true }) },
    unusable,
  ],
  [
    'whose other interface checks destinations',
    { changes: [toInstance], edit: instance({ interfaces: [{ ...second, sourceDestCheck: true }, eni] }) },
    forwards,
  ],
  [
    'of two interfaces, and which one the packets meet is not known',
    {
      changes: [route('i-0nat')],
      edit: instance({ interfaces: [{ ...second, sourceDestCheck: true }, eni] }),
    },
    forwards,
  ],
  [
    'by itself, that checks destinations',
    { changes: [route('i-0nat')], edit: instance({}, { sourceDestCheck: true }) },
    unusable,
  ],
  [
    'of two interfaces, the one that the packets meet checking destinations',
    { changes: [toInstance], edit: instance({ interfaces: [second, { ...eni, sourceDestCheck: true }] }) },
    unusable,
  ],

  // Its groups
  ['whose group lets nothing in', { changes: [toInstance, lets()], edit: instance() }, unusable],
  [
    'whose group lets other addresses in',
    { changes: [toInstance, lets(https('10.0.9.0/24'))], edit: instance() },
    unusable,
  ],
  [
    'whose group lets the task in',
    { changes: [toInstance, lets(https('10.0.1.0/24'))], edit: instance() },
    forwards,
  ],
  ['whose group lets nothing out', { changes: [toInstance, letsOut()], edit: instance() }, unusable],
  [
    'whose group lets out to private addresses only',
    { changes: [toInstance, letsOut(https('10.0.0.0/8'), https('sg-0task'))], edit: instance() },
    unusable,
  ],
  [
    'whose group lets HTTPS out',
    { changes: [toInstance, letsOut(https('0.0.0.0/0'))], edit: instance() },
    forwards,
  ],
  [
    'whose group lets out to a part of the internet',
    { changes: [toInstance, letsOut(https('52.0.0.0/9'))], edit: instance() },
    `${forwards}, ${forwards}`,
  ],
  [
    'one of whose groups nobody could see',
    {
      changes: [toInstance, lets()],
      edit: instance({}, { securityGroupIds: ['sg-0endpoints', 'sg-0unseen'] }),
    },
    `${forwards}, ${forwards}`,
  ],
  [
    'whose groups are not known',
    { changes: [toInstance], edit: instance({}, { securityGroupIds: [] }) },
    `${forwards}, ${forwards}, ${forwards}`,
  ],
  [
    'whose group lets groups in, and those of the task are not known',
    { changes: [toInstance], edit: { ...instance(), securityGroupIds: refused } },
    'unknown task-security-group-closed, unknown nat-instance-unusable, unknown nat-instance-unusable',
  ],
  [
    'whose group lets other addresses in, and those of the task are not known',
    { changes: [toInstance, lets(https('10.0.9.0/24'))], edit: { ...instance(), securityGroupIds: refused } },
    'unknown task-security-group-closed, closed nat-instance-unusable',
  ],
  [
    'whose group lets a part of the subnet in',
    {
      changes: [toInstance, lets(https('10.0.1.0/25'))],
      edit: { ...instance(), placement: (one: object) => ({ ...one, sourceAddress: null }) },
    },
    `${forwards}, ${forwards}`,
  ],
  [
    'whose group lets another group in, and those of the task are known',
    { changes: [toInstance, lets(https('sg-0other'))], edit: instance() },
    unusable,
  ],
  [
    'whose group lets a group and other addresses in, and those of the task are not known',
    {
      changes: [toInstance, lets(https('sg-0other'), https('10.0.9.0/24'))],
      edit: { ...instance(), securityGroupIds: refused },
    },
    `unknown task-security-group-closed, ${forwards}, ${forwards}`,
  ],
  [
    'whose groups nobody could see',
    { changes: [toInstance], edit: { ...instance(), securityGroups: refused } },
    `unknown task-security-group-closed, ${forwards}, ${forwards}, ${forwards}`,
  ],

  // Network ACLs
  [
    'behind a network ACL',
    { changes: [toInstance, shut('acl-0public')], edit: instance() },
    [blocked, blocked, blocked, blocked].join(', '),
  ],
  [
    'in a subnet that is not known',
    { changes: [toInstance, shut('acl-0public')], edit: instance({}, { subnetId: null }) },
    forwards,
  ],

  // From there on
  ['whose subnet leads nowhere', { changes: [toInstance, noRoute], edit: instance() }, unusable],
  [
    'whose subnet leads to what is gone',
    { changes: [toInstance, route('tgw-0a1', 'rtb-0public', 'blackhole')], edit: instance() },
    unusable,
  ],
  [
    'whose subnet leads to the VPC of a peer',
    { changes: [toInstance, route('pcx-0a1', 'rtb-0public')], edit: instance() },
    unusable,
  ],
  [
    'whose subnet leads one half of the internet to what is gone',
    {
      changes: [toInstance, route('nat-0gone', 'rtb-0public', 'blackhole', '128.0.0.0/1')],
      edit: instance(),
    },
    `likely ${unusable}`,
  ],
  [
    'whose subnet leads back',
    { changes: [toInstance, route('eni-0nat', 'rtb-0public')], edit: instance() },
    unusable,
  ],
  [
    'whose subnet leads back to itself',
    { changes: [toInstance, route('i-0nat', 'rtb-0public')], edit: instance() },
    unusable,
  ],
  [
    'whose subnet leads elsewhere',
    { changes: [toInstance, route('tgw-0a1', 'rtb-0public')], edit: instance() },
    `${forwards}, ${forwards}`,
  ],
  [
    'whose subnet has a route that does not count for sure',
    { changes: [toInstance, route('igw-0a1', 'rtb-0public', 'filtered')], edit: instance() },
    `${forwards}, ${forwards}`,
  ],
  [
    'whose subnet leads to an internet gateway that is gone',
    { changes: [toInstance, ['internet gateway detached', null]], edit: instance() },
    'closed internet-gateway-detached',
  ],
  [
    'without a public address',
    { changes: [toInstance], edit: instance({}, { publicIpAddress: null }) },
    unusable,
  ],
  [
    'without a public address, and of two interfaces',
    { changes: [toInstance], edit: instance({ interfaces: [{ ...eni, publicIpAddress: null }, second] }) },
    forwards,
  ],
  [
    'without a public address, and a private address was dialled',
    { changes: [toInstance], edit: instance({}, { publicIpAddress: null }), error: hub },
    forwards,
  ],
  [
    'among the tasks, where no network ACL stands between, and back to itself',
    { changes: [toInstance, within], edit: instance({}, { subnetId: 'subnet-0task' }) },
    unusable,
  ],
])('packets meet a NAT instance %s', (_, situation, expected) => {
  expect(notOpen(pathIn(situation)?.hops)).toBe(expected);
});

test('a host that answered shows that it hands packets on, unless an endpoint stands for the host', () => {
  const after = (changes: Situation['changes'] = [], edit: Situation['edit'] = {}) =>
    notOpen(
      pathIn(
        {
          changes: [toInstance, ...changes],
          edit: { ...instance(), ...edit },
          error: { answered: ['token'] },
        },
        'manifest',
      )?.hops,
    );

  expect(after()).toBe('');
  expect(after([endpoint('vpce-0api')])).toBe(forwards);
  expect(after([], { vpcEndpoints: refused })).toContain(forwards);
});

test('what its subnet leads to Amazon S3 by an endpoint needs no way out, and what is not seen is no proof', () => {
  const link = endpoint('vpce-0s3', { routeTableIds: ['rtb-0public'] });
  const onlyOfTask = (all: readonly { readonly routeTableId: string }[]) =>
    all.filter(({ routeTableId }) => routeTableId === 'rtb-0task');
  const layers = { changes: [toInstance, noRoute], edit: instance() };

  expect(notOpen(pathIn(layers, 'layers')?.hops)).toBe(unusable);
  expect(notOpen(pathIn({ ...layers, changes: [...layers.changes, link] }, 'layers')?.hops)).toBe(forwards);
  expect(notOpen(pathIn({ ...layers, edit: { ...instance(), routeTables: onlyOfTask } })?.hops)).toBe(
    forwards,
  );
});

describe('why an instance hands nothing on', () => {
  const facts = {
    natInstances: known([{ instanceId: 'i-0nat', state: 'running', interfaces: [eni] }]),
    routeTables: known([
      { routeTableId: 'rtb-0task', main: false, subnetIds: ['subnet-0task'], routes: [] },
      { routeTableId: 'rtb-0nat', main: false, subnetIds: ['subnet-0nat'], routes: [] },
    ]),
    subnets: known([{ subnetId: 'subnet-0task', cidrBlock: '10.0.1.0/24' }]),
  };
  const faultIn = (resources: readonly string[], shown: object = {}, hop: object = {}) =>
    faultOf(
      { at: 'i-0nat', resources, ...hop } as never,
      { subnetId: 'subnet-0task' } as never,
      { ...facts, ...shown } as never,
    );

  test('is told with the table of the task, or the one that the hop names', () => {
    expect(faultIn(['i-0nat', 'rtb-0nat'])).toMatchObject({ table: 'rtb-0task', target: 'i-0nat' });
    expect(faultIn(['i-0nat', 'rtb-0nat'], { routeTables: refused })).toMatchObject({ table: 'rtb-0nat' });
  });

  test('may be its group, and the block of the task is not known', () => {
    expect(faultIn(['sg-0nat', 'i-0nat']).fault).toMatchObject({ is: 'group', block: '10.0.1.0/24' });
    expect(faultIn(['sg-0nat', 'i-0nat'], { subnets: refused }).fault).toStrictEqual({
      is: 'group',
      groupId: 'sg-0nat',
      direction: 'in',
      block: null,
    });
  });

  test('may be its own subnet, if that is not one of the tasks', () => {
    const own = { is: 'no way out', subnetId: 'subnet-0nat', table: 'rtb-0nat' };
    const resources = ['i-0nat', 'rtb-0nat', 'subnet-0nat'];

    expect(faultIn(resources).fault).toStrictEqual(own);
    expect(faultIn(resources, {}, { ledTo: 'pcx-0a1' }).fault).toStrictEqual({ ...own, from: 'pcx-0a1' });
    expect(faultIn(resources, { subnets: refused }).fault).toStrictEqual(own);
    expect(faultIn(['i-0nat', 'i-0nat', 'subnet-0nat']).fault).toEqual({ is: 'useless' });
  });

  test('may be its address, on the interface that is known', () => {
    const bare = { natInstances: known([{ instanceId: 'i-0nat', state: 'running', interfaces: [] }]) };

    expect(faultIn(['i-0nat', 'rtb-0task']).fault).toStrictEqual({
      is: 'no address',
      networkInterfaceId: 'eni-0nat',
    });
    expect(faultIn(['i-0nat', 'rtb-0task'], bare).fault).toStrictEqual({ is: 'no address' });
  });
});
