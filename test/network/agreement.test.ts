import { describe, expect, test } from '@jest/globals';
import type { FactName } from '../../lambda/model/facts.ts';
import { pathsOf } from '../../lambda/network/walk.ts';
import fc from '../support/fast-check.ts';
import { sampled } from '../support/whole.ts';
import { compare, dialledIn, disagreementIn, errorOf, verdictOf } from './agreement.ts';
import { collected, factsOf, recipes } from './random-network.ts';

// `NETWORKS=100000 npx jest test/network` walks more of them.
const numRuns = Number(process.env['NETWORKS'] ?? sampled(600));

const hideable: readonly FactName[] = [
  'images',
  'taskDefinition',
  'service',
  'placement',
  'securityGroupIds',
  'publicIp',
  'subnets',
  'vpc',
  'vpcDns',
  'dhcpOptions',
  'vpcSubnets',
  'routeTables',
  'networkAcls',
  'securityGroups',
  'vpcEndpoints',
  'natGateways',
  'internetGateways',
  'servicePrefixLists',
  'prefixLists',
  'pullingRole',
];
const dialled = fc.option(
  fc.tuple(
    fc.constantFrom('token' as const, 'secrets' as const, 'manifest' as const, 'layers' as const),
    fc.nat(99),
  ),
);

describe(`on ${numRuns} random networks`, () => {
  test('the product says of every connection what a packet meets', () => {
    fc.assert(
      fc.property(recipes, dialled, (recipe, dial) => {
        const facts = factsOf(recipe);

        const comparisons = compare(facts, dial ? dialledIn(facts, ...dial) : undefined);

        expect(comparisons.flatMap(disagreementIn)).toEqual([]);
      }),
      { numRuns },
    );
  });

  test('what is hidden from the product makes it doubt, and never say what is not so', () => {
    fc.assert(
      fc.property(
        recipes,
        dialled,
        fc.subarray([...hideable], { minLength: 1, maxLength: 3 }),
        (recipe, dial, hidden) => {
          const facts = factsOf(recipe);

          const comparisons = compare(facts, dial ? dialledIn(facts, ...dial) : undefined, hidden);

          const sure = comparisons.filter(({ product }) => product === 'open' || product === 'closed');
          expect(sure.flatMap(disagreementIn)).toEqual([]);
        },
      ),
      { numRuns },
    );
  });
});

test('the random networks let packets through, end them in every way, and leave them in doubt', () => {
  const networks = fc.sample(recipes, { numRuns: 1_500, seed: 1 });

  const paths = networks.flatMap((recipe) => pathsOf(collected(factsOf(recipe)), errorOf(undefined)));

  const endings = paths.flatMap(({ hops }) =>
    hops.flatMap(({ verdict, check }) => (verdict === 'closed' ? [check] : [])),
  );
  expect(new Set(paths.map(verdictOf))).toEqual(new Set(['closed', 'likely closed', 'open', 'unknown']));
  expect([...new Set(endings)].toSorted()).toEqual([
    'custom-dns-servers',
    'endpoint-missing',
    'endpoint-not-available',
    'endpoint-policy-denies-pull',
    'endpoint-private-dns-off',
    'endpoint-security-group-closed',
    'internet-access-blocked',
    'internet-gateway-detached',
    'ipv6-only-subnet',
    'nat-gateway-unusable',
    'nat-instance-unusable',
    'network-acl-blocks-registry',
    'no-route-to-registry',
    'public-ip-missing',
    's3-endpoint-not-routed',
    'task-security-group-closed',
    'vpc-dns-disabled',
  ]);
});
