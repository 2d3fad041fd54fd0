import type { EcrImage, Fact } from '../model/facts.ts';
import { remedyFor, whyUnknown } from '../network/hop.ts';
import { undecided } from './define.ts';

/** The answer where what Amazon ECR knows could not be read: whom to ask what. */
export const couldNotRead = (
  image: EcrImage,
  what: string,
  fact: Extract<Fact<unknown>, { status: 'unknown' }>,
) =>
  undecided(
    `${what} of \`${image.image}\` could not be read: ${whyUnknown(fact)}`,
    [image.repositoryArn],
    remedyFor(fact),
  );

/** A repository under the prefix of a pull-through cache rule need not be there yet. */
export const isCached = ({ pullThroughCacheRule }: EcrImage): boolean =>
  pullThroughCacheRule.status === 'known' && pullThroughCacheRule.value !== null;

/** What cannot be proven of an image while nobody knows whether a pull-through cache fills its repository: one line for each. */
export const perhapsCached = (images: readonly EcrImage[]): readonly string[] =>
  images.flatMap(({ repositoryArn, pullThroughCacheRule: rule }) =>
    rule.status === 'unknown'
      ? [`Whether a pull-through cache fills \`${repositoryArn}\` could not be read: ${whyUnknown(rule)}`]
      : [],
  );
