import { expect, test } from '@jest/globals';
import { checks } from '../../lambda/checks/index.ts';
import { parsePullError } from '../../lambda/error-text/pull-error.ts';
import type { CheckFacts } from '../../lambda/model/check.ts';
import type { Facts, PermissionDecision } from '../../lambda/model/facts.ts';
import { ask, behindAnother, type Changes, everyImage, known, linesOf, refused } from '../support/asking.ts';
import { snapshotOf } from '../support/snapshots.ts';
import { texts } from '../support/worlds.ts';

const role = 'arn:aws:iam::111122223333:role/ecsTaskExecutionRole';
const session = 'arn:aws:sts::111122223333:assumed-role/ecsTaskExecutionRole/0123';
const repository = 'arn:aws:ecr:eu-west-1:111122223333:repository/team/web';
const denial = (action: string, because = '') =>
  `CannotPullContainerError: User: ${session} is not authorized to perform: ${action} on resource: *${because}`;
const by = (kind: string, action = 'ecr:BatchGetImage') =>
  denial(action, ` because no ${kind} allows the ${action} action`);
const noImage = { images: () => [] };
const outside = (images: Facts['images']) => behindAnother(images).slice(0, 1);

const perhapsToken = (all: Facts['pullPermissions']) =>
  all.map((one) =>
    one.action === 'ecr:GetAuthorizationToken'
      ? { ...one, decision: 'implicitDeny' as const, missingContextValues: ['aws:VpcId'] }
      : one,
  );

const cannotPull = 'execution-role-cannot-pull';
const healthy = 'healthy-nat-umbrella';

test.each<[string, Changes, string]>([
  ['its own policy', { text: by('identity-based policy') }, 'found'],
  ['its boundary', { text: by('permissions boundary') }, 'found'],
  ['the policy of its session', { text: by('session policy') }, 'found'],
  ['the organization', { text: by('service control policy') }, 'ruled-out'],
  ['the policy of the repository', { text: by('resource-based policy') }, 'ruled-out'],
  [
    'nobody by name, the token',
    { text: denial('ecr:GetAuthorizationToken'), pullPermissions: () => refused },
    'found',
  ],
  [
    'nobody by name, the token, which it may have',
    { text: denial('ecr:GetAuthorizationToken') },
    'ruled-out',
  ],
  [
    'nobody by name, the token, which it may have, perhaps',
    { text: denial('ecr:GetAuthorizationToken'), pullPermissions: perhapsToken },
    'found',
  ],
  ['nobody by name, the manifest', { text: denial('ecr:BatchGetImage') }, 'ruled-out'],
  [
    'nobody by name, the manifest, which it may have for all that is known',
    { text: denial('ecr:BatchGetImage'), pullPermissions: () => refused },
    'undecided',
  ],
  [
    'the organization, and nobody knows what it may',
    { text: by('service control policy'), pullPermissions: () => refused },
    'undecided',
  ],
  [
    'the organization, the token, and nobody knows what it may',
    {
      text: by('service control policy', 'ecr:GetAuthorizationToken'),
      pullPermissions: () => refused,
    },
    'undecided',
  ],
  [
    'the organization, the token',
    { text: by('service control policy', 'ecr:GetAuthorizationToken') },
    'ruled-out',
  ],
  [
    'its own policy, a secret',
    { text: by('identity-based policy', 'secretsmanager:GetSecretValue') },
    'ruled-out',
  ],
  [
    'the text alone, no image being in Amazon ECR',
    { text: by('identity-based policy'), images: outside },
    'found',
  ],
  ['nobody, no image being in Amazon ECR', { images: outside }, 'not-applicable'],
  ['nobody, one image being outside', { images: behindAnother }, 'ruled-out'],
  ['nobody, no image being known', noImage, 'ruled-out'],
])('the role is refused by %s', (_, changes, status) => {
  expect(ask(cannotPull, healthy, changes).status).toBe(status);
});

test('of what the organization forbids it is said only that nothing of the role stops it', () => {
  const forbidden = ask(cannotPull, healthy, {
    pullPermissions: (all) => all.map((one) => ({ ...one, allowedByOrganizations: false })),
  });

  expect(forbidden.status).toBe('ruled-out');
  expect(linesOf(forbidden)).toEqual([
    expect.stringMatching(/^Nothing of `[^`]+` itself stops `ecr:GetAuthorizationToken`, `ecr:\w+`, /),
  ]);
});

test('the role is the one that the text names, where it is not known', () => {
  const unseen = { pullingRole: () => refused, pullPermissions: () => refused };

  expect(ask(cannotPull, healthy, { ...unseen, text: by('permissions boundary') })).toMatchObject({
    certainty: 'proven',
    evidence: [`AWS refused \`ecr:BatchGetImage\` to \`${session}\` because of its permissions boundary`],
    resources: [session],
    fixes: [{ do: 'Allow `ecr:BatchGetImage` in the permissions boundary' }],
  });
  expect(ask(cannotPull, healthy, { ...unseen, text: denial('ecr:GetAuthorizationToken') })).toMatchObject({
    evidence: [`AWS refused \`ecr:GetAuthorizationToken\` to \`${session}\``],
    fixes: [{ cli: expect.stringContaining('--role-name ecsTaskExecutionRole ') }],
  });
  const nameless = denial('ecr:GetAuthorizationToken').replace(`User: ${session} is `, '');
  expect(ask(cannotPull, healthy, { ...unseen, text: nameless })).toMatchObject({
    evidence: ['AWS refused `ecr:GetAuthorizationToken` to the role that pulls'],
    resources: [expect.stringContaining(':task-definition/web:7')],
    fixes: [{ cli: expect.stringContaining('--role-name <role> ') }],
  });
  expect(ask(cannotPull, healthy, { text: nameless, pullPermissions: () => refused })).toMatchObject({
    evidence: [`AWS refused \`ecr:GetAuthorizationToken\` to \`${role}\``],
    resources: [role],
  });
});

test('a simulation that was refused decides nothing', () => {
  const result = ask(cannotPull, healthy, { pullPermissions: () => refused });

  expect(result).toMatchObject({ status: 'undecided', resources: [role] });
  expect(linesOf(result)[0]).toContain(`\`${role}\``);
  expect(
    ask(cannotPull, healthy, { pullingRole: () => refused, pullPermissions: () => refused }),
  ).toMatchObject({ status: 'undecided', resources: [], because: expect.stringContaining('role could not') });
  expect(ask(cannotPull, healthy, { pullingRole: () => refused }).status).toBe('not-applicable');
});

const simulated = (change: Partial<PermissionDecision>) => (all: Facts['pullPermissions']) =>
  all.map((one) => (one.action === 'ecr:BatchGetImage' ? { ...one, ...change } : one));
const implicit = { decision: 'implicitDeny' } as const;
const explicit = { decision: 'explicitDeny' } as const;
const policy = (Effect: string, more: object = {}) =>
  known(JSON.stringify({ Statement: [{ Effect, Principal: '*', Action: 'ecr:*', ...more }] }));
const condition = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-0a1' } } };

test.each<[string, Changes, string]>([
  ['denied by nobody', {}, 'ruled-out'],
  ['allowed by nobody', { pullPermissions: simulated(implicit) }, 'found'],
  ['denied', { pullPermissions: simulated(explicit) }, 'found'],
  [
    'denied, perhaps',
    { pullPermissions: simulated({ ...explicit, missingContextValues: ['aws:VpcId'] }) },
    'undecided',
  ],
  [
    'allowed by the policy of the repository',
    { pullPermissions: simulated(implicit), ecrImages: everyImage({ repositoryPolicy: policy('Allow') }) },
    'ruled-out',
  ],
  [
    'denied, whatever the policy of the repository allows',
    { pullPermissions: simulated(explicit), ecrImages: everyImage({ repositoryPolicy: policy('Allow') }) },
    'found',
  ],
  [
    'not within the boundary, whatever the policy of the repository allows',
    {
      pullPermissions: simulated({ ...implicit, allowedByBoundary: false }),
      ecrImages: everyImage({ repositoryPolicy: policy('Allow') }),
    },
    'found',
  ],
  [
    'not allowed by the organization, which another check says, and by nobody else, for all that is known',
    {
      pullPermissions: simulated({ ...implicit, allowedByOrganizations: false }),
      ecrImages: everyImage({ repositoryPolicy: policy('Allow') }),
    },
    'undecided',
  ],
  [
    'not allowed by the organization, and nobody could read the policy of the repository',
    {
      pullPermissions: simulated({ ...implicit, allowedByOrganizations: false }),
      ecrImages: everyImage({ repositoryPolicy: refused }),
    },
    'undecided',
  ],
  [
    'denied by the policy of the repository too',
    { pullPermissions: simulated(implicit), ecrImages: everyImage({ repositoryPolicy: policy('Deny') }) },
    'found',
  ],
  [
    'allowed by the policy of the repository, perhaps',
    {
      pullPermissions: simulated(implicit),
      ecrImages: everyImage({ repositoryPolicy: policy('Allow', condition) }),
    },
    'undecided',
  ],
  [
    'allowed by a policy of the repository that nobody could read, perhaps',
    { pullPermissions: simulated(implicit), ecrImages: everyImage({ repositoryPolicy: refused }) },
    'undecided',
  ],
  [
    'allowed by a repository that nobody could read',
    { pullPermissions: simulated(implicit), ecrImages: () => refused },
    'found',
  ],
  [
    'allowed by the repository of another account alone, which is not enough',
    {
      pullPermissions: simulated({ ...implicit, resource: repository.replace('1111', '9999') }),
      ecrImages: everyImage({
        repositoryArn: repository.replace('1111', '9999'),
        repositoryPolicy: policy('Allow'),
      }),
    },
    'found',
  ],
  [
    'allowed by another repository',
    {
      pullPermissions: simulated(implicit),
      ecrImages: everyImage({ repositoryArn: `${repository}2`, repositoryPolicy: policy('Allow') }),
    },
    'found',
  ],
])('the pull is %s', (_, changes, status) => {
  expect(ask(cannotPull, healthy, changes).status).toBe(status);
});

test('the token is given by no repository', () => {
  const pullPermissions = (all: Facts['pullPermissions']) => all.map((one) => ({ ...one, ...implicit }));
  const result = ask(cannotPull, healthy, {
    pullPermissions,
    ecrImages: everyImage({ repositoryPolicy: policy('Allow') }),
  });

  expect(result).toMatchObject({
    closes: ['token', 'manifest', 'layers'],
    evidence: [`\`${role}\` may not \`ecr:GetAuthorizationToken\` on \`*\`: no policy allows it`],
    resources: [role],
  });
});

test('a boundary is named only where it is what refuses', () => {
  const pullingRole = (one: Facts['pullingRole']) =>
    one?.role
      ? { ...one, role: { ...one.role, permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary' } }
      : one;
  const innocent = ask(cannotPull, healthy, { pullingRole, pullPermissions: simulated(implicit) });
  const unseen = ask(cannotPull, healthy, {
    pullPermissions: simulated({ ...implicit, allowedByBoundary: false }),
  });

  expect(linesOf(innocent)).toHaveLength(1);
  expect(innocent).toMatchObject({ resources: [role, repository] });
  expect(linesOf(unseen)).toEqual([
    expect.stringMatching(/its permissions boundary does not allow it$/),
    `What the policies of \`${role}\` say beside that could not be read`,
  ]);
  expect(unseen).toMatchObject({
    resources: [role, repository],
    fixes: [{ do: 'Allow `ecr:BatchGetImage` in the permissions boundary' }],
  });
  const denying = simulated({ ...explicit, ...layers('allow', 'deny allow') });
  const deny = { pullPermissions: simulated(explicit) };
  expect(ask(cannotPull, healthy, deny)).toMatchObject({
    fixes: [{ do: expect.stringMatching(/from the policies of `ecsTaskExecutionRole`$/) }],
  });
  expect(ask(cannotPull, healthy, { ...deny, pullingRole })).toMatchObject({
    fixes: [{ do: expect.stringMatching(/, or from the permissions boundary `[^`]*:policy\/boundary`$/) }],
  });
  const text = by('permissions boundary');
  for (const boundaryRefuses of [
    { text },
    { text, pullPermissions: simulated(implicit) },
    { pullPermissions: denying },
  ])
    expect(ask(cannotPull, healthy, { pullingRole, ...boundaryRefuses })).toMatchObject({
      resources: expect.arrayContaining([role, 'arn:aws:iam::111122223333:policy/boundary']),
    });
});

const isMissing = 'execution-role-missing';
const noRole = { pullingRole: () => null };
const withContainer = (secretArns: readonly string[], credentialsParameter: string | null) => ({
  taskDefinition: (one: Facts['taskDefinition']) =>
    one && {
      ...one,
      containers: one.containers.map((each) => ({ ...each, secretArns, credentialsParameter })),
    },
});

test.each<[string, Changes, string]>([
  ['an image in Amazon ECR', {}, 'found'],
  ['one of two images in Amazon ECR', { images: behindAnother }, 'found'],
  ['no image in Amazon ECR', { images: outside }, 'not-applicable'],
  ['a secret', { images: outside, ...withContainer(['arn'], null) }, 'found'],
  ['credentials', { images: outside, ...withContainer([], 'arn') }, 'found'],
  ['what nobody could read', { images: outside, taskDefinition: () => refused }, 'not-applicable'],
])('without a role, for %s', (_, changes, status) => {
  expect(ask(isMissing, healthy, { ...noRole, ...changes }).status).toBe(status);
});

test('a role that is named must be there, whatever it is needed for', () => {
  const pullingRole = (one: Facts['pullingRole']) => one && { ...one, role: null };

  expect(ask(isMissing, healthy, { images: outside, pullingRole }).status).toBe('found');
});

test('a role is assumed by its ARN: of the same name with another path it is another', () => {
  const withPath = (path: string) => (one: Facts['pullingRole']) =>
    one?.role
      ? { ...one, role: { ...one.role, roleArn: one.roleArn.replace(':role/', `:role/${path}`) } }
      : one;
  const result = ask(isMissing, healthy, { pullingRole: withPath('service-role/') });

  expect(ask(isMissing, healthy, { pullingRole: withPath('') }).status).toBe('ruled-out');
  expect(result).toMatchObject({ status: 'found', certainty: 'proven' });
  expect(linesOf(result)[0]).toContain(':role/service-role/');
  expect(JSON.stringify(result)).not.toContain('create-role');
});

test('what names no role is the task definition, or else the task; and on EC2 the instance', () => {
  const task = (one: Facts['task']) => ({ ...one, taskDefinitionArn: null, launchType: 'EC2' as const });
  const result = ask(isMissing, healthy, { ...noRole, task });

  expect(linesOf(result)[0]).toMatch(
    /^`arn:aws:ecs:[^`]*:task\/[^`]*` .* role, and the instance has no role either$/,
  );
  const instance = (): Facts['instance'] => ({ instanceId: 'i-0a1' }) as never;
  const onInstance = ask(isMissing, healthy, { ...noRole, task, instance });

  expect(linesOf(onInstance)[0]).toMatch(/, and instance `i-0a1` has no role either$/);
  expect(onInstance).toMatchObject({
    resources: [expect.stringContaining(':task/'), 'i-0a1'],
    fixes: [{}, { cli: expect.stringContaining('--instance-id i-0a1 ') }],
  });
  // A role that is named is to be there, whatever the instance has.
  const named = (one: Facts['pullingRole']) => one && { ...one, role: null };
  const gone = ask(isMissing, healthy, { task, instance, pullingRole: named });
  expect(gone.status === 'found' ? gone.fixes : []).toHaveLength(1);
});

const cannotAssume = 'execution-role-not-assumable';
const from = (source: string) => ({
  Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:ecs:eu-west-1:111122223333:${source}` } },
});
const trusting = (trustPolicy: string, kind?: 'container instance role') => (one: Facts['pullingRole']) =>
  one?.role ? { ...one, ...(kind && { kind }), role: { ...one.role, trustPolicy } } : one;
const trust = (more: object) =>
  JSON.stringify({
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Action: 'sts:AssumeRole',
        ...more,
      },
    ],
  });

test.each<[string, Changes, string]>([
  [
    'the role of an instance',
    { pullingRole: trusting(trust({ Action: 'sts:TagSession' }), 'container instance role') },
    'not-applicable',
  ],
  ['a condition that nobody can tell', { pullingRole: trusting(trust(condition)) }, 'undecided'],
  ['another action', { pullingRole: trusting(trust({ Action: 'sts:TagSession' })) }, 'found'],
  [
    'the right account',
    {
      pullingRole: trusting(trust({ Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } })),
    },
    'ruled-out',
  ],
  [
    'another account',
    {
      pullingRole: trusting(trust({ Condition: { StringEquals: { 'aws:SourceAccount': '999922223333' } } })),
    },
    'found',
  ],
  ['any source of the account and Region', { pullingRole: trusting(trust(from('*'))) }, 'ruled-out'],
  ['the tasks of the account alone', { pullingRole: trusting(trust(from('task/*'))) }, 'undecided'],
  ['its clusters alone', { pullingRole: trusting(trust(from('cluster/*'))) }, 'undecided'],
  [
    'the tasks of the account alone, and ECS could not assume it',
    { pullingRole: trusting(trust(from('task/*'))), text: texts.cannotAssume },
    'found',
  ],
])('a trust policy, and %s', (_, changes, status) => {
  expect(ask(cannotAssume, healthy, changes).status).toBe(status);
});

test('a source that ECS may not give makes a trust policy suspect, and is what the evidence names', () => {
  const narrow = { pullingRole: trusting(trust(from('task/*'))), text: texts.cannotAssume };
  const another = { pullingRole: trusting(trust({ Action: 'sts:TagSession' })), text: texts.cannotAssume };

  expect(ask(cannotAssume, healthy, narrow)).toMatchObject({
    certainty: 'likely',
    evidence: [expect.stringContaining('narrow `aws:SourceArn`')],
  });
  expect(ask(cannotAssume, healthy, another)).toMatchObject({
    certainty: 'proven',
    evidence: [expect.stringContaining('does not let')],
  });
});

const organization = 'organization-policy-denies-pull';
test.each<[string, Changes, string]>([
  ['a service control policy', { text: by('service control policy') }, 'found'],
  ['a resource control policy', { text: by('resource control policy') }, 'found'],
  ['a policy of its own', { text: by('identity-based policy') }, 'ruled-out'],
  [
    'a service control policy, no image being in Amazon ECR',
    { text: by('service control policy'), images: outside },
    'found',
  ],
  ['nobody, no image being in Amazon ECR', { images: outside }, 'not-applicable'],
  ['nobody, one image being outside', { images: behindAnother }, 'ruled-out'],
  ['nobody, no image being known', noImage, 'ruled-out'],
  ['nobody who could be asked', { pullPermissions: () => refused }, 'undecided'],
  ['nobody, there being nothing to ask', { pullPermissions: () => [] }, 'not-applicable'],
  [
    'nobody, one action being read and not simulated',
    { pullPermissions: simulated({ simulated: false }) },
    'undecided',
  ],
  [
    'the organization, by simulation',
    { pullPermissions: simulated({ ...implicit, allowedByOrganizations: false }) },
    'found',
  ],
  [
    'the organization, perhaps',
    {
      pullPermissions: simulated({
        ...implicit,
        allowedByOrganizations: false,
        missingContextValues: ['aws:VpcId'],
      }),
    },
    'undecided',
  ],
])('the organization: refused by %s', (_, changes, status) => {
  expect(ask(organization, healthy, changes).status).toBe(status);
});

test('the organization: who was refused, and which step that stops', () => {
  const secret = by('service control policy', 'secretsmanager:GetSecretValue');
  const unseen = { pullingRole: () => refused };

  expect(ask(organization, healthy, { text: secret })).toMatchObject({
    certainty: 'proven',
    closes: ['secrets', 'token'],
    resources: [role],
  });
  expect(ask(organization, healthy, { text: by('service control policy'), ...unseen })).toMatchObject({
    closes: ['manifest', 'layers'],
    resources: [session],
    evidence: [`AWS refused \`ecr:BatchGetImage\` to \`${session}\` because of a service control policy`],
  });
  expect(
    ask(organization, healthy, { ...unseen, pullPermissions: simulated({ allowedByOrganizations: false }) }),
  ).toMatchObject({
    resources: ['account 111122223333'],
    evidence: ['The policies of the organization do not allow `ecr:BatchGetImage` to `account 111122223333`'],
  });
});

const endpointPolicy = 'endpoint-policy-denies-pull';
test('the policy of an endpoint: the text itself proves it, whatever could be seen', () => {
  const text = by('VPC endpoint policy');

  expect(ask(endpointPolicy, 'healthy-privatelink-umbrella', { text })).toMatchObject({
    certainty: 'proven',
    resources: ['vpce-0dkr'],
    closes: ['manifest'],
  });
  expect(ask(endpointPolicy, healthy, { text })).toMatchObject({ status: 'found', resources: [] });
  expect(ask(endpointPolicy, healthy, { text: by('identity-based policy') }).status).toBe('not-applicable');
  expect(
    ask(endpointPolicy, 'endpoint-policy-of-registry', { text: by('VPC endpoint policy') }),
  ).toMatchObject({
    evidence: [expect.stringContaining('`vpce-0dkr`')],
  });
  expect(ask(endpointPolicy, healthy, { text: texts.umbrella }).status).toBe('not-applicable');
});

const way = (step: string, service: string, at: string) => ({
  destination: { step, service },
  hops: [
    { at: 'rtb-0a1', is: 'route table' },
    { at, is: 'endpoint policy' },
  ],
});

test.each<[string, readonly string[], readonly string[]]>([
  ['ecr:BatchGetImage', ['manifest'], ['vpce-0dkr']],
  ['ecr:GetAuthorizationToken', ['token'], ['vpce-0api']],
  ['secretsmanager:GetSecretValue', ['secrets'], ['vpce-0secretsmanager']],
  ['ssm:GetParameters', ['secrets'], ['vpce-0ssm']],
  ['ecr:BatchImportUpstreamImage', ['token', 'manifest', 'layers'], ['vpce-0api', 'vpce-0dkr']],
])('the policy of an endpoint: %s was refused at the endpoint for it', (action, closes, resources) => {
  const check = checks.find(({ id }) => id === endpointPolicy);
  const task = snapshotOf(healthy).facts.task.value;
  const paths = [
    way('token', 'ecr.api', 'vpce-0api'),
    way('manifest', 'ecr.dkr', 'vpce-0dkr'),
    way('secrets', 'ssm', 'vpce-0ssm'),
    way('secrets', 'secretsmanager', 'vpce-0secretsmanager'),
  ];
  const facts = {
    task,
    placement: {},
    subnets: [],
    paths,
    pullError: parsePullError(by('VPC endpoint policy', action)),
  };

  expect(check?.examine(facts as unknown as CheckFacts, {} as never)).toMatchObject({
    certainty: 'proven',
    closes,
    resources,
  });
});

test('what a policy denies is not mended by another policy that allows it', () => {
  const fixesOf = (change: Partial<PermissionDecision>, text?: string) => {
    const result = ask(cannotPull, healthy, { pullPermissions: simulated(change), ...(text && { text }) });
    return result.status === 'found' ? result.fixes.map(({ do: what }) => what) : [];
  };

  expect(fixesOf(explicit)).toEqual([expect.stringMatching(/^Remove the statement that denies/)]);
  expect(fixesOf(implicit)).toEqual([expect.stringMatching(/^Attach `AmazonECSTaskExecutionRolePolicy`/)]);
  expect(fixesOf(explicit, by('identity-based policy', 'ecr:GetAuthorizationToken'))).toEqual([
    expect.stringMatching(/^Remove .*`ecr:BatchGetImage`/),
    expect.stringMatching(/^Attach .*`ecr:GetAuthorizationToken`$/),
  ]);
});

test('a trust policy that guards against other accounts is guarded as well after the fix', () => {
  const statementsOf = (changes: Changes) => {
    const result = ask(cannotAssume, healthy, changes);
    const [, document = ''] =
      result.status === 'found' ? (/--policy-document '(.*)'$/.exec(result.fixes[0]?.cli ?? '') ?? []) : [];
    return JSON.parse(document).Statement;
  };

  expect(
    statementsOf({ pullingRole: trusting(trust(from('task/*'))), text: texts.cannotAssume }).at(-1),
  ).toEqual({
    Effect: 'Allow',
    Principal: { Service: 'ecs-tasks.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: {
      ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:eu-west-1:111122223333:*' },
      StringEquals: { 'aws:SourceAccount': '111122223333' },
    },
  });
  expect(
    statementsOf({ pullingRole: trusting(trust({ Action: 'sts:TagSession' })), text: texts.cannotAssume }).at(
      -1,
    ),
  ).not.toHaveProperty('Condition');
});

const layers = (policies: string, boundary: string | null = null) => {
  const verdict = (said: string) => ({
    denies: said.includes('?deny') ? null : said.includes('deny'),
    allows: said.includes('?allow') ? null : said.includes('allow'),
  });
  return { layers: { policies: verdict(policies), boundary: boundary === null ? null : verdict(boundary) } };
};
const bound = { ...implicit, allowedByBoundary: false };
const attach = 'Attach';
const unbound = 'Allow `ecr:BatchGetImage` in the permissions boundary';
const undeny = (where: string) => `Remove the statement that denies \`ecr:BatchGetImage\` from the ${where}`;

test.each<[string, Partial<PermissionDecision>, readonly string[]]>([
  ['the policies lack it, and the boundary', { ...bound, ...layers('', '') }, [unbound, attach]],
  ['the boundary alone', { ...bound, ...layers('allow', '') }, [unbound]],
  ['the boundary, and the policies perhaps', { ...bound, ...layers('?allow', '') }, [unbound]],
  ['the policies deny it, and lack it', { ...explicit, ...layers('deny') }, [undeny('policies'), attach]],
  ['the policies deny what they allow', { ...explicit, ...layers('deny allow') }, [undeny('policies')]],
  [
    'the boundary denies it, and lacks it',
    { ...bound, ...explicit, ...layers('allow', 'deny') },
    [unbound, undeny('permissions boundary')],
  ],
  [
    'the boundary denies it, and the policies lack it',
    { ...bound, ...explicit, ...layers('', 'deny allow') },
    [undeny('permissions boundary'), attach],
  ],
  [
    'both deny what both allow',
    { ...bound, ...explicit, ...layers('deny allow', 'deny allow') },
    [undeny('permissions boundary'), undeny('policies')],
  ],
  [
    'its policies deny it, and AWS says of the boundary what a condition hides from us',
    { ...bound, ...explicit, ...layers('deny allow', '?allow') },
    [unbound, undeny('policies')],
  ],
  ['it is denied, perhaps by its policies', { ...explicit, ...layers('?deny allow') }, [undeny('policies')]],
  [
    'the organization denies it, and the policies lack it',
    { ...explicit, allowedByOrganizations: false, ...layers('') },
    [attach],
  ],
  [
    'a condition of the boundary is not known, and the policies lack it',
    { ...implicit, missingContextValues: ['aws:VpcId'], ...layers('', '?allow') },
    [attach],
  ],
])('everything of the role that stops the pull is said, and mended: %s', (_, change, fixes) => {
  const result = ask(cannotPull, healthy, { pullPermissions: simulated(change) });

  if (result.status !== 'found') throw new Error(result.status);
  expect(result.fixes.map(({ do: what }) => what)).toEqual(
    fixes.map((one) => expect.stringMatching(new RegExp(`^${one}`))),
  );
  expect(linesOf(result)[0]?.match(/ it(?=,|$)/g)).toHaveLength(fixes.length);
});

test('each action is mended where it is stopped, the one that the text names where it is stopped by now', () => {
  const doOf = (changes: Changes) => {
    const result = ask(cannotPull, healthy, changes);
    return result.status === 'found' ? result.fixes.map(({ do: what }) => what) : [];
  };
  const both = (all: Facts['pullPermissions']) =>
    simulated({ ...explicit, ...layers('deny allow') })(all).map((one) =>
      one.action === 'ecr:GetDownloadUrlForLayer' ? { ...one, ...implicit } : one,
    );

  expect(doOf({ pullPermissions: both })).toEqual([
    expect.stringMatching(/^Remove the statement that denies `ecr:BatchGetImage` from/),
    expect.stringMatching(/^Attach .* it allows `ecr:GetDownloadUrlForLayer`$/),
  ]);
  expect(
    doOf({
      text: by('identity-based policy'),
      pullPermissions: simulated({ ...bound, ...layers('allow', '') }),
    }),
  ).toEqual([unbound]);
});

test('what the policies lack the policy of the repository may give, but lifts no limit', () => {
  const given = { ecrImages: everyImage({ repositoryPolicy: policy('Allow') }) };
  const result = ask(cannotPull, healthy, {
    pullPermissions: simulated({ ...bound, ...layers('', '') }),
    ...given,
  });

  expect(result).toMatchObject({ fixes: [{ do: unbound }] });
  const perhaps = { ...implicit, missingContextValues: ['aws:VpcId'] };
  expect(
    ask(cannotPull, healthy, { pullPermissions: simulated({ ...perhaps, ...layers('') }), ...given }).status,
  ).toBe('undecided');
  const denied = simulated({ ...explicit, allowedByOrganizations: false, ...layers('') });
  expect(ask(cannotPull, healthy, { pullPermissions: denied, ...given }).status).toBe('ruled-out');
});

test('a key that AWS did not have, and that decides nothing in the policies of the role, leaves nothing of it in question', () => {
  const open = { ...implicit, missingContextValues: ['aws:MultiFactorAuthPresent'] };
  const answer = (said: string, boundary: string | null = null) =>
    ask(cannotPull, healthy, { pullPermissions: simulated({ ...open, ...layers(said, boundary) }) });

  for (const free of [answer('allow'), answer('allow', 'allow')]) {
    expect(free.status).toBe('ruled-out');
    expect(linesOf(free)).toContainEqual(expect.stringMatching(/^Nothing of .* stops `ecr:BatchGetImage`$/));
  }
  for (const one of [answer('?allow'), answer('?deny allow'), answer('allow', '?allow')])
    expect(one.status).toBe('undecided');
});

test('the role lacks what the repository of another account does not allow either: both are said', () => {
  const theirs = repository.replace('1111', '9999');
  const changes = {
    pullPermissions: simulated({ ...implicit, resource: theirs }),
    ecrImages: everyImage({ repositoryArn: theirs, repositoryPolicy: known(null) }),
  };

  expect(ask(cannotPull, healthy, changes).status).toBe('found');
  expect(ask('repository-policy-denies-pull', healthy, changes).status).toBe('found');
});

test.each([
  [by('session policy'), 'Let the policy of the session allow'],
  [
    denial('ecr:BatchGetImage', ' with an explicit deny in an identity-based policy'),
    'Remove the statement that denies `ecr:BatchGetImage` from the policies',
  ],
  [
    denial('ecr:BatchGetImage', ' with an explicit deny in a permissions boundary'),
    'Remove the statement that denies `ecr:BatchGetImage` from the permissions boundary',
  ],
  [by('identity-based policy'), 'Attach `AmazonECSTaskExecutionRolePolicy`'],
])('where the text alone tells, it says what is to be done: %s', (text, fix) => {
  const result = ask(cannotPull, healthy, { text, pullPermissions: () => refused });

  expect(result).toMatchObject({ fixes: [{ do: expect.stringContaining(fix) }] });
});

// Whoever answers for a registry writes the text, and a person pastes the command.
test.each([
  ['arn:aws:iam::111122223333:role/$(id)', '<role>'],
  ['arn:aws:iam::111122223333:role/team/$(id)', '<role>'],
  ['arn:aws:sts::111122223333:assumed-role/`id`/0123', '<role>'],
  ['arn:aws:iam::111122223333:role/team/pull.er@1', 'pull.er@1'],
  [session, 'ecsTaskExecutionRole'],
])('the role that a text names is in the command only if a role may be called so: %s', (user, name) => {
  const text = `CannotPullContainerError: User: ${user} is not authorized to perform: ecr:GetAuthorizationToken`;
  const unseen = { text, pullingRole: () => refused, pullPermissions: () => refused };

  expect(ask(cannotPull, healthy, unseen)).toMatchObject({
    fixes: [{ cli: expect.stringContaining(` --role-name ${name} --policy-arn `) }],
  });
});

test.each<[string, string, string | null, string]>([
  ['allow it', 'allow', null, 'ruled-out'],
  ['allow it, within the boundary', 'allow', 'allow', 'ruled-out'],
  ['allow it, perhaps within the boundary', 'allow', '?allow', 'undecided'],
  ['allow it, if no boundary denies it', 'allow', '?deny allow', 'undecided'],
  ['allow it, perhaps', '?allow', null, 'undecided'],
  ['allow it, and may deny it', '?deny allow', null, 'undecided'],
])('where the organization denies, the policies of the role %s', (_, policies, boundary, status) => {
  const pullPermissions = simulated({
    ...explicit,
    allowedByOrganizations: false,
    ...layers(policies, boundary),
  });
  const result = ask(cannotPull, healthy, { pullPermissions });

  expect(result.status).toBe(status);
  // What somebody denies the role may not, whoever it is.
  expect(JSON.stringify(result)).not.toMatch(/ may [^"]*ecr:BatchGetImage/);
});
