import { isHostName } from './host-name.ts';

/** A registry that may be asked. */
export interface RegistryHost {
  /** Where the distribution API answers. */
  readonly api: string;
  /** Where its anonymous tokens come from; `null`: somewhere on `api` itself, as its answer says. */
  readonly tokens: TokenService | null;
}

/** The one place a registry's tokens are asked for, whatever its answer says. */
export interface TokenService {
  readonly host: string;
  readonly path: string;
  readonly service: string;
}

/** The registry that an image's host stands for, or `null` if it is not on the list, which the deployer may extend. */
export function registryHost(name: string, extraHosts: readonly string[] = []): RegistryHost | null {
  const host = canonical(name);
  if (!isHostName(host)) return null;
  // The list comes first: an extra host cannot loosen what is pinned here.
  const listed = registries.get(host);
  if (listed) return listed;
  return extraHosts.some((extra) => canonical(extra) === host) ? { api: host, tokens: null } : null;
}

/** Only A to Z: `toLowerCase` makes the Kelvin sign a `k`, and another name that of a registry. */
const canonical = (name: string) =>
  name.replace(/:443$/, '').replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const dockerHub: RegistryHost = {
  api: 'registry-1.docker.io',
  tokens: { host: 'auth.docker.io', path: '/token', service: 'registry.docker.io' },
};

/** https://github.com/distribution/reference/blob/main/normalize.go has the names of Docker Hub; the rest is as each registry answers to `/v2/`. */
const registries: ReadonlyMap<string, RegistryHost> = new Map([
  ['docker.io', dockerHub],
  ['index.docker.io', dockerHub],
  ['registry-1.docker.io', dockerHub],
  ['ghcr.io', { api: 'ghcr.io', tokens: { host: 'ghcr.io', path: '/token', service: 'ghcr.io' } }],
  ['quay.io', { api: 'quay.io', tokens: { host: 'quay.io', path: '/v2/auth', service: 'quay.io' } }],
  [
    'public.ecr.aws',
    {
      api: 'public.ecr.aws',
      tokens: { host: 'public.ecr.aws', path: '/token/', service: 'public.ecr.aws' },
    },
  ],
]);
