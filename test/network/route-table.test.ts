import { expect, test } from '@jest/globals';
import type { Route } from '../../lambda/model/facts.ts';
import { type Branch, leadsToOtherNetwork, routesTo, tableOf } from '../../lambda/network/route-table.ts';

const internet = ['0.0.0.0/1', '128.0.0.0/1'];
const route = (destination: string, target: string, change: Partial<Route> = {}): Route => ({
  destination,
  target,
  state: 'active',
  origin: 'CreateRoute',
  ...change,
});
const propagated = { origin: 'EnableVgwRoutePropagation' };
const everywhere = (target: string, change: Partial<Route> = {}) => route('0.0.0.0/0', target, change);
const lists = [
  { prefixListId: 'pl-0a1', name: null, cidrBlocks: ['52.0.0.0/8', '53.1.0.0/16'] },
  { prefixListId: 'pl-0c3', name: null, cidrBlocks: ['52.0.0.0/8'] },
];

const named = ({ taken }: Branch) =>
  taken === 'none' ? 'none' : 'because' in taken ? 'unclear' : taken.target;
function taken(blocks: readonly string[], ...routes: readonly Route[]) {
  const table = { routeTableId: 'rtb-0a1', main: false, subnetIds: [], routes };
  const { usual, special } = routesTo(blocks, table as never, lists);
  return [usual.map(named).join(' '), special.map(named).join(' ')];
}

test.each<[string, readonly string[], readonly Route[], readonly [string, string]]>([
  ['no route', internet, [], ['none', '']],
  ['a default route', internet, [everywhere('nat-0a1')], ['nat-0a1', '']],
  ['half of one', internet, [route('0.0.0.0/1', 'nat-0a1')], ['nat-0a1 none', '']],
  [
    'the longest prefix',
    ['52.1.0.0/16'],
    [everywhere('nat-0a1'), route('52.0.0.0/8', 'tgw-0a1')],
    ['tgw-0a1', ''],
  ],
  [
    'a route for some addresses beside that of most',
    internet,
    [everywhere('nat-0a1'), route('52.0.0.0/8', 'tgw-0a1')],
    ['nat-0a1', 'tgw-0a1'],
  ],
  [
    'a route for some addresses to where most go',
    internet,
    [everywhere('nat-0a1'), route('52.0.0.0/8', 'nat-0a1')],
    ['nat-0a1', 'nat-0a1'],
  ],
  [
    'two routes that hold all addresses together, whatever the wider one says',
    ['52.0.0.0/8'],
    [everywhere('nat-0a1'), route('52.0.0.0/9', 'tgw-0a1'), route('52.128.0.0/9', 'tgw-0b2')],
    ['tgw-0a1 tgw-0b2', ''],
  ],
  [
    'a route by a prefix list that is the usual one for some blocks already',
    ['52.0.0.0/8', '53.0.0.0/8'],
    [everywhere('nat-0a1'), route('pl-0a1', 'tgw-0a1')],
    ['tgw-0a1 nat-0a1', ''],
  ],
  [
    'a route for private addresses, which are no part of the internet',
    internet,
    [everywhere('nat-0a1'), route('10.0.0.0/8', 'tgw-0a1')],
    ['nat-0a1', ''],
  ],
  [
    'a route for some private addresses, where private ones are meant',
    ['10.0.0.0/8'],
    [everywhere('nat-0a1'), route('10.1.0.0/16', 'tgw-0a1')],
    ['nat-0a1', 'tgw-0a1'],
  ],
  [
    'a static route before a propagated one',
    internet,
    [everywhere('vgw-0a1', propagated), everywhere('nat-0a1')],
    ['nat-0a1', ''],
  ],
  [
    'a static route before a prefix list, and that before a propagated one',
    ['52.1.0.0/16'],
    [route('52.0.0.0/8', 'vgw-0a1', propagated), route('pl-0a1', 'tgw-0a1')],
    ['tgw-0a1', ''],
  ],
  [
    'two propagated routes for the same addresses',
    ['52.1.0.0/16'],
    [everywhere('vgw-0a1', propagated), everywhere('vgw-0b2', propagated)],
    ['unclear', ''],
  ],
  [
    'two prefix lists for the same addresses, to the same target',
    ['52.1.0.0/16'],
    [route('pl-0a1', 'tgw-0a1'), route('pl-0c3', 'tgw-0a1')],
    ['tgw-0a1', ''],
  ],
  [
    'two prefix lists for the same addresses, to different ones',
    ['52.1.0.0/16'],
    [route('pl-0a1', 'tgw-0a1'), route('pl-0c3', 'tgw-0b2')],
    ['unclear', ''],
  ],
  [
    'a route that is filtered',
    ['52.1.0.0/16'],
    [everywhere('nat-0a1', { state: 'filtered' })],
    ['unclear', ''],
  ],
  ['a prefix list that nobody could read', internet, [route('pl-0b2', 'tgw-0a1')], ['unclear', '']],
  [
    'the local route before a narrower one that is propagated',
    ['10.0.2.0/24'],
    [route('10.0.0.0/16', 'local'), route('10.0.2.0/24', 'vgw-0a1', propagated)],
    ['local', ''],
  ],
  [
    'a narrower static route before the local one',
    ['10.0.2.0/24'],
    [route('10.0.0.0/16', 'local'), route('10.0.2.0/24', 'eni-0a1')],
    ['eni-0a1', ''],
  ],
])('packets take %s', (_, blocks, routes, expected) => {
  expect(taken(blocks, ...routes)).toEqual(expected);
});

test('the blocks of a branch are all that go its way', () => {
  const table = { routeTableId: 'rtb-0a1', routes: [everywhere('nat-0a1')] };

  expect(routesTo(internet, table as never, null).usual).toEqual([
    { taken: expect.objectContaining({ target: 'nat-0a1' }), blocks: internet },
  ]);
});

test('a subnet has the table that names it, else the main one, else none', () => {
  const other = { routeTableId: 'rtb-0a1', main: false, subnetIds: ['subnet-0b2'] };
  const main = { routeTableId: 'rtb-0main', main: true, subnetIds: [] };
  const of = (...tables: readonly object[]) => tableOf('subnet-0a1', tables as never)?.routeTableId;

  expect(of(other, main)).toBe('rtb-0main');
  expect(of(main, { ...other, subnetIds: ['subnet-0a1'] })).toBe('rtb-0a1');
  expect(of(other)).toBeUndefined();
});

test.each<[string, Route, boolean]>([
  ['a transit gateway', route('10.0.0.0/8', 'tgw-0a1'), true],
  ['a core network', route('10.0.0.0/8', 'arn:aws:networkmanager::111122223333:core-network/x'), true],
  ['a blackhole', route('10.0.0.0/8', 'tgw-0a1', { state: 'blackhole' }), false],
  ['the VPC itself', route('10.0.0.0/16', 'local'), false],
  ['a NAT gateway', route('10.0.0.0/8', 'nat-0a1'), false],
  ['a transit gateway to public addresses', route('52.0.0.0/8', 'tgw-0a1'), false],
])('%s leads to another network', (_, one, expected) => {
  const routes = [route('0.0.0.0/0', 'nat-0a1'), one];

  expect(leadsToOtherNetwork({ routes } as never)).toBe(expected);
});
