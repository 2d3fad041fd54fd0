import { expect, test } from '@jest/globals';
import type { EcrManifest, Facts, StoppedTask } from '../../lambda/model/facts.ts';
import { ask, type Changes, everyImage, known, linesOf, refused } from '../support/asking.ts';
import { texts } from '../support/worlds.ts';

const asked = (changes: Changes = {}) => ask('no-space-left', 'disk-full', changes);
const sized = (gib: number | null) => {
  const manifest: EcrManifest = {
    digest: `sha256:${'0a'.repeat(32)}`,
    tags: ['v1'],
    sizeInBytes: gib === null ? null : gib * 2 ** 30,
    mediaType: null,
    pushedAt: null,
    status: 'ACTIVE',
  };
  return everyImage({ manifest: known(manifest) });
};
const task = (change: Partial<StoppedTask>) => (one: Facts['task']) => ({ ...one, ...change });
const definition = (ephemeralStorageGiB: number | null) => (one: Facts['taskDefinition']) =>
  one && { ...one, ephemeralStorageGiB };
const silent = { text: texts.umbrella };
const otherwise = { text: texts.manifestTimeout };

test.each<[string, Changes, string]>([
  [
    'the image alone fills the disk, whatever the text says',
    { ...otherwise, ecrImages: sized(20.5) },
    'found',
  ],
  ['the image fits just so', { ...silent, ecrImages: sized(20) }, 'ruled-out'],
  [
    'nobody knows how large it is, and the text is open',
    { ...silent, ecrImages: sized(null) },
    'not-applicable',
  ],
  [
    'nobody knows how large it is',
    { ...otherwise, ecrImages: everyImage({ manifest: refused }) },
    'ruled-out',
  ],
  ['nobody could see the image', { ...silent, ecrImages: () => refused }, 'not-applicable'],
  [
    'the disk of an instance may have any size',
    { ...silent, ecrImages: sized(900), task: task({ launchType: 'EC2' }) },
    'not-applicable',
  ],
])('%s', (_, { text, task: change, ...changes }, status) => {
  const both = (one: Facts['task']) => ({ ...(change?.(one) as Facts['task']), stoppedReason: text ?? '' });

  expect(asked({ ...changes, ...(change ? { task: both } : text && { text }) }).status).toBe(status);
});

test.each<[string, Changes, number]>([
  ['the task says', { task: task({ ephemeralStorageGiB: 40 }), taskDefinition: definition(30) }, 40],
  ['the task definition says', { taskDefinition: definition(30) }, 30],
  ['nobody says', {}, 20],
  ['nobody could read the task definition', { taskDefinition: () => refused }, 20],
  ['no launch type is known', { task: task({ launchType: null }) }, 20],
  [
    'the platform version is old',
    { task: task({ platformVersion: '1.3.0' }), taskDefinition: definition(30) },
    10,
  ],
])('how large the disk is: %s', (_, changes, gib) => {
  expect(linesOf(asked(changes))[1]).toContain(`gives the task ${gib} GiB`);
});

test('on an old platform version only a newer one gives more room', () => {
  expect(asked({ task: task({ platformVersion: '1.3.0' }) })).toMatchObject({
    fixes: [{ do: expect.stringContaining('platform version 1.4.0') }, {}],
  });
  expect(asked()).toMatchObject({ fixes: [{ do: expect.stringContaining('more ephemeral storage') }, {}] });
});

const ec2: Partial<StoppedTask> = {
  launchType: 'EC2',
  containerInstanceArn: 'arn:aws:ecs:::container-instance/a',
};
const instance = (ec2InstanceId: string | null) => () => ({
  containerInstanceArn: 'arn:aws:ecs:::container-instance/a',
  ec2InstanceId,
  agentVersion: null,
});

test.each<[string, Changes, RegExp]>([
  ['its id', { containerInstance: instance('i-0a1') }, /^i-0a1$/],
  ['its registration, where it has no id', { containerInstance: instance(null) }, /container-instance\/a$/],
  [
    'its registration, where it could not be seen',
    { containerInstance: () => refused },
    /container-instance\/a$/,
  ],
  [
    'the task, where nothing names it',
    { task: task({ ...ec2, containerInstanceArn: null }) },
    /:task\/prod\//,
  ],
])('the disk of an instance is named by %s', (_, changes, owner) => {
  const result = asked({ task: task(ec2), ...changes });

  expect(result).toMatchObject({
    resources: [expect.stringMatching(owner), expect.stringContaining('team/web:v1')],
    fixes: [{ do: expect.stringContaining('Free the disk of instance') }, {}],
  });
  expect(linesOf(result)).toEqual([
    expect.stringContaining('was full'),
    expect.stringContaining('12.0 GiB compressed'),
  ]);
});

test('without a task definition the task is named; what is not known of size and name is not said', () => {
  const nothing = { task: task({ taskDefinitionArn: null }), images: () => [], ecrImages: sized(null) };

  expect(asked(nothing)).toMatchObject({
    resources: [expect.stringContaining(':task/prod/'), expect.stringContaining(':task/prod/')],
  });
  expect(linesOf(asked(nothing))).toHaveLength(2);
});

test('sizes are readable', () => {
  const line = (gib: number) => linesOf(asked({ ...silent, ecrImages: sized(gib) }))[0];

  expect(line(0.05)).toContain('51 MiB');
  expect(line(2)).toContain('2.0 GiB');
});

test('an image that fills the disk is not said to have filled it, if the text does not', () => {
  expect(linesOf(asked({ ...silent, ecrImages: sized(30) }))[0]).toContain('20 GiB of ephemeral storage');
});

test.each([
  ['service:web', '--service web --platform-version'],
  [null, '--service <service> --platform-version'],
])('the service that an older platform version leaves too little room is named: %s', (group, words) => {
  const result = asked({ task: task({ platformVersion: '1.3.0', group }) });

  expect(result.status === 'found' && result.fixes[0]?.cli).toContain(words);
});
