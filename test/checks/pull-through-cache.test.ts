import { expect, test } from '@jest/globals';
import type { EcrImage, Facts, PullThroughCacheRule } from '../../lambda/model/facts.ts';
import { ask, behindAnother, type Changes, everyImage, known, linesOf, refused } from '../support/asking.ts';
import { snapshotOf } from '../support/snapshots.ts';
import { texts } from '../support/worlds.ts';

const asked = (changes: Changes = {}, scenario = 'pull-through-cache-fails') =>
  ask('pull-through-cache-cannot-import', scenario, changes);
const { ecrImages: healthy } = snapshotOf('healthy-pull-through-cache').facts;
const there = (healthy.status === 'known' && healthy.value[0]?.manifest) || refused;
const rule = (change: Partial<PullThroughCacheRule>) =>
  everyImage({
    pullThroughCacheRule: known({ prefix: 'hub', upstreamRegistry: null, upstreamUrl: null, ...change }),
  });
/** The suspect image, behind one that is in the cache. */
const behindOne = (last: Partial<EcrImage>) => (images: readonly EcrImage[]) =>
  images.flatMap((image) => [
    { ...image, image: 'another', manifest: there },
    { ...image, ...last },
  ]);

test.each<[string, Changes, string]>([
  ['the image is missing, and the text says so', {}, 'found'],
  [
    'the image is missing, which the text has nothing to do with',
    { text: texts.manifestTimeout },
    'undecided',
  ],
  ['the image is in the cache', { ecrImages: everyImage({ manifest: there }) }, 'ruled-out'],
  ['nobody could read the image', { ecrImages: everyImage({ manifest: refused }) }, 'undecided'],
  ['nobody could read the second', { ecrImages: behindOne({ manifest: refused }) }, 'undecided'],
  ['the second is missing', { ecrImages: behindOne({}) }, 'found'],
  ['both are in the cache', { ecrImages: behindOne({ manifest: there }) }, 'ruled-out'],
  [
    'nobody could read the rules',
    { ecrImages: everyImage({ pullThroughCacheRule: refused }) },
    'not-applicable',
  ],
  [
    'no rule has the prefix',
    { ecrImages: everyImage({ pullThroughCacheRule: known(null) }) },
    'not-applicable',
  ],
])('%s', (_, changes, status) => {
  expect(asked(changes).status).toBe(status);
});

test('what nobody could read is not said to be missing; what is missing is not the first', () => {
  const unread = asked({ ecrImages: behindOne({ manifest: refused }) });

  expect(linesOf(unread)[0]).toMatch(/^The image of `[^`]*hub\/nginx:1` could not be read/);
  expect(linesOf(asked({ ecrImages: behindOne({}) }))[0]).toMatch(/^`[^`]*hub\/nginx:1` is under/);
});

const repository = (name: string) => (images: Facts['images']) =>
  images.map((image) => ({ ...image, repository: name }));

test.each<[string, Changes, boolean]>([
  ['an official image of Docker Hub', { ecrImages: rule({ upstreamUrl: 'registry-1.docker.io' }) }, true],
  [
    'an official image, named by the kind of the registry',
    { ecrImages: rule({ upstreamRegistry: 'docker-hub' }) },
    true,
  ],
  [
    'an image of somebody',
    { ecrImages: rule({ upstreamUrl: 'registry-1.docker.io' }), images: repository('hub/acme/app') },
    false,
  ],
  ['another registry', { ecrImages: rule({ upstreamUrl: 'quay.io' }) }, false],
  ['a registry that is not named', { ecrImages: rule({}) }, false],
  ['an image that is not the first', { images: behindAnother }, true],
  ['an image that nobody knows', { images: () => [] }, false],
])('library/ is missing from %s', (_, changes, hint) => {
  const result = asked(changes);

  expect(result.status).toBe('found');
  expect(linesOf(result).slice(1)).toEqual(
    hint ? ['Official images of Docker Hub need `library/`: `hub/library/nginx`'] : [],
  );
});

test('the rule of the whole registry stands before no name', () => {
  const root = rule({ prefix: 'ROOT', upstreamUrl: 'registry-1.docker.io' });

  expect(linesOf(asked({ ecrImages: root, images: repository('nginx') }))[1]).toMatch(/: `library\/nginx`$/);
});

test('the rule is looked at in the Region of the image', () => {
  expect(asked({ images: behindAnother })).toMatchObject({
    fixes: [{}, { cli: expect.stringContaining('--region eu-west-1') }],
  });
});
