import { expect, test } from '@jest/globals';
import { decideForRole } from '../../lambda/policy/identity.ts';

const request = {
  action: 'ecr:BatchGetImage',
  resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/web',
  principal: { kind: 'role', arn: 'arn:aws:iam::111122223333:role/app', accountId: '111122223333' },
  context: {},
} as const;
const policy = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string, more: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more });
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
])('%s', (_, policies, boundary, decision, allowedByBoundary) => {
  expect(decideForRole(policies, boundary, request)).toEqual({ decision, allowedByBoundary });
});
