import { describe, expect, test } from '@jest/globals';
import { decide } from '../../lambda/policy/decide.ts';
import { timeOf } from '../../lambda/policy/request.ts';

const role = { kind: 'role', arn: 'arn:aws:iam::111122223333:role/pull', accountId: '111122223333' } as const;
const service = { kind: 'service', service: 'ecs-tasks.amazonaws.com' } as const;
const times = { createdAt: '2026-05-04T10:00:00.000Z', stoppedAt: '2026-05-04T10:05:00.500Z' };

const decision = (
  Condition: unknown,
  principal: typeof role | typeof service = role,
  task: typeof times | null = times,
) =>
  decide(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: '*', Action: '*', Condition },
    }),
    {
      action: 'ecr:BatchGetImage',
      resource: '*',
      principal,
      context: {},
      ...(task && timeOf(task)),
    },
  ).decision;

const mfa = (operator: string, value: unknown) => ({ [operator]: { 'aws:MultiFactorAuthPresent': value } });
const age = (operator: string, value: unknown) => ({ [operator]: { 'aws:MultiFactorAuthAge': value } });
const external = (operator: string, value: unknown) => ({ [operator]: { 'sts:ExternalId': value } });

// No service has MFA, and nobody tells it an external id: the keys are absent, or say so.
describe.each([role, service])('a request of a $kind', (principal) => {
  test.each<[string, unknown, string]>([
    ['has no MFA', mfa('Bool', 'true'), 'denied'],
    ['has none, where it is asked for only if the key is there', mfa('BoolIfExists', 'true'), 'cannot-tell'],
    ['is one without, whichever way that is told', mfa('BoolIfExists', 'false'), 'allowed'],
    ['is perhaps told to be without', mfa('Bool', 'false'), 'cannot-tell'],
    ['has perhaps a key that says it', mfa('Null', 'true'), 'cannot-tell'],
    ['has no age of MFA', age('NumericLessThan', '3600'), 'denied'],
    ['has no age of MFA at all', age('Null', 'true'), 'allowed'],
    ['has none of the external ids that somebody chose', external('StringEquals', ['a', 'b']), 'denied'],
    ['has another external id, or none', external('StringNotEquals', 'a'), 'allowed'],
    ['has perhaps an external id', external('StringLike', '*'), 'cannot-tell'],
    ['has perhaps none', external('Null', 'true'), 'cannot-tell'],
    [
      'has none for a variable',
      { StringEquals: { 'aws:PrincipalType': `\${${'sts:ExternalId'}}` } },
      'cannot-tell',
    ],
  ])('%s', (_, condition, expected) => {
    expect(decision(condition, principal)).toBe(expected);
  });
});

const time = (operator: string, value: unknown) => ({ [operator]: { 'aws:CurrentTime': value } });
const epoch = (operator: string, value: unknown) => ({ [operator]: { 'aws:EpochTime': value } });

test.each<[string, unknown, string]>([
  ['before the task was', time('DateGreaterThan', '2026-05-04T09:59:59Z'), 'allowed'],
  ['after the task was', time('DateGreaterThan', '2026-05-04T10:05:01Z'), 'denied'],
  ['while it was', time('DateGreaterThan', '2026-05-04T10:02:00Z'), 'cannot-tell'],
  ['until after the task', time('DateLessThanEquals', '2026-05-05'), 'allowed'],
  ['until before the task', time('DateLessThan', '2026-05-04'), 'denied'],
  [
    'in a window around the task',
    { ...time('DateGreaterThan', '2026-05-04'), ...time('DateLessThan', '2026-05-05') },
    'allowed',
  ],
  ['at an instant', time('DateEquals', '2026-05-04T10:02:00Z'), 'cannot-tell'],
  ['at no instant', time('DateNotEquals', '2026-05-04T10:02:00Z'), 'cannot-tell'],
  ['by its text', time('StringLike', '2026-*'), 'cannot-tell'],
  ['there is one', time('Null', 'false'), 'allowed'],
  ['there is none', time('Null', 'true'), 'denied'],
  ['by seconds since 1970, earlier', epoch('NumericGreaterThan', '1777888799'), 'allowed'],
  ['by seconds since 1970, later', epoch('DateLessThan', '1777888799'), 'denied'],
  ['by seconds since 1970, meanwhile', epoch('NumericLessThan', '1777888900'), 'cannot-tell'],
  [
    'as a condition of several values, one of which holds',
    time('DateLessThan', ['2026-05-04', '2026-05-05']),
    'allowed',
  ],
])('the time of a pull is that of its task: %s', (_, condition, expected) => {
  expect(decision(condition)).toBe(expected);
});

test('where no time is known, or what was given is none, no condition on it is decided', () => {
  const early = time('DateGreaterThan', '2020-01-01');

  expect(decision(early, role, null)).toBe('cannot-tell');
  expect(decision(early, role, { ...times, createdAt: 'yesterday' })).toBe('cannot-tell');
  expect(timeOf({ createdAt: null, stoppedAt: times.stoppedAt })).toEqual({});
  expect(timeOf({ createdAt: times.createdAt, stoppedAt: null })).toEqual({});
});
