import { expect, test } from '@jest/globals';
import type { EcrManifest, ImageReference } from '../../lambda/model/facts.ts';
import { ask, behindAnother, everyImage, known, linesOf, refused } from '../support/asking.ts';
import { texts } from '../support/worlds.ts';

const archived: EcrManifest = {
  digest: `sha256:${'0a'.repeat(32)}`,
  tags: ['v1'],
  sizeInBytes: null,
  mediaType: null,
  pushedAt: null,
  status: 'ARCHIVED',
};

test('image-archived: the storage class of the archived image is changed, not that of the first', () => {
  expect(ask('image-archived', 'image-archived', { images: behindAnother })).toMatchObject({
    status: 'found',
    fixes: [{ cli: expect.stringContaining('--registry-id 111122223333 --repository-name team/web') }],
  });
});

test('image-archived: an image that is being restored needs patience only', () => {
  const ecrImages = everyImage({ manifest: known({ ...archived, status: 'ACTIVATING' }) });

  expect(ask('image-archived', 'image-archived', { ecrImages })).toMatchObject({
    fixes: [{ do: 'Wait: the image is being restored, which takes up to 20 minutes' }],
  });
});

test('image-archived: what could not be read may be archived', () => {
  const ecrImages = everyImage({ manifest: refused });

  expect(ask('image-archived', 'image-archived', { ecrImages }).status).toBe('undecided');
});

const key = 'image-encryption-key-unusable';
test('the key of a repository is named where it is known, and asked for where it is not', () => {
  const nobodyKnows = [refused, known(null), null].map((encryptionKey) =>
    ask(key, 'repository-key-disabled', { ecrImages: everyImage({ encryptionKey }) }),
  );

  for (const result of nobodyKnows) {
    expect(linesOf(result)[0]).toMatch(/^AWS refused the key of the repository of `[^`]+`$/);
    expect(result).toMatchObject({ fixes: [{ do: expect.stringContaining('Enable the key,') }] });
    expect(result).toMatchObject({ resources: [expect.stringContaining('team/web:v1')] });
  }
});

test('the key of a repository: the image is that in Amazon ECR, or else the task is named', () => {
  const none = (): readonly ImageReference[] => [];
  const last = 'repository-key-disabled';

  expect(linesOf(ask(key, last, { images: behindAnother }))[0]).toContain('team/web:v1');
  expect(linesOf(ask(key, last, { images: none }))[0]).toContain('arn:aws:ecs:');
  expect(ask(key, last, { images: none, ecrImages: () => refused })).toMatchObject({
    status: 'found',
    resources: [expect.stringContaining('arn:aws:ecs:')],
  });
});

test('the key of a secret is no key of a repository', () => {
  const text =
    'ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/ecsTaskExecutionRole/0123 is not authorized to perform: kms:Decrypt';

  expect(ask(key, 'repository-key-disabled', { text }).status).toBe('ruled-out');
  expect(ask(key, 'repository-key-disabled', { text, ecrImages: () => [] }).status).toBe('not-applicable');
});

test('repository-not-found and image-not-found speak of a missing repository once', () => {
  const ecrImages = everyImage({ repositoryExists: known(false), manifest: known(null) });

  expect(ask('repository-not-found', 'tag-missing', { ecrImages }).status).toBe('found');
  expect(ask('image-not-found', 'tag-missing', { ecrImages }).status).toBe('not-applicable');
  expect(
    ask('repository-not-found', 'tag-missing', { ecrImages: everyImage({ repositoryExists: refused }) })
      .status,
  ).toBe('undecided');
});

const reference = 'invalid-image-reference';
test.each<[string, string, string | undefined, readonly ImageReference[] | null, string, string]>([
  [
    'only the text says so',
    'tag-missing',
    'CannotPullContainerError: invalid reference format',
    null,
    'found',
    'The runtime refused `111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:v12`',
  ],
  [
    'nobody knows the image',
    'tag-missing',
    'CannotPullContainerError: invalid reference format',
    [],
    'found',
    'The runtime refused `the image`',
  ],
  [
    'only the task definition shows it',
    'reference-invalid',
    texts.umbrella,
    null,
    'found',
    'the repository must be in lower case',
  ],
  ['there is no image', 'tag-missing', undefined, [], 'ruled-out', 'names no image'],
  ['the image is well', 'tag-missing', undefined, null, 'ruled-out', 'is a valid image reference'],
])('invalid-image-reference: %s', (_, scenario, text, images, status, line) => {
  const result = ask(reference, scenario, {
    ...(text && { text }),
    ...(images && { images: () => images }),
  });

  expect(result.status).toBe(status);
  expect(linesOf(result)).toEqual([expect.stringContaining(line)]);
});

test('invalid-image-reference: only what is invalid is named', () => {
  const result = ask(reference, 'reference-invalid', {
    images: (images) =>
      [...behindAnother(images)].map((one, at) => (at === 0 ? { ...one, invalid: null } : one)),
    task: (task) => ({ ...task, taskDefinitionArn: null }),
  });

  expect(result).toMatchObject({ resources: [expect.stringContaining('Team/App')] });
});
