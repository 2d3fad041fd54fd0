import { expect, test } from '@jest/globals';
import { findActions, readActions } from '../lambda/aws/actions.ts';
import { callsOf } from './support/calls.ts';
import { expectGolden } from './support/golden.ts';

const actions = [...readActions, ...findActions].toSorted();

test('docs/permissions.json is the policy for the lists of calls', () => {
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Sid: 'EcsPullDoctorReads', Effect: 'Allow', Action: actions, Resource: '*' }],
  };

  expectGolden(`${__dirname}/../docs/permissions.json`, `${JSON.stringify(policy, null, 2)}\n`);
});

test('the command line makes exactly these calls', async () => {
  expect(await callsOf('bin/cli.ts')).toEqual(actions);
});
