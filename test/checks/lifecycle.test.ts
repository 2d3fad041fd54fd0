import { expect, test } from '@jest/globals';
import type { ImageReference } from '../../lambda/model/facts.ts';
import { ask, behindAnother, type Changes, everyImage, known, refused } from '../support/asking.ts';

const asked = (changes: Changes = {}) =>
  ask('image-expired-by-lifecycle-policy', 'lifecycle-took-image', changes);
const policy = (...rules: object[]) => known(JSON.stringify({ rules }));
const rule = (selection: object) => ({
  rulePriority: 1,
  selection: { countType: 'imageCountMoreThan', countNumber: 3, ...selection },
  action: { type: 'expire' },
});
const byDigest = (images: readonly ImageReference[]) =>
  images.map((image) => ({ ...image, digest: `sha256:${'0c'.repeat(32)}` }));

test.each<[string, Changes, string]>([
  ['the image is missing, and a rule is for it', {}, 'found'],
  ['another image stands first in the task', { images: behindAnother }, 'found'],
  ['nobody could read the image', { ecrImages: everyImage({ manifest: refused }) }, 'not-applicable'],
  [
    'nobody knows whether the repository is there',
    { ecrImages: everyImage({ repositoryExists: refused }) },
    'found',
  ],
  ['the repository is gone', { ecrImages: everyImage({ repositoryExists: known(false) }) }, 'not-applicable'],
  [
    'a pull-through cache fills the repository',
    {
      ecrImages: everyImage({
        pullThroughCacheRule: known({ prefix: 'team', upstreamRegistry: null, upstreamUrl: null }),
      }),
    },
    'not-applicable',
  ],
  ['nobody could read the policy', { ecrImages: everyImage({ lifecyclePolicy: refused }) }, 'undecided'],
  ['nobody knows the image', { images: () => [] }, 'ruled-out'],
  ['nobody asked for the policy', { ecrImages: everyImage({ lifecyclePolicy: null }) }, 'ruled-out'],
  ['there is no policy', { ecrImages: everyImage({ lifecyclePolicy: known(null) }) }, 'ruled-out'],
  ['nobody could list the other tags', { ecrImages: everyImage({ otherTags: refused }) }, 'ruled-out'],
  [
    'the rule is for other tags',
    {
      ecrImages: everyImage({
        lifecyclePolicy: policy(rule({ tagStatus: 'tagged', tagPrefixList: ['tmp'] })),
      }),
    },
    'ruled-out',
  ],
  ['which tags the digest had is not known', { images: byDigest }, 'undecided'],
  [
    'asked for by its digest, it may have lost its tag to a newer one, and a rule is for untagged images',
    {
      images: byDigest,
      ecrImages: everyImage({ lifecyclePolicy: policy(rule({ tagStatus: 'untagged', countNumber: 0 })) }),
    },
    'found',
  ],
  [
    'asked for by its tag, it is none of the untagged',
    { ecrImages: everyImage({ lifecyclePolicy: policy(rule({ tagStatus: 'untagged' })) }) },
    'ruled-out',
  ],
])('%s', (_, changes, status) => {
  expect(asked(changes).status).toBe(status);
});

test('a missing image whose rule cannot be told is missing, and says so', () => {
  const changes = { ecrImages: everyImage({ lifecyclePolicy: known('{') }) };

  expect(asked(changes).status).toBe('undecided');
  expect(ask('image-not-found', 'lifecycle-took-image', changes).status).toBe('found');
  expect(ask('image-not-found', 'lifecycle-took-image').status).toBe('not-applicable');
});
