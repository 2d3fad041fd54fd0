import * as v from 'valibot';

/** One rule of a lifecycle policy. */
export interface LifecycleRule {
  readonly priority: number;
  readonly description: string | null;
  readonly tagStatus: 'tagged' | 'untagged' | 'any';
  /** The patterns that a tagged image must fit, all of them; prefixes are patterns with a wildcard at the end. */
  readonly tagPatterns: readonly string[];
  readonly storageClass: 'standard' | 'archive';
  readonly countType:
    | 'imageCountMoreThan'
    | 'sinceImagePushed'
    | 'sinceImagePulled'
    | 'sinceImageTransitioned';
  readonly countNumber: number;
  readonly action: 'expire' | 'transition';
}

const tags = v.optional(v.array(v.string()), []);

const ruleSchema = v.pipe(
  v.object({
    rulePriority: v.number(),
    description: v.optional(v.string()),
    selection: v.object({
      tagStatus: v.picklist(['tagged', 'untagged', 'any']),
      tagPrefixList: tags,
      tagPatternList: tags,
      storageClass: v.optional(v.picklist(['standard', 'archive']), 'standard'),
      countType: v.picklist([
        'imageCountMoreThan',
        'sinceImagePushed',
        'sinceImagePulled',
        'sinceImageTransitioned',
      ]),
      countUnit: v.optional(v.literal('days')),
      countNumber: v.number(),
    }),
    action: v.object({ type: v.picklist(['expire', 'transition']) }),
  }),
  v.check(
    ({ selection }) =>
      selection.tagStatus !== 'tagged' ||
      selection.tagPrefixList.length + selection.tagPatternList.length > 0,
  ),
  v.transform(
    ({ rulePriority, description, selection, action }): LifecycleRule => ({
      priority: rulePriority,
      description: description ?? null,
      tagStatus: selection.tagStatus,
      tagPatterns: [...selection.tagPatternList, ...selection.tagPrefixList.map((prefix) => `${prefix}*`)],
      storageClass: selection.storageClass,
      countType: selection.countType,
      countNumber: selection.countNumber,
      action: action.type,
    }),
  ),
);

const policySchema = v.pipe(v.string(), v.parseJson(), v.object({ rules: v.array(ruleSchema) }));

/**
 * The rules of a lifecycle policy, first priority first; `null` for a text that is none, or has what is not known here.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function readLifecycleRules(policy: string): readonly LifecycleRule[] | null {
  const parsed = v.safeParse(policySchema, policy);
  return parsed.success ? parsed.output.rules.toSorted((a, b) => a.priority - b.priority) : null;
}

/** What a rule does, as the end of a sentence that begins with the rule. */
export function says({ action, tagStatus, tagPatterns, countType, countNumber }: LifecycleRule): string {
  const images = {
    tagged: `images tagged ${tagPatterns.map((pattern) => `\`${pattern}\``).join(' and ')}`,
    untagged: 'untagged images',
    any: 'images, tagged or not,',
  }[tagStatus];
  const days = `${countNumber} ${countNumber === 1 ? 'day' : 'days'}`;
  const when = {
    imageCountMoreThan: `when there are more than ${countNumber}`,
    sinceImagePushed: `that were pushed more than ${days} ago`,
    sinceImagePulled: `that were not pulled for more than ${days}`,
    sinceImageTransitioned: `that were archived more than ${days} ago`,
  }[countType];
  return `${action === 'expire' ? 'expires' : 'archives'} ${images} ${when}`;
}

/** Whether a tag fits a pattern, whose only wildcard is `*`. */
export function fitsTagPattern(pattern: string, tag: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return tag === first;
  if (!tag.startsWith(first) || !tag.endsWith(last)) return false;
  let at = first.length;
  for (const part of others) {
    const found = tag.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= tag.length - last.length;
}
