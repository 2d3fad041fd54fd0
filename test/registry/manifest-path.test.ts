import { expect, test } from '@jest/globals';
import { manifestPath } from '../../lambda/registry/manifest-path.ts';
import { anyText } from '../support/any-text.ts';
import fc from '../support/fast-check.ts';
import { digest } from './stand-in.ts';

const named = (repository: string, tag: string | null = '1', of: string | null = null) =>
  manifestPath({ repository, tag, digest: of });

test.each([
  ['library/nginx', '1.27', null, '/v2/library/nginx/manifests/1.27'],
  ['a/b/c__d/e-f.g', 'v_1.2', null, '/v2/a/b/c__d/e-f.g/manifests/v_1.2'],
  ['acme/app', null, null, '/v2/acme/app/manifests/latest'],
  ['a'.repeat(255), '1', null, `/v2/${'a'.repeat(255)}/manifests/1`],
  ['acme/app', '1', digest, `/v2/acme/app/manifests/${digest}`],
  ['acme/app', null, `sha512:${'0a'.repeat(64)}`, `/v2/acme/app/manifests/sha512:${'0a'.repeat(64)}`],
])('%s with tag %s and digest %s has a path', (repository, tag, of, path) => {
  expect(named(repository, tag, of)).toBe(path);
});

test.each([
  ['a parent folder', '../../admin'],
  ['a parent folder inside', 'acme/../admin'],
  ['an escaped parent folder', 'acme/%2e%2e/admin'],
  ['an empty part', 'acme//app'],
  ['a slash first', '/acme/app'],
  ['a slash last', 'acme/app/'],
  ['a query', 'acme/app?x=1'],
  ['a fragment', 'acme/app#x'],
  ['a host', 'acme@evil.com/app'],
  ['a port', 'acme:8080/app'],
  ['a backslash', 'acme\\app'],
  ['a line end', 'acme/app\r\nX: y'],
  ['a line feed last', 'acme/app\n'],
  ['a space', 'acme/app HTTP/1.1'],
  ['a semicolon', 'acme/app;x'],
  ['upper case', 'Acme/app'],
  ['another alphabet', 'аcme/app'],
  ['a NUL', 'acme/app\0'],
  ['three underscores', 'a___b'],
  ['nothing', ''],
  ['256 characters', 'a'.repeat(256)],
  ['a million characters', `${'a-'.repeat(500_000)}!`],
])('a repository with %s has none', (_, repository) => {
  expect(named(repository)).toBeNull();
});

test.each([
  '',
  '..',
  '.hidden',
  '-x',
  'a/b',
  'a b',
  'a\n',
  'a?b',
  'a%2fb',
  'a#b',
  'a@b',
  'ä',
  'a'.repeat(129),
])('the tag `%s` has none', (tag) => {
  expect(named('acme/app', tag)).toBeNull();
});

test.each([
  '',
  'latest',
  'sha256:',
  `sha256:${'0A'.repeat(32)}`,
  `sha256:${'0a'.repeat(31)}`,
  `sha256:${'0a'.repeat(33)}`,
  `md5:${'0a'.repeat(16)}`,
  `${digest}\n`,
  `${digest}/../x`,
  `../${digest}`,
])('the digest `%s` has none, whatever the tag', (of) => {
  expect(named('acme/app', 'latest', of)).toBeNull();
});

test('a path is read back as it was meant by a URL parser', () => {
  const text = fc.oneof(anyText(10), fc.stringMatching(/^[a-z0-9._/-]{1,20}$/));

  fc.assert(
    fc.property(text, text, (repository, tag) => {
      const path = named(repository, tag);

      expect(path === null || new URL(`https://ghcr.io${path}`).pathname === path).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
