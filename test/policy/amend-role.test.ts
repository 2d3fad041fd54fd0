import { expect, test } from '@jest/globals';
import { amendedForRole } from '../../lambda/policy/amend-role.ts';
import { pullRequest } from '../../lambda/policy/pull-request.ts';

const repository = 'arn:aws:ecr:eu-west-1:111122223333:repository/web';
const asked = (action: string) =>
  pullRequest({ action, resource: repository }, 'arn:aws:iam::111122223333:role/pull', [], {
    createdAt: null,
    stoppedAt: null,
  });
const manifest = asked('ecr:BatchGetImage');
const layers = asked('ecr:GetDownloadUrlForLayer');
const document = (...Statement: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Id: 'ours', Statement });
const allow = { Effect: 'Allow', Action: 'ecr:*', Resource: '*' };
const deny = (Action: unknown, more: object = {}) => ({ Effect: 'Deny', Action, Resource: '*', ...more });
const amended = (text: string, change: Partial<Parameters<typeof amendedForRole>[0]>) => {
  const answer = amendedForRole({ document: text, denied: [], lacking: [], ...change });
  return answer && { ...answer, document: answer.document && JSON.parse(answer.document) };
};

test('every statement that denies the pull is taken out, and what else stands there stays', () => {
  const named = deny('ecr:batchgetimage', { Sid: 'NoPull' });
  const text = document(
    named,
    allow,
    deny(['ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage']),
    deny('s3:*'),
  );

  expect(amended(text, { denied: [manifest, layers] })).toEqual({
    document: { Version: '2012-10-17', Id: 'ours', Statement: [allow, deny('s3:*')] },
  });
});

test('one statement need not be a list, and where nothing is left nothing is written', () => {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: deny('ecr:BatchGetImage') });

  expect(amended(text, { denied: [manifest] })).toEqual({ document: null });
});

test.each([
  ['all of a service', 'ecr:*'],
  ['more beside it', ['ecr:BatchGetImage', 'ecr:PutImage']],
  ['all but something', undefined, { NotAction: 's3:*' }],
  ['all repositories but some', 'ecr:BatchGetImage', { Resource: undefined, NotResource: `${repository}-2` }],
  ['others too', 'ecr:BatchGetImage', { Resource: [repository, `${repository}-2`] }],
  ['others too, by a pattern', 'ecr:BatchGetImage', { Resource: repository.replace('web', '*') }],
  [
    'it under a condition',
    'ecr:BatchGetImage',
    { Condition: { StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } } },
  ],
])('a statement that denies %s is for its author to change', (_, Action, more: object = {}) => {
  expect(amended(document(allow, deny(Action, more)), { denied: [manifest] })).toBeNull();
});

test('a boundary is given what it lacks, and no more', () => {
  const text = document({ ...allow, Action: 's3:*' });

  expect(amended(text, { lacking: [manifest, layers, manifest] })?.document.Statement).toEqual([
    { ...allow, Action: 's3:*' },
    {
      Effect: 'Allow',
      Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      Resource: [repository],
    },
  ]);
});

test('what a boundary is given for everything is given for everything, and no other action with it', () => {
  const token = { ...manifest, action: 'ecr:GetAuthorizationToken', resource: '*' };
  const other = { ...manifest, resource: `${repository}-2` };
  const given = amended(document(), { lacking: [token, manifest, layers, other] })?.document.Statement;

  expect(given).toEqual([
    { Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: ['*'] },
    { Effect: 'Allow', Action: ['ecr:BatchGetImage'], Resource: [repository, `${repository}-2`] },
    { Effect: 'Allow', Action: ['ecr:GetDownloadUrlForLayer'], Resource: [repository] },
  ]);
});

test('a statement about this repository alone is taken out', () => {
  const text = document(allow, deny('ecr:BatchGetImage', { Resource: [repository] }));

  expect(amended(text, { denied: [manifest] })?.document.Statement).toEqual([allow]);
});

test('a boundary that denies one action and lacks another is changed in both at once', () => {
  const text = document(deny('ecr:BatchGetImage'), { ...allow, Action: 'ecr:BatchGetImage' });
  const both = amended(text, { denied: [manifest], lacking: [layers] });

  expect(both?.document.Statement).toEqual([
    { ...allow, Action: 'ecr:BatchGetImage' },
    { Effect: 'Allow', Action: ['ecr:GetDownloadUrlForLayer'], Resource: [repository] },
  ]);
});

test.each([
  ['is no policy', 'nonsense'],
  ['is of a language that nobody knows', JSON.stringify({ Version: '2030-01-01', Statement: [] })],
])('nothing is written where the policy %s', (_, text) => {
  expect(amended(text, { lacking: [manifest] })).toBeNull();
});

test('nothing is written where another statement may deny it still', () => {
  const perhaps = deny('ecr:BatchGetImage', { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-0a1' } } });

  expect(amended(document(allow, deny('ecr:BatchGetImage'), perhaps), { denied: [manifest] })).toBeNull();
});

test('nor is a boundary given what another statement of it may deny', () => {
  const perhaps = deny('ecr:BatchGetImage', { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-0a1' } } });

  expect(amended(document(perhaps), { lacking: [manifest] })).toBeNull();
  expect(amended(document(perhaps), { lacking: [layers] })).not.toBeNull();
});
