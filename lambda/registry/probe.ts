import type { RegistryAnswer } from '../model/facts.ts';
import { noAnswer, notChecked } from './answer.ts';
import { type RegistryHost, registryHost } from './hosts.ts';
import { platformsIn } from './index-platforms.ts';
import { type ImageName, isDigest, manifestPath } from './manifest-path.ts';
import { type Answered, type RegistryCall, type Request, request as throughTheInternet } from './request.ts';
import { tokenIn } from './token.ts';
import { tokenCall } from './token-call.ts';

export interface ProbeOptions {
  /** Hosts that the deployer adds to the list; a text that is no host name adds nothing. */
  readonly extraHosts?: readonly string[];
  /** Whether an index is also read for its platforms: one request more. */
  readonly wantsPlatforms?: boolean;
  readonly request?: Request;
  /** For all requests together; at most 10 seconds. @default 3000 */
  readonly timeoutMs?: number;
}

/**
 * Whether a registry outside Amazon ECR has an image, asked as anybody may ask, without credentials and without a pull.
 * At most three requests, four with platforms, never elsewhere than the list of registries says; never throws.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#checking-if-content-exists-in-the-registry
 */
export async function probe(
  image: ImageName & { readonly registry: string },
  {
    extraHosts = [],
    wantsPlatforms = false,
    request = throughTheInternet,
    timeoutMs = 3_000,
  }: ProbeOptions = {},
): Promise<RegistryAnswer> {
  const registry = registryHost(image.registry, extraHosts);
  if (!registry) return notChecked('its registry is not among those that may be asked');
  const path = manifestPath(image);
  if (path === null) return notChecked('its name is none that the protocol of registries allows');
  try {
    const signal = AbortSignal.timeout(Math.min(timeoutMs, 10_000));
    const send: Send = (call) => request({ ...call, signal });
    const { answer, token } = await ask(registry, path, image, send);
    return wantsPlatforms ? await withPlatforms(answer, registry, image, token, send) : answer;
  } catch {
    // Failures of a request are values; what is thrown is a bug, and its text might quote a token.
    return noAnswer(`asking \`${registry.api}\` failed`);
  }
}

type Send = (call: Omit<RegistryCall, 'signal'>) => ReturnType<Request>;

interface Said {
  readonly answer: RegistryAnswer;
  /** With which the registry answered. */
  readonly token: string | null;
}

const withoutToken = (answer: RegistryAnswer): Said => ({ answer, token: null });

async function ask(
  registry: RegistryHost,
  path: string,
  { repository, digest }: ImageName,
  send: Send,
): Promise<Said> {
  const manifest = { method: 'HEAD', host: registry.api, path, accept: manifestTypes } as const;
  const first = await send({ ...manifest, token: null });
  if (first.status !== 'answered') return withoutToken(first);
  if (first.httpStatus !== 401) return withoutToken(said(first, registry.api, digest));

  const where = tokenCall(first.challenge, registry, repository);
  if (!where)
    return withoutToken(
      notChecked(
        `\`${registry.api}\` asks for something other than an anonymous token from its own token service`,
      ),
    );
  const answer = await send({ method: 'GET', ...where, accept: 'application/json', token: null });
  if (answer.status !== 'answered') return withoutToken(answer);
  if (answer.httpStatus !== 200) return withoutToken(otherwise(answer.httpStatus, where.host));
  const token = tokenIn(answer.body);
  if (token === null)
    return withoutToken(noAnswer(`\`${where.host}\` answered with something other than a token`));

  const second = await send({ ...manifest, token });
  return { answer: second.status === 'answered' ? said(second, registry.api, digest) : second, token };
}

/** The answer, with the platforms if the image is an index. Without them it is as good as before. */
async function withPlatforms(
  answer: RegistryAnswer,
  { api }: RegistryHost,
  image: ImageName,
  token: string | null,
  send: Send,
): Promise<RegistryAnswer> {
  if (answer.status !== 'found' || answer.digest === null || !indexTypes.includes(answer.mediaType ?? ''))
    return answer;
  const path = manifestPath({ ...image, digest: answer.digest });
  if (path === null) return answer;
  const index = await send({ method: 'GET', host: api, path, accept: indexTypes.join(', '), token });
  return index.status === 'answered' && index.httpStatus === 200
    ? { ...answer, platforms: platformsIn(index.body) }
    : answer;
}

const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

// Without them a registry may say that it does not have what it has in another form.
const manifestTypes = [
  ...indexTypes,
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** What an answer about a manifest says. */
function said(answer: Answered, host: string, asked: string | null): RegistryAnswer {
  const { httpStatus, mediaType } = answer;
  // A parking page, a portal or a firewall on the way, not a registry.
  if (mediaType === 'text/html' && [200, 401, 403, 404].includes(httpStatus))
    return noAnswer(`\`${host}\` answered with a web page`);
  if (httpStatus === 404) return { status: 'not-found' };
  if (httpStatus !== 200) return otherwise(httpStatus, host);
  const digest = answer.digest !== null && isDigest(answer.digest) ? answer.digest : null;
  if (asked !== null && digest !== null && digest !== asked)
    return noAnswer(`\`${host}\` answered with another digest than it was asked for`);
  return {
    status: 'found',
    digest,
    mediaType: mediaType !== null && isMediaType(mediaType) ? mediaType : null,
    platforms: null,
  };
}

/** What an answer says that is neither yes nor no. */
function otherwise(httpStatus: number, host: string): RegistryAnswer {
  if (httpStatus >= 300 && httpStatus < 400)
    return notChecked(`\`${host}\` answered with a redirect, which is not followed`);
  if (httpStatus === 401 || httpStatus === 403) return { status: 'denied' };
  if (httpStatus === 429) return { status: 'rate-limited' };
  if (httpStatus >= 500 && httpStatus < 600) return { status: 'server-error', httpStatus };
  return noAnswer(`\`${host}\` answered with HTTP ${httpStatus}, which says nothing about the image`);
}

const isMediaType = (text: string) => /^[a-z]+\/[\w.+-]{1,100}$/.test(text);
