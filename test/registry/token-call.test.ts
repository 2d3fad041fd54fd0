import { expect, test } from '@jest/globals';
import { type RegistryHost, registryHost } from '../../lambda/registry/hosts.ts';
import { tokenCall } from '../../lambda/registry/token-call.ts';
import fc from '../support/fast-check.ts';
import { challenges } from './stand-in.ts';

const hub = registryHost('docker.io') as RegistryHost;
const added = registryHost('registry.example.com', ['registry.example.com']) as RegistryHost;
const query = (service: string) => `service=${service}&scope=repository%3Aacme%2Fapp%3Apull`;

test.each([
  ['docker.io', 'auth.docker.io', `/token?${query('registry.docker.io')}`],
  ['ghcr.io', 'ghcr.io', `/token?${query('ghcr.io')}`],
  ['quay.io', 'quay.io', `/v2/auth?${query('quay.io')}`],
  ['public.ecr.aws', 'public.ecr.aws', `/token/?${query('public.ecr.aws')}`],
] as const)('the token of %s is asked for at %s', (name, host, path) => {
  const where = tokenCall(challenges[name], registryHost(name) as RegistryHost, 'acme/app');

  expect(where).toEqual({ host, path });
});

test.each([
  ['in another case', 'bearer REALM="https://auth.docker.io/token",Service="registry.docker.io"'],
  ['after another challenge', `Basic realm="docker", ${challenges['docker.io']}`],
  ['before another challenge', `${challenges['docker.io']}, Basic realm="docker"`],
  ['with spaces', 'Bearer   realm="https://auth.docker.io/token" , service="registry.docker.io"'],
  ['with an error', `${challenges['docker.io']},error="insufficient_scope"`],
  ['of 2,048 characters', `${challenges['docker.io']},x=`.padEnd(2_048, 'a')],
])('a challenge %s is read', (_, header) => {
  expect(tokenCall(header, hub, 'acme/app')?.host).toBe('auth.docker.io');
});

test('what the challenge says of service and scope does not reach a pinned place', () => {
  const header =
    'Bearer realm="https://auth.docker.io/token",service="evil",scope="repository:acme/app:pull,push,delete"';

  expect(tokenCall(header, hub, 'acme/app')?.path).toBe(`/token?${query('registry.docker.io')}`);
});

/** What a registry may say in place of `https://auth.docker.io/token`. */
const realms: readonly string[] = [
  'http://auth.docker.io/token',
  'https://auth.docker.io/token/',
  'https://auth.docker.io/token?x=1',
  'https://auth.docker.io/token#x',
  'https://auth.docker.io/token/../admin',
  'https://auth.docker.io/%74oken',
  'https://auth.docker.io//token',
  'https://auth.docker.io:443/token',
  'https://auth.docker.io:8443/token',
  'https://auth.docker.io./token',
  'https://AUTH.docker.io/token',
  'https://user@auth.docker.io/token',
  'https://user:password@auth.docker.io/token',
  'https://auth.docker.io@evil.com/token',
  'https://auth.docker.io.evil.com/token',
  'https://evil.com/https://auth.docker.io/token',
  'https://evil.com#https://auth.docker.io/token',
  'https://evil.com\\@auth.docker.io/token',
  'https://registry-1.docker.io/token',
  'https://ghcr.io/token',
  'https://169.254.169.254/latest/meta-data/iam/security-credentials/',
  'http://169.254.169.254/token',
  'http://127.0.0.1:9001/2018-06-01/runtime/invocation/next',
  'https://localhost/token',
  'https://[::1]/token',
  'https://2130706433/token',
  '//auth.docker.io/token',
  '/token',
  'auth.docker.io/token',
  'file:///etc/passwd',
  'ftp://auth.docker.io/token',
  'gopher://auth.docker.io/token',
  'javascript:alert(1)',
  'data:application/json,{"token":"x"}',
  ' https://auth.docker.io/token',
  'https://auth.docker.io/token ',
  '',
];

test.each(realms)('the realm %s is not gone to from Docker Hub', (realm) => {
  expect(tokenCall(`Bearer realm="${realm}",service="registry.docker.io"`, hub, 'acme/app')).toBeNull();
});

test.each([
  ['no header', null],
  ['an empty one', ''],
  ['only a scheme', 'Bearer'],
  ['no realm', 'Bearer service="registry.docker.io"'],
  ['Basic alone', 'Basic realm="https://auth.docker.io/token"'],
  ['Negotiate', 'Negotiate'],
  ['a realm without a scheme', 'realm="https://auth.docker.io/token"'],
  ['a realm of another scheme', 'Bearer service="x", Basic realm="https://auth.docker.io/token"'],
  ['two realms', 'Bearer realm="https://auth.docker.io/token",realm="https://evil.com/token"'],
  ['two realms in two cases', 'Bearer realm="https://auth.docker.io/token",REALM="https://evil.com/token"'],
  ['two Bearer challenges', `${challenges['docker.io']}, Bearer realm="https://evil.com/token"`],
  ['an escaped quote', 'Bearer realm="https://auth.docker.io/token\\"",service="x"'],
  ['an open quote', 'Bearer realm="https://auth.docker.io/token'],
  ['words after it', `${challenges['docker.io']} and more`],
  ['a semicolon', 'Bearer realm="https://auth.docker.io/token";service="x"'],
  ['2,049 characters', `${challenges['docker.io']},x=`.padEnd(2_049, 'a')],
  ['100,000 characters', `${challenges['docker.io']},x="${'a'.repeat(100_000)}"`],
  ['100,000 spaces', `Bearer${' '.repeat(100_000)}`],
])('a challenge with %s leads nowhere', (_, header) => {
  expect(tokenCall(header, hub, 'acme/app')).toBeNull();
});

test.each([
  ['https://registry.example.com/v2/token', '/v2/token'],
  [
    'https://registry.example.com/artifactory/api/docker/null/v2/token',
    '/artifactory/api/docker/null/v2/token',
  ],
  ['https://registry.example.com/token/', '/token/'],
  [`https://registry.example.com/${'a'.repeat(254)}`, `/${'a'.repeat(254)}`],
])('a host that the deployer adds may name %s, which is on itself', (realm, path) => {
  const where = tokenCall(`Bearer realm="${realm}",service=example`, added, 'acme/app');

  expect(where).toEqual({ host: 'registry.example.com', path: `${path}?${query('example')}` });
});

test('a service that is not named is the host itself', () => {
  const where = tokenCall('Bearer realm="https://registry.example.com/token"', added, 'acme/app');

  expect(where?.path).toBe(`/token?${query('registry.example.com')}`);
});

test.each([
  'https://auth.example.com/token',
  'https://evil.com/token',
  'https://registry.example.com.evil.com/token',
  'https://registry.example.comevil.com/token',
  'https://registry.example.com@evil.com/token',
  'https://registry.example.com:8443/token',
  'https://registry.example.com:443/token',
  'https://registry.example.com',
  'https://registry.example.com/',
  'https://registry.example.com//evil.com/token',
  'https://registry.example.com/\\evil.com/token',
  'https://registry.example.com/../token',
  'https://registry.example.com/a/../token',
  'https://registry.example.com/a/./token',
  'https://registry.example.com/%2e%2e/token',
  'https://registry.example.com/token?redirect=https://evil.com',
  'https://registry.example.com/token#x',
  'https://registry.example.com/token;x',
  `https://registry.example.com/${'a'.repeat(255)}`,
  'http://registry.example.com/token',
  'https://REGISTRY.example.com/token',
  'wss://registry.example.com/token',
  'https://169.254.169.254/token',
])('a host that the deployer adds may not name %s', (realm) => {
  expect(tokenCall(`Bearer realm="${realm}",service=example`, added, 'acme/app')).toBeNull();
});

test.each([
  [
    'two challenges',
    'Bearer realm="https://registry.example.com/a", Bearer realm="https://registry.example.com/b"',
  ],
  ['two realms', 'Bearer realm="https://registry.example.com/a",realm="https://registry.example.com/b"'],
])('of %s of a host that the deployer adds none is chosen', (_, header) => {
  expect(tokenCall(header, added, 'acme/app')).toBeNull();
});

test.each(['', 'a\u0000b', 'é', 'a'.repeat(256), 'a&b', 'a?b', 'a%26b'])(
  'a service `%s` is not passed on',
  (service) => {
    const header = `Bearer realm="https://registry.example.com/token",service="${service}"`;

    expect(tokenCall(header, added, 'acme/app')).toBeNull();
  },
);

test('whatever a challenge says, the token is asked for in one place or on the host itself', () => {
  const piece = fc.constantFrom(
    ...['Bearer ', 'Basic ', 'realm=', 'service=', '"', ',', '\\', ' ', '@', '#', '?', '/', ':8080', '\n'],
    ...[
      'https://auth.docker.io/token',
      'https://registry.example.com/token',
      'https://evil.com/',
      '//evil.com',
    ],
  );
  const header = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
  );

  fc.assert(
    fc.property(header, (text) => {
      const pinned = tokenCall(text, hub, 'acme/app');
      const own = tokenCall(text, added, 'acme/app');

      expect(pinned ?? { host: 'auth.docker.io', path: `/token?${query('registry.docker.io')}` }).toEqual({
        host: 'auth.docker.io',
        path: `/token?${query('registry.docker.io')}`,
      });
      expect(own?.host ?? added.api).toBe(added.api);
      expect(own === null || new URL(`https://${own.host}${own.path}`).host === added.api).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
