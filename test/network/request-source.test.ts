import { expect, test } from '@jest/globals';
import type { Hop, HopKind, Path } from '../../lambda/model/network.ts';
import { requestSource } from '../../lambda/network/request-source.ts';

const host = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const hop = (is: HopKind, check: string, at: string, verdict: Hop['verdict'] = 'open'): Hop => ({
  is,
  check,
  at,
  verdict,
  because: '',
  certainty: 'proven',
  resources: [at],
});
const name = (verdict?: Hop['verdict']) => hop('name resolution', 'vpc-dns-disabled', 'vpc-0a1b', verdict);
const endpoint = (id: string) => hop('VPC endpoint', 'endpoint-not-available', id);
const path = (subnetId: string, addresses: Path['addresses'], ...hops: readonly Hop[]): Path => ({
  destination: { host, step: 'manifest', service: 'ecr.dkr', region: 'eu-west-1' },
  subnetId,
  addresses,
  hops,
});
const elsewhere = (path: Path, change: Partial<Path['destination']>): Path => ({
  ...path,
  destination: { ...path.destination, ...change },
});
const group = (verdict?: Hop['verdict']) =>
  hop('security group', 'task-security-group-closed', 'sg-0a1', verdict);
const subnets = [
  { subnetId: 'subnet-0c', vpcId: 'vpc-0c2d' },
  { subnetId: 'subnet-0a', vpcId: 'vpc-0a1b' },
  { subnetId: 'subnet-0b', vpcId: 'vpc-0a1b' },
] as never;
const throughEndpoint = {
  context: { 'aws:SourceVpce': ['vpce-0a'], 'aws:SourceVpc': ['vpc-0a1b'] },
  absent: ['aws:SourceIp'],
};
const overInternet = { context: {}, absent: ['aws:SourceVpce', 'aws:SourceVpc', 'aws:VpcSourceIp'] };
const unknown = { context: {}, absent: [] };

test.each<[string, Path[], object]>([
  [
    'through an endpoint',
    [
      path('subnet-0a', 'private', name(), endpoint('vpce-0a')),
      path('subnet-0b', 'private', name(), endpoint('vpce-0a')),
    ],
    throughEndpoint,
  ],
  ['over the internet', [path('subnet-0a', 'public', name())], overInternet],
  [
    'one way from one subnet, another from the other',
    [path('subnet-0a', 'public', name()), path('subnet-0b', 'private', name(), endpoint('vpce-0a'))],
    unknown,
  ],
  ['the name may lead elsewhere', [path('subnet-0a', 'public', name('unknown'))], unknown],
  [
    'behind something that cannot be seen',
    [path('subnet-0a', 'public', name(), hop('elsewhere', 'no-route-to-registry', 'tgw-0a', 'unknown'))],
    unknown,
  ],
  ['no way is known', [], unknown],
  [
    'two ways through an endpoint, and a third past it',
    [
      path('subnet-0a', 'private', name(), endpoint('vpce-0a')),
      path('subnet-0b', 'private', name(), endpoint('vpce-0a')),
      path('subnet-0c', 'public', name()),
    ],
    unknown,
  ],
  [
    'over the internet, as nothing but the groups could be seen on the way',
    [path('subnet-0a', 'public', name(), group('unknown'))],
    overInternet,
  ],
  [
    'the name may lead elsewhere, and the groups let it out',
    [path('subnet-0a', 'public', name('unknown'), group())],
    unknown,
  ],
  [
    'through an endpoint, past which go the token and what another registry is asked for',
    [
      elsewhere(path('subnet-0a', 'public', name()), { step: 'token' }),
      elsewhere(path('subnet-0a', 'public', name()), { host: 'ghcr.io' }),
      path('subnet-0a', 'private', name(), group(), endpoint('vpce-0a')),
    ],
    throughEndpoint,
  ],
  [
    'nobody knows where the name leads, and there is an endpoint',
    [path('subnet-0a', 'unknown', name(), endpoint('vpce-0a'))],
    unknown,
  ],
  ['at a private address of no endpoint', [path('subnet-0a', 'private', name(), group())], unknown],
  ['from a subnet that nobody could see', [path('subnet-0d', 'private', endpoint('vpce-0a'))], unknown],
])('a request %s', (_, paths, source) => {
  expect(requestSource(host, paths, subnets)).toEqual(source);
});
