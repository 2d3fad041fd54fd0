import { expect, test } from '@jest/globals';
import { parsePullError } from '../../lambda/error-text/pull-error.ts';

const says = (text: string) => parsePullError(`CannotPullContainerError: ${text}`).symptoms;

test.each([
  // https://github.com/goharbor/harbor/tree/main/src/server/middleware/contenttrust
  ['Harbor, Notary', 'denied: The image is not signed in Notary.'],
  ['Harbor, Cosign', 'unknown: The image is not signed in Cosign.'],
  ['Harbor, cut off before the reason', '{"errors":[{"code":"PROJECTPOLICYVIOLATION","message":"curr'],
  // https://github.com/sobolevn/git-secret/issues/801
  [
    'Artifactory with Xray',
    'Artifact download request rejected: app/1.0/manifest.json was not downloaded due to the download blocking policy configured in Xray for docker-local.',
  ],
  [
    'Sonatype',
    'Requested item is quarantined -- FOR DETAILS SEE https://iq.example.com/ui/links/repository/1',
  ],
  // https://github.com/Azure/acr/tree/main/docs/preview/quarantine
  ['Azure', 'Error response from daemon: unknown: The operation is disallowed.'],
  // https://github.com/podman-container-tools/buildah/pull/881
  ['Podman', 'Source image rejected: Running image docker://quay.io/acme/app:1 is rejected by policy.'],
])('%s forbids the pull by a rule', (_, text) => {
  expect(says(text)).toContain('registry-rule');
});

test.each([
  'SignatureDoesNotMatch: the request is not signed correctly',
  'request not signed',
  'AccessDenied: headers were not signed: x-amz-date',
  'write /var/lib/docker/tmp: disk quarantined',
  'containerd was quarantined by the antivirus of the host',
  'failed to register layer: open /bin/app: file quarantined by endpoint protection',
  'network blocking policy of the host',
  'the configured policy of the mirror was reloaded',
  'connection rejected by policy server',
])('no rule of a registry: %s', (text) => {
  expect(says(text)).not.toContain('registry-rule');
});
