import { expect, test } from '@jest/globals';
import type { PrefixList, RouteTable, Step, VpcEndpoint } from '../../lambda/model/facts.ts';
import { refused } from '../support/asking.ts';
import { endpoint } from './added-endpoint.ts';
import { s3List } from './healthy-network.ts';
import { type Edit, notOpen, pathIn, type Situation } from './hops.ts';

const link = 'PrivateLink';
const route = (destination: string, target: string) =>
  ['route added', { table: 'rtb-0task', destination, target, state: 'active', propagated: false }] as const;
const noDefault = ['route removed', { table: 'rtb-0task', destination: '0.0.0.0/0' }] as const;
const natFailed = [
  'NAT gateway',
  { state: 'failed', connectivityType: 'public', subnetId: 'subnet-0public' },
] as const;
const noLists: Edit = { prefixLists: refused, servicePrefixLists: refused };
const layersAt = (address: string) => ({ step: 'layers', address }) as const;
const withRoute = (id: string, destination: string, target: string) => ({
  routeTables: (all: readonly RouteTable[]) =>
    all.map((table) =>
      table.routeTableId === id
        ? { ...table, routes: [...table.routes, { destination, target, state: 'active', origin: null }] }
        : table,
    ),
});

test.each<[string, Step, Situation, string]>([
  // The addresses of Amazon S3 are not known
  ['a gateway endpoint is the only way', 'layers', { start: link, edit: noLists }, ''],
  [
    'a default route stands back behind a gateway endpoint',
    'layers',
    { changes: [natFailed, endpoint('vpce-0s3')], edit: noLists },
    '',
  ],
  [
    'halves of a default route stand back behind it too',
    'layers',
    {
      changes: [
        natFailed,
        noDefault,
        route('0.0.0.0/1', 'nat-0a1'),
        route('128.0.0.0/1', 'nat-0a1'),
        endpoint('vpce-0s3'),
      ],
      edit: noLists,
    },
    '',
  ],
  [
    'a route that is narrower may lead past it',
    'layers',
    {
      start: link,
      changes: [route('52.216.0.0/16', 'tgw-0a1')],
      edit: noLists,
      error: layersAt('52.216.9.9'),
    },
    'unknown no-route-to-registry',
  ],
  [
    'a prefix list that nobody could read may lead past it',
    'layers',
    { start: link, changes: [route('pl-0b2', 'tgw-0a1')], edit: noLists },
    'unknown no-route-to-registry',
  ],
  [
    'it serves no private address',
    'layers',
    {
      start: link,
      changes: [route('10.0.0.0/8', 'igw-0a1')],
      edit: noLists,
      error: layersAt('10.50.1.10'),
    },
    'closed no-route-to-registry',
  ],

  // Whether an endpoint is on a table is said at two places
  [
    'the endpoint names the table, and the table has no route yet',
    'layers',
    {
      start: link,
      edit: {
        routeTables: (all: readonly RouteTable[]) =>
          all.map((table) => ({
            ...table,
            routes: table.routes.filter(({ destination }) => destination !== s3List),
          })),
      },
    },
    '',
  ],
  [
    'the table has a route, and the endpoint does not name it yet',
    'layers',
    {
      start: link,
      edit: {
        vpcEndpoints: (all: readonly VpcEndpoint[]) => all.map((one) => ({ ...one, routeTableIds: [] })),
      },
    },
    '',
  ],

  // Nobody could see endpoints
  [
    'what the list of Amazon S3 leads to behind a NAT gateway is no endpoint by its name',
    'layers',
    { edit: { vpcEndpoints: refused, ...withRoute('rtb-0public', s3List, 'igw-0a1') } },
    'unknown endpoint-missing',
  ],
  [
    'nobody could see which lists are those of services, and no endpoint is routed to',
    'token',
    { edit: { vpcEndpoints: refused, servicePrefixLists: refused } },
    'unknown endpoint-missing',
  ],
  [
    'the same, and some addresses are routed to a firewall endpoint, by no list',
    'token',
    {
      changes: [route('52.0.0.0/8', 'vpce-0firewall')],
      edit: { vpcEndpoints: refused, servicePrefixLists: refused },
    },
    'unknown endpoint-missing, unknown no-route-to-registry',
  ],
  [
    'the same, and a list leads to a NAT gateway',
    'token',
    {
      changes: [noDefault, route('pl-0own', 'nat-0a1')],
      edit: { vpcEndpoints: refused, servicePrefixLists: refused },
    },
    'unknown endpoint-missing',
  ],
  [
    'the same, and the layers have a gateway endpoint',
    'layers',
    { start: link, edit: { vpcEndpoints: refused, servicePrefixLists: refused } },
    'unknown endpoint-missing, unknown endpoint-policy-denies-pull',
  ],
  [
    "a list of one's own leads to no gateway endpoint",
    'token',
    { changes: [route('pl-0own', 'vpce-0firewall')], edit: { vpcEndpoints: refused } },
    'unknown endpoint-missing, unknown no-route-to-registry',
  ],
  [
    'a list of another service leads to the gateway endpoint of that',
    'token',
    {
      edit: {
        vpcEndpoints: refused,
        servicePrefixLists: (all: readonly PrefixList[]) => [
          ...all,
          { prefixListId: 'pl-0table', name: 'com.amazonaws.eu-west-1.dynamodb', cidrBlocks: [] },
        ],
        ...withRoute('rtb-0task', 'pl-0table', 'vpce-0table'),
      },
    },
    'unknown endpoint-missing',
  ],

  // The endpoints are known
  [
    'a firewall endpoint that a list leads to, and nobody could see which lists are those of services',
    'token',
    { changes: [route('pl-0own', 'vpce-0firewall')], edit: { servicePrefixLists: refused } },
    'unknown no-route-to-registry',
  ],
  [
    'a firewall endpoint that a list leads to, beside a gateway endpoint',
    'token',
    { changes: [endpoint('vpce-0s3'), route('pl-0own', 'vpce-0firewall')] },
    'unknown no-route-to-registry',
  ],
])('%s (%s)', (_, step, situation, expected) => {
  expect(notOpen(pathIn(situation, step)?.hops)).toBe(expected);
});
