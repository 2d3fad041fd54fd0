import { askerOf } from '../../lambda/registry/asker.ts';
import { requestThrough } from '../../lambda/registry/request.ts';
import { httpServer, type LocalServer } from '../registry/local-server.ts';
import { anonymousToken, challenges } from '../registry/stand-in.ts';
import { stoppedTaskEvent } from './event.ts';
import { must } from './must.ts';
import { diagnoseEvent, unansweredIn } from './product.ts';
import { buildWorld, useImage, type World, type WorldKind } from './world.ts';

const index = (architecture: string) =>
  JSON.stringify({ manifests: [{ platform: { os: 'linux', architecture } }] });

/** What ghcr.io has; everything is asked with an anonymous token, over TLS. */
const manifests: Readonly<Record<string, readonly [number, string]>> = {
  'acme/app': [200, index('amd64')],
  'acme/arm': [200, index('arm64')],
  'acme/gone': [404, ''],
  'acme/limited': [429, ''],
  'acme/moved': [307, ''],
};
const digest = `sha256:${'0a'.repeat(32)}`;

let registry: LocalServer;
const asked: string[] = [];
const worlds = new Map<WorldKind, World>();

beforeAll(async () => {
  registry = await httpServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://ghcr.io');
    asked.push(`${request.method} ${pathname}`);
    if (pathname === '/token') {
      const isPrivate = searchParams.get('scope')?.includes('acme/private');
      return response.writeHead(isPrivate ? 403 : 200).end(JSON.stringify({ token: anonymousToken }));
    }
    if (request.headers.authorization !== `Bearer ${anonymousToken}`)
      return response.writeHead(401, { 'WWW-Authenticate': challenges['ghcr.io'] }).end();
    const repository = /^\/v2\/(.+)\/manifests\//.exec(pathname)?.[1] ?? '';
    const [status, body] = manifests[repository] ?? [404, ''];
    return response
      .writeHead(status, {
        'Content-Type': 'application/vnd.oci.image.index.v1+json',
        'Docker-Content-Digest': digest,
        ...(status === 307 && { Location: 'http://169.254.169.254/latest/meta-data/' }),
      })
      .end(body);
  });
  for (const kind of ['public', 'ec2'] as const) worlds.set(kind, await buildWorld(kind));
});
afterAll(() => registry.close());

const umbrella = (image: string) =>
  `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${image}`;
const notFound = (image: string) => `${umbrella(image)}: ${image}: not found`;

async function diagnosed(kind: WorldKind, repository: string, text: (image: string) => string) {
  const world = must(worlds.get(kind));
  const image = `ghcr.io/${repository}:1.0`;
  await useImage(world, image);
  asked.length = 0;
  const ask = askerOf([], requestThrough(registry.network));
  const { diagnosis, snapshot } = must(
    await diagnoseEvent(stoppedTaskEvent(world, text(image)), undefined, ask),
  );
  expect(unansweredIn(snapshot)).toEqual([]);
  expect(diagnosis.crashed).toEqual([]);
  return [...diagnosis.causes, ...diagnosis.otherProblems].map(({ check, resources }) => {
    expect(resources[0]).toBe(image);
    return check.id;
  });
}

test.each<[string, WorldKind, string, typeof umbrella, string[]]>([
  ['an image that is not there', 'public', 'acme/gone', umbrella, ['external-image-not-found']],
  [
    'an image that is not there, as the text says',
    'ec2',
    'acme/gone',
    notFound,
    ['external-image-not-found'],
  ],
  ['an image for other CPUs', 'public', 'acme/arm', umbrella, ['platform-mismatch']],
  ['an image for other CPUs than the instance has', 'ec2', 'acme/arm', umbrella, ['platform-mismatch']],
  [
    'a private image without credentials',
    'public',
    'acme/private',
    umbrella,
    ['registry-credentials-unusable'],
  ],
  ['a private image, and the instance may have credentials', 'ec2', 'acme/private', umbrella, []],
  ['an image that is there', 'public', 'acme/app', umbrella, []],
  ['an image that is there by now', 'ec2', 'acme/app', notFound, []],
  ['a registry that limits us', 'public', 'acme/limited', umbrella, []],
  ['a registry that sends us elsewhere', 'public', 'acme/moved', umbrella, []],
])('%s (%s)', async (_, kind, repository, text, checks) => {
  expect(await diagnosed(kind, repository, text)).toEqual(checks);
  expect(asked.length).toBeLessThanOrEqual(4);
});
