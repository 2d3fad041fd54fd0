import { expect, test } from '@jest/globals';
import { collect } from '../../lambda/collect/collect.ts';
import type { AskRegistry } from '../../lambda/collect/define.ts';
import { stoppedTask } from '../../lambda/event.ts';
import { fakeAws } from '../support/account.ts';
import { image as ecrImage, natWorld, stoppedEvent, texts } from '../support/worlds.ts';

const outside = 'ghcr.io/acme/app:1.0';
const resolving = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${outside}`;

/** What is known of the images outside Amazon ECR, and what the registries were asked. */
async function asked(text: string, images: readonly string[], isOn = true) {
  const questions: string[] = [];
  const askRegistry: AskRegistry = async ({ registry, repository, tag, digest }, wantsPlatforms) => {
    questions.push(`${registry} ${repository} ${tag ?? digest}${wantsPlatforms ? ' with platforms' : ''}`);
    return { status: 'not-found' };
  };
  const containers = images.map((image, index) => ({ name: `c${index}`, image, lastStatus: 'STOPPED' }));
  const task = stoppedTask(stoppedEvent({ text, detail: { containers } }));
  if (!task) throw new Error('the text must be that of a failed pull');
  const { facts } = await collect(task, fakeAws(natWorld()), new Date(0), isOn ? { askRegistry } : {});
  return { questions, fact: facts.externalImages };
}

test.each([
  ['not found', `${resolving}: ${outside}: not found`],
  ['denied', `${resolving}: pull access denied, repository does not exist or may require authorization`],
  ['401', `${resolving}: unexpected status code [manifests 1.0]: 401 Unauthorized`],
  [
    '403',
    `${resolving}: unexpected status from HEAD request to https://ghcr.io/v2/acme/app/manifests/1.0: 403 Forbidden`,
  ],
])('the registry is asked where the text says: %s', async (_, text) => {
  expect(await asked(text, [outside])).toEqual({
    questions: ['ghcr.io acme/app 1.0'],
    fact: { status: 'known', value: [{ image: outside, answer: { status: 'not-found' } }] },
  });
});

test.each([
  ['leaves the reason open', resolving],
  [
    'speaks of the platform',
    `${resolving}: image Manifest does not contain descriptor matching platform 'linux/amd64'`,
  ],
])('the platforms are asked for where the text %s', async (_, text) => {
  expect((await asked(text, [outside])).questions).toEqual(['ghcr.io acme/app 1.0 with platforms']);
});

test.each([
  [
    'no connection',
    `${resolving}: failed to do request: Head "https://ghcr.io/": dial tcp 140.82.112.33:443: i/o timeout`,
  ],
  [
    'the rate limit',
    `${resolving}: 429 Too Many Requests - toomanyrequests: You have reached your pull rate limit`,
  ],
  ['the disk', texts.noSpace],
  ['a server error', `${resolving}: 503 Service Unavailable`],
])('nobody is asked where the text explains itself: %s', async (_, text) => {
  expect(await asked(text, [outside])).toEqual({ questions: [], fact: { status: 'known', value: null } });
});

test('an image in Amazon ECR, or one that is no reference, is not asked for', async () => {
  expect(await asked(texts.umbrella, [ecrImage, 'Not/A:Reference:At-all'])).toEqual({
    questions: [],
    fact: { status: 'known', value: [] },
  });
});

test('without leave to ask, the fact is unknown, and not an empty list', async () => {
  expect(await asked(resolving, [outside], false)).toEqual({
    questions: [],
    fact: { status: 'unknown', why: 'not-recorded', error: 'no registry was asked' },
  });
});

test('no more images are asked for than a task has containers', async () => {
  const images = Array.from({ length: 30 }, (_, index) => `ghcr.io/acme/app${index}:1.0`);

  expect((await asked(texts.umbrella, images)).questions).toHaveLength(10);
});
