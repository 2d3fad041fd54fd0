import { expect, test } from '@jest/globals';
import { parsePullError } from '../../lambda/error-text/pull-error.ts';
import { parseImageReference } from '../../lambda/image/reference.ts';
import type { CollectedFacts, Facts } from '../../lambda/model/facts.ts';
import type { Destination } from '../../lambda/model/network.ts';
import { destinationsOf, otherTokenName } from '../../lambda/network/destinations.ts';
import { known, refused } from '../support/asking.ts';
import { snapshotOf } from '../support/snapshots.ts';
import { texts } from '../support/worlds.ts';

const { facts } = snapshotOf('healthy-nat-umbrella');
const ecr = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const connections = (images: CollectedFacts['images'], text = texts.umbrella) =>
  destinationsOf({ ...facts, images }, parsePullError(text)).map(
    ({ step, host, service }) => `${step} ${host} ${service}`,
  );
const imagesOf = (...names: readonly string[]) => known(names.map((name) => parseImageReference(name)));
const layersOf = (host: string) =>
  `CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://${host}/layer": dial tcp 203.0.113.1:443: i/o timeout`;
const ofEcr = [
  'token api.ecr.eu-west-1.amazonaws.com ecr.api',
  `manifest ${ecr} ecr.dkr`,
  'layers prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com s3',
];

test.each<[string, CollectedFacts['images'], string, readonly string[]]>([
  ['nobody knows of which image', refused, texts.umbrella, []],
  ['two images of one registry', imagesOf(`${ecr}/a:1`, `${ecr}/b:1`), texts.umbrella, ofEcr],
  [
    'a registry with a FIPS name',
    imagesOf('111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com/a:1'),
    texts.umbrella,
    [
      'token ecr-fips.eu-west-1.amazonaws.com ecr-fips.api',
      'manifest 111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com ecr-fips.dkr',
      ofEcr[2] ?? '',
    ],
  ],
  ['an image of Docker Hub', imagesOf('nginx:1'), texts.umbrella, ['manifest registry-1.docker.io null']],
  ['a text that is no image reference', imagesOf('Web: 1', `${ecr}/a:1`), texts.umbrella, ofEcr],
  [
    'layers from a host that the text does not name',
    imagesOf('ghcr.io/acme/app:1'),
    layersOf('ghcr.io').replace(/do request: .*/, 'do request: i/o timeout'),
    ['manifest ghcr.io null'],
  ],
  [
    'layers from the content network of a registry',
    imagesOf('ghcr.io/acme/app:1'),
    layersOf('pkg-containers.githubusercontent.com'),
    ['manifest ghcr.io null', 'layers pkg-containers.githubusercontent.com null'],
  ],
  [
    'layers from one of two registries themselves',
    imagesOf('ghcr.io/acme/app:1', 'quay.io/acme/app:1'),
    layersOf('ghcr.io/v2/acme/app/blobs'),
    ['manifest ghcr.io null', 'manifest quay.io null'],
  ],
  [
    'layers from a bucket that the text names otherwise',
    imagesOf(`${ecr}/a:1`),
    layersOf('eu-west-1-layers.s3.eu-west-1.amazonaws.com'),
    ofEcr,
  ],
  [
    'a manifest that another host was asked for',
    imagesOf('ghcr.io/acme/app:1'),
    texts.manifestTimeout.replaceAll(ecr, 'mirror.example.com'),
    ['manifest ghcr.io null'],
  ],
])('the connections of a pull: %s', (_, images, text, expected) => {
  expect(connections(images, text)).toEqual(expected);
});

test.each([
  ['1.4.0', ofEcr],
  ['1.3.0', ofEcr.slice(1)],
])('Fargate %s asks within the VPC for', (platformVersion, expected) => {
  const task = known({ ...facts.task.value, launchType: 'FARGATE' as const, platformVersion });
  const steps = destinationsOf({ ...facts, task }, parsePullError(texts.umbrella));

  expect(steps.map(({ step, host, service }) => `${step} ${host} ${service}`)).toEqual(expected);
});

type Definition = NonNullable<Facts['taskDefinition']>;
const definition = facts.taskDefinition.status === 'known' ? facts.taskDefinition.value : null;
const withSecrets = (...secretArns: readonly string[]) =>
  known({
    ...(definition as Definition),
    containers: [{ name: 'web', image: `${ecr}/a:1`, secretArns, credentialsParameter: null }],
  });
const withCredentials = known({
  ...(definition as Definition),
  containers: [
    { name: 'web', image: 'acme/a:1', secretArns: [], credentialsParameter: 'registry/credentials' },
  ],
});
const inManager = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db';
const inStore = 'arn:aws:ssm:eu-west-1:111122223333:parameter/db';
const fromManager =
  'ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: i/o timeout';
const fromStore = fromManager.replace('retrieve secret from asm', 'retrieve secrets from ssm');

test.each<[string, CollectedFacts['taskDefinition'], Partial<Facts['task']>, string, readonly string[]]>([
  ['nobody knows which', refused, {}, texts.umbrella, []],
  ['the definition is gone', known(null), {}, texts.umbrella, []],
  ['nobody knows which, and the text says where', refused, {}, fromManager, ['secretsmanager']],
  ['nobody knows which, and the text says the other', refused, {}, fromStore, ['ssm']],
  ['credentials of a registry', withCredentials, {}, texts.umbrella, ['secretsmanager']],
  ['one of each', withSecrets(inManager, inStore), {}, texts.umbrella, ['secretsmanager', 'ssm']],
  [
    'one of each, and the text says where',
    withSecrets(inManager, inStore),
    {},
    fromManager,
    ['secretsmanager', 'ssm'],
  ],
  ['one, and the text says another', withSecrets(inStore), {}, fromManager, ['ssm', 'secretsmanager']],
  ['by a name with colons', withSecrets('a:b:c:d'), {}, texts.umbrella, ['ssm']],
  ['outside the VPC', withSecrets(inManager), { platformVersion: '1.3.0' }, texts.umbrella, []],
  [
    'on an instance',
    withSecrets(inManager),
    { launchType: 'EC2', platformVersion: '1.3.0' },
    texts.umbrella,
    ['secretsmanager'],
  ],
])('the connections for secrets: %s', (_, taskDefinition, change, text, services) => {
  const task = known({ ...facts.task.value, ...change });
  const hosts = destinationsOf({ ...facts, task, taskDefinition }, parsePullError(text))
    .filter(({ step }) => step === 'secrets')
    .map(({ host }) => host);

  expect(hosts).toEqual(services.map((service) => `${service}.eu-west-1.amazonaws.com`));
});

test('secrets of another Region are fetched there alone, though the text does not say so', () => {
  const taskDefinition = withSecrets(inManager.replace('eu-west-1', 'us-east-1'));
  const hosts = destinationsOf({ ...facts, taskDefinition }, parsePullError(fromManager))
    .filter(({ step }) => step === 'secrets')
    .map(({ host }) => host);

  expect(hosts).toEqual(['secretsmanager.us-east-1.amazonaws.com']);
});

const fips: Destination = {
  host: 'ecr-fips.eu-west-1.amazonaws.com',
  step: 'token',
  service: 'ecr-fips.api',
  region: 'eu-west-1',
};
test.each<[string, Destination, string, string | null]>([
  ['the FIPS name', fips, '', 'api.ecr.eu-west-1.amazonaws.com'],
  ['the FIPS name, which the text says was asked', fips, `Post "https://${fips.host}/": i/o timeout`, null],
  ['the usual name', { ...fips, host: 'api.ecr.eu-west-1.amazonaws.com' }, '', null],
  ['the name of a registry', { ...fips, step: 'manifest' }, '', null],
])('the token may be asked for at another name than %s', (_, destination, text, host) => {
  expect(otherTokenName(destination, parsePullError(text))?.host ?? null).toBe(host);
});
