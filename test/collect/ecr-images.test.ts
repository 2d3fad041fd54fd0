import { expect, test } from '@jest/globals';
import type { EcrImage } from '../../lambda/model/facts.ts';
import type { Account } from '../support/account.ts';
import { type Answer, type Change, collected, telling } from '../support/collected.ts';
import { image, texts } from '../support/worlds.ts';

/** What is known of the one image. */
async function ecrImage(change: Change = {}, scenario = 'healthy-nat-umbrella'): Promise<EcrImage> {
  const { facts } = await collected(scenario, change);
  if (facts.ecrImages.status !== 'known' || !facts.ecrImages.value[0]) throw new Error('it must be known');
  return facts.ecrImages.value[0];
}

const digestOf = (digit: number) => `sha256:${String(digit).repeat(64)}`;
const stored = (digit: number, change: object = {}) => ({ imageDigest: digestOf(digit), ...change });
const holding =
  (...images: Account['images'][string]) =>
  (account: Account) => {
    account.images['team/web'] = images;
  };
const referring = (ref: string, more: object = {}) => ({
  containers: [{ name: 'web', image: ref, imageDigest: null, reason: null, ran: false, ...more }],
});
const untagged = image.replace(':v1', '');

test('of a missing image the other tags are told, the newest first, but for those that cannot be pulled', async () => {
  const at = (day: number) => ({ imagePushedAt: new Date(Date.UTC(2026, 0, day)) });
  const breaks = holding(
    stored(1, { imageTags: ['old'], ...at(1) }),
    stored(2, { imageTags: ['new', 'newest'], ...at(3) }),
    stored(3, { imageTags: ['undated'] }),
    stored(4, { imageTags: ['archived'], imageStatus: 'ARCHIVED', ...at(4) }),
    stored(5, { imageTags: ['active'], imageStatus: 'ACTIVE', ...at(2) }),
    stored(6, at(5)),
  );
  const { otherTags } = await ecrImage({ breaks });

  expect(otherTags).toMatchObject({
    value: ['new', 'newest', 'active', 'old', 'undated'].map((tag) => ({ tag })),
  });
  expect(otherTags).toMatchObject({
    value: expect.arrayContaining([
      { tag: 'old', digest: digestOf(1), pushedAt: '2026-01-01T00:00:00.000Z' },
      { tag: 'undated', digest: digestOf(3), pushedAt: null },
    ]),
  });
});

test('what else is there matters only where the image is missing', async () => {
  expect(await ecrImage()).toMatchObject({
    otherTags: null,
    lifecyclePolicy: null,
    repositoryElsewhere: null,
  });
  expect(await ecrImage({ breaks: holding() })).toMatchObject({
    repositoryExists: { value: true },
    manifest: { value: null },
    otherTags: { value: [] },
    lifecyclePolicy: { value: null },
    repositoryElsewhere: null,
  });
});

test.each<[string, string, object, unknown]>([
  ['by its tag', image, stored(1, { imageTags: ['v1'] }), { status: 'ACTIVE' }],
  [
    'by its digest',
    `${untagged}@${digestOf(1)}`,
    stored(1),
    { status: 'ACTIVE', tags: [], sizeInBytes: null },
  ],
  [
    'by `latest`, where nothing else is said',
    untagged,
    stored(1, { imageTags: ['latest'] }),
    { status: 'ACTIVE' },
  ],
  ['archived', image, stored(1, { imageTags: ['v1'], imageStatus: 'ARCHIVED' }), { status: 'ARCHIVED' }],
  [
    'archived, by its digest',
    `${untagged}@${digestOf(1)}`,
    stored(1, { imageStatus: 'ARCHIVED' }),
    { status: 'ARCHIVED' },
  ],
  [
    'on its way back',
    image,
    stored(1, { imageTags: ['v1'], imageStatus: 'ACTIVATING' }),
    { status: 'ACTIVATING' },
  ],
  ['under another tag', image, stored(1, { imageTags: ['v2'] }), null],
  ['archived under another tag', image, stored(1, { imageTags: ['v2'], imageStatus: 'ARCHIVED' }), null],
  ['archived without a tag', image, stored(1, { imageStatus: 'ARCHIVED' }), null],
  ['under another digest', `${untagged}@${digestOf(1)}`, stored(2), null],
])('an image is found %s', async (_, ref, detail, expected) => {
  const { manifest } = await ecrImage({ breaks: holding(detail as never), task: referring(ref) });

  expect(manifest).toMatchObject({ status: 'known', value: expected });
});

test.each<[string, Change['task'], string | null]>([
  ['that the text names', { stoppedReason: `${texts.umbrella} ${untagged}@${digestOf(7)}` }, digestOf(7)],
  [
    'that the text names beside the tag',
    { stoppedReason: `${texts.umbrella} ${image}@${digestOf(7)}` },
    digestOf(7),
  ],
  ['that ECS recorded', referring(image, { imageDigest: digestOf(8) }), digestOf(8)],
  [
    'that ECS recorded of another container',
    {
      containers: [
        { name: 'proxy', image: 'envoyproxy/envoy', imageDigest: digestOf(8), reason: null, ran: true },
        ...referring(image).containers,
      ],
    },
    null,
  ],
  ['that the image has itself', referring(`${untagged}@${digestOf(9)}`, { imageDigest: digestOf(8) }), null],
  ['that nobody names', {}, null],
])('a service may have pinned a tag to a digest: one %s', async (_, task, expected) => {
  const { pinned } = await ecrImage({ ...(task && { task }) });

  expect(pinned?.digest ?? null).toBe(expected);
});

test('a repository that is missing is looked for where the task runs, if that is elsewhere', async () => {
  const without = (account: Account) => {
    account.images = {};
    account.repositories = {};
  };
  const abroad = image.replace('eu-west-1', 'us-east-1');
  const foreign = image.replace('111122223333', '444455556666');

  expect(await ecrImage({ breaks: without })).toMatchObject({
    repositoryExists: { value: false },
    repositoryElsewhere: { value: null },
    manifest: { value: null },
  });
  const ownRepository = { value: 'arn:aws:ecr:eu-west-1:111122223333:repository/team/web' };
  const withoutImages = ({ images }: Account) => void delete images['team/web'];
  expect(await ecrImage({ task: referring(abroad) })).toMatchObject({ repositoryElsewhere: ownRepository });
  expect(await ecrImage({ breaks: withoutImages, task: referring(foreign) })).toMatchObject({
    repositoryElsewhere: ownRepository,
  });
  expect(await ecrImage({ breaks: without, task: referring(abroad) })).toMatchObject({
    repositoryElsewhere: { value: null },
  });
});

test.each<[string, readonly object[], string | null]>([
  ['none is', [], null],
  ['its prefix is that of the repository', [{ ecrRepositoryPrefix: 'team' }], 'team'],
  ['its prefix ends with a slash', [{ ecrRepositoryPrefix: 'team/' }], 'team/'],
  ['its prefix only begins so', [{ ecrRepositoryPrefix: 'te' }], null],
  ['it is for the rest', [{ ecrRepositoryPrefix: 'ROOT' }], 'ROOT'],
  [
    'it is nearer than that for the rest',
    [{ ecrRepositoryPrefix: 'ROOT' }, { ecrRepositoryPrefix: 'team' }],
    'team',
  ],
  [
    'it is nearer than one for the rest behind it',
    [{ ecrRepositoryPrefix: 'team' }, { ecrRepositoryPrefix: 'ROOT' }],
    'team',
  ],
  ['no prefix is said', [{ upstreamRegistryUrl: 'ghcr.io' }], null],
])('a pull-through cache rule is about an image where %s', async (_, pullThroughCacheRules, prefix) => {
  const { pullThroughCacheRule } = await ecrImage({
    answer: telling({ 'ecr:DescribePullThroughCacheRules': { pullThroughCacheRules } }),
  });

  expect(pullThroughCacheRule).toStrictEqual({
    status: 'known',
    value: prefix && { prefix, upstreamRegistry: null, upstreamUrl: null },
  });
});

test('the rule with the longest prefix is the one', async () => {
  const pullThroughCacheRules = ['team', 'team/app', 'team/app/web'].map((ecrRepositoryPrefix) => ({
    ecrRepositoryPrefix,
    upstreamRegistry: 'quay',
    upstreamRegistryUrl: 'quay.io',
  }));
  const { pullThroughCacheRule } = await ecrImage({
    answer: telling({ 'ecr:DescribePullThroughCacheRules': { pullThroughCacheRules } }),
    task: referring(image.replace('team/web', 'team/app/api')),
  });

  expect(pullThroughCacheRule).toMatchObject({
    value: { prefix: 'team/app', upstreamRegistry: 'quay', upstreamUrl: 'quay.io' },
  });
});

test('the key of a repository is asked for only where the text speaks of one', async () => {
  const kms = { stoppedReason: `${texts.umbrella}: KMSAccessDeniedException` };
  const encrypted = (encryptionConfiguration: object | undefined) =>
    telling({ 'ecr:DescribeRepositories': { repositories: [{ encryptionConfiguration }] } });

  expect((await ecrImage({ answer: encrypted({ kmsKey: 'arn:key' }) })).encryptionKey).toBeNull();
  expect(
    (await ecrImage({ answer: encrypted({ kmsKey: 'arn:key' }), task: kms })).encryptionKey,
  ).toMatchObject({
    value: 'arn:key',
  });
  expect((await ecrImage({ answer: encrypted({}), task: kms })).encryptionKey).toMatchObject({ value: null });
  expect((await ecrImage({ answer: encrypted(undefined), task: kms })).encryptionKey).toMatchObject({
    value: null,
  });
});

test('no policy is one that the repository does not have; another failure is none', async () => {
  const failing =
    (code: string) =>
    (account: Account): void => {
      account.refused['ecr:GetRepositoryPolicy'] = code;
    };

  for (const code of ['RepositoryPolicyNotFoundException', 'RepositoryNotFoundException'])
    expect((await ecrImage({ breaks: failing(code) })).repositoryPolicy).toStrictEqual({
      status: 'known',
      value: null,
    });
  expect((await ecrImage({ breaks: failing('ServerException') })).repositoryPolicy).toMatchObject({
    status: 'unknown',
    error: 'ServerException',
  });
});

test('each image is asked for in its own registry and Region', async () => {
  const asked: unknown[] = [];
  const answer: Answer = (action, { registryId, repositoryName }, asAws) => {
    if (action === 'ecr:DescribeImages') asked.push([registryId, repositoryName]);
    return asAws();
  };
  await ecrImage({ answer, task: referring(image.replace('111122223333', '444455556666')) });

  expect(asked[0]).toStrictEqual(['444455556666', 'team/web']);
});

test('a repository whose images are not shown is not known to be there', async () => {
  const breaks = ({ refused }: Account) => {
    refused['ecr:DescribeImages'] = 'AccessDeniedException';
  };
  const unknown = { status: 'unknown', error: 'AccessDeniedException' };

  expect(await ecrImage({ breaks })).toMatchObject({ manifest: unknown, repositoryExists: unknown });
});

test('an empty answer about a policy is no policy, and not none', async () => {
  const answer = telling({ 'ecr:GetRepositoryPolicy': {}, 'ecr:GetLifecyclePolicy': {} });

  expect(await ecrImage({ answer, breaks: holding() })).toMatchObject({
    repositoryPolicy: { status: 'unknown', error: 'EmptyAnswer' },
    lifecyclePolicy: { status: 'unknown', error: 'EmptyAnswer' },
  });
});
