import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { changeActions, lookActions } from '../../lambda/aws/actions.ts';
import { type RemediationId, remediationStatements } from '../../lambda/aws/remediation-policy.ts';
import { apply, undo } from '../../lambda/remediate/execute.ts';
import { callsOf } from '../support/calls.ts';
import { expectGolden } from '../support/golden.ts';
import { incidents, labOf } from './lab.ts';

const ids = Object.keys(changeActions) as RemediationId[];

test('docs/remediation-permissions.json is the policy for the lists of calls', () => {
  const policy = { Version: '2012-10-17', Statement: remediationStatements(ids) };

  expectGolden(
    join(__dirname, '../../docs/remediation-permissions.json'),
    `${JSON.stringify(policy, null, 2)}\n`,
  );
});

test('what is looked at is what the list says', async () => {
  const sent = new Set<string>();
  for (const incident of Object.values(incidents)) {
    const lab = labOf(incident);
    const [plan] = await lab.plans();
    if (!plan) throw new Error('there is no plan');
    await undo(await apply(plan, 'anna', lab.plans, lab.tools), lab.tools);
    for (const call of lab.sent) sent.add(call);
  }

  const asked = [...sent].filter((one) => one !== 'journal');
  // The command line asks who approves.
  expect([...asked, 'sts:GetCallerIdentity'].toSorted()).toEqual(
    [...new Set([...lookActions, ...Object.values(changeActions).flat()])].toSorted(),
  );
});

test('every change is allowed only on what its owner has tagged, and none may tag', () => {
  const [, ...changes] = remediationStatements(ids);

  expect(changes).toHaveLength(ids.length);
  for (const { Condition, Resource } of changes) {
    expect(JSON.stringify(Condition)).toContain('ResourceTag/ecs-pull-doctor:remediation":"allow"');
    expect(Resource).not.toBe('*');
  }
  expect(JSON.stringify(remediationStatements(ids))).not.toMatch(/:(?:Create|Delete)?Tag|:Untag|PassRole/);
});

test('the function that diagnoses can change nothing: its program has none of these calls', async () => {
  const changes = Object.values(changeActions).flat();

  expect((await callsOf('lambda/handler.ts')).filter((one) => (changes as string[]).includes(one))).toEqual(
    [],
  );
  expect(
    readFileSync(join(__dirname, '../../dist/lambda/index.js'), 'utf8').match(
      /\w*(?:Authorize|Revoke)SecurityGroup\w*Command|UpdateServiceCommand|AttachRolePolicyCommand/,
    ),
  ).toBeNull();
});
