import { expect, test } from '@jest/globals';
import type { Facts } from '../../lambda/model/facts.ts';
import { ask, behindAnother, type Changes, linesOf, refused } from '../support/asking.ts';
import { texts } from '../support/worlds.ts';

const asked = (changes: Changes = {}, scenario = 'outside-image-for-another-platform') =>
  ask('platform-mismatch', scenario, changes);
const definition =
  (change: Partial<NonNullable<Facts['taskDefinition']>>) => (one: Facts['taskDefinition']) =>
    one && { ...one, ...change };
const onArm = (one: Facts['task']) => ({ ...one, cpuArchitecture: 'arm64' });
const built =
  (...platforms: string[]) =>
  (all: Facts['externalImages']) =>
    (all ?? []).map((one) => ({
      ...one,
      answer: { status: 'found' as const, digest: null, mediaType: null, platforms },
    }));

test.each<[string, Changes, string]>([
  ['built for ARM only', { externalImages: built('linux/arm64/v8') }, 'found'],
  ['built for both', { externalImages: built('linux/arm64/v8', 'linux/amd64') }, 'ruled-out'],
  ['built for nothing', { externalImages: built() }, 'found'],
  ['the task says ARM', { externalImages: built('linux/arm64/v8'), task: onArm }, 'ruled-out'],
  [
    'the definition says ARM',
    { externalImages: built('linux/arm64/v8'), taskDefinition: definition({ cpuArchitecture: 'ARM64' }) },
    'ruled-out',
  ],
  [
    'the definition says X86_64, the task ARM',
    {
      externalImages: built('linux/amd64'),
      task: onArm,
      taskDefinition: definition({ cpuArchitecture: 'X86_64' }),
    },
    'ruled-out',
  ],
  [
    'the definition says a CPU of its own',
    { externalImages: built('linux/riscv64'), taskDefinition: definition({ cpuArchitecture: 'RISCV64' }) },
    'ruled-out',
  ],
  [
    'built for Windows, as the task',
    {
      externalImages: built('windows/amd64'),
      taskDefinition: definition({ operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' }),
    },
    'ruled-out',
  ],
  [
    'built for Linux, and the task is for Windows',
    {
      externalImages: built('linux/amd64'),
      taskDefinition: definition({ operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' }),
    },
    'found',
  ],
  [
    'nobody could read the definition',
    { externalImages: built('linux/arm64/v8'), taskDefinition: () => refused },
    'not-applicable',
  ],
  ['nobody could ask the registry', { externalImages: () => refused }, 'not-applicable'],
  [
    'one of two images was not asked for',
    { images: behindAnother, externalImages: built('linux/amd64') },
    'not-applicable',
  ],
  [
    'the text says something else',
    { externalImages: built('linux/arm64/v8'), text: texts.manifestTimeout },
    'ruled-out',
  ],
])('%s', (_, changes, status) => {
  expect(asked(changes).status).toBe(status);
});

test('a single image has no list of platforms, and is ruled out by nothing', () => {
  const single = (all: Facts['externalImages']) =>
    (all ?? []).map((one) => ({
      ...one,
      answer: { status: 'found' as const, digest: null, mediaType: null, platforms: null },
    }));

  expect(asked({ externalImages: single }).status).toBe('not-applicable');
  expect(asked({ images: () => [], text: texts.umbrella }, 'healthy-nat-umbrella').status).toBe(
    'not-applicable',
  );
});

test('what an index holds, and for which image of the task', () => {
  const result = asked({ images: behindAnother, externalImages: built('linux/arm64/v8') });

  expect(result).toMatchObject({ resources: ['docker.io/acme/app:1.0'] });
  expect(linesOf(result)[0]).toBe('`docker.io/acme/app:1.0` holds `linux/arm64/v8`');
  expect(linesOf(asked({ externalImages: built() }))[0]).toContain('holds no platform at all');
});

const says = 'CannotPullContainerError: image Manifest does not contain descriptor matching platform';
test('what the text says is proven, and names no CPU that nobody knows', () => {
  const unseen = { text: `${says} 'linux/arm64/v8'`, taskDefinition: () => refused };

  expect(linesOf(asked(unseen, 'platform-mismatch'))).toEqual([
    '`111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:v1` holds nothing for `linux/arm64/v8`',
  ]);
  expect(linesOf(asked({ ...unseen, text: says, images: () => [] }, 'platform-mismatch'))).toEqual([
    '`the image` holds nothing for the platform of the task',
  ]);
  const ofDocker =
    'CannotPullContainerError: no matching manifest for linux/arm64/v8 in the manifest list entries';
  const ofContainerd =
    'CannotPullContainerError: failed to resolve ref ghcr.io/acme/text:1.0: no match for platform in manifest';
  for (const [text, image] of [
    [ofDocker, 'the image'],
    [ofContainerd, 'ghcr.io/acme/text:1.0'],
  ] as const)
    expect(asked({ ...unseen, text, images: () => [] }, 'platform-mismatch')).toMatchObject({
      status: 'found',
      resources: [image],
    });
});

test('the image is named as the task has it, or else as the text does', () => {
  const timeout = { text: texts.manifestTimeout };
  const text = texts.manifestTimeout.replaceAll('team/web:v1', 'team/text:v1');

  expect(linesOf(asked(timeout, 'tag-missing'))[0]).toContain('team/web:v12`');
  expect(linesOf(asked({ text, images: () => [] }, 'tag-missing'))[0]).toContain('team/text:v1`');
});
