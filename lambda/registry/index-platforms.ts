import * as v from 'valibot';

/**
 * The platforms of an image index, e.g. `linux/arm64/v8`, or `null` if the text is none.
 * https://github.com/opencontainers/image-spec/blob/main/image-index.md
 */
export function platformsIn(body: string): readonly string[] | null {
  const index = v.safeParse(indexSchema, body);
  if (!index.success) return null;
  const platforms = index.output.manifests.flatMap(({ platform }) => {
    if (!platform) return [];
    const { os, architecture, variant } = platform;
    // Attestations stand beside the images, for no platform.
    if (os === 'unknown' || architecture === 'unknown') return [];
    return [[os, architecture, ...(variant ? [variant] : [])].join('/')];
  });
  return [...new Set(platforms)];
}

const word = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,31}$/));
const platform = v.object({
  os: word,
  architecture: word,
  variant: v.nullish(v.union([word, v.literal('')])),
});
const indexSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    manifests: v.pipe(v.array(v.object({ platform: v.nullish(platform) })), v.maxLength(200)),
  }),
);
