import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { isPullFailure } from '../../lambda/error-text/is-pull-failure.ts';
import { candidatesOf, parsePullError } from '../../lambda/error-text/pull-error.ts';
import { withoutSecrets } from '../../lambda/error-text/without-secrets.ts';

const messages = ['messages', 'more-messages'].flatMap((file) =>
  readFileSync(`${__dirname}/${file}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { message: string }).message),
);

const accessKey = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');
const secretKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const jwt = `eyJhbGciOiJIUzI1NiJ9.${'eyJzdWIiOiIxIn0'}.c2lnbmF0dXJlLXZhbHVl`;
const hush = 'hunter2-h0p3';

test.each([
  ['a password', `password=${hush}`],
  ['a password in a sentence', `login failed, password: ${hush}, try again`],
  ['a password of several words', `password="${hush} ${hush}"`],
  ['a variable', `DOCKER_PASSWORD=${hush} REGISTRY=ghcr.io`],
  ['JSON', `{"username":"robot","password":"${hush}"}`],
  ['JSON with a space', `{"username": "robot", "password": "${hush}"}`],
  ['JSON in JSON', JSON.stringify(JSON.stringify({ password: hush, registry: 'x' }))],
  ['JSON in HTML', `{&quot;password&quot;:&quot;${hush}&quot;}`],
  ['a form', `grant_type=password&username=robot&password=${hush}&scope=x`],
  ['an encoded form', `https://ghcr.io/token%3Fpassword%3D${hush}%26scope%3Dx`],
  ['an argument', `docker login -u robot -p ${hush} ghcr.io`],
  ['a long argument', `docker login --username robot --password ${hush} ghcr.io`],
  ['a client secret', `client_secret=${hush}`],
  ['a token in a URL', `https://auth.example/v2/token?access_token=${hush}&scope=x`],
  ['an API key', `api_key=${hush}`],
  ['a header', `Authorization: Basic ${Buffer.from(`robot:${hush}`).toString('base64')}`],
  ['a header in JSON', `{"Authorization":"Bearer ${hush}${hush}"}`],
  ['a header without a scheme', `Authorization: ${hush}0123456789`],
  ['Docker’s header', `X-Registry-Auth: ${Buffer.from(hush.repeat(3)).toString('base64')}`],
  ['Docker’s configuration', `{"auths":{"ghcr.io":{"auth":"${Buffer.from(hush).toString('base64')}"}}}`],
  ['a user in a URL', `Get "https://robot:${hush}@registry.example/v2/": EOF`],
  ['a token in a URL before the host', `Get "https://${hush}@registry.example/v2/": EOF`],
  ['a proxy', `proxyconnect tcp: http://robot:${hush}@10.1.2.3:3128: refused`],
  ['a password with a slash', `https://robot:a/${hush}@registry.example/v2/`],
  ['a user without a scheme', `robot:${hush}@registry.example: EOF`],
  ['a user in a URL that is cut off', `Get "https://robot:${hush}`],
  ['a JWT', `invalid token ${jwt} given`],
  ['a password of Amazon ECR', `login: ${Buffer.from(`{"payload":"${hush}${hush}"}`).toString('base64')}`],
  ['a token of GitHub', `ghp_${'a1B2'.repeat(9)}`],
  ['a token of GitLab', `glpat-${'a1B2'.repeat(5)}`],
  ['a token of Docker Hub', `dckr_pat_${'a1B2'.repeat(7)}`],
  ['an access key', `The access key ${accessKey} is not valid`],
  ['an encoded access key', `Credential%3D${accessKey}%2F20260101`],
  ['a secret key with its name', `aws_secret_access_key = ${secretKey}`],
  ['a secret key without its name', `key ${secretKey} given`],
  ['a session token', `IQoJb3JpZ2luX2VjE${'a1B2'.repeat(20)}`],
  [
    'a signed URL',
    `https://b.s3.amazonaws.com/x?X-Amz-Credential=${accessKey}/20260101&X-Amz-Signature=${hush}`,
  ],
  ['a signed URL in JSON', `https://b.s3.amazonaws.com/x?a=b\\u0026X-Amz-Signature=${hush}\\u0026y=z`],
  ['a signed URL in HTML', `https://b.s3.amazonaws.com/x?a=b&amp;X-Amz-Security-Token=${hush}&amp;y=z`],
  ['a signed URL of Google', `https://storage.googleapis.com/x?X-Goog-Signature=${hush}`],
  ['a signed URL of Azure', `https://a.blob.core.windows.net/x?sv=1&sig=${hush}`],
  [
    'a signed URL of Amazon CloudFront',
    `https://d1.cloudfront.net/x?Expires=1&Signature=${hush}&Key-Pair-Id=${hush}`,
  ],
  ['a signed URL of Docker Hub', `https://production.cloudflare.docker.com/x?verify=${hush}`],
])('%s does not come out', (_, secret) => {
  const told = withoutSecrets(`CannotPullContainerError: ${secret}`);

  for (const part of [hush, accessKey, secretKey, jwt, Buffer.from(hush).toString('base64').slice(0, 12)])
    expect(told).not.toContain(part);
  expect(told).toContain('***');
  expect(told).not.toMatch(/a1B2/);
});

test('what is no secret stays, so that every text says what it said', () => {
  const changed = messages.filter((message) => {
    const told = withoutSecrets(message);
    return (
      told !== message &&
      (isPullFailure(told) !== isPullFailure(message) ||
        parsePullError(told).step !== parsePullError(message).step ||
        candidatesOf(parsePullError(told)).join() !== candidatesOf(parsePullError(message)).join())
    );
  });

  expect(changed).toEqual([]);
});

test.each([
  'failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aacme%2Fapp%3Apull&service=ghcr.io: 401 Unauthorized',
  'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  'unauthorized: incorrect username or password',
  'Get "https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/team/web/manifests/v1": no basic auth credentials',
  'failed to fetch secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-AbCdEf from secrets manager: AccessDeniedException',
  'failed to resolve ref ghcr.io/acme/app:v1@sha256:cca4a767de7ae6d33db8dcc9bb0452db96d042327c37a85515fe8612881477f7: not found',
  'manifest for app:9ce7d67bf402b337a75c8acf49c11881be2f16bd not found',
  'User: arn:aws:sts::111122223333:assumed-role/Web/7cb7bc88e9b6acd947589d99b68067f8 is not authorized to perform: ecr:BatchGetImage',
  'unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 52.95.115.1:443: i/o timeout',
])('stays as it is: %s', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});

test('a long text is read in time that grows with its length, not faster', () => {
  const started = Date.now();
  withoutSecrets('password="a:\\"'.repeat(8_000));
  withoutSecrets(`${'https://a:b'.repeat(8_000)} login ${'-x '.repeat(8_000)}`);
  withoutSecrets('aB1/'.repeat(20_000));

  expect(Date.now() - started).toBeLessThan(2_000);
});
