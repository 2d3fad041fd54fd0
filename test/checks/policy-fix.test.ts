import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { policyFix } from '../../lambda/checks/policy-fix.ts';
import { typescript } from '../../lambda/checks/typescript.ts';
import { command, longestCommand, words } from '../../lambda/command.ts';

const role = 'arn:aws:iam::111122223333:role/pull';
const fixOf = (
  policy?: string | null,
  {
    actions = ['ecr:BatchGetImage'],
    ...more
  }: { readonly othersAllow?: boolean; readonly actions?: readonly string[] } = {},
) =>
  policyFix({
    name: 'the policy of `web`',
    to: `\`${role}\``,
    ...(policy !== undefined && { policy }),
    allowance: { Principal: { AWS: role }, Action: ['ecr:BatchGetImage'] },
    requests: actions.map((action) => ({
      action,
      resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/web',
      principal: { kind: 'role', arn: role, accountId: '111122223333' },
      context: {},
    })),
    read: command`aws read`,
    write: words`printf %s`,
    cdk: (statement) => typescript`add(${statement})`,
    ...more,
  });
const policyOf = (...Statement: object[]) => JSON.stringify({ Statement });
const allows = (Sid: string) => ({ Sid, Effect: 'Allow', Principal: '*', Action: 's3:GetObject' });

test('without a policy one is written', () => {
  expect(fixOf(null)).toEqual({
    do: `Allow \`ecr:BatchGetImage\` to \`${role}\` in the policy of \`web\``,
    cli: expect.stringMatching(/^printf %s '.*"2012-10-17".*'$/),
    cdk: expect.stringContaining(role),
  });
});

test('what stands in a policy goes through the shell unharmed', () => {
  const { do: what, cli = '' } = fixOf(policyOf(allows(`It's "$(mine)" \\ yours`)));

  expect(what).toContain('keeps what stands in it');
  const written = execFileSync('/bin/sh', ['-c', cli], { encoding: 'utf8' });
  expect(JSON.parse(written).Statement).toEqual([
    allows(`It's "$(mine)" \\ yours`),
    expect.objectContaining({ Action: ['ecr:BatchGetImage'] }),
  ]);
});

test.each([
  ['could not be read', undefined],
  ['is no document', 'nonsense'],
  ['is too long for a message', policyOf(...Array.from({ length: 40 }, (_, i) => allows(`Statement${i}`)))],
  ['holds characters that a message would change', policyOf(allows('two  spaces'))],
  ['holds a mark that ends code in a chat', policyOf(allows('a`b'))],
  ['holds letters that a terminal may change', policyOf(allows('na\u202eïve'))],
])('a policy that %s is not written over: the reader adds to it', (_, policy) => {
  expect(fixOf(policy)).toMatchObject({
    do: expect.stringMatching(/^Add to the policy of `web`, beside what stands in it: `\{"Effect":"Allow"/),
    cli: 'aws read',
  });
});

test('a statement that denies must go: none that allows outweighs it', () => {
  const denial = { Sid: 'OnlyCi', Effect: 'Deny', Principal: '*', Action: 'ecr:*' };

  const allowing = { Effect: 'Allow', Principal: '*', Action: 'ecr:*' };
  const change = `Change statement \`OnlyCi\` in the policy of \`web\`, so that it no longer denies \`ecr:BatchGetImage\` to \`${role}\``;

  expect(fixOf(policyOf(allowing, denial))).toEqual({ do: change, cli: 'aws read' });
  // Nor is allowed what is no longer denied.
  expect(fixOf(policyOf(allows('Other'), denial))).toEqual({
    do: expect.stringMatching(/, and add `\{"Effect":"Allow"/),
    cli: 'aws read',
    cdk: expect.stringContaining('"Effect":"Allow"'),
  });
  expect(fixOf(policyOf(allows('Other'), denial), { othersAllow: true })).toEqual({
    do: change,
    cli: 'aws read',
  });
  const actions = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
  const oneOfTwo = { ...allowing, Action: actions[0] };
  expect(fixOf(policyOf(oneOfTwo, denial), { actions }).do).toContain(', and add `');
});

test('every statement that denies must go', () => {
  const denial = (Sid: string) => ({ Sid, Effect: 'Deny', Principal: '*', Action: 'ecr:*' });

  expect(fixOf(policyOf(denial('A'), denial('B')), { othersAllow: true }).do).toBe(
    `Change statement \`A\` and statement \`B\` in the policy of \`web\`, so that they no longer deny \`ecr:BatchGetImage\` to \`${role}\``,
  );
});

test('the longest document that is given, and one letter more', () => {
  const lengthOf = (policy: string) => /printf %s '(.*)'$/.exec(fixOf(policy).cli ?? '')?.[1]?.length ?? 0;
  const short = lengthOf(policyOf(allows('')));
  const given = (length: number) =>
    fixOf(policyOf(allows('a'.repeat(length - short)))).cli?.startsWith('printf');

  expect([given(900), given(901)]).toEqual([true, false]);
});

test('the longest command that is given, and one letter more', () => {
  const [empty = 0, quote = 0] = ['', "'"].map((sid) => fixOf(policyOf(allows(sid))).cli?.length ?? 0);
  const quotes = 200;
  const letters = longestCommand - empty - quotes * (quote - empty);
  const given = (more: number) =>
    fixOf(policyOf(allows("'".repeat(quotes) + 'a'.repeat(letters + more)))).cli?.startsWith('printf');

  expect([given(0), given(1)]).toEqual([true, false]);
});

test('a document that the shell makes too long for a message is not given: half a command would be pasted too', () => {
  expect(fixOf(policyOf(allows("'".repeat(500)))).cli).toBe('aws read');
});
