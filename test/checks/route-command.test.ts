import { expect, test } from '@jest/globals';
import { goesFor, newNatCommand, routeCommand } from '../../lambda/checks/route-command.ts';
import type { Route } from '../../lambda/model/facts.ts';
import { known, refused } from '../support/asking.ts';

const route = (destination: string, target: string): Route => ({
  destination,
  target,
  state: 'active',
  origin: 'CreateRoute',
});
const command = (routes: readonly Route[], to = 'nat-0new', from?: string) =>
  routeCommand({
    region: 'eu-west-1',
    table: 'rtb-0a1',
    to,
    ...(from && { from }),
    routeTables: known([{ routeTableId: 'rtb-0a1', main: false, subnetIds: [], routes }]),
  }).text;
const local = route('10.0.0.0/16', 'local');

test.each([
  ['no route is there', [local], undefined, 'create-route', '--destination-cidr-block 0.0.0.0/0'],
  [
    'one leads elsewhere',
    [local, route('0.0.0.0/0', 'pcx-0a1')],
    'pcx-0a1',
    'replace-route',
    '--destination-cidr-block 0.0.0.0/0',
  ],
  [
    'a narrower one leads elsewhere',
    [route('0.0.0.0/0', 'nat-0ok'), route('52.0.0.0/8', 'nat-0bad')],
    'nat-0bad',
    'replace-route',
    '--destination-cidr-block 52.0.0.0/8',
  ],
  [
    'one by a prefix list leads elsewhere',
    [route('pl-0a1', 'nat-0bad')],
    'nat-0bad',
    'replace-route',
    '--destination-prefix-list-id pl-0a1',
  ],
  [
    'one of IPv6 leads elsewhere',
    [route('::/0', 'nat-0bad')],
    'nat-0bad',
    'replace-route',
    '--destination-ipv6-cidr-block ::/0',
  ],
  [
    'what is wrong is not in the table',
    [local, route('0.0.0.0/0', 'igw-0a1')],
    'nat-0gone',
    'replace-route',
    '--destination-cidr-block 0.0.0.0/0',
  ],
])('%s', (_, routes, from, verb, destination) => {
  expect(command(routes, 'nat-0new', from)).toBe(
    `aws ec2 ${verb} --region eu-west-1 --route-table-id rtb-0a1 ${destination} --nat-gateway-id nat-0new`,
  );
});

test('each route that leads wrong is replaced', () => {
  const halves = [route('0.0.0.0/1', 'nat-0bad'), route('128.0.0.0/1', 'nat-0bad')];

  expect(command(halves, 'igw-0a1', 'nat-0bad').split(' && ')).toEqual([
    expect.stringMatching(/replace-route .* 0\.0\.0\.0\/1 --gateway-id igw-0a1$/),
    expect.stringMatching(/replace-route .* 128\.0\.0\.0\/1 --gateway-id igw-0a1$/),
  ]);
});

test('where nothing leads to what is wrong, a default route in halves is replaced, and one half is not enough', () => {
  const halves = [route('0.0.0.0/1', 'nat-0self'), route('128.0.0.0/1', 'nat-0self')];

  expect(command([local, ...halves], 'igw-0a1').split(' && ')).toEqual([
    expect.stringMatching(/replace-route .* 0\.0\.0\.0\/1 --gateway-id igw-0a1$/),
    expect.stringMatching(/replace-route .* 128\.0\.0\.0\/1 --gateway-id igw-0a1$/),
  ]);
  expect(command([local, ...halves.slice(0, 1)], 'igw-0a1')).toMatch(
    /^aws ec2 create-route [^&]* 0\.0\.0\.0\/0 --gateway-id igw-0a1$/,
  );
});

test('of a table that could not be read nothing is replaced', () => {
  const lead = { region: 'eu-west-1', table: 'rtb-0a1', to: '<nat gateway>', routeTables: refused };

  expect(routeCommand(lead).text).toContain('create-route');
});

test('routes to private networks stay, wherever they lead', () => {
  const routes = ['0.0.0.0/0', '10.9.0.0/16', '172.16.0.0/12', 'pl-0corporate'].map((to) =>
    route(to, 'nat-0bad'),
  );

  expect(command(routes, 'nat-0new', 'nat-0bad')).toMatch(
    /^aws ec2 replace-route \S+ \S+ [^&]* 0\.0\.0\.0\/0 [^&]*$/,
  );
});

test('a NAT gateway that is created is waited for, and the table led to it', () => {
  const lead = { region: 'eu-west-1', table: 'rtb-0a1', from: 'nat-0bad' };
  const routeTables = known([
    {
      routeTableId: 'rtb-0a1',
      main: false,
      subnetIds: [],
      routes: [route('0.0.0.0/0', 'nat-0bad')],
    },
  ]);

  expect(newNatCommand('subnet-0public', { ...lead, routeTables }).text.split(' && ')).toEqual([
    expect.stringMatching(/^address=\$\(aws ec2 allocate-address .*\)$/),
    expect.stringMatching(/^nat=\$\(.* --subnet-id subnet-0public --allocation-id \$address .*\)$/),
    expect.stringMatching(/^aws ec2 wait nat-gateway-available .* \$nat$/),
    expect.stringMatching(/^aws ec2 replace-route .* 0\.0\.0\.0\/0 --nat-gateway-id \$nat$/),
  ]);
});

const subnetsOf = (...ids: string[]) => known(ids.map((subnetId) => ({ subnetId })) as never);
const tables = (main: boolean, ...subnetIds: string[]) =>
  known([
    { routeTableId: 'rtb-0a1', main, subnetIds, routes: [] },
    { routeTableId: 'rtb-0b1', main: !main, subnetIds: ['own'], routes: [] },
  ]);
const also = (facts: Parameters<typeof goesFor>[1], change: Partial<Parameters<typeof goesFor>[0]> = {}) =>
  goesFor({ table: 'rtb-0a1', meant: ['task'], becomePublic: false, ...change }, facts);

test('which other subnets a table is led elsewhere for is said, but for those it is meant for', () => {
  const vpcSubnets = subnetsOf('task', 'a', 'b', 'own');

  expect(also({ routeTables: tables(false, 'task', 'a'), vpcSubnets })).toBe(
    '. Other subnets have this table and are led there too: `a`',
  );
  expect(also({ routeTables: tables(false, 'task'), vpcSubnets })).toBe('');
  // Without a table of its own a subnet has the main one.
  expect(also({ routeTables: tables(true), vpcSubnets })).toMatch(/too: `a`, `b`$/);
  expect(also({ routeTables: tables(true), vpcSubnets }, { becomePublic: true })).toMatch(/become public: /);
  expect(also({ routeTables: tables(true, 'task', 'a', 'b', 'c', 'd', 'e'), vpcSubnets })).toMatch(
    /too: `a`, `b`, `c` and 2 more$/,
  );
});

test('whose table it is may be unknown', () => {
  expect(also({ routeTables: tables(true), vpcSubnets: refused })).toMatch(
    /main table: subnets without a table of their own are led there too$/,
  );
  expect(also({ routeTables: tables(false, 'task', 'a'), vpcSubnets: refused })).toMatch(/: `a`$/);
  expect(also({ routeTables: refused, vpcSubnets: refused })).toBe('');
  expect(also({ routeTables: tables(false, 'x'), vpcSubnets: refused }, { table: '<route table>' })).toBe('');
});
