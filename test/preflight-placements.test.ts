import { expect, test } from '@jest/globals';
import { defineCheck, everyStep, found, ruledOut } from '../lambda/checks/define.ts';
import type { Check, Outcome } from '../lambda/model/check.ts';
import type { EcrImage, Snapshot } from '../lambda/model/facts.ts';
import { preflight } from '../lambda/preflight.ts';
import { known, refused } from './support/asking.ts';
import { snapshotOf } from './support/snapshots.ts';

const healthy = snapshotOf('healthy-nat-token');
const source = { title: 'a title', section: 'a section', url: 'https://example.com/' };

/** A check that says one thing after another of the placements, in their order. */
function saying(id: string, ...outcomes: readonly Outcome[]): Check {
  let asked = 0;
  return defineCheck({
    id,
    cause: 'A cause',
    source,
    needs: ['task'],
    examine: () => outcomes[asked++ % outcomes.length] ?? ruledOut('nothing is wrong'),
  });
}
const because = (certainty: 'proven' | 'likely', evidence: string, hop?: number): Outcome =>
  found(certainty, {
    evidence: [evidence],
    resources: ['gone'],
    closes: everyStep,
    fixes: [],
    ...(hop !== undefined && { hop }),
  });

test.each<[string, readonly Outcome[], object]>([
  ['is proven in both', [because('proven', 'a'), because('proven', 'b')], { blocking: ['a'], likely: [] }],
  ['is likely in both', [because('likely', 'a'), because('likely', 'b')], { blocking: [], likely: ['a'] }],
  [
    'is proven in the second',
    [because('likely', 'a'), because('proven', 'b')],
    { blocking: [], likely: ['b'] },
  ],
  [
    'is proven in the first',
    [because('proven', 'a'), because('likely', 'b')],
    { blocking: [], likely: ['a'] },
  ],
  ['is ruled out in the second', [because('proven', 'a'), ruledOut('c')], { blocking: [], likely: ['a'] }],
  ['is ruled out in the first', [ruledOut('c'), because('proven', 'b')], { blocking: [], likely: ['b'] }],
  ['is ruled out in both', [ruledOut('c'), ruledOut('c')], { blocking: [], likely: [] }],
])('of two placements, what %s', (_, outcomes, expected) => {
  const { blocking, likely } = preflight([healthy, healthy], [saying('a-check', ...outcomes)]);
  const first = (findings: typeof blocking) => findings.map(({ evidence }) => evidence[0]);

  expect({ blocking: first(blocking), likely: first(likely) }).toEqual(expected);
});

test('what a packet meets comes first, in its order, and all else in that of the catalogue', () => {
  const catalogue = (
    [
      ['far', 9],
      ['of-the-image', undefined],
      ['near', 1],
      ['of-the-role', undefined],
      ['between', 5],
      ['of-a-secret', undefined],
    ] as const
  ).map(([id, hop]) => saying(id, because('proven', id, hop)));

  expect(preflight([healthy], catalogue).blocking.map(({ check }) => check.id)).toEqual([
    'near',
    'between',
    'far',
    'of-the-image',
    'of-the-role',
    'of-a-secret',
  ]);
});

const image = (change: Partial<EcrImage>) => ({
  image: 'gone',
  manifest: known(null),
  pullThroughCacheRule: known(null),
  ...change,
});
const there = known({ digest: 'sha256:0a' }) as never;
const rule = known({ prefix: 'hub' }) as never;
test.each<[string, Snapshot['facts']['ecrImages'] | object, boolean]>([
  ['it is not there', known([image({})]), true],
  [
    'it is not there, and another one is',
    known([image({ image: 'other', manifest: there }), image({})]),
    true,
  ],
  ['it is there', known([image({ manifest: there })]), false],
  ['nobody may look', known([image({ manifest: refused })]), false],
  ['a cache may bring it', known([image({ pullThroughCacheRule: rule })]), false],
  ['the rules of the cache are not known', known([image({ pullThroughCacheRule: refused })]), false],
  ['only another one is not there', known([image({ image: 'other' })]), false],
  [
    'another one is not there, and it is',
    known([image({ image: 'other' }), image({ manifest: there })]),
    false,
  ],
  ['the images are not known', refused, false],
])('that a rule took an image is likely; whether that blocks, where %s', (_, ecrImages, blocks) => {
  const of = (images: unknown) =>
    ({ ...healthy, facts: { ...healthy.facts, ecrImages: images } }) as unknown as Snapshot;
  const catalogue = [saying('image-expired-by-lifecycle-policy', because('likely', 'taken'))];

  expect(preflight([of(ecrImages)], catalogue).blocking).toHaveLength(blocks ? 1 : 0);
  expect(preflight([of(known([image({})])), of(ecrImages)], catalogue).blocking).toHaveLength(blocks ? 1 : 0);
  expect(
    preflight([of(ecrImages)], [saying('another-check', because('likely', 'taken'))]).blocking,
  ).toHaveLength(0);
});

test('of several placements the one is drawn that a connection does not leave, even if others do', () => {
  const partly = snapshotOf('endpoint-for-layers-missing');
  const ends = ({ paths }: ReturnType<typeof preflight>) =>
    paths.map(({ hops }) => hops.some(({ verdict }) => verdict === 'closed'));

  expect(new Set(ends(preflight([partly])))).toEqual(new Set([true, false]));
  expect(ends(preflight([healthy, partly]))).toContain(true);
});
