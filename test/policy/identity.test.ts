import { expect, test } from '@jest/globals';
import { decideForRole, layersOf } from '../../lambda/policy/identity.ts';

const request = {
  action: 'ecr:BatchGetImage',
  resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/web',
  principal: { kind: 'role', arn: 'arn:aws:iam::111122223333:role/app', accountId: '111122223333' },
  context: {},
} as const;
const policy = (...Statement: readonly unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const old = (...Statement: readonly unknown[]) => JSON.stringify({ Version: '2008-10-17', Statement });
const allow = (Action: string, more: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more });
const deny = { Effect: 'Deny', Action: 'ecr:*', Resource: '*' };
const ofTeam = policy({
  ...allow('ecr:*'),
  Resource: `arn:aws:ecr:eu-west-1:\${aws:PrincipalAccount}:repository/*`,
});
const pulls = policy(allow('ecr:*'));
const conditional = policy(allow('ecr:*', { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-0a1b' } } }));

test.each([
  ['one policy allows it', [policy(allow('logs:*')), pulls], null, 'allowed', null],
  ['none allows it', [policy(allow('logs:*'))], null, 'implicitDeny', null],
  ['the role has no policy', [], null, 'implicitDeny', null],
  [
    'one denies what another allows',
    [pulls, policy({ Effect: 'Deny', NotAction: 'logs:*', Resource: '*' })],
    null,
    'explicitDeny',
    null,
  ],
  ['the boundary does not allow it', [pulls], policy(allow('s3:*')), 'implicitDeny', false],
  ['the boundary allows it too', [pulls], policy(allow('*')), 'allowed', true],
  ['the boundary denies it', [pulls], policy(deny), 'explicitDeny', false],
  ['the policies are of both versions', [pulls, old(allow('logs:*'))], null, 'allowed', null],
  ['the policies are of both versions, the old first', [old(allow('logs:*')), pulls], null, 'allowed', null],
  ['a variable stands for the role', [ofTeam], null, 'allowed', null],
  [
    'a variable stands for the role, or for nothing in the old version',
    [old(allow('logs:*')), ofTeam],
    null,
    'cannot-tell',
    null,
  ],
  ...[null, 'x', 7].map(
    (one) => ['there is no statement', [policy(one)], null, 'cannot-tell', null] as const,
  ),
  ['there are no statements', ['{"Version":"2012-10-17"}'], null, 'cannot-tell', null],
  ['whether the boundary allows it is not known', [pulls], conditional, 'cannot-tell', null],
  ['a condition decides that is not known', [conditional], null, 'cannot-tell', null],
  ['a condition of one policy does not matter beside another', [conditional, pulls], null, 'allowed', null],
  [
    'an unknown condition decides whether it is denied',
    [
      pulls,
      policy({
        ...allow('ecr:*', { Condition: { Bool: { 'aws:ViaAWSService': 'false' } } }),
        Effect: 'Deny',
      }),
    ],
    null,
    'cannot-tell',
    null,
  ],
  ['a statement cannot be read', [policy({ Effect: 'Allow', Actions: 'ecr:*' })], null, 'cannot-tell', null],
] as const)('%s', (_, policies, boundary, decision, allowedByBoundary) => {
  expect(decideForRole(policies, boundary, request)).toEqual({ decision, allowedByBoundary });
});

test.each([
  ['allow and deny it', [pulls, policy(deny)], null, [true, true], null],
  ['deny it, and nothing allows it', [policy(deny)], null, [true, false], null],
  ['say nothing, and neither does the boundary', [], policy(allow('s3:*')), [false, false], [false, false]],
  ['allow it, perhaps', [conditional], policy(allow('*'), deny), [false, null], [true, true]],
  ['cannot be read', [policy({ Effect: 'Allow', Actions: 'ecr:*' })], null, [null, null], null],
] as const)('the layers, each for itself: the policies %s', (_, policies, boundary, own, limit) => {
  const verdict = ([denies, allows]: readonly (boolean | null)[]) => ({ denies, allows });

  expect(layersOf(policies, boundary, request)).toEqual({
    policies: verdict(own),
    boundary: limit && verdict(limit),
  });
});
