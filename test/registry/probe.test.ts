import { describe, expect, test } from '@jest/globals';
import { notChecked } from '../../lambda/registry/answer.ts';
import { type ProbeOptions, probe } from '../../lambda/registry/probe.ts';
import { type RegistryCall, requestThrough } from '../../lambda/registry/request.ts';
import { httpServer } from './local-server.ts';
import { anonymousToken, challenges, digest, openRegistry, standIn } from './stand-in.ts';

const image = { registry: 'ghcr.io', repository: 'acme/app', tag: '1.0', digest: null };
const index = 'application/vnd.oci.image.index.v1+json';
const single = 'application/vnd.oci.image.manifest.v1+json';
const listing = JSON.stringify({ manifests: [{ platform: { os: 'linux', architecture: 'arm64' } }] });
const places = (calls: readonly RegistryCall[]) =>
  calls.map(({ method, host, path }) => `${method} ${host}${path.replace(/\?.*/, '')}`);

describe('the ways of each registry', () => {
  test.each([
    ['docker.io', 'library/nginx', ['registry-1.docker.io', 'auth.docker.io/token']],
    ['ghcr.io', 'acme/app', ['ghcr.io', 'ghcr.io/token']],
    ['quay.io', 'acme/app', ['quay.io', 'quay.io/v2/auth']],
    ['public.ecr.aws', 'nginx/nginx', ['public.ecr.aws', 'public.ecr.aws/token/']],
  ] as const)('%s is asked with an anonymous token', async (registry, repository, [api, tokens]) => {
    const { request, calls } = openRegistry(challenges[registry], { digest, mediaType: single });

    const answer = await probe({ ...image, registry, repository }, { request });

    expect(answer).toEqual({ status: 'found', digest, mediaType: single, platforms: null });
    const manifest = `HEAD ${api}/v2/${repository}/manifests/1.0`;
    expect(places(calls)).toEqual([manifest, `GET ${tokens}`, manifest]);
    expect(calls.map(({ token }) => token)).toEqual([null, null, anonymousToken]);
  });

  test('one that asks for no token is asked once', async () => {
    const { request, calls } = standIn(() => ({ digest, mediaType: index }));

    expect((await probe(image, { request })).status).toBe('found');
    expect(calls).toHaveLength(1);
  });

  test('an image by digest is asked for by its digest, whatever its tag', async () => {
    const { request, calls } = standIn(() => ({ digest }));

    await probe({ ...image, digest }, { request });

    expect(places(calls)).toEqual([`HEAD ghcr.io/v2/acme/app/manifests/${digest}`]);
  });
});

describe('platforms', () => {
  const registry = (mediaType: string, body: string, httpStatus = 200) =>
    standIn(({ method, path, token }) => {
      if (token === null)
        return path.startsWith('/token')
          ? { body: JSON.stringify({ token: anonymousToken }) }
          : { httpStatus: 401, challenge: challenges['ghcr.io'] };
      return method === 'HEAD' ? { digest, mediaType } : { httpStatus, mediaType, body };
    });

  test('an index is read, by its digest and with the same token', async () => {
    const { request, calls } = registry(index, listing);

    const answer = await probe(image, { request, wantsPlatforms: true });

    expect(answer).toMatchObject({ status: 'found', platforms: ['linux/arm64'] });
    expect(places(calls).at(-1)).toBe(`GET ghcr.io/v2/acme/app/manifests/${digest}`);
    expect(calls).toHaveLength(4);
    expect(calls.at(-1)?.token).toBe(anonymousToken);
  });

  test.each([
    ['nobody wants them', index, listing, false, 200],
    ['it is a single image', single, listing, true, 200],
    ['the registry changes its mind', index, listing, true, 429],
    ['the index is none', index, '{}', true, 200],
  ] as const)('are not known where %s', async (_, mediaType, body, wantsPlatforms, httpStatus) => {
    const { request } = registry(mediaType, body, httpStatus);

    expect(await probe(image, { request, wantsPlatforms })).toMatchObject({
      status: 'found',
      platforms: null,
    });
  });
});

describe('what answers mean', () => {
  test.each([
    [404, { status: 'not-found' }],
    [403, { status: 'denied' }],
    [429, { status: 'rate-limited' }],
    [500, { status: 'server-error', httpStatus: 500 }],
    [503, { status: 'server-error', httpStatus: 503 }],
    [300, { status: 'not-checked' }],
    [302, { status: 'not-checked' }],
    [399, { status: 'not-checked' }],
    [400, { status: 'no-answer' }],
    [599, { status: 'server-error', httpStatus: 599 }],
    [600, { status: 'no-answer' }],
    [418, { status: 'no-answer' }],
    [204, { status: 'no-answer' }],
    [101, { status: 'no-answer' }],
  ])('HTTP %i to an anonymous token', async (httpStatus, meaning) => {
    const { request } = openRegistry(challenges['ghcr.io'], { httpStatus });

    expect(await probe(image, { request })).toMatchObject(meaning);
  });

  test.each([401, 403])(
    'HTTP %i of the token service: the image is private, or not there',
    async (httpStatus) => {
      const { request } = standIn(({ method }) =>
        method === 'GET' ? { httpStatus } : { httpStatus: 401, challenge: challenges['ghcr.io'] },
      );

      expect(await probe(image, { request })).toEqual({ status: 'denied' });
    },
  );

  test.each([
    [429, { status: 'rate-limited' }],
    [503, { status: 'server-error', httpStatus: 503 }],
  ])('HTTP %i is what it is on a web page too', async (httpStatus, meaning) => {
    const { request } = openRegistry(challenges['ghcr.io'], { httpStatus, mediaType: 'text/html' });

    expect(await probe(image, { request })).toEqual(meaning);
  });

  test('where nobody answers, the reason is that of the request', async () => {
    const silent = { status: 'no-answer', because: '`ghcr.io` did not answer in time' } as const;
    const { request } = standIn(() => silent);

    expect(await probe(image, { request })).toEqual(silent);
  });

  test('an image by digest is there where the registry answers with that digest', async () => {
    const { request } = standIn(() => ({ digest, mediaType: single }));

    expect(await probe({ ...image, digest }, { request })).toMatchObject({ status: 'found', digest });
  });

  test('an index without a digest is not read: another may stand at its tag by then', async () => {
    const { request, calls } = standIn(() => ({ digest: null, mediaType: index }));

    expect(await probe(image, { request, wantsPlatforms: true })).toMatchObject({ platforms: null });
    expect(calls).toHaveLength(1);
  });

  test('an image by digest is there, though the registry does not repeat its digest', async () => {
    const { request } = standIn(() => ({ digest: null, mediaType: single }));

    expect(await probe({ ...image, digest }, { request })).toMatchObject({ status: 'found', digest: null });
  });

  test('a token service that gives no token says nothing of the image', async () => {
    const { request, calls } = standIn(({ method }) =>
      method === 'GET' ? { body: '{}' } : { httpStatus: 401, challenge: challenges['ghcr.io'] },
    );

    expect(await probe(image, { request })).toEqual({
      status: 'no-answer',
      because: '`ghcr.io` answered with something other than a token',
    });
    expect(calls).toHaveLength(2);
  });

  test('401 to a token that was just given is a denial, and is not asked again', async () => {
    const { request, calls } = standIn(({ method }) =>
      method === 'GET'
        ? { body: JSON.stringify({ token: anonymousToken }) }
        : { httpStatus: 401, challenge: challenges['ghcr.io'] },
    );

    expect(await probe(image, { request })).toEqual({ status: 'denied' });
    expect(calls).toHaveLength(3);
  });

  test.each([200, 401, 403, 404])('a web page (HTTP %i) is no registry', async (httpStatus) => {
    const { request } = standIn(() => ({ httpStatus, mediaType: 'text/html' }));

    expect(await probe(image, { request })).toMatchObject({
      status: httpStatus === 401 ? 'not-checked' : 'no-answer',
    });
  });

  test('another digest than was asked for is no answer', async () => {
    const { request } = standIn(() => ({ digest: `sha256:${'0b'.repeat(32)}` }));

    expect(await probe({ ...image, digest }, { request })).toMatchObject({ status: 'no-answer' });
  });

  test.each([
    ['a digest', { digest: 'sha256:`@here`' }],
    ['a media type', { mediaType: 'text/plain\n<!channel>' }],
  ])('%s that is none is not passed on', async (_, headers) => {
    const { request } = standIn(() => headers);

    expect(await probe(image, { request })).toEqual({
      status: 'found',
      digest: null,
      mediaType: null,
      platforms: null,
    });
  });
});

describe('what is never asked', () => {
  test.each([
    ['a registry that is not on the list', { registry: 'registry.example.com' }],
    ['an address', { registry: '169.254.169.254' }],
    ['a port', { registry: 'ghcr.io:9001' }],
    ['this machine', { registry: 'localhost' }],
    ['Amazon ECR', { registry: '111122223333.dkr.ecr.eu-west-1.amazonaws.com' }],
    ['a path that leaves the repository', { repository: '../../admin' }],
    ['a tag that is a path', { tag: '../../../admin' }],
    ['a digest that is a path', { digest: 'sha256:../../admin' }],
  ])('%s', async (_, change) => {
    const { request, calls } = standIn(() => ({}));

    const answer = await probe({ ...image, ...change }, { request, wantsPlatforms: true });

    expect(answer.status).toBe('not-checked');
    expect(calls).toEqual([]);
  });

  test.each([
    'https://auth.evil.com/token',
    'http://ghcr.io/token',
    'https://ghcr.io.evil.com/token',
    'https://ghcr.io@evil.com/token',
    'https://169.254.170.2/v2/credentials',
    'https://127.0.0.1:9001/2018-06-01/runtime/invocation/next',
    'https://ghcr.io/other',
  ])('a token at %s', async (realm) => {
    const { request, calls } = standIn(() => ({ httpStatus: 401, challenge: `Bearer realm="${realm}"` }));

    const answer = await probe(image, { request });

    expect(answer.status).toBe('not-checked');
    expect(calls).toHaveLength(1);
  });

  test('anything, once the registry wants a password', async () => {
    const { request, calls } = standIn(() => ({ httpStatus: 401, challenge: 'Basic realm="registry"' }));

    expect((await probe(image, { request })).status).toBe('not-checked');
    expect(calls).toHaveLength(1);
  });

  test('more than four requests, whatever the registry answers', async () => {
    const { request, calls } = openRegistry(challenges['ghcr.io'], { digest, mediaType: index });

    await probe(image, { request, wantsPlatforms: true });

    expect(calls.length).toBeLessThanOrEqual(4);
  });
});

test('a token reaches no other host than the one that asked for it', async () => {
  const { request, calls } = openRegistry(challenges['docker.io'], { digest, mediaType: index });

  await probe({ ...image, registry: 'docker.io' }, { request, wantsPlatforms: true });

  const withToken = calls.filter(({ token }) => token !== null);
  expect(withToken.length).toBeGreaterThan(0);
  expect(new Set(withToken.map(({ host }) => host))).toEqual(new Set(['registry-1.docker.io']));
});

test('what a bug throws is no answer, and its text is not passed on', async () => {
  const request: ProbeOptions['request'] = () => {
    throw new Error(`Bearer ${anonymousToken}`);
  };

  expect(await probe(image, { request })).toEqual({
    status: 'no-answer',
    because: 'asking `ghcr.io` failed',
  });
});

test('the time is that of all requests together', async () => {
  const server = await httpServer((_, response) => {
    // Each answer by itself would be in time.
    setTimeout(() => response.writeHead(401, { 'WWW-Authenticate': challenges['ghcr.io'] }).end(), 120);
  });
  const begun = performance.now();

  const answer = await probe(image, { request: requestThrough(server.network), timeoutMs: 200 });

  expect(answer).toEqual({ status: 'no-answer', because: '`ghcr.io` did not answer in time' });
  expect(performance.now() - begun).toBeLessThan(1_000);
  await server.close();
});

test('a registry whose name turns to a private address half-way is not asked on', async () => {
  const addresses = ['140.82.112.33', '140.82.112.33', '10.0.0.5'];
  const server = await httpServer(({ url }, response) =>
    url?.startsWith('/token')
      ? response.end(JSON.stringify({ token: anonymousToken }))
      : response.writeHead(401, { 'WWW-Authenticate': challenges['ghcr.io'] }).end(),
  );
  const request = requestThrough({
    ...server.network,
    resolve: async () => addresses.splice(0, 1),
  });

  const answer = await probe(image, { request });

  expect(answer).toEqual(notChecked('`ghcr.io` leads to an address that is not public'));
  expect(server.connections()).toBe(2);
  await server.close();
});
