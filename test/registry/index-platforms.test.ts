import { expect, test } from '@jest/globals';
import { platformsIn } from '../../lambda/registry/index-platforms.ts';

const index = (...platforms: unknown[]) =>
  JSON.stringify({
    schemaVersion: 2,
    manifests: platforms.map((platform) => ({ digest: 'sha256:1', platform })),
  });

test('an index names its platforms, each once, attestations left out', () => {
  const body = index(
    { os: 'linux', architecture: 'amd64' },
    { os: 'linux', architecture: 'arm64', variant: 'v8' },
    { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.2700' },
    { os: 'windows', architecture: 'amd64', 'os.version': '10.0.17763.6414' },
    { os: 'unknown', architecture: 'unknown' },
    { os: 'unknown', architecture: 'amd64' },
    { os: 'linux', architecture: 'unknown' },
    undefined,
  );

  expect(platformsIn(body)).toEqual(['linux/amd64', 'linux/arm64/v8', 'windows/amd64']);
});

test('an index of nothing has no platform', () => {
  expect(platformsIn('{"manifests":[]}')).toEqual([]);
});

test.each([
  ['no JSON', '<html>'],
  ['a manifest', '{"config":{},"layers":[]}'],
  ['an architecture with a line break', index({ os: 'linux', architecture: 'amd64\n`@here`' })],
  ['an architecture that is long', index({ os: 'linux', architecture: 'a'.repeat(33) })],
  ['an architecture that is no text', index({ os: 'linux', architecture: { toString: 1 } })],
  ['more than anybody builds', index(...Array(201).fill({ os: 'linux', architecture: 'amd64' }))],
  ['a list that is none', '{"manifests":{"length":3}}'],
])('%s is no index', (_, body) => {
  expect(platformsIn(body)).toBeNull();
});
