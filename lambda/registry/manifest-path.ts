/** What of an image reference the registry is asked about. */
export interface ImageName {
  /** A name of parts such as `library/nginx`. */
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

/**
 * The path of an image's manifest, or `null` if a part breaks the grammar of the protocol. The grammar has no character that
 * a URL could read as something else. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 */
export function manifestPath({ repository, tag, digest }: ImageName): string | null {
  if (!isRepositoryName(repository)) return null;
  // A digest wins over a tag, as in the container runtimes.
  if (digest !== null) return isDigest(digest) ? `/v2/${repository}/manifests/${digest}` : null;
  const reference = tag ?? 'latest';
  return /^\w[\w.-]{0,127}$/.test(reference) ? `/v2/${repository}/manifests/${reference}` : null;
}

/** Whether a text is a digest of an algorithm that registries know. https://github.com/opencontainers/image-spec/blob/main/descriptor.md#registered-algorithms */
export const isDigest = (text: string): boolean =>
  /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text);

// Each part by itself, so that no name takes long to read.
const isRepositoryName = (text: string) => text.length <= 255 && text.split('/').every(isPart);
const isPart = (part: string) => /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/.test(part);
