import { distance } from 'fastest-levenshtein';
import type { EcrTag } from '../model/facts.ts';

/** The tags that look most like a missing one: what was probably meant. At most three, the nearest first. */
export function nearestTags(tag: string, others: readonly EcrTag[]): readonly string[] {
  const reach = Math.max(2, Math.ceil(tag.length / 3));
  return others
    .map((other) => ({
      tag: other.tag,
      far:
        other.tag.includes(tag) || tag.includes(other.tag)
          ? 1
          : distance(tag.slice(0, 128), other.tag.slice(0, 128)),
    }))
    .filter(({ far }) => far <= reach)
    .toSorted((a, b) => a.far - b.far)
    .slice(0, 3)
    .map((one) => one.tag);
}
