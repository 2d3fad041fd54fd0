import { describe, expect, test } from '@jest/globals';
import { isPullFailure } from '../../lambda/error-text/is-pull-failure.ts';
import { candidatesOf, parsePullError } from '../../lambda/error-text/pull-error.ts';
import { symptoms } from '../../lambda/error-text/symptoms.ts';

describe.each(symptoms)('$id', (symptom) => {
  test('is the first symptom of its own example', () => {
    expect(parsePullError(symptom.example).symptoms[0]).toBe(symptom.id);
  });

  test('has an example that is recognised as a failed pull', () => {
    expect(isPullFailure(symptom.example)).toBe(true);
  });

  test('is attested by a page', () => {
    expect(symptom.attestedBy.url).toMatch(/^https:\/\//);
  });
});

test.each([
  '\\',
  'a.',
  'ssm.',
  'a.b/',
  'unexpected status ',
  '[manifests ',
  'https://x/v2/',
  'no space left on devic',
  '\n',
  '\n> ',
  `${'x'.repeat(60)}\n`,
  '%20',
  '&#x',
])('a text of nothing but %j is read in no time', (piece) => {
  const text = `CannotPullContainerError: ${piece.repeat(100_000 / piece.length)}`;
  const start = process.cpuUsage();
  isPullFailure(text);
  parsePullError(text);
  isPullFailure(text.slice(0, 16_000));
  // It takes a fraction of that; what grows with the square of the length takes many times as long. Time in which others had
  // the processor does not count.
  expect(process.cpuUsage(start).user / 1e6).toBeLessThan(4);
});

test('what a cut text may end with is no matter of its length', () => {
  const start = process.cpuUsage();
  for (const piece of ['"', "'", '..', ' "', '"}'])
    for (const end of ['x', '<']) parsePullError(`${piece.repeat(16_000 / piece.length)}${end}`);

  expect(process.cpuUsage(start).user / 1e6).toBeLessThan(1.5);
});

test('a full disk is a full disk, whatever the daemon was about to do', () => {
  const text =
    'CannotPullContainerError: Error response from daemon: error creating overlay mount to /var/lib/docker/overlay2/1: no space left on device';

  expect(candidatesOf(parsePullError(text))).toEqual(['no-space-left']);
});

test.each([
  ['no spac', 'no-space-left', true],
  ['NO SPAC…', 'no-space-left', true],
  ['no space left on devic', 'no-space-left', true],
  // Too little to tell it from other phrases, or the end of another word.
  ['no spa', 'no-space-left', false],
  ['casino spac', 'no-space-left', false],
  ['no such i', 'image-not-found', true],
  ['no such h', 'name-not-resolved', true],
  // An image, a host or a file.
  ['no such', 'image-not-found', false],
  ['no such', 'name-not-resolved', false],
])('a text that is cut off at `%s` is one of %s: %s', (end, symptom, expected) => {
  const { symptoms: said } = parsePullError(`CannotPullContainerError: Error response from daemon: ${end}`);

  expect(said.includes(symptom)).toBe(expected);
});

test('a host has answered where its step is over, or where it said why not', () => {
  const answeredIn = (text: string) => parsePullError(`CannotPullContainerError: ${text}`).answered;

  expect(answeredIn('inspect image has been retried 1 time(s)')).toEqual(['token']);
  expect(answeredIn('inspect image has been retried 1 time(s): toomanyrequests: Rate exceeded')).toEqual([
    'token',
    'manifest',
  ]);
});

test.each<[string, boolean]>([
  ['CannotPullContainerError: failed to resolve...', true],
  ['CannotPullContainerError: failed to resolve…', true],
  [`CannotPullContainerError: ${'failed to '.repeat(22)}reso`, true],
  [`CannotPullContainerError: ${'failed to '.repeat(22)}resolve: `, true],
  [`CannotPullContainerError: ${'failed to '.repeat(22)}resolve.`, false],
  ['CannotPullContainerError: failed to resolve', false],
  ['CannotPullContainerError: '.padEnd(249, 'failed'), false],
  ['CannotPullContainerError: '.padEnd(250, 'failed'), true],
  // No more than this is read.
  ['CannotPullContainerError: '.padEnd(16_384, '.').replace(/..$/, ' ]'), false],
  ['CannotPullContainerError: '.padEnd(16_385, '.').replace(/..$/, ' ]'), true],
])('whether a text is cut off shows in its end, and in its length: %#', (text, expected) => {
  expect(parsePullError(text).truncated).toBe(expected);
});

test('the step is that of the first phrase that tells one, where the text names none', () => {
  const text =
    'CannotPullContainerError: Error response from daemon: denied: KMS key arn:aws:kms:us-east-1:111122223333:key/0a1b is pending deletion: KMSInvalidStateException';

  expect(parsePullError(text)).toMatchObject({ step: 'manifest', answered: ['token', 'manifest'] });
});

test('the digest that a text names is told as it stands there', () => {
  const digest = `sha256:${'0a'.repeat(32)}`;
  const text = `CannotPullContainerError: failed to copy: httpReadSeeker: failed open: ${digest}: not found`;

  expect(parsePullError(text).digest).toBe(digest);
  expect(parsePullError(text.replace(digest, 'sha256:0a')).digest).toBeUndefined();
});
