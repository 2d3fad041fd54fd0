import { expect, test } from '@jest/globals';
import type { PullError, Route, RouteTable, Step } from '../../lambda/model/facts.ts';
import { refused } from '../support/asking.ts';
import { endpoint } from './added-endpoint.ts';
import { s3List } from './healthy-network.ts';
import { type Edit, notOpen, pathIn, type Situation } from './hops.ts';

const link = 'PrivateLink';
const route = (destination: string, target: string, state = 'active') =>
  ['route added', { table: 'rtb-0task', destination, target, state, propagated: false }] as const;
const natFailed = [
  'NAT gateway',
  { state: 'failed', connectivityType: 'public', subnetId: 'subnet-0public' },
] as const;
const shutAcl = ['network ACL', { acl: 'acl-0task', keeps: false, entries: [] }] as const;
const shutGroup = ['security group', { group: 'sg-0task', way: 'egress', rules: [], keeps: false }] as const;
const dualStack = ['image', 'dual-stack'] as const;
const toIpv6 = route('::/0', 'eigw-0a1');
const dialled = (address: string): Partial<PullError> => ({ step: 'token', address });
const forList = (target: string): Edit => ({
  vpcEndpoints: refused,
  routeTables: (all: readonly RouteTable[]) =>
    all.map((table) => {
      if (table.routeTableId !== 'rtb-0task') return table;
      const added: Route = { destination: s3List, target, state: 'active', origin: 'CreateRoute' };
      return { ...table, routes: [...table.routes, added] };
    }),
});
const sealed = JSON.stringify({ Statement: [] });

test.each<[string, Step, Situation, string]>([
  // Hosts in the VPC
  [
    'an address in the subnet of the task, whose network ACL lets nothing through',
    'token',
    { changes: [shutAcl], error: dialled('10.0.1.50') },
    'unknown no-route-to-registry',
  ],
  [
    'an address in the next subnet',
    'token',
    { changes: [shutAcl], error: dialled('10.0.9.50') },
    'closed network-acl-blocks-registry, unknown no-route-to-registry, closed network-acl-blocks-registry',
  ],

  // Endpoints that nobody could see
  [
    'behind endpoints that nobody could see, what is broken may not matter',
    'token',
    { changes: [natFailed], edit: { vpcEndpoints: refused } },
    'unknown endpoint-missing, likely closed nat-gateway-unusable',
  ],
  [
    'no endpoint stands for a registry outside AWS',
    'manifest',
    { changes: [['image', 'Docker Hub'], natFailed], edit: { vpcEndpoints: refused } },
    'closed nat-gateway-unusable',
  ],

  // IPv6
  [
    'a dual-stack name may be reached over IPv6',
    'token',
    { changes: [dualStack, toIpv6, natFailed] },
    'unknown nat-gateway-unusable',
  ],
  [
    'the usual name has no IPv6 addresses',
    'token',
    { changes: [toIpv6, natFailed] },
    'closed nat-gateway-unusable',
  ],
  [
    'the usual name of the API has none, whatever that of the image',
    'token',
    { changes: [dualStack, toIpv6, natFailed], error: { host: 'api.ecr.eu-west-1.amazonaws.com' } },
    'closed nat-gateway-unusable',
  ],
  [
    'the layers follow a dual-stack registry',
    'layers',
    { changes: [dualStack, toIpv6, natFailed] },
    'unknown nat-gateway-unusable',
  ],
  [
    'the layers follow the usual registry, whatever the name of the API',
    'layers',
    { changes: [toIpv6, natFailed], error: { host: 'ecr.eu-west-1.api.aws' } },
    'closed nat-gateway-unusable',
  ],
  [
    'an address of IPv4 was dialled',
    'token',
    { changes: [dualStack, toIpv6, natFailed], error: dialled('52.95.115.9') },
    'closed nat-gateway-unusable',
  ],
  [
    'the VPC has IPv6 addresses, and no route out for them',
    'token',
    { changes: [dualStack, route('2600:1f18::/56', 'local'), natFailed] },
    'closed nat-gateway-unusable',
  ],
  [
    'nobody could see whether IPv6 is routed',
    'token',
    { changes: [dualStack, shutGroup], edit: { routeTables: refused } },
    'unknown task-security-group-closed, unknown no-route-to-registry',
  ],

  // Routes
  [
    'a transit gateway that is gone',
    'token',
    { changes: [route('0.0.0.0/0', 'tgw-0a1', 'blackhole')] },
    'closed no-route-to-registry',
  ],
  [
    'a peering connection to the internet of another VPC',
    'token',
    { changes: [route('0.0.0.0/0', 'pcx-0a1')] },
    'closed no-route-to-registry',
  ],
  [
    'a peering connection to a private address',
    'token',
    { changes: [route('10.50.0.0/16', 'pcx-0a1')], error: dialled('10.50.1.10') },
    'unknown no-route-to-registry',
  ],

  // Gateway endpoints
  ['a gateway endpoint', 'layers', { start: link }, ''],
  [
    'a gateway endpoint whose policy denies',
    'layers',
    { start: link, changes: [endpoint('vpce-0s3', { policy: sealed })] },
    'closed endpoint-policy-denies-pull',
  ],
  [
    'a gateway endpoint that is not there yet',
    'layers',
    { start: link, changes: [endpoint('vpce-0s3', { state: 'pending' })] },
    'closed endpoint-not-available',
  ],
  [
    'a gateway endpoint that nobody could see',
    'layers',
    { start: link, edit: { vpcEndpoints: refused } },
    'unknown endpoint-missing, unknown endpoint-policy-denies-pull',
  ],
  [
    'the list of Amazon S3 leads to a NAT gateway, and nobody could see endpoints',
    'layers',
    { edit: forList('nat-0a1') },
    'unknown endpoint-missing',
  ],
  [
    'all addresses lead to a firewall endpoint, and nobody could see endpoints',
    'layers',
    { changes: [route('0.0.0.0/0', 'vpce-0firewall')], edit: { vpcEndpoints: refused } },
    'unknown endpoint-missing, unknown no-route-to-registry',
  ],
])('%s (%s)', (_, step, situation, expected) => {
  expect(notOpen(pathIn(situation, step)?.hops)).toBe(expected);
});

const said = (situation: Situation, check: string) =>
  pathIn(situation)?.hops.find((hop) => hop.check === check && hop.is !== 'address family');

test('the groups of the task are asked for the address that was dialled, else for the host', () => {
  const becauseOf = (error: Partial<PullError>) => said({ error }, 'task-security-group-closed')?.because;

  expect(becauseOf({})).toBe('`sg-0task` lets TCP port 443 out to `api.ecr.eu-west-1.amazonaws.com`');
  expect(becauseOf(dialled('52.95.115.9'))).toBe('`sg-0task` lets TCP port 443 out to `52.95.115.9`');
});

test('what stands in the VPC is named by its address', () => {
  for (const address of ['10.0.1.50', '10.0.9.50']) {
    const hop = pathIn({ error: dialled(address) })?.hops.find(({ verdict }) => verdict === 'unknown');

    expect(hop).toMatchObject({
      at: address,
      because: `\`${address}\` lies in the VPC, and what stands there cannot be seen from here`,
    });
  }
});

test('a VPC may have public addresses of its own, and a registry one of them', () => {
  const hops = pathIn({ changes: [natFailed, route('52.0.0.0/16', 'local')] })?.hops;

  expect(notOpen(hops)).toBe('likely closed nat-gateway-unusable, unknown no-route-to-registry');
  expect(hops?.find(({ verdict }) => verdict === 'unknown')?.because).toContain(
    '`rtb-0task` routes `52.0.0.0/16` to `local`',
  );
});
