import { bearerChallenge } from './challenge.ts';
import type { RegistryHost } from './hosts.ts';

/** Where to ask for a token. */
export interface TokenCall {
  readonly host: string;
  readonly path: string;
}

/**
 * Where to ask for the anonymous token that a 401 demands, or `null` if it points elsewhere than it must. A pinned place is
 * only compared with the `realm`, never replaced by it. https://distribution.github.io/distribution/spec/auth/token/
 */
export function tokenCall(
  header: string | null,
  { api, tokens }: RegistryHost,
  repository: string,
): TokenCall | null {
  const challenge = bearerChallenge(header);
  const realm = challenge?.get('realm');
  if (realm === undefined) return null;
  if (tokens) {
    const { host, path, service } = tokens;
    return realm === `https://${host}${path}` ? { host, path: withQuery(path, service, repository) } : null;
  }
  const path = pathOn(api, realm);
  const service = challenge?.get('service') ?? api;
  return path !== null && isService.test(service)
    ? { host: api, path: withQuery(path, service, repository) }
    : null;
}

/** Compared as text: no URL parser means no two URL parsers that disagree about the host. */
function pathOn(host: string, realm: string): string | null {
  const origin = `https://${host}`;
  const path = realm.slice(origin.length);
  return realm.startsWith(origin) && path.length <= 255 && isPath.test(path) ? path : null;
}

// Parts begin with a letter or digit: no `//`, no `/../`, and no `%`, `?`, `#`, `@`, `:` or `\`.
const isPath = /^(?:\/\w[\w.~-]*)+\/?$/;
const isService = /^[\w.:/ -]{1,255}$/;

const withQuery = (path: string, service: string, repository: string) =>
  `${path}?${new URLSearchParams({ service, scope: `repository:${repository}:pull` })}`;
