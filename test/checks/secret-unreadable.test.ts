import { expect, test } from '@jest/globals';
import type { Facts } from '../../lambda/model/facts.ts';
import { ask, type Changes, linesOf, refused } from '../support/asking.ts';
import { texts } from '../support/worlds.ts';

const asked = (text: string, changes: Changes = {}) =>
  ask('secret-unreadable', 'secret-refused', { text, ...changes });
const pulling = 'ResourceInitializationError: unable to pull secrets or registry auth: ';
const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1b2c3';
const parameter = 'arn:aws:ssm:eu-west-1:111122223333:parameter/app/key';
const user = 'User: arn:aws:sts::111122223333:assumed-role/ecsTaskExecutionRole/0123';
const role = 'arn:aws:iam::111122223333:role/ecsTaskExecutionRole';
const isRefused = `${pulling}unable to retrieve secret from asm: AccessDeniedException: ${user} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${secret}`;
const quietly = `${pulling}unable to retrieve secrets from ssm: AccessDeniedException`;
const byKey = `${pulling}${user} is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:111122223333:key/0a1b`;
const isWrong = `${pulling}unable to retrieve secrets from ssm: invalid ssm parameters: /app/key`;
const noKey = `${pulling}unable to retrieve secret from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key password`;
const withSecrets = (...secretArns: readonly string[]): Changes => ({
  taskDefinition: (one) =>
    one && { ...one, containers: one.containers.map((container) => ({ ...container, secretArns })) },
});
const isThrottled = `${pulling}unable to retrieve secrets from ssm: ThrottlingException: Rate exceeded`;
const isLocked = `${pulling}failed to fetch secret ${secret} from secrets manager: AccessDeniedException: Access to KMS is not allowed`;

test.each([
  ['the secret is refused', isRefused, 'found'],
  ['the parameter is refused', quietly, 'found'],
  ['the secret is wrong', isWrong, 'found'],
  ['there are too many reads', isThrottled, 'found'],
  ['its key is refused', isLocked, 'found'],
  ['its key is refused, and the text does not say whose it is', byKey, 'found'],
  [
    'the policy of an endpoint refuses the secret, which another check says',
    `${isRefused} because no VPC endpoint policy allows the secretsmanager:GetSecretValue action`,
    'ruled-out',
  ],
  [
    'the key of the repository is refused',
    'CannotPullContainerError: denied: KmsError: The key may not be used',
    'ruled-out',
  ],
  ['the token is refused', texts.tokenTimeout, 'ruled-out'],
  ['the text is open', texts.umbrella, 'not-applicable'],
  ['the manifest has another cause', texts.manifestTimeout, 'ruled-out'],
])('%s', (_, text, status) => {
  expect(asked(text).status).toBe(status);
});

test.each<[string, string, Changes, string, readonly string[]]>([
  [
    'the secret',
    isRefused,
    {},
    `AWS refused \`secretsmanager:GetSecretValue\` on \`${secret}\` to \`${role}\` for`,
    [secret, role],
  ],
  [
    'a parameter',
    isRefused.replace(secret, parameter).replace('secretsmanager:GetSecretValue', 'ssm:GetParameters'),
    {},
    `AWS refused \`ssm:GetParameters\` on \`${parameter}\` to`,
    [parameter, role],
  ],
  [
    'the action that the text names',
    isRefused.replace('GetSecretValue', 'BatchGetSecretValue'),
    {},
    'AWS refused `secretsmanager:BatchGetSecretValue` on',
    [secret, role],
  ],
  [
    'a parameter that is not named',
    quietly,
    {},
    `AWS refused \`ssm:GetParameters\` on the secret to \`${role}\``,
    [role],
  ],
  [
    'a secret that is not named',
    quietly.replace('ssm', 'asm'),
    {},
    'AWS refused `secretsmanager:GetSecretValue` on the secret',
    [role],
  ],
  ['the key', isLocked, {}, `AWS refused the key of \`${secret}\` to`, [secret, role]],
  ['reading so often', isThrottled, {}, 'AWS throttled `ssm:GetParameters` of', [role]],
  [
    'a role that nobody could see',
    isRefused,
    { pullingRole: () => refused },
    `on \`${secret}\` for \`arn:aws:ecs:`,
    [secret, 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7'],
  ],
  [
    'no role',
    isRefused,
    { pullingRole: () => null },
    `on \`${secret}\` for \`arn:aws:ecs:`,
    [secret, 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7'],
  ],
  [
    'the secret that the text names, whatever else the task definition names',
    isRefused,
    withSecrets(`${secret}2`),
    `AWS refused \`secretsmanager:GetSecretValue\` on \`${secret}\` to`,
    [secret, role],
  ],
  [
    'nobody, for the secret has no such key',
    noKey,
    withSecrets(`${secret}:password::`, `${secret}:user::`, `${secret}2:user::`, `${secret}3`),
    `ECS found no JSON key \`password\` in \`${secret}\`, which the task definition \`arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7\` names`,
    [secret, role],
  ],
  [
    'nobody, for a secret has no such key, and which one could not be seen',
    noKey,
    { taskDefinition: () => refused },
    'ECS found no JSON key `password` in the secret, which the task definition',
    [role],
  ],
  [
    'nobody, for one of several secrets has no such key',
    noKey,
    withSecrets(`${secret}:password::`, `${secret}2:password::`),
    'ECS found no JSON key `password` in the secret, which the task definition',
    [role],
  ],
  [
    'nobody',
    isWrong,
    {},
    'ECS found the secret missing, or without the key that the task definition `arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7` names',
    [role],
  ],
])('what is refused to whom: %s', (_, text, changes, line, resources) => {
  expect(linesOf(asked(text, changes))[0]).toContain(line);
  expect(asked(text, changes)).toMatchObject({ certainty: 'proven', resources });
});

const fixesOf = (text: string, changes: Changes = {}) => {
  const result = asked(text, changes);
  return result.status === 'found' ? result.fixes : [];
};

test('what to do is about the secret, its key, its name, or how often it is read', () => {
  expect(fixesOf(isRefused)[0]).toMatchObject({
    do: `Allow \`secretsmanager:GetSecretValue\` on \`${secret}\` to \`${role}\``,
    cli: expect.stringMatching(
      /--role-name ecsTaskExecutionRole .*"secretsmanager:GetSecretValue","Resource":"arn:/,
    ),
    cdk: expect.stringContaining('secret.grantRead'),
  });
  expect(fixesOf(isRefused, { pullingRole: () => refused })[0]?.cli).toContain('--role-name <role>');
  expect(fixesOf(quietly)[0]?.cli).toContain('"Resource":"<secret>"');
  expect(fixesOf(isLocked)[0]).toMatchObject({
    do: expect.stringContaining('Allow `kms:Decrypt` on the key'),
    cli: expect.stringContaining('"kms:Decrypt","Resource":"<key>"'),
    cdk: expect.stringContaining('key.grantDecrypt'),
  });
  expect(fixesOf(isLocked)[0]?.do).toMatch(/in the role and in the policy of the key$/);
  expect(fixesOf(isRefused)[0]?.do).not.toContain('key');
  expect(fixesOf(quietly, { pullingRole: () => refused })[0]?.do).toBe(
    'Allow `ssm:GetParameters` on the secret to the task execution role',
  );
  expect(fixesOf(isWrong)[0]?.do).toContain('Correct `valueFrom`');
  expect(fixesOf(isThrottled)[0]?.do).toContain('throughput of Parameter Store');
});

const because = (kind: string) =>
  `${isRefused} because no ${kind} allows the secretsmanager:GetSecretValue action`;

test.each([
  ['permissions boundary', `in the permissions boundary of \`${role}\``],
  ['resource-based policy', `to \`${role}\` in the policy of \`${secret}\``],
  ['identity-based policy', `on \`${secret}\` to \`${role}\``],
])('a secret that no %s allows is allowed there', (kind, where) => {
  const [fix] = fixesOf(because(kind));

  expect(fix?.do).toMatch(/^Allow `secretsmanager:GetSecretValue` /);
  expect(fix?.do).toContain(where);
  // A policy of the role opens neither.
  expect(fix?.cli !== undefined).toBe(kind === 'identity-based policy');
});

test.each([
  ['service control policy', 'organization-policy-denies-pull'],
  ['resource control policy', 'organization-policy-denies-pull'],
  ['VPC endpoint policy', 'endpoint-policy-denies-pull'],
])('a secret that a %s refuses is a matter of that', (kind, id) => {
  const text = because(kind);

  expect(asked(text).status).toBe('ruled-out');
  expect(ask(id, 'secret-refused', { text }).status).toBe('found');
});

test('a secret that is refused is not wrong, even where the text says both', () => {
  for (const also of ['invalid ssm parameters: /app/key', 'did not contain json key password'])
    expect(linesOf(asked(`${isRefused}: ${also}`))[0]).toContain('AWS refused');
});

test('without a task definition the task is named', () => {
  const task = (text: string) => (one: Facts['task']) => ({
    ...one,
    taskDefinitionArn: null,
    stoppedReason: text,
  });
  const without = (text: string) =>
    ask('secret-unreadable', 'secret-refused', { task: task(text), pullingRole: () => null });

  for (const text of [isWrong, noKey]) expect(linesOf(without(text))[0]).toContain(':task/prod/');
  expect(without(isRefused)).toMatchObject({ resources: [secret, expect.stringContaining(':task/prod/')] });
});

test('a key that is refused is that of a secret also where the text does not say at which step', () => {
  expect(
    asked('ResourceInitializationError: AccessDeniedException: Access to KMS is not allowed').status,
  ).toBe('found');
});

test('the policy of one secret does not replace that of another', () => {
  const policyNames = [
    isRefused,
    isRefused.replaceAll('db-a1b2c3', 'team/api-d4e5f6'),
    isRefused.replace(secret, parameter),
    isLocked,
  ].map((text) => /--policy-name (\S+)/.exec(fixesOf(text)[0]?.cli ?? '')?.[1] ?? '');

  expect(new Set(policyNames).size).toBe(policyNames.length);
  for (const name of policyNames) expect(name).toMatch(/^[\w+=,.@-]{1,128}$/);
});

test('the setting of Parameter Store is that of the partition', () => {
  const china = (one: Facts['task']) => ({ ...one, taskArn: one.taskArn.replace('arn:aws:', 'arn:aws-cn:') });
  const result = ask('secret-unreadable', 'secret-refused', {
    task: (one) => ({ ...china(one), stoppedReason: isThrottled, containers: [] }),
  });

  expect(result).toMatchObject({
    fixes: [{ cli: expect.stringContaining('--setting-id arn:aws-cn:ssm:') }, {}],
  });
});

test.each([
  ['an identity-based policy', 'policies of'],
  ['a permissions boundary', 'permissions boundary of'],
  ['a resource-based policy', 'policy of `arn:aws:secretsmanager'],
])('what %s denies no other policy allows', (policy, where) => {
  expect(asked(`${isRefused} with an explicit deny in ${policy}`)).toMatchObject({
    fixes: [
      {
        do: expect.stringMatching(
          new RegExp(`^Remove the statement that denies .*GetSecretValue. on .* from the ${where}`),
        ),
      },
    ],
  });
});

test.each([because('permissions boundary'), `${isRefused} with an explicit deny in a permissions boundary`])(
  'a boundary that stops it is named and shown, where it is known: %#',
  (text) => {
    const arn = 'arn:aws:iam::111122223333:policy/limit';
    const [fix] = fixesOf(text, {
      pullingRole: (one) =>
        one?.role ? { ...one, role: { ...one.role, permissionsBoundaryArn: arn } } : one,
    });

    expect(fix?.do).toContain(`the permissions boundary \`${arn}\` of \`${role}\``);
    expect(fix?.cli).toMatch(
      /^aws iam get-policy-version --policy-arn arn:aws:iam::111122223333:policy\/limit /,
    );
    // A boundary has no say in what another policy refuses.
    expect(fixesOf(because('resource-based policy'))[0]).not.toHaveProperty('cli');
  },
);
