import { expect, test } from '@jest/globals';
import type { NatGateway, RouteTable } from '../../lambda/model/facts.ts';
import { type WayOutFacts, wayOut } from '../../lambda/network/way-out.ts';
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
  ['its subnet leads to itself', { routeTables: known([table('nat-0a1')]) }, null],
  ['its route is a blackhole', { routeTables: known([table('igw-0a1', 'blackhole')]) }, null],
  ['its gateway is attached to no VPC', { internetGateways: known([]) }, null],
  ['nobody may see the internet gateways', { internetGateways: refused }, null],
  ['nobody may see the gateways', { natGateways: refused }, null],
  ['nobody may see the tables', { routeTables: refused }, null],
])('%s', (_, change, expected) => {
  expect(wayOut({ ...facts, ...change })).toBe(expected);
});
