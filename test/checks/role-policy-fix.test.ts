import { expect, test } from '@jest/globals';
import type { Fix } from '../../lambda/model/check.ts';
import type { Facts, LayerVerdict, RolePolicy } from '../../lambda/model/facts.ts';
import { ask } from '../support/asking.ts';

const action = 'ecr:BatchGetImage';
const json = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = { Effect: 'Allow', Action: 'ecr:*', Resource: '*' };
const deny = { Effect: 'Deny', Action: action, Resource: '*' };
const own = 'arn:aws:iam::111122223333:policy/pull';
const free: LayerVerdict = { denies: false, allows: true };
const policy = (kind: RolePolicy['kind'], name: string, ...statements: readonly object[]): RolePolicy => ({
  kind,
  policy: name,
  document: json(...statements),
});

/** What mends a role that one action of a pull is denied to, by these policies. */
function fixesOf(
  documents: readonly RolePolicy[],
  change: { readonly boundaryArn?: string } = {},
): readonly Fix[] {
  const boundary = documents.find(({ kind }) => kind === 'boundary')?.document;
  const result = ask('execution-role-cannot-pull', 'healthy-nat-umbrella', {
    pullingRole: (one) =>
      one?.role ? { ...one, role: { ...one.role, permissionsBoundaryArn: change.boundaryArn ?? null } } : one,
    pullPermissions: (all: Facts['pullPermissions']) =>
      all.map((one) =>
        one.action === action
          ? {
              ...one,
              decision: 'explicitDeny',
              layers: {
                policies: { ...free, denies: documents.some(({ kind }) => kind !== 'boundary') },
                boundary: boundary
                  ? { denies: boundary.includes('Deny'), allows: boundary.includes('Allow') }
                  : null,
                ...(documents.length > 0 && { documents }),
              },
            }
          : one,
      ),
  });
  return result.status === 'found' ? result.fixes : [];
}

test('an inline policy that denies the pull is written without that statement', () => {
  expect(fixesOf([policy('inline', 'ours', allow, deny)])).toEqual([
    {
      do: 'Take statement 2 out of the inline policy `ours` of `ecsTaskExecutionRole`, which denies `ecr:BatchGetImage`. The command keeps what else stands in it',
      cli: `aws iam put-role-policy --role-name ecsTaskExecutionRole --policy-name ours --policy-document '${json(allow)}'`,
    },
  ]);
});

test('a managed policy gets a new version, and the report says whom that touches, and what limits it', () => {
  const [fix] = fixesOf([policy('attached', own, { ...deny, Sid: 'NoPull' }, allow)]);

  expect(fix?.do).toMatch(
    /^Take statement `NoPull` out of the policy `arn:.*`.* Whoever else .* five versions/,
  );
  expect(fix?.cli).toBe(
    `aws iam create-policy-version --policy-arn ${own} --set-as-default --policy-document '${json(allow)}'`,
  );
});

test.each([
  ['inline', 'ours', 'aws iam delete-role-policy --role-name ecsTaskExecutionRole --policy-name ours'],
  ['attached', own, `aws iam detach-role-policy --role-name ecsTaskExecutionRole --policy-arn ${own}`],
] as const)('a policy of which nothing would be left is taken from the role: %s', (kind, name, cli) => {
  expect(fixesOf([policy(kind, name, deny)])).toEqual([
    { do: expect.stringMatching(/nothing else stands in it$/), cli },
  ]);
});

test('each policy that denies it has a fix of its own', () => {
  const fixes = fixesOf([policy('inline', 'a', allow, deny), policy('inline', 'b', deny)]);

  expect(fixes.map(({ cli }) => cli)).toEqual([
    expect.stringContaining('--policy-name a --policy-document'),
    expect.stringContaining('delete-role-policy'),
  ]);
});

test('a boundary is given what it lacks and rid of what denies it by one command', () => {
  const limit = 'arn:aws:iam::111122223333:policy/limit';
  const [fix, ...more] = fixesOf([policy('boundary', limit, deny, { ...allow, Action: 's3:*' })], {
    boundaryArn: limit,
  });

  expect(more).toEqual([]);
  expect(fix?.do).toMatch(
    /^Allow `ecr:BatchGetImage` in the permissions boundary `arn:.*`, and take statement 1 out/,
  );
  expect(fix?.cli).toMatch(/--set-as-default --policy-document '.*s3:\*.*"Action":\["ecr:BatchGetImage"\]/);
  expect(fix?.cli).not.toContain('Deny');
});

test('what AWS keeps is not changed: it is taken from the role, or another boundary is needed', () => {
  const aws = 'arn:aws:iam::aws:policy/Limit';

  expect(fixesOf([policy('attached', aws, allow, deny)])[0]?.cli).toMatch(/^aws iam detach-role-policy /);
  const [fix] = fixesOf([policy('boundary', aws, { ...allow, Action: 's3:*' })], { boundaryArn: aws });
  expect(fix?.do).toContain('bound the role by a policy of your own');
  expect(fix?.cli).toMatch(/^aws iam get-policy-version /);
});

test.each([
  ['a statement that denies more is for its author', [allow, { ...deny, Action: 'ecr:*' }]],
  ['a policy that fits into no message is read', [...Array.from({ length: 40 }, () => allow), deny]],
  ['a policy that a message would change is read', [{ ...allow, Sid: 'two  spaces' }, deny]],
])('%s', (_, statements) => {
  expect(fixesOf([policy('inline', 'ours', ...statements)])).toEqual([
    {
      do: expect.stringMatching(/^Take statement \d+ out of .*, or change it so that it leaves that alone$/),
      cli: 'aws iam get-role-policy --role-name ecsTaskExecutionRole --policy-name ours --query PolicyDocument',
    },
  ]);
});

test('of a boundary that could not be read the text is shown', () => {
  const text =
    'CannotPullContainerError: User: arn:aws:sts::111122223333:assumed-role/ecsTaskExecutionRole/0123 is not authorized to perform: ecr:BatchGetImage on resource: x because no permissions boundary allows the ecr:BatchGetImage action';
  const result = ask('execution-role-cannot-pull', 'healthy-nat-umbrella', {
    text,
    pullingRole: (one) => (one?.role ? { ...one, role: { ...one.role, permissionsBoundaryArn: own } } : one),
  });

  expect(result).toMatchObject({
    fixes: [
      {
        do: `Allow \`ecr:BatchGetImage\` in the permissions boundary \`${own}\``,
        cli: `aws iam get-policy-version --policy-arn ${own} --version-id $(aws iam get-policy --policy-arn ${own} --query Policy.DefaultVersionId --output text) --query PolicyVersion.Document`,
      },
    ],
  });
});

test('of what is no policy nothing is written', () => {
  for (const document of ['{', '[]', '{"Version":"2012-10-17"}'])
    expect(fixesOf([{ kind: 'inline', policy: 'ours', document }])).toEqual([
      {
        do: expect.stringMatching(
          /^Remove the statement that denies `ecr:BatchGetImage` from the policies of /,
        ),
      },
    ]);
});
