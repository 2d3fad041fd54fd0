import {
  type LifecycleAnswer,
  lifecycleRuleThatTook,
  type TagThere,
} from '../../lambda/image/lifecycle-policy.ts';

const now = '2026-05-31T12:00:00Z';
const daysAgo = (days: number) => new Date(Date.parse(now) - days * 24 * 60 * 60 * 1000).toISOString();

type Selection = Record<string, unknown>;
const newest = (countNumber: number): Selection => ({ countType: 'imageCountMoreThan', countNumber });
const pushed = (countNumber: number): Selection => ({
  countType: 'sinceImagePushed',
  countUnit: 'days',
  countNumber,
});
const tagged = (...tagPatternList: string[]): Selection => ({ tagStatus: 'tagged', tagPatternList });
const untagged: Selection = { tagStatus: 'untagged' };
const any: Selection = { tagStatus: 'any' };
const archived: Selection = {
  storageClass: 'archive',
  countType: 'sinceImageTransitioned',
  countUnit: 'days',
  countNumber: 90,
};
const archive = { type: 'transition', targetStorageClass: 'archive' };

/** Rules with the priorities 1, 2, 3, which expire unless they say otherwise. */
const policy = (...rules: (Selection | { selection: Selection; action: unknown })[]) =>
  JSON.stringify({
    rules: rules.map((rule, index) => ({
      rulePriority: index + 1,
      selection: 'selection' in rule ? rule.selection : rule,
      action: 'action' in rule ? rule.action : { type: 'expire' },
    })),
  });

const there = (...tags: string[]): TagThere[] =>
  tags.map((tag) => ({ tag, digest: `sha256:${tag}`, pushedAt: daysAgo(1) }));
const gone = (...tags: string[]) => ({ tags, pushedAt: null });
const byDigest = gone();

const outcome = (answer: LifecycleAnswer | null) =>
  answer === null ? 'none' : 'rule' in answer ? answer.rule.priority : answer.certainty;

describe('which images a rule is about', () => {
  const others = there('v1', 'v2', 'w1', 'w2');

  test.each<[string, Selection[], { tags: string[]; pushedAt: null }, number | string]>([
    ['a pattern takes the tags that fit', [{ ...tagged('v*'), ...newest(2) }], gone('v0'), 1],
    ['a pattern leaves other tags', [{ ...tagged('v*'), ...newest(2) }], gone('x0'), 'none'],
    ['a pattern is compared with the whole tag', [{ ...tagged('v'), ...pushed(2) }], gone('v0'), 'none'],
    ['a pattern without wildcards is a tag', [{ ...tagged('v0'), ...pushed(2) }], gone('v0'), 1],
    ['a pattern may have wildcards anywhere', [{ ...tagged('*-rc*-x'), ...pushed(2) }], gone('v1-rc2-x'), 1],
    ['the parts of a pattern do not overlap', [{ ...tagged('ab*ba'), ...pushed(2) }], gone('aba'), 'none'],
    ['the parts of a pattern keep their order', [{ ...tagged('*b*a*'), ...pushed(2) }], gone('aab'), 'none'],
    ['a star fits every tag', [{ ...tagged('*'), ...pushed(2) }], gone('v0'), 1],
    ['a dot is a dot', [{ ...tagged('v.'), ...pushed(2) }], gone('v0'), 'none'],
    ['a prefix is a pattern', [{ tagStatus: 'tagged', tagPrefixList: ['v'], ...pushed(2) }], gone('v0'), 1],
    ['all patterns must fit', [{ ...tagged('v*', '*0'), ...pushed(2) }], gone('v0'), 1],
    [
      'several tags together fit several patterns',
      [{ ...tagged('v*', 'w*'), ...pushed(2) }],
      gone('v0', 'w0'),
      1,
    ],
    ['another tag might have fitted', [{ ...tagged('v*', 'w*'), ...pushed(2) }], gone('v0'), 'cannot-tell'],
    [
      'a tag is never taken by a rule for untagged images',
      [{ ...untagged, ...pushed(2) }],
      gone('v0'),
      'none',
    ],
    ['a digest is taken by a rule for untagged images', [{ ...untagged, ...pushed(2) }], byDigest, 1],
    [
      'a digest may be taken by a rule for tagged images',
      [{ ...tagged('v*'), ...pushed(2) }],
      byDigest,
      'cannot-tell',
    ],
    [
      'a rule for untagged images is likelier',
      [
        { ...tagged('v*'), ...pushed(2) },
        { ...untagged, ...newest(1) },
      ],
      byDigest,
      2,
    ],
    ['a rule for any image takes a tag', [{ ...any, ...pushed(2) }], gone('v0'), 1],
    ['a rule for any image takes a digest', [{ ...any, ...pushed(2) }], byDigest, 1],
    ['no rule takes nothing', [], gone('v0'), 'none'],
  ])('%s', (_name, rules, image, expected) => {
    expect(outcome(lifecycleRuleThatTook(policy(...rules), image, others, now))).toBe(expected);
  });
});

describe('rules that keep the newest images', () => {
  const rule = { ...tagged('v*'), ...newest(3) };

  test.each<[string, TagThere[], number | string]>([
    ['take one if so many are there as are kept', there('v1', 'v2', 'v3'), 1],
    ['take one if more are there', there('v1', 'v2', 'v3', 'v4'), 1],
    ['take none if fewer are there', there('v1', 'v2'), 'none'],
    ['count only images that they are about', there('v1', 'v2', 'w3', 'w4'), 'none'],
    ['count images, not tags', [...there('v1', 'v2'), { ...there('v1')[0], tag: 'v3' } as TagThere], 'none'],
  ])('%s', (_name, others, expected) => {
    expect(outcome(lifecycleRuleThatTook(policy(rule), gone('v0'), others, now))).toBe(expected);
  });

  test('count only images that are newer, if the age of the image is known', () => {
    const others = there('v1', 'v2', 'v3');

    expect(
      outcome(lifecycleRuleThatTook(policy(rule), { tags: ['v0'], pushedAt: daysAgo(9) }, others, now)),
    ).toBe(1);
    expect(
      outcome(lifecycleRuleThatTook(policy(rule), { tags: ['v0'], pushedAt: daysAgo(0) }, others, now)),
    ).toBe('none');
  });

  test('may count untagged images that nobody listed', () => {
    const others = there('v1', 'v2');

    expect(outcome(lifecycleRuleThatTook(policy({ ...any, ...newest(2) }), gone('v0'), others, now))).toBe(1);
    expect(outcome(lifecycleRuleThatTook(policy({ ...any, ...newest(3) }), gone('v0'), others, now))).toBe(
      'cannot-tell',
    );
  });
});

describe('rules that go by age', () => {
  const rule = { ...tagged('v*'), ...pushed(14) };

  test.each<[string, string | null, number | string]>([
    ['take an image of unknown age', null, 1],
    ['take an image that is older', daysAgo(15), 1],
    ['leave an image that is younger', daysAgo(13), 'none'],
    ['take an image whose age cannot be read', 'yesterday', 1],
  ])('%s', (_name, pushedAt, expected) => {
    expect(outcome(lifecycleRuleThatTook(policy(rule), { tags: ['v0'], pushedAt }, [], now))).toBe(expected);
  });

  test.each<[string, string, number, number | string]>([
    ['an older image that is still there makes it doubtful', 'v1', 20, 'cannot-tell'],
    ['an older image of another kind does not', 'w1', 20, 1],
    ['an image that is about to go does not', 'v1', 14.5, 1],
  ])('%s', (_name, tag, days, expected) => {
    const others = [{ tag, digest: 'sha256:1', pushedAt: daysAgo(days) }];

    expect(outcome(lifecycleRuleThatTook(policy(rule), gone('v0'), others, now))).toBe(expected);
  });

  test('an older image that another rule keeps makes nothing doubtful', () => {
    const others = [{ tag: 'prod-1', digest: 'sha256:1', pushedAt: daysAgo(400) }];
    const rules = policy({ ...tagged('prod-*'), ...newest(9) }, { ...any, ...pushed(14) });

    expect(outcome(lifecycleRuleThatTook(rules, gone('v0'), others, now))).toBe(2);
  });

  test('without the time an image of unknown age is still taken', () => {
    expect(outcome(lifecycleRuleThatTook(policy(rule), gone('v0'), there('v1'), ''))).toBe(1);
  });
});

describe('several rules', () => {
  test('the first that fits in the order of priority takes the image', () => {
    const rule = (rulePriority: number) => ({
      rulePriority,
      selection: { ...tagged('v*'), ...pushed(rulePriority) },
      action: { type: 'expire' },
    });

    const answer = lifecycleRuleThatTook(JSON.stringify({ rules: [rule(20), rule(3)] }), gone('v0'), [], now);

    expect(outcome(answer)).toBe(3);
  });

  test('a rule that spares an image shields it from the rules after it', () => {
    const rules = policy({ ...tagged('prod-*'), ...newest(9999) }, { ...any, ...pushed(30) });

    expect(outcome(lifecycleRuleThatTook(rules, gone('prod-1'), there('prod-2'), now))).toBe('none');
    expect(outcome(lifecycleRuleThatTook(rules, gone('dev-1'), there('prod-2'), now))).toBe(2);
  });
});

describe('the archive', () => {
  const toArchive = {
    selection: { ...any, countType: 'sinceImagePulled', countUnit: 'days', countNumber: 60 },
    action: archive,
  };

  test.each<[string, string, number | string]>([
    ['a rule that archives removes nothing', policy(toArchive), 'none'],
    ['a rule for archived images takes what another archived', policy(toArchive, { ...any, ...archived }), 2],
    ['a rule for archived images alone is doubtful', policy({ ...any, ...archived }), 'cannot-tell'],
    [
      'a rule that archives shields what is not archived yet',
      policy(toArchive, { ...any, ...pushed(90) }),
      'none',
    ],
    [
      'a rule that expires by the last pull does not exist',
      policy({ ...toArchive.selection }),
      'cannot-tell',
    ],
  ])('%s', (_name, text, expected) => {
    expect(outcome(lifecycleRuleThatTook(text, gone('v0'), there('v1'), now))).toBe(expected);
  });
});

describe('what is said', () => {
  test.each<[string, Selection, readonly string[]]>([
    ['expires images tagged `v*` when there are more than 1', { ...tagged('v*'), ...newest(1) }, ['v0']],
    [
      'expires images tagged `v*` and `*0` that were pushed more than 14 days ago',
      { ...tagged('v*', '*0'), ...pushed(14) },
      ['v0'],
    ],
    [
      'expires images tagged `v*` that were pushed more than 1 day ago',
      { tagStatus: 'tagged', tagPrefixList: ['v'], ...pushed(1) },
      ['v0'],
    ],
    ['expires untagged images when there are more than 5', { ...untagged, ...newest(5) }, []],
    ['expires images, tagged or not, when there are more than 1', { ...any, ...newest(1) }, ['v0']],
  ])('a rule %s', (says, rule, tags) => {
    expect(lifecycleRuleThatTook(policy(rule), { tags, pushedAt: null }, there('v1'), now)).toEqual({
      rule: { priority: 1, description: null, says },
      certainty: 'likely',
    });
  });

  test('a description is passed on', () => {
    const text = JSON.stringify({
      rules: [
        {
          rulePriority: 7,
          description: 'keep it small',
          selection: { ...any, ...newest(1) },
          action: { type: 'expire' },
        },
      ],
    });

    expect(lifecycleRuleThatTook(text, gone('v0'), there('v1'), now)).toMatchObject({
      rule: { description: 'keep it small' },
    });
  });

  test('a doubt names its rule', () => {
    expect(
      lifecycleRuleThatTook(policy({ ...tagged('v*', 'w*'), ...pushed(2) }), gone('v0'), [], now),
    ).toEqual({
      certainty: 'cannot-tell',
      because:
        'rule `1`, which expires images tagged `v*` and `w*` that were pushed more than 2 days ago: whether the image also had a tag like `w*` is not known',
    });
  });

  test('an archived image is what a rule for archived images expires', () => {
    const rules = policy({ selection: { ...any, ...pushed(30) }, action: archive }, { ...any, ...archived });

    expect(lifecycleRuleThatTook(rules, gone('v0'), [], now)).toMatchObject({
      rule: { says: 'expires images, tagged or not, that were archived more than 90 days ago' },
    });
  });
});

test.each([
  '',
  'null',
  '{}',
  '{"rules":7}',
  '{"rules":[null]}',
  policy({ ...any, countType: 'sinceImageSigned', countNumber: 1 }),
  policy({ ...any, ...pushed(1), countUnit: 'hours' }),
  policy({ tagStatus: 'tagged', ...pushed(1) }),
  policy({ selection: { ...any, ...pushed(1) }, action: { type: 'hide' } }),
])('a policy that cannot be read tells nothing: %s', (text) => {
  expect(lifecycleRuleThatTook(text, gone('v0'), [], now)).toEqual({
    certainty: 'cannot-tell',
    because: 'the lifecycle policy of the repository cannot be read',
  });
});
