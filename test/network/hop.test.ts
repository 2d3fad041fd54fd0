import { expect, test } from '@jest/globals';
import { knownValue, unclear } from '../../lambda/network/hop.ts';
import { known, refused } from '../support/asking.ts';

test('a hop in doubt names what may lie behind it, and nothing where that is nothing', () => {
  const where = { is: 'NAT gateway', at: 'nat-0a1', check: 'nat-gateway-unusable' } as const;
  const hop = {
    ...where,
    resources: ['nat-0a1'],
    verdict: 'unknown',
    because: 'It may be so',
    certainty: 'likely',
    ask: 'Look',
  };

  expect(unclear(where, 'It may be so', 'Look')).toStrictEqual(hop);
  expect(unclear(where, 'It may be so', 'Look', ['public-ip-missing'])).toStrictEqual({
    ...hop,
    hides: ['public-ip-missing'],
  });
});

test('a fact that is unknown has no value', () => {
  expect([knownValue(known('vpc-0a1')), knownValue(refused)]).toEqual(['vpc-0a1', null]);
});
