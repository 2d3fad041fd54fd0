import { test } from '@jest/globals';
import { readActions } from '../lambda/aws/actions.ts';
import { expectGolden } from './support/golden.ts';

test('docs/permissions.json is the policy for exactly the calls we make', () => {
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Sid: 'EcsPullDoctorReads', Effect: 'Allow', Action: readActions, Resource: '*' }],
  };

  expectGolden(`${__dirname}/../docs/permissions.json`, `${JSON.stringify(policy, null, 2)}\n`);
});
