import { expect, test } from '@jest/globals';
import type { EcrImage, Facts } from '../../lambda/model/facts.ts';
import { ask, behindAnother, type Changes, everyImage, known, linesOf, refused } from '../support/asking.ts';

const healthy = 'healthy-nat-umbrella';
const role = 'arn:aws:iam::111122223333:role/ecsTaskExecutionRole';
const session = 'arn:aws:sts::111122223333:assumed-role/ecsTaskExecutionRole/0123';
const own = 'arn:aws:ecr:eu-west-1:111122223333:repository/team/web';
const foreign = 'arn:aws:ecr:eu-west-1:999922223333:repository/team/web';
const outside = (images: Facts['images']) => behindAnother(images).slice(0, 1);
const statement = (Effect: string, more: object = {}) => ({
  Effect,
  Principal: '*',
  Action: 'ecr:*',
  Resource: '*',
  ...more,
});
const policy = (...Statement: object[]) => JSON.stringify({ Statement });
const perhaps = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-0a1' } } };
const onlyRole = { Principal: { AWS: role } };
const manifest = { Action: 'ecr:BatchGetImage' };

const perhapsLayers = statement('Deny', { ...perhaps, Action: 'ecr:GetDownloadUrlForLayer' });

const ofRegistry = (Statement: readonly object[], changes: Changes = {}) =>
  ask('registry-policy-denies-pull', healthy, { registryPolicy: () => policy(...Statement), ...changes });

test.each<[string, readonly object[], Changes, string]>([
  ['denies everybody', [statement('Deny')], {}, 'found'],
  ['denies the role', [statement('Deny', onlyRole)], {}, 'found'],
  [
    'denies a role that nobody could see',
    [statement('Deny', onlyRole)],
    { pullingRole: () => refused },
    'undecided',
  ],
  [
    'denies a role, and the task has none',
    [statement('Deny', onlyRole)],
    { pullingRole: () => null },
    'undecided',
  ],
  ['denies, perhaps', [statement('Deny', perhaps)], {}, 'undecided'],
  ['denies, perhaps, what it allows', [statement('Allow'), statement('Deny', perhaps)], {}, 'undecided'],
  [
    'denies, perhaps, one of two actions that it allows',
    [statement('Allow'), perhapsLayers],
    {},
    'undecided',
  ],
  ['denies, perhaps, one of two actions, and allows none', [perhapsLayers], {}, 'undecided'],
  [
    'does not mention the pull, which is for others to allow',
    [statement('Allow', { Action: 'ecr:PutImage' })],
    {},
    'ruled-out',
  ],
  ['allows it', [statement('Allow')], {}, 'ruled-out'],
  ['denies it, where the image stands second', [statement('Deny')], { images: behindAnother }, 'found'],
  [
    'is for other repositories, and nobody could see which',
    [statement('Deny')],
    { ecrImages: () => refused },
    'undecided',
  ],
  ['is of no image of the task', [statement('Deny')], { images: outside }, 'not-applicable'],
  [
    'is not the one of a repository of another account',
    [statement('Deny')],
    { ecrImages: everyImage({ repositoryArn: foreign }) },
    'ruled-out',
  ],
])('the policy of the registry %s', (_, statements, changes, status) => {
  expect(ofRegistry(statements, changes).status).toBe(status);
});

test('the policy of the registry: which statement denies what to whom, or why nobody can tell', () => {
  const denying = [statement('Allow'), statement('Deny', { ...manifest, Sid: 'Freeze' })];

  expect(ofRegistry(denying)).toMatchObject({
    evidence: [
      expect.stringMatching(/denies `ecr:BatchGetImage` on `[^`]*team\/web` \(statement `Freeze`\)$/),
    ],
    fixes: [{ do: expect.stringContaining(`to \`${role}\``) }],
  });
  expect(ofRegistry([statement('Deny')], { pullingRole: () => refused })).toMatchObject({
    fixes: [{ do: expect.stringMatching(/to the pulling role$/) }],
  });
  for (const doubtful of [[statement('Deny', perhaps)], [statement('Allow'), statement('Deny', perhaps)]])
    expect(linesOf(ofRegistry(doubtful))[0]).toMatch(/cannot be judged: .*aws:PrincipalOrgID/);
  expect(linesOf(ofRegistry([], { ecrImages: () => refused }))[0]).toContain('could not be seen');
});

test('the policy of another account’s registry is for its owner to tell', () => {
  const images = (all: Facts['images']) =>
    all.map((one) => ({ ...one, ecr: one.ecr && { ...one.ecr, accountId: '999922223333' } }));

  expect(ofRegistry([statement('Deny')], { images })).toMatchObject({
    status: 'undecided',
    ask: expect.stringContaining('`999922223333`'),
  });
});

const ofRepository = (change: Partial<EcrImage>, changes: Changes = {}) =>
  ask('repository-policy-denies-pull', healthy, { ecrImages: everyImage(change), ...changes });
const has = (...Statement: object[]) => ({ repositoryPolicy: known(policy(...Statement)) });
const theirs = { repositoryArn: foreign };
const text = (action: string, kind: string) => ({
  text: `CannotPullContainerError: User: ${session} is not authorized to perform: ${action} on resource: ${own} because no ${kind} allows the ${action} action`,
});
const said = text('ecr:BatchGetImage', 'resource-based policy');

test.each<[string, Partial<EcrImage>, Changes, string]>([
  ['denies one of the two actions', has(statement('Deny', manifest)), {}, 'found'],
  ['denies, perhaps', has(statement('Deny', perhaps)), {}, 'undecided'],
  ['denies, perhaps, what it allows', has(statement('Allow'), statement('Deny', perhaps)), {}, 'undecided'],
  [
    'denies one action, and the other perhaps',
    has(statement('Deny', manifest), statement('Deny', perhaps)),
    {},
    'found',
  ],
  [
    'does not mention the pull in one account',
    has(statement('Allow', { Action: 'ecr:PutImage' })),
    {},
    'ruled-out',
  ],
  [
    'does not mention the pull from another account',
    { ...theirs, ...has(statement('Allow', { Action: 'ecr:PutImage' })) },
    {},
    'found',
  ],
  [
    'allows one of the two actions to another account',
    { ...theirs, ...has(statement('Allow', manifest)) },
    {},
    'found',
  ],
  ['allows the pull to another account', { ...theirs, ...has(statement('Allow')) }, {}, 'ruled-out'],
  [
    'allows the pull to another account, perhaps',
    { ...theirs, ...has(statement('Allow', perhaps)) },
    {},
    'undecided',
  ],
  ['is not there in one account', { repositoryPolicy: known(null) }, {}, 'ruled-out'],
  ['is not there in another account', { ...theirs, repositoryPolicy: known(null) }, {}, 'found'],
  [
    'is not there, as the repository in another account',
    { ...theirs, repositoryPolicy: known(null), repositoryExists: known(false) },
    {},
    'ruled-out',
  ],
  [
    'is not there, as perhaps the repository in another account',
    { ...theirs, repositoryPolicy: known(null), repositoryExists: refused },
    {},
    'ruled-out',
  ],
  ['could not be read', { repositoryPolicy: refused }, {}, 'undecided'],
  [
    'denies a role that nobody could see',
    has(statement('Deny', onlyRole)),
    { pullingRole: () => refused },
    'undecided',
  ],
  ['is of no image of the task', {}, { images: outside }, 'not-applicable'],
  ['is of one of two images of the task', has(statement('Deny')), { images: behindAnother }, 'found'],
  ['denies, and no image is known', has(statement('Deny')), { images: () => [] }, 'found'],
  ['is well, and the text says it denies', {}, said, 'found'],
  [
    'is well, and the text says it denies, no image being in Amazon ECR',
    {},
    { ...said, images: outside },
    'found',
  ],
  [
    'is well, and the text says that of a secret',
    {},
    text('secretsmanager:GetSecretValue', 'resource-based policy'),
    'ruled-out',
  ],
  [
    'is well, and the text says that of another policy',
    {},
    text('ecr:BatchGetImage', 'identity-based policy'),
    'ruled-out',
  ],
])('the policy of the repository %s', (_, change, changes, status) => {
  expect(ofRepository(change, changes).status).toBe(status);
});

test('the policy of the repository: nobody could see the images, or there are none', () => {
  expect(ofRepository({}, { ecrImages: () => refused })).toMatchObject({
    status: 'undecided',
    because: expect.stringMatching(/team\/web:v1` could not be read/),
  });
  expect(ofRepository({}, { ecrImages: () => [] }).status).toBe('not-applicable');
});

test.each<[string, string, Changes, string]>([
  ['its endpoint', 'aws:SourceVpce', {}, 'vpce-0dkr ruled-out'],
  ['its VPC', 'aws:SourceVpc', {}, 'vpc-0a1 ruled-out'],
  ['another VPC', 'aws:SourceVpc', {}, 'vpc-0b2 found'],
  ['a VPC that nobody could see', 'aws:SourceVpc', { subnets: () => refused }, 'vpc-0a1 undecided'],
])('the policy of the repository lets in from %s', (_, key, changes, expected) => {
  const [from = '', status] = expected.split(' ');
  const elsewhere = statement('Deny', { Condition: { StringNotEquals: { [key]: from } } });
  const result = ask('repository-policy-denies-pull', 'healthy-privatelink-umbrella', {
    images: behindAnother,
    ecrImages: everyImage(has(elsewhere)),
    ...changes,
  });

  expect(result.status).toBe(status);
});

test('the policy of the repository: whom to ask', () => {
  expect(ofRepository({ repositoryPolicy: refused })).toMatchObject({ ask: expect.stringContaining('ecr:') });
  expect(ofRepository({ ...theirs, repositoryPolicy: refused })).toMatchObject({
    ask: `Ask the owner of account \`999922223333\` whether the policy of the repository allows \`${role}\` to pull`,
  });
  for (const doubtful of [[statement('Deny', perhaps)], [statement('Allow'), statement('Deny', perhaps)]])
    expect(linesOf(ofRepository(has(...doubtful)))[0]).toMatch(/cannot be judged: .*aws:PrincipalOrgID/);
});

test('the policy of the repository: who is refused, by which repository', () => {
  const two = (images: readonly EcrImage[]) =>
    images.flatMap((image) => [
      { ...image, repositoryArn: `${own}-first` },
      { ...image, ...has(statement('Deny')) },
      { ...image, repositoryArn: `${own}-last`, ...has(statement('Deny')) },
    ]);

  expect(ofRepository({}, { ecrImages: two })).toMatchObject({
    evidence: [
      `The policy of \`${own}\` does not let \`${role}\` pull`,
      `The policy of \`${own}-last\` does not let \`${role}\` pull`,
    ],
    resources: [own, `${own}-last`],
  });
  const unseen = { pullingRole: () => refused };
  expect(ofRepository({}, { ...said, ...unseen })).toMatchObject({
    evidence: [
      `AWS refused \`ecr:BatchGetImage\` to \`${session}\` because no resource-based policy of \`${own}\` allows it`,
    ],
    resources: [own],
  });
  expect(ofRepository(has(statement('Deny')), unseen)).toMatchObject({
    evidence: [`The policy of \`${own}\` does not let \`the tasks of account 111122223333\` pull`],
  });
  expect(ofRepository({}, { ...said, ecrImages: () => [] })).toMatchObject({
    resources: ['111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:v1'],
  });
});

test('the policy of the repository: the fix says that it lets in the account, not the role alone', () => {
  const result = ofRepository({ ...theirs, repositoryPolicy: known(null) });

  expect(result).toMatchObject({
    fixes: [
      {
        do: expect.stringMatching(
          / to account `111122223333`, whose own policies say which of its roles may pull in /,
        ),
        cli: expect.stringContaining('arn:aws:iam::111122223333:root'),
      },
    ],
  });
});

test('every repository that denies is mended, and every statement of the registry that denies is said', () => {
  const both = [own, `${own}-last`];
  const ecrImages = (images: readonly EcrImage[]) =>
    images.flatMap((image) =>
      both.map((repositoryArn) => ({ ...image, repositoryArn, ...has(statement('Deny')) })),
    );
  const layers = { Action: 'ecr:GetDownloadUrlForLayer' };

  expect(ofRepository({}, { ecrImages })).toMatchObject({
    fixes: both.map((one) => ({ do: expect.stringContaining(`\`${one}\``) })),
  });
  expect(ofRegistry([statement('Deny', manifest), statement('Deny', layers)])).toMatchObject({
    evidence: [expect.stringContaining('(statement 1)'), expect.stringContaining('(statement 2)')],
    fixes: [{ do: expect.stringContaining('`ecr:BatchGetImage` and `ecr:GetDownloadUrlForLayer`') }],
  });
});

test('a text that says who denies is not said to miss an allowance', () => {
  const { text: of } = text('ecr:BatchGetImage', 'resource-based policy');
  const denied = of.replace(/because no .*/, 'with an explicit deny in a resource-based policy');

  expect(linesOf(ofRepository({}, { text: denied }))[0]).toContain('because of an explicit deny in');
});

test('the policy of an endpoint is mended for every registry that is asked through it', () => {
  const second = '999922223333.dkr.ecr.eu-west-1.amazonaws.com';
  const result = ask('endpoint-policy-denies-pull', 'endpoint-policy-of-registry', {
    images: (images) =>
      images.flatMap((one) => [
        one,
        { ...one, registry: second, ecr: one.ecr && { ...one.ecr, accountId: '999922223333' } },
      ]),
  });

  expect(result).toMatchObject({ fixes: [{ cli: expect.stringMatching(/repository\/team\/web.*9999/) }] });
});

test('where a layer is the registry says, too: what its endpoint refuses ends a request that went there, and none to Amazon S3', () => {
  const blob = (host: string) =>
    `CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code https://${host}/v2/team/web/blobs/sha256:0a0a: 403 Forbidden`;
  const closes = (text: string) => {
    const result = ask('endpoint-policy-denies-pull', 'endpoint-policy-of-registry', { text });
    return result.status === 'found' ? result.closes : [];
  };

  expect(closes(blob('111122223333.dkr.ecr.eu-west-1.amazonaws.com'))).toEqual(['manifest', 'layers']);
  expect(closes(blob('prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com'))).toEqual([
    'manifest',
  ]);
});

test('the policy of each endpoint that denies allows what is asked through that one', () => {
  const result = ask('endpoint-policy-denies-pull', 'endpoint-policy-of-registry', {
    vpcEndpoints: (all) => all.map((one) => ({ ...one, policy: policy() })),
  });
  const commands = result.status === 'found' ? result.fixes.map(({ cli = '' }) => cli) : [];
  const actionsIn = (id: string) =>
    commands.find((one) => one.includes(` ${id} `))?.match(/(?<=")(?:ecr|s3):[A-Za-z]+/g);

  expect(actionsIn('vpce-0api')).toEqual(['ecr:GetAuthorizationToken']);
  expect(actionsIn('vpce-0dkr')).toEqual(['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']);
  expect(actionsIn('vpce-0s3')).toEqual(['s3:GetObject']);
});

test.each<[string, string, string]>([
  ['over an endpoint, which shows no public address', 'healthy-privatelink-umbrella', 'found'],
  ['over the internet, from an address that nobody knows', healthy, 'undecided'],
])('who lets in some public addresses alone, asked %s', (_, scenario, status) => {
  const office = statement('Deny', { Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } });
  const ofImage = { ecrImages: everyImage(has(office)) };

  expect(ask('repository-policy-denies-pull', scenario, ofImage).status).toBe(status);
  expect(ask('registry-policy-denies-pull', scenario, { registryPolicy: () => policy(office) }).status).toBe(
    status,
  );
});

test.each<[string, object, string]>([
  ['the role', onlyRole, 'ruled-out'],
  ['everybody', {}, 'ruled-out'],
  // That leaves it to the policies of the role, which lack it.
  ['the account', { Principal: { AWS: 'arn:aws:iam::111122223333:root' } }, 'found'],
  ['the account by its number', { Principal: { AWS: '111122223333' } }, 'found'],
])('what the policies of a role lack, the repository of its own account gives to %s', (_, to, status) => {
  const result = ask('execution-role-cannot-pull', healthy, {
    pullPermissions: (all) =>
      all.map((one) => (one.resource === '*' ? one : { ...one, decision: 'implicitDeny' })),
    ecrImages: everyImage(has(statement('Allow', to))),
  });

  expect(result.status).toBe(status);
});
