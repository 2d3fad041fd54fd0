/**
 * The parameters of the one `Bearer` challenge in a `WWW-Authenticate` header, or `null` if there is none, there are two, or
 * a parameter is given twice: what can be read in two ways is not read. https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function bearerChallenge(header: string | null): ReadonlyMap<string, string> | null {
  if (header === null || header.length > longest) return null;
  let found: Map<string, string> | null = null;
  let current: Map<string, string> | null = null;
  // Registries do not always quote: `service=gcr.io`, `scope=repository:acme/app:pull`.
  const parameter = /\s*(?:([a-z][\w-]*)\s+)?([a-z][\w-]*)=(?:"([^"\\]*)"|([^\s",=]+))\s*(?:,|$)/iy;
  while (parameter.lastIndex < header.length) {
    const match = parameter.exec(header);
    if (!match) return null;
    const [, scheme, name = '', quoted, plain = ''] = match;
    if (scheme !== undefined) current = new Map();
    if (scheme?.toLowerCase() === 'bearer') {
      if (found) return null;
      found = current;
    }
    if (!current || current.has(name.toLowerCase())) return null;
    current.set(name.toLowerCase(), quoted ?? plain);
  }
  return found;
}

const longest = 2_048;
