import { expect, test } from '@jest/globals';
import type { Facts } from '../../lambda/model/facts.ts';
import { ask, type Changes } from '../support/asking.ts';
import { texts } from '../support/worlds.ts';

const inPartition = (partition: string, region: string) => (task: Facts['task']) => ({
  ...task,
  region,
  taskArn: task.taskArn.replace(/^arn:aws:ecs:[^:]*/, `arn:${partition}:ecs:${region}`),
});
const trustless = (one: Facts['pullingRole']) =>
  one?.role ? { ...one, role: { ...one.role, trustPolicy: '{"Version":"2012-10-17","Statement":[]}' } } : one;
const denial = (action: string) =>
  `ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: User: arn:aws:sts::111122223333:assumed-role/app/0123 is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action`;

const cases: readonly (readonly [string, Changes])[] = [
  ['execution-role-cannot-pull', { text: denial('ecr:GetAuthorizationToken'), pullingRole: () => null }],
  ['execution-role-missing', { pullingRole: () => null }],
  ['execution-role-not-assumable', { pullingRole: trustless, text: texts.cannotAssume }],
  ['secret-unreadable', { text: denial('secretsmanager:GetSecretValue') }],
];

// Without it the AWS CLI asks the IAM of the partition that the reader's own Region is in.
test.each(cases)('%s: outside the partition `aws` every command for IAM names a Region', (id, changes) => {
  const commandsIn = (partition: string, region: string) => {
    const result = ask(id, 'healthy-nat-umbrella', { ...changes, task: inPartition(partition, region) });
    const clis = result.status === 'found' ? result.fixes.flatMap(({ cli }) => cli ?? []) : [];
    return clis.flatMap((cli) => cli.match(/aws iam .*?(?= && |$)/g) ?? []);
  };

  for (const [partition, region] of [
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
  ] as const) {
    const commands = commandsIn(partition, region);
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter((one) => !one.includes(` --region ${region} `))).toEqual([]);
  }
  expect(commandsIn('aws', 'eu-west-1').join()).not.toContain('--region');
});
