import { fitsTagPattern, type LifecycleRule, readLifecycleRules, says } from './lifecycle-rules.ts';

/** An image that is gone. `tags` is empty for one that was asked for by its digest: which tags it had is then not known. */
export interface GoneImage {
  readonly tags: readonly string[];
  readonly pushedAt: string | null;
}

/** A tag of an image that is still there. */
export interface TagThere {
  readonly tag: string;
  readonly digest: string;
  readonly pushedAt: string | null;
}

/** The rule that took an image, as far as can be told without its history. */
export type LifecycleAnswer =
  | {
      readonly rule: {
        readonly priority: number;
        readonly description: string | null;
        readonly says: string;
      };
      readonly certainty: 'likely';
    }
  | { readonly certainty: 'cannot-tell'; readonly because: string };

type Answer = 'yes' | 'no' | { readonly because: string };

/**
 * The rule of a lifecycle policy that took an image which is not in its repository any more, or `null` if none could have.
 * That a rule fits is never proof: somebody may have deleted the image, or it may never have been there.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function lifecycleRuleThatTook(
  policy: string,
  image: GoneImage,
  others: readonly TagThere[],
  now: string,
): LifecycleAnswer | null {
  const rules = readLifecycleRules(policy);
  if (!rules) return cannotTell('the lifecycle policy of the repository cannot be read');
  const there = imagesOf(others);
  let doubt: string | null = null;
  for (const rule of rules) {
    const selected = selects(rule, image.tags);
    if (selected === 'no' || (selected === 'yes' && isShielded(rule, rules, image.tags))) continue;
    const taken = selected === 'yes' ? took(rule, rules, image, there, now) : selected;
    if (taken === 'yes')
      return {
        rule: { priority: rule.priority, description: rule.description, says: says(rule) },
        certainty: 'likely',
      };
    if (taken !== 'no') doubt ??= `rule \`${rule.priority}\`, which ${says(rule)}: ${taken.because}`;
  }
  return doubt === null ? null : cannotTell(doubt);
}

const cannotTell = (because: string): LifecycleAnswer => ({ certainty: 'cannot-tell', because });

interface ImageThere {
  readonly tags: readonly string[];
  readonly pushedAt: number | null;
}

function imagesOf(others: readonly TagThere[]): readonly ImageThere[] {
  return [...new Set(others.map(({ digest }) => digest))].map((digest) => {
    const tags = others.filter((one) => one.digest === digest);
    return {
      tags: tags.map(({ tag }) => tag),
      pushedAt: instantOf(tags.find(({ pushedAt }) => pushedAt !== null)?.pushedAt ?? null),
    };
  });
}

function instantOf(text: string | null): number | null {
  const instant = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}

/** Whether an image with these tags is one that the rule is about. */
function selects({ tagStatus, tagPatterns }: LifecycleRule, tags: readonly string[]): Answer {
  if (tagStatus === 'any') return 'yes';
  if (tagStatus === 'untagged') return tags.length === 0 ? 'yes' : 'no';
  if (tags.length === 0) return { because: 'which tags the image had is not known' };
  const missing = tagPatterns.filter((pattern) => !tags.some((tag) => fitsTagPattern(pattern, tag)));
  if (missing.length === 0) return 'yes';
  if (missing.length === tagPatterns.length) return 'no';
  return {
    because: `whether the image also had a tag like ${missing.map((one) => `\`${one}\``).join(' and ')} is not known`,
  };
}

/**
 * An image that a rule selects is safe from the rules after it, even if the rule spares it.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html#lp_evaluation_rules
 */
const isShielded = (rule: LifecycleRule, rules: readonly LifecycleRule[], tags: readonly string[]): boolean =>
  rules.some(
    (other) =>
      other.priority < rule.priority &&
      other.storageClass === rule.storageClass &&
      selects(other, tags) === 'yes',
  );

/** Whether a rule that selects an image can have removed it. */
function took(
  rule: LifecycleRule,
  rules: readonly LifecycleRule[],
  image: GoneImage,
  there: readonly ImageThere[],
  now: string,
): Answer {
  // An archived image is still in its repository.
  if (rule.action === 'transition') return 'no';
  switch (rule.countType) {
    case 'imageCountMoreThan':
      return tookByCount(rule, image, there);
    case 'sinceImagePushed':
      return tookByAge(rule, rules, image, there, now);
    case 'sinceImagePulled':
      return { because: 'Amazon ECR archives by the last pull and does not expire by it' };
    case 'sinceImageTransitioned':
      return rules.some((other) => other.action === 'transition' && selects(other, image.tags) === 'yes')
        ? 'yes'
        : { because: 'it takes archived images only, and no rule archives images like this one' };
  }
}

/** The newest images stay. So many must be there now, or there were not more of them. */
function tookByCount(rule: LifecycleRule, { pushedAt }: GoneImage, there: readonly ImageThere[]): Answer {
  // The list has tagged images only.
  if (rule.tagStatus === 'untagged') return 'yes';
  const gone = instantOf(pushedAt);
  const newer = there.filter(
    (one) =>
      selects(rule, one.tags) === 'yes' && (gone === null || one.pushedAt === null || one.pushedAt >= gone),
  );
  if (newer.length >= rule.countNumber) return 'yes';
  return rule.tagStatus === 'any' ? { because: 'how many untagged images there are is not known' } : 'no';
}

const day = 24 * 60 * 60 * 1000;

/** Rules act within a day. Where older images of the same kind have survived, this one need not have been taken either. */
function tookByAge(
  rule: LifecycleRule,
  rules: readonly LifecycleRule[],
  image: GoneImage,
  there: readonly ImageThere[],
  now: string,
): Answer {
  const today = instantOf(now);
  const pushed = instantOf(image.pushedAt);
  if (today !== null && pushed !== null) return today - pushed > rule.countNumber * day ? 'yes' : 'no';
  if (today === null) return 'yes';
  const survivor = there.find(
    ({ tags, pushedAt }) =>
      pushedAt !== null &&
      today - pushedAt > (rule.countNumber + 1) * day &&
      selects(rule, tags) === 'yes' &&
      !isShielded(rule, rules, tags),
  );
  return survivor ? { because: `\`${survivor.tags[0]}\` is as old and still there` } : 'yes';
}
