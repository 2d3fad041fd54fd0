import { expect, test } from '@jest/globals';
import { routeCommand } from '../../lambda/checks/route-command.ts';
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
  });
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

  expect(routeCommand(lead)).toContain('create-route');
});

test('routes to private networks stay, wherever they lead', () => {
  const routes = ['0.0.0.0/0', '10.9.0.0/16', '172.16.0.0/12', 'pl-0corporate'].map((to) =>
    route(to, 'nat-0bad'),
  );

  expect(command(routes, 'nat-0new', 'nat-0bad')).toMatch(
    /^aws ec2 replace-route \S+ \S+ [^&]* 0\.0\.0\.0\/0 [^&]*$/,
  );
});
