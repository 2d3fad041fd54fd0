import { expect, test } from '@jest/globals';
import { candidatesOf, leavesNamesOpen, parsePullError } from '../../lambda/error-text/pull-error.ts';

// Kinds of texts that look alike and mean different things.
test.each([
  [
    'a Windows image for another version of the host',
    'CannotPullContainerError: a Windows version 10.0.20348-based image is incompatible with a 10.0.17763 host',
    'platform-mismatch',
  ],
  [
    'a quota of the disk',
    'CannotPullContainerError: failed to register layer: ApplyLayer exit status 1 stderr: write /x: disk quota exceeded',
    'no-space-left',
  ],
  [
    'a refusal of Amazon S3 that Docker could not read',
    'CannotPullContainerError: Error response from daemon: error parsing HTTP 403 response body: invalid character \'<\' looking for beginning of value: "<?xml version=\\"1.0\\"?>\\n<Error><Code>AccessDenied</Code>"',
    'endpoint-policy-denies-pull',
  ],
  [
    'a digest that was looked for among the blobs, for no manifest has it',
    `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.us-west-2.amazonaws.com/app:latest@sha256:${'0a'.repeat(32)}: unexpected status from HEAD request to https://111122223333.dkr.ecr.us-west-2.amazonaws.com/v2/app/blobs/sha256:${'0a'.repeat(32)}: 403 Forbidden`,
    'pinned-digest-gone',
  ],
  [
    'a layer that was refused',
    `CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code https://111122223333.dkr.ecr.us-west-2.amazonaws.com/v2/app/blobs/sha256:${'0a'.repeat(32)}: 403 Forbidden`,
    'endpoint-policy-denies-pull',
  ],
  [
    'parameters that are not there, as Fargate calls them',
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid parameters: /app/key',
    'secret-unreadable',
  ],
  [
    'registry credentials that are no JSON',
    'ResourceInitializationError: unable to pull secrets or registry auth: unable to get registry auth from asm: failed to unmarshal secret value: invalid character',
    'registry-credentials-unusable',
  ],
  [
    'a secret that is no JSON',
    "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: invalid character 'x' looking for beginning of value",
    'secret-unreadable',
  ],
  [
    'a registry that says no more than that',
    'CannotPullContainerError: Error response from daemon: Get "https://ghcr.io/v2/acme/app/manifests/1": unauthorized',
    'registry-credentials-unusable',
  ],
  [
    'a registry that denies without a reason',
    'CannotPullContainerError: Error response from daemon: Head "https://registry.gitlab.com/v2/acme/app/manifests/1": denied: access forbidden',
    'registry-credentials-unusable',
  ],
  [
    'a token that was refused',
    'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ghcr.io/acme/app:1: failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://ghcr.io/token: 403 Forbidden',
    'registry-credentials-unusable',
  ],
  [
    'the code NAME_INVALID of the OCI specification',
    'CannotPullContainerError: Error response from daemon: name invalid: invalid repository name',
    'invalid-image-reference',
  ],
  [
    'the code UNSUPPORTED',
    'CannotPullContainerError: Error response from daemon: unsupported: The operation is unsupported.',
    'unsupported-image-format',
  ],
  [
    'the code MANIFEST_INVALID',
    'CannotPullContainerError: Error response from daemon: manifest invalid: manifest invalid',
    'unsupported-image-format',
  ],
  [
    'the code DIGEST_INVALID',
    'CannotPullContainerError: Error response from daemon: digest invalid: provided digest did not match uploaded content',
    'corrupt-layer',
  ],
  [
    'a manifest of something else',
    'CannotPullContainerError: Error response from daemon: Encountered remote "application/vnd.cncf.helm.config.v1+json"(unknown) when fetching',
    'unsupported-image-format',
  ],
  [
    'a host without memory',
    'CannotPullContainerError: Error response from daemon: fork/exec /usr/bin/unpigz: cannot allocate memory',
    'container-runtime-failed',
  ],
  [
    'a token service that gives no token',
    'CannotPullContainerError: Error response from daemon: authorization server did not include a token in the response',
    'registry-unavailable',
  ],
])('%s', (_, text, first) => {
  expect(candidatesOf(parsePullError(text))[0]).toBe(first);
});

const host = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const resolving = `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${host}/web:1`;

test.each([
  [
    'signal: killed',
    'ResourceInitializationError: unable to pull secrets or registry auth: pull command failed: : signal: killed',
    true,
  ],
  [
    'a connection issue',
    `CannotPullContainerError: The task cannot pull ${host}/web:1 from the registry ${host}/web:1. There is a connection issue between the task and the registry. Check your task network configuration.`,
    true,
  ],
  ['cut off before the reason', `${resolving}: failed to do request: Head "https://${host}/v2/web/man`, true],
  ['no reason', resolving, true],
  [
    'an address that was dialled',
    `${resolving}: failed to do request: Head "https://${host}/v2/web/manifests/1": dial tcp 44.213.79.86:443: i/o timeout`,
    false,
  ],
  [
    'a handshake',
    `${resolving}: failed to do request: Head "https://${host}/v2/web/manifests/1": net/http: TLS handshake timeout`,
    false,
  ],
  ['an answer', `${resolving}: unexpected status from HEAD request: 403 Forbidden`, false],
])('whether a name may have led to nothing: %s', (_, text, open) => {
  expect(leavesNamesOpen(parsePullError(text))).toBe(open);
});
