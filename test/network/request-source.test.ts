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
const subnets = ['subnet-0a', 'subnet-0b'].map((subnetId) => ({ subnetId, vpcId: 'vpc-0a1b' })) as never;
const unknown = { context: {}, absent: [] };

test.each<[string, Path[], object]>([
  [
    'through an endpoint',
    [
      path('subnet-0a', 'private', name(), endpoint('vpce-0a')),
      path('subnet-0b', 'private', name(), endpoint('vpce-0a')),
    ],
    {
      context: { 'aws:SourceVpce': ['vpce-0a'], 'aws:SourceVpc': ['vpc-0a1b'] },
      absent: ['aws:SourceIp'],
    },
  ],
  [
    'over the internet',
    [path('subnet-0a', 'public', name())],
    { context: {}, absent: ['aws:SourceVpce', 'aws:SourceVpc', 'aws:VpcSourceIp'] },
  ],
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
])('a request %s', (_, paths, source) => {
  expect(requestSource(host, paths, subnets)).toEqual(source);
});
