import { type LifecycleAnswer, lifecycleRuleThatTook } from '../image/lifecycle-policy.ts';
import type { EcrImage, ImageReference } from '../model/facts.ts';

/** What the lifecycle policy of its repository says of a missing image; `null` if there is none, or none of its rules could have taken it. */
export function lifecycleAnswer(
  image: EcrImage,
  images: readonly ImageReference[],
  now: string,
): LifecycleAnswer | null {
  const { lifecyclePolicy, otherTags } = image;
  const reference = images.find(({ text }) => text === image.image);
  if (
    lifecyclePolicy?.status !== 'known' ||
    !lifecyclePolicy.value ||
    otherTags?.status !== 'known' ||
    !reference
  )
    return null;
  // Of an image that is asked for by its digest nobody knows which tags it had.
  const tags = reference.tag && !reference.digest ? [reference.tag] : [];
  return lifecycleRuleThatTook(lifecyclePolicy.value, { tags, pushedAt: null }, otherTags.value, now);
}

/** The lifecycle rule that must have taken a missing image, or `null` if none could, or none is known. */
export function takenByLifecyclePolicy(image: EcrImage, images: readonly ImageReference[], now: string) {
  const answer = lifecycleAnswer(image, images, now);
  return answer && 'rule' in answer ? answer : null;
}
