import { expect, test } from '@jest/globals';
import { isHostName } from '../../lambda/registry/host-name.ts';
import { registryHost } from '../../lambda/registry/hosts.ts';
import fc from '../support/fast-check.ts';

test.each([
  ['docker.io', 'registry-1.docker.io', 'https://auth.docker.io/token', 'registry.docker.io'],
  ['index.docker.io', 'registry-1.docker.io', 'https://auth.docker.io/token', 'registry.docker.io'],
  ['registry-1.docker.io', 'registry-1.docker.io', 'https://auth.docker.io/token', 'registry.docker.io'],
  ['ghcr.io', 'ghcr.io', 'https://ghcr.io/token', 'ghcr.io'],
  ['GHCR.IO', 'ghcr.io', 'https://ghcr.io/token', 'ghcr.io'],
  ['ghcr.io:443', 'ghcr.io', 'https://ghcr.io/token', 'ghcr.io'],
  ['quay.io', 'quay.io', 'https://quay.io/v2/auth', 'quay.io'],
  ['Public.ECR.aws', 'public.ecr.aws', 'https://public.ecr.aws/token/', 'public.ecr.aws'],
])('%s is asked at its own API, and its tokens come from one place', (name, api, realm, service) => {
  const host = registryHost(name);

  expect(host?.api).toBe(api);
  expect(`https://${host?.tokens?.host}${host?.tokens?.path}`).toBe(realm);
  expect(host?.tokens?.service).toBe(service);
});

/** Hosts that an image string may name. None may be asked, not even if a deployer lists it. */
const hostile: readonly (readonly [string, string])[] = [
  ['the metadata service of EC2', '169.254.169.254'],
  ['the metadata service by another name', 'instance-data.ec2.internal'],
  ['the metadata service over IPv6', '[fd00:ec2::254]'],
  ['IPv6 without brackets', 'fd00:ec2::254'],
  ['the credentials endpoint of ECS', '169.254.170.2'],
  ['the runtime API of Lambda', 'localhost:9001'],
  ['the runtime API of Lambda by address', '127.0.0.1:9001'],
  ['this host', 'localhost'],
  ['a name under localhost', 'registry.localhost'],
  ['this host on the default port', 'localhost:443'],
  ['a private address with a port', '10.0.0.5:8080'],
  ['a public address', '140.82.112.33'],
  ['IPv6 loopback', '[::1]'],
  ['IPv4-mapped IPv6', '[::ffff:169.254.169.254]'],
  ['short hexadecimal IPv4', '0x7f.1'],
  ['hexadecimal IPv4', '0xa9fea9fe'],
  ['dotted hexadecimal IPv4', '0xa9.0xfe.0xa9.0xfe'],
  ['last part hexadecimal', 'a.0x7f'],
  ['octal IPv4', '0177.0.0.1'],
  ['decimal IPv4', '2130706433'],
  ['two-part IPv4', '127.1'],
  ['zero', '0'],
  ['full-width digits', '１２７.０.０.１'],
  ['circled digits', '①②⑦.⓪.⓪.①'],
  ['ideographic full stop', 'ghcr。io'],
  ['a single label', 'registry'],
  ['a trailing dot', 'ghcr.io.'],
  ['a trailing dot on an address', '169.254.169.254.'],
  ['a leading dot', '.ghcr.io'],
  ['two dots', 'ghcr..io'],
  ['only a dot', '.'],
  ['nothing', ''],
  ['another port', 'ghcr.io:8443'],
  ['port zero', 'ghcr.io:0'],
  ['two ports', 'ghcr.io:443:443'],
  ['an empty port', 'ghcr.io:'],
  ['a padded port', 'ghcr.io:00443'],
  ['a user', 'docker.io@evil.com'],
  ['a user and a password', 'docker.io:x@evil.com'],
  ['a user before a listed host', 'evil@ghcr.io'],
  ['a fragment', 'evil.com#docker.io'],
  ['a query', 'evil.com?docker.io'],
  ['a path', 'evil.com/docker.io'],
  ['a backslash', 'evil.com\\docker.io'],
  ['a scheme', 'https://ghcr.io'],
  ['a scheme without slashes', 'file:ghcr.io'],
  ['an escaped dot', 'ghcr%2eio'],
  ['an escaped slash', 'evil.com%2fghcr.io'],
  ['punycode', 'xn--80ak6aa92e.com'],
  ['punycode in a later label', 'registry.xn--e1awd7f.com'],
  ['punycode as top level', 'ghcr.xn--p1ai'],
  ['a Cyrillic letter', 'ghсr.io'],
  ['a Kelvin sign that lower case makes a k', 'doc\u212Aer.io'],
  ['a dotted capital I', 'ghcr.İo'],
  ['a long s', 'public.ecr.awſ'],
  ['a zero-width space', 'ghcr\u200b.io'],
  ['a soft hyphen', 'gh\u00adcr.io'],
  ['right-to-left mark', '\u202eghcr.io'],
  ['carriage return and line feed', 'ghcr.io\r\nHost: evil.com'],
  ['a line feed at the end', 'ghcr.io\n'],
  ['a NUL', 'ghcr.io\0.evil.com'],
  ['a tab', 'ghcr.io\t'],
  ['a space', ' ghcr.io'],
  ['an underscore', 'my_registry.example.com'],
  ['a hyphen first', '-ghcr.io'],
  ['a hyphen last', 'ghcr-.io'],
  ['a label of 64 characters', `${'a'.repeat(64)}.io`],
  ['254 characters', `${'a.'.repeat(126)}io`],
  ['a million characters', `${'a.'.repeat(500_000)}io`],
  ['a name of mDNS', 'registry.local'],
  ['a private name', 'registry.corp.internal'],
  ['reverse DNS', '254.169.254.169.in-addr.arpa'],
  ['an onion service', 'duckduckgogg42.onion'],
  ['a property of every object', '__proto__'],
  ['another property', 'constructor'],
];

test.each(hostile)('%s is no host to ask, even if a deployer lists it', (_, name) => {
  expect(registryHost(name)).toBeNull();
  expect(registryHost(name, [name])).toBeNull();
  expect(isHostName(name)).toBe(false);
});

test.each([
  ['a listed host as a prefix', 'docker.io.evil.com'],
  ['a listed host as a suffix', 'evil-docker.io'],
  ['a host under a listed one', 'evil.ghcr.io'],
  ['the token service itself', 'auth.docker.io'],
  ['a letter doubled', 'gghcr.io'],
  ['another top level', 'ghcr.com'],
  ['DNS that answers with what it is asked', '169.254.169.254.nip.io'],
  ['ECR', '111122223333.dkr.ecr.eu-west-1.amazonaws.com'],
  ['253 characters', `${'a.'.repeat(125)}com`],
])('%s is asked only if a deployer lists it', (_, name) => {
  expect(registryHost(name)).toBeNull();
  expect(registryHost(name, ['registry.example.com'])).toBeNull();
  expect(registryHost(name, [name])).toEqual({ api: name, tokens: null });
});

test('a host that a deployer adds is found in any case', () => {
  expect(registryHost('Registry.Example.com', ['REGISTRY.example.com:443'])).toEqual({
    api: 'registry.example.com',
    tokens: null,
  });
});

test.each(['docker.io', 'registry-1.docker.io', 'ghcr.io', 'quay.io', 'public.ecr.aws'])(
  'to add %s does not loosen where its tokens come from',
  (name) => {
    expect(registryHost(name, [name])).toEqual(registryHost(name));
  },
);

test.each(['*', '*.example.com', '.example.com', 'example', 'https://registry.example.com', ''])(
  'an extra host `%s` stands for no other',
  (extra) => {
    expect(registryHost('registry.example.com', [extra])).toBeNull();
  },
);

test('whatever the image says, only listed hosts are asked', () => {
  const apis = new Set([
    'registry-1.docker.io',
    'ghcr.io',
    'quay.io',
    'public.ecr.aws',
    'registry.example.com',
  ]);
  const piece = fc.constantFrom(
    ...[
      'docker.io',
      'ghcr.io',
      'registry.example.com',
      '169.254.169.254',
      ':443',
      '.',
      '@',
      '#',
      '/',
      '\\',
      'K',
    ],
    ...['\u212A', '\r\n', '%00', ':', '[', ']', '?', 'xn--', '\u3002'],
  );
  const name = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 5 }).map((parts) => parts.join('')),
  );

  fc.assert(
    fc.property(name, (text) => {
      const host = registryHost(text, ['registry.example.com']);

      expect(host === null || apis.has(host.api)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
