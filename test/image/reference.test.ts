import { expect, test } from '@jest/globals';
import { ecrRegistry, nameOf, parseImageReference } from '../../lambda/image/reference.ts';

const digest = `sha256:${'0a'.repeat(32)}`;

test.each([
  ['nginx', 'docker.io', 'library/nginx', 'latest', null],
  ['nginx:1.27', 'docker.io', 'library/nginx', '1.27', null],
  ['acme/app', 'docker.io', 'acme/app', 'latest', null],
  ['docker.io/nginx', 'docker.io', 'library/nginx', 'latest', null],
  ['index.docker.io/acme/app:1', 'docker.io', 'acme/app', '1', null],
  ['ghcr.io/acme/app:1', 'ghcr.io', 'acme/app', '1', null],
  ['localhost/app', 'localhost', 'app', 'latest', null],
  ['host:5000/app', 'host:5000', 'app', 'latest', null],
  ['host:5000/app:v1', 'host:5000', 'app', 'v1', null],
  [`ghcr.io/acme/app@${digest}`, 'ghcr.io', 'acme/app', null, digest],
  [`ghcr.io/acme/app:v1@${digest}`, 'ghcr.io', 'acme/app', 'v1', digest],
  ['registry.example.com/a/b/c__d/e-f.g:v_1.2', 'registry.example.com', 'a/b/c__d/e-f.g', 'v_1.2', null],
])('%s is read as the runtimes read it', (text, registry, repository, tag, wanted) => {
  const reference = parseImageReference(text);

  expect(reference).toMatchObject({ registry, repository, tag, digest: wanted, invalid: null });
});

test.each([
  ['Team/App', /host|lower case/],
  ['ghcr.io/Team/App:v1', /lower case/],
  ['https://ghcr.io/acme/app', /URL/],
  ['ghcr.io/acme/app:', /tag is empty/],
  ['ghcr.io/acme/app:v1:v2', /tag/],
  ['ghcr.io/acme/app:a b', /tag/],
  ['ghcr.io/acme//app', /empty part/],
  ['ghcr.io/acme/-app', /no part/],
  ['ghcr.io/', /no repository/],
  ['', /no repository/],
  ['ghcr.io/acme/app@sha256:12', /digest/],
  ['a'.repeat(64), /id of an image/],
  [`ghcr.io/${'a'.repeat(2_000)}`, /longer/],
  ['<!channel>/app', /no repository|no host|no part|lower case/],
])('%s is no image reference, and it says why', (text, why) => {
  expect(parseImageReference(text).invalid).toMatch(why);
});

test.each([
  ['111122223333.dkr.ecr.eu-west-1.amazonaws.com', 'eu-west-1', false, false],
  ['111122223333.dkr.ecr-fips.us-east-1.amazonaws.com', 'us-east-1', true, false],
  ['111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn', 'cn-north-1', false, false],
  ['111122223333.dkr.ecr.us-gov-west-1.amazonaws.com', 'us-gov-west-1', false, false],
  ['111122223333.dkr.ecr.us-isob-east-1.sc2s.sgov.gov', 'us-isob-east-1', false, false],
  ['111122223333.dkr.ecr.eusc-de-east-1.amazonaws.eu', 'eusc-de-east-1', false, false],
  ['111122223333.dkr-ecr.eu-west-1.on.aws', 'eu-west-1', false, true],
  ['111122223333.dkr-ecr-fips.us-east-1.on.aws', 'us-east-1', true, true],
])('%s is a registry of Amazon ECR', (host, region, fips, dualStack) => {
  expect(ecrRegistry(host)).toEqual({ accountId: '111122223333', region, fips, dualStack });
});

test.each([
  'docker.io',
  'public.ecr.aws',
  '111122223333.dkr.ecr.eu-west-1.amazonaws.comm',
  '1111.dkr.ecr.eu-west-1.amazonaws.com',
  '111122223333.dkr.ecr.eu-west1.amazonaws.com',
  'evil.com/111122223333.dkr.ecr.eu-west-1.amazonaws.com',
])('%s is none', (host) => {
  expect(ecrRegistry(host)).toBeNull();
});

test('the name of a reference has neither tag nor digest', () => {
  expect(nameOf(`host:5000/app:v1@${digest}`)).toBe('host:5000/app');
  expect(nameOf('host:5000/app')).toBe('host:5000/app');
});
