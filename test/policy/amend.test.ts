import { expect, test } from '@jest/globals';
import { type Allowance, amended } from '../../lambda/policy/amend.ts';
import { decide, type PolicyRequest } from '../../lambda/policy/decide.ts';
import fc from '../support/fast-check.ts';

const role = 'arn:aws:iam::111122223333:role/pull';
const request: PolicyRequest = {
  action: 'ecr:BatchGetImage',
  resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/web',
  principal: { kind: 'role', arn: role, accountId: '111122223333' },
  context: {},
};
const allowance: Allowance = { Principal: { AWS: role }, Action: request.action };
const other = (accountId: string) => ({
  Sid: `Of${accountId}`,
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${accountId}:root` },
  Action: 'ecr:*',
});

test('every statement stays as it is, and the request passes', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^\d{12}$/)), fc.boolean(), (accounts, alone) => {
      const statements = accounts.map(other);
      const policy = JSON.stringify({
        Id: 'of the team',
        Statement: alone && statements.length === 1 ? statements[0] : statements,
      });

      const text = amended(policy, allowance, [request]) ?? '';

      const document = JSON.parse(text);
      expect(document).toEqual({ Id: 'of the team', Statement: expect.any(Array) });
      expect(document.Statement.slice(0, -1)).toEqual(statements);
      expect(decide(text, request).decision).toBe('allowed');
    }),
  );
});

test('the version of the policy language stays what it was: with another, variables would come to life', () => {
  const policy = (Version?: string) => JSON.stringify({ ...(Version && { Version }), Statement: [] });

  expect(amended(policy(), allowance, [request])).not.toContain('Version');
  expect(amended(policy('2008-10-17'), allowance, [request])).toContain('2008-10-17');
  expect(amended(null, allowance, [request])).toContain('2012-10-17');
});

test.each([
  ['another statement denies', { Effect: 'Deny', Principal: '*', Action: 'ecr:*' }],
  [
    'another statement may deny',
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 'ecr:*',
      Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } },
    },
  ],
  ['another statement cannot be read', { Effect: 'Refuse' }],
])('there is no such document where %s', (_, statement) => {
  expect(amended(JSON.stringify({ Statement: [statement] }), allowance, [request])).toBeNull();
});

test('what is no policy is not written over', () => {
  expect(amended('{"Statement":', allowance, [request])).toBeNull();
  expect(amended('{}', allowance, [request])).toBeNull();
});

test('a statement that does not cover each request does not do', () => {
  const layers = { ...request, action: 'ecr:GetDownloadUrlForLayer' };

  expect(amended(null, allowance, [request, layers])).toBeNull();
});
