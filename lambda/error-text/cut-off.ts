/** How the texts end that say why: one letter less, and a pattern would not know them. */
const endings = [
  'no space left on device',
  'There is not enough space on the disk',
  'read-only file system',
  'input/output error',
  'no basic auth credentials',
  'requested access to the resource is denied',
  'your authorization token has expired',
  'unauthorized',
  'authentication required',
  'Authentication is required',
  'unknown: Authentication is required',
  'invalid username/password',
  'insufficient_scope: authorization failed',
  'has the permissions to pull images',
  'no identity-based policy allows',
  'in a resource-based policy',
  'in a service control policy',
  'in a resource control policy',
  'in a VPC endpoint policy',
  'in a permissions boundary',
  'Access to KMS is not allowed',
  'Check whether the image exists',
  'repository does not exist',
  'rejected by policy',
  'manifest unknown',
  'not found',
  'invalid reference format',
  'object required',
  'does not contain descriptor matching platform',
  'cannot be used on this platform',
  'does not match the expected platform',
  'no match for platform',
  'no longer supported since containerd',
  'missing signature key',
  'max depth exceeded',
  "layers and diffIDs don't match",
  "layers from manifest don't match image configuration",
  'magic number mismatch',
  'digest mismatch',
  'unexpected EOF',
  'filesystem layer verification failed',
  'failed size validation',
  'toomanyrequests',
  'Too Many Requests',
  'Rate exceeded',
  'Forbidden',
  'Proxy Authentication Required',
  'http: server gave HTTP response to HTTPS client',
  'certificate signed by unknown authority',
  'remote error: tls: handshake failure',
  'net/http: TLS handshake timeout',
  'net/http: request canceled while waiting for connection',
  'connection refused',
  'connection reset by peer',
  'connection timed out',
  'context deadline exceeded',
  'Check your network configuration',
  'Check your task network configuration',
  'no such host',
  'no such file or directory',
  'no such image',
  'server misbehaving',
  'Could not reach any registry endpoint',
  'inactivity time exceeded timeout while pulling image',
  'unknown: service unavailable',
  'Service Unavailable',
  'Internal Server Error',
  'Bad Gateway',
  'did not contain json key',
  "can't find the specified secret",
  'Bad response from Docker engine',
];

/** Shorter beginnings, and first words alone, are those of too many phrases. */
const shortest = 7;

/** What is missing from the endings that begin so. */
const rests = new Map<string, string[]>();
for (const ending of endings) {
  const lower = ending.toLowerCase();
  const least = Math.max(shortest, lower.indexOf(' ') + 2);
  for (let length = least; length < lower.length; length += 1) {
    const beginning = lower.slice(0, length);
    rests.set(beginning, [...(rests.get(beginning) ?? []), ending.slice(length)]);
  }
}

const longest = Math.max(...endings.map(({ length }) => length)) - 1;

/**
 * The text with its last words made whole: agents, consoles and people cut texts at some length, in the middle of a word. Where
 * what is left could go on in more ways than one, it stays as it is.
 */
export function completed(text: string): string {
  // Bounded, or a text of nothing but quotes would be gone through for each of them.
  const end = text.replace(/\s?(?:\.{2,9}|…)?["'}\]\s]{0,20}$/, '');
  const said = end.slice(-longest - 1).toLowerCase();
  const possible = new Set<string>();
  for (let length = Math.min(longest, said.length); length >= shortest; length -= 1)
    if (!/\w/.test(said.at(-length - 1) ?? ' '))
      for (const rest of rests.get(said.slice(-length)) ?? []) possible.add(rest);
  const [rest] = possible;
  return possible.size === 1 ? end + rest : text;
}
