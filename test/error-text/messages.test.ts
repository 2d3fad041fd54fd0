import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { isPullFailure } from '../../lambda/error-text/is-pull-failure.ts';
import { candidatesOf, parsePullError } from '../../lambda/error-text/pull-error.ts';

interface Message {
  readonly id: string;
  readonly message: string;
  readonly cause: string;
  readonly plausible?: readonly string[];
}

/** Texts that people reported, with what turned out to be the cause. */
const messages = readFileSync(`${__dirname}/messages.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Message);

/** What the reports call a cause, by the checks that speak for it. */
const reportedAs: Readonly<Record<string, readonly string[]>> = {
  'no-route-to-registry': ['network-no-route'],
  'public-ip-missing': ['network-no-public-ip'],
  'task-security-group-closed': ['network-sg-egress'],
  'endpoint-missing': ['network-endpoint-missing'],
  'endpoint-security-group-closed': ['network-endpoint-sg'],
  's3-endpoint-not-routed': ['network-s3-endpoint'],
  'network-acl-blocks-registry': ['network-nacl'],
  'endpoint-policy-denies-pull': ['endpoint-policy-denied'],
  'vpc-dns-disabled': ['dns'],
  'custom-dns-servers': ['dns'],
  'execution-role-cannot-pull': ['auth-execution-role'],
  'execution-role-missing': ['auth-execution-role'],
  'execution-role-not-assumable': ['auth-execution-role'],
  'secret-unreadable': ['auth-execution-role', 'kms', 'image-pull-other'],
  'registry-credentials-unusable': ['auth-registry-credentials'],
  'repository-policy-denies-pull': ['auth-repository-policy'],
  'image-not-found': ['image-tag-not-found'],
  'external-image-not-found': ['image-tag-not-found', 'image-repository-not-found'],
  'pinned-digest-gone': ['image-tag-not-found'],
  'repository-not-found': ['image-repository-not-found'],
  'image-expired-by-lifecycle-policy': ['image-lifecycle-expired'],
  'unsupported-image-format': ['image-manifest-format'],
  'corrupt-layer': ['layer-corrupt'],
  'platform-mismatch': ['platform-mismatch'],
  'no-space-left': ['disk-full'],
  'registry-rate-limit': ['rate-limited'],
  'registry-unavailable': ['registry-outage'],
  'pull-timed-out': ['pull-timeout-large-image'],
  'registry-host-unknown': ['image-wrong-region-or-account'],
  'invalid-image-reference': ['invalid-reference'],
};

const failures = messages.filter(({ cause }) => cause !== 'not-a-pull-error');
const others = messages.filter(({ cause }) => cause === 'not-a-pull-error');

test.each(failures)('$id is recognised as a failed pull', ({ message }) => {
  expect(isPullFailure(message)).toBe(true);
});

test.each(others)('$id is not taken for a failed pull', ({ message }) => {
  expect(isPullFailure(message)).toBe(false);
});

test('the first candidate is the established or a plausible cause for at least 97 % of the reported texts', () => {
  const wrong = failures.filter(({ message, cause, plausible = [] }) => {
    const [first = ''] = candidatesOf(parsePullError(message));
    return !(reportedAs[first] ?? []).some((one) => [cause, ...plausible].includes(one));
  });

  expect(wrong.map(({ id }) => id).length / failures.length).toBeLessThanOrEqual(0.03);
});

test('a text is read in time that grows with its length, not faster', () => {
  const long = `CannotPullContainerError: ${'failed to copy: httpReadSeeker: registry auth secrets from asm '.repeat(20_000)}`;

  const { symptoms, truncated } = parsePullError(long);

  expect(symptoms).toContain('layer-download-failed');
  expect(truncated).toBe(true);
});
