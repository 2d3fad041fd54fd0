import { expect, test } from '@jest/globals';
import { parseImageReference } from '../../lambda/image/reference.ts';
import type { EcrImage, Facts, PrivateZone } from '../../lambda/model/facts.ts';
import { ask, behindAnother, type Changes, everyImage, known, linesOf, refused } from '../support/asking.ts';
import { texts } from '../support/worlds.ts';

const host = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const misled = `CannotPullContainerError: Error response from daemon: Get "https://${host}/v2/": tls: failed to verify certificate: x509: certificate is valid for sinkhole.example.com, not ${host}`;
const zone = (name: string, recordNames: PrivateZone['recordNames'] = known([])): PrivateZone => ({
  hostedZoneId: `Z-${name}`,
  name,
  recordNames,
});
const shadowed = (zones: readonly PrivateZone[] | null, text: string, scenario = 'healthy-nat-umbrella') =>
  ask('private-zone-shadows-registry', scenario, { privateZones: () => zones, text });

test.each<[string, readonly PrivateZone[] | null, string, string]>([
  ['nobody looked', null, texts.noSuchHost, 'not-applicable'],
  ['the text is of something else', [zone('amazonaws.com')], texts.manifestTimeout, 'not-applicable'],
  ['it has no record', [zone('amazonaws.com')], texts.noSuchHost, 'found proven'],
  ['it has a record', [zone('amazonaws.com', known([host]))], texts.noSuchHost, 'ruled-out'],
  [
    'it has a record, which leads to somebody else',
    [zone('amazonaws.com', known([host]))],
    misled,
    'found likely',
  ],
  [
    'it has a record, and the text names the host alone',
    [zone('amazonaws.com', known([host]))],
    `CannotPullContainerError: failed to do request: Head "https://${host}/v2/team/web/manifests/v1"`,
    'ruled-out',
  ],
  ['its records are another account’s', [zone('amazonaws.com', refused)], texts.noSuchHost, 'undecided'],
  ['it stands above another name', [zone('example.com')], texts.noSuchHost, 'ruled-out'],
  ['before there is a text, it has no record', [zone('amazonaws.com')], '', 'found proven'],
  [
    'before there is a text, it has a record for each',
    [zone('amazonaws.com', known(['*.amazonaws.com']))],
    '',
    'not-applicable',
  ],
])('a private zone: %s', (_, zones, text, expected) => {
  const result = shadowed(zones, text);

  expect([result.status, ...('certainty' in result ? [result.certainty] : [])].join(' ')).toBe(expected);
});

test('a private zone: what it does with the name', () => {
  expect(linesOf(shadowed([zone('amazonaws.com', known([host]))], misled))[0]).toContain(
    'to an address of its own',
  );
  expect(linesOf(shadowed([zone('amazonaws.com')], texts.noSuchHost))[0]).toContain('has no record for it');
});

test('before there is a text, the names of endpoints are answered by zones of their own', () => {
  const zones = [zone('amazonaws.com')];

  expect(shadowed(zones, '', 'healthy-privatelink-umbrella').status).toBe('found');
  expect(shadowed([zone('ecr.eu-west-1.amazonaws.com')], '', 'healthy-privatelink-umbrella').status).toBe(
    'ruled-out',
  );
});

test('before there is a text, a zone that leads a registry to an address of its own may be meant to', () => {
  const images = (all: Facts['images']) => behindAnother(all).slice(0, 1);
  const led = (recordNames: readonly string[]) =>
    ask('private-zone-shadows-registry', 'healthy-nat-umbrella', {
      images,
      privateZones: () => [zone('ecr.aws', known(recordNames))],
      text: '',
    }).status;

  expect([led(['public.ecr.aws']), led([])]).toEqual(['not-applicable', 'found']);
});

const pinned = (changes: Changes = {}) => ask('pinned-digest-gone', 'pinned-digest-gone', changes);
const gone = (manifest: EcrImage['manifest']) => ({
  ecrImages: everyImage({ pinned: { digest: `sha256:${'0b'.repeat(32)}`, manifest } }),
});
const rule = known({ prefix: 'team', upstreamRegistry: null, upstreamUrl: null });

test.each<[string, Changes, string]>([
  ['it is gone, and the tag is there', {}, 'found'],
  ['nobody could look', gone(refused), 'undecided'],
  ['the tag is missing too', { ecrImages: everyImage({ manifest: known(null) }) }, 'ruled-out'],
  ['nobody could look for the tag', { ecrImages: everyImage({ manifest: refused }) }, 'ruled-out'],
  [
    'a cache fills the repository',
    { ecrImages: everyImage({ pullThroughCacheRule: rule }) },
    'not-applicable',
  ],
  ['nothing is pinned', { ecrImages: everyImage({ pinned: null }) }, 'not-applicable'],
])('a pinned digest: %s', (_, changes, status) => {
  expect(pinned(changes).status).toBe(status);
});

test('a pinned digest: the tag is that of the image, and only a service can be deployed anew', () => {
  const task = (one: Facts['task']) => ({ ...one, group: 'family:web' });

  expect(linesOf(pinned({ images: behindAnother }))[1]).toMatch(/^The tag `v1` is there/);
  expect(pinned({ task })).toMatchObject({
    fixes: [{ cli: expect.stringContaining('--service <service> ') }, {}],
  });
});

const repository = (changes: Changes = {}) => ask('repository-not-found', 'repository-missing', changes);
test('a missing repository: what there is instead, and nothing where nobody could look', () => {
  const elsewhere = (fact: EcrImage['repositoryElsewhere']) =>
    linesOf(repository({ ecrImages: everyImage({ repositoryElsewhere: fact }) }));

  expect(elsewhere(known('arn:there'))[1]).toBe('There is one of that name: `arn:there`');
  for (const nothing of [refused, known(null), null]) expect(elsewhere(nothing)).toHaveLength(1);
});

test('a missing repository: account, Region and name are those of the image', () => {
  const result = repository({ images: behindAnother });

  expect(linesOf(result)[0]).toContain('account `111122223333` has no such repository in `eu-west-1`');
  expect(result).toMatchObject({
    fixes: [{}, { cli: expect.stringContaining('--region eu-west-1 --repository-name team/') }],
  });
});

test('a repository that a cache makes is not missing; without images there is nothing to miss', () => {
  expect(repository({ ecrImages: everyImage({ pullThroughCacheRule: rule }) })).toMatchObject({
    because: 'a pull-through cache makes the repository',
  });
  expect(repository({ ecrImages: () => [] })).toMatchObject({ because: 'no suspect image is in Amazon ECR' });
});

const mistyped = (registry: string, change: object = {}) =>
  ask('registry-host-unknown', 'host-mistyped', {
    images: (images) => images.map((one) => ({ ...one, ecr: null, registry, ...change })),
  });
test.each<[string, string | null]>([
  ['111122223333.dkr.ecr.eu-west-1.amazonaws.co', '111122223333'],
  ['999922223333.dkr.ecr.eu-west-1.amazonaws.co', '999922223333'],
  ['dkr.ecr.eu-west-1.amazonaws.com', null],
  // Six letters are missing, and seven.
  ['111122223333.dkr.ecr.eu-west-1.amazona', '111122223333'],
  ['111122223333.dkr.ecr.eu-west-1.amazon', null],
  ['2222333.dkr.ecr.eu-west-1.amazonaws.com', '111122223333'],
])('the host %s is meant to be of account %s', (registry, account) => {
  const near = `; did you mean \`${account}.dkr.ecr.eu-west-1.amazonaws.com\`?`;

  expect(linesOf(mistyped(registry))[0]?.includes('did you mean')).toBe(account !== null);
  if (account) expect(linesOf(mistyped(registry))[0]).toContain(near);
});

test('public Amazon ECR and other registries are well, and a text that is no reference has no host', () => {
  expect(mistyped('public.ecr.aws').status).toBe('ruled-out');
  expect(mistyped('ghcr.io').status).toBe('ruled-out');
  expect(mistyped('x', { registry: null }).status).toBe('ruled-out');
  expect(ask('registry-host-unknown', 'host-mistyped', { images: () => [] }).status).toBe('not-applicable');
});

test('a Region that leads nowhere and is not that of the task is perhaps none', () => {
  const inRegion = (region: string, how: string) => {
    const host = `111122223333.dkr.ecr.${region}.amazonaws.com`;
    return ask('registry-host-unknown', 'host-mistyped', {
      images: () => [parseImageReference(`${host}/team/web:v1`)],
      text: `CannotPullContainerError: failed to do request: Head "https://${host}/v2/team/web/manifests/v1": dial tcp: lookup ${host} on 10.0.0.2:53: ${how}`,
    });
  };

  expect(inRegion('eu-west-11', 'no such host')).toMatchObject({ status: 'found', certainty: 'likely' });
  expect(linesOf(inRegion('eu-west-11', 'no such host'))[0]).toMatch(/did you mean `eu-west-1`\?$/);
  expect(linesOf(inRegion('us-east-1', 'no such host'))[0]).not.toContain('did you mean');
  expect(inRegion('eu-west-11', 'i/o timeout').status).toBe('ruled-out');
  expect(inRegion('eu-west-1', 'no such host').status).toBe('ruled-out');
});

test("with DNS servers of one's own nobody can tell whether the zone is asked", () => {
  const certaintyWith = (...domainNameServers: readonly string[]) => {
    const result = ask('private-zone-shadows-registry', 'healthy-nat-umbrella', {
      privateZones: () => [zone('amazonaws.com')],
      dhcpOptions: () => ({ dhcpOptionsId: 'dopt-0a1', domainNameServers }),
      text: '',
    });
    return result.status === 'found' && result.certainty;
  };

  expect(certaintyWith('AmazonProvidedDNS')).toBe('proven');
  expect(certaintyWith('169.254.169.253')).toBe('proven');
  expect(certaintyWith('10.0.0.2')).toBe('proven');
  expect(certaintyWith('10.0.0.53')).toBe('likely');
});
