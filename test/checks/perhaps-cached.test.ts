import { expect, test } from '@jest/globals';
import { diagnose } from '../../lambda/diagnose.ts';
import type { Snapshot } from '../../lambda/model/facts.ts';
import { snapshotOf } from '../support/snapshots.ts';

/** The incident, looked at by somebody who may not read the rules of the pull-through cache. */
function withoutCacheRules(name: string): Snapshot {
  const snapshot = snapshotOf(name);
  const { ecrImages } = snapshot.facts;
  if (ecrImages.status !== 'known') throw new Error('the incident must know its images');
  const value = ecrImages.value.map((image) => ({
    ...image,
    pullThroughCacheRule: {
      status: 'unknown' as const,
      why: 'refused' as const,
      action: 'ecr:DescribePullThroughCacheRules',
      error: 'AccessDeniedException',
    },
  }));
  return { ...snapshot, facts: { ...snapshot.facts, ecrImages: { status: 'known', value } } };
}

test.each([
  ['repository-missing', 'repository-not-found'],
  ['pull-through-cache-fails', 'repository-not-found'],
  ['tag-missing', 'image-not-found'],
  ['pinned-digest-gone', 'pinned-digest-gone'],
])('%s: nothing is proven of an image that a pull-through cache may fill', (name, id) => {
  const [cause] = diagnose(withoutCacheRules(name)).causes;

  expect(cause).toMatchObject({ check: { id }, certainty: 'likely' });
  expect(cause?.evidence.at(-1)).toContain('ecr:DescribePullThroughCacheRules');
});

test.each([
  ['repository-missing', 'repository-not-found'],
  ['tag-missing', 'image-not-found'],
  ['pinned-digest-gone', 'pinned-digest-gone'],
])('%s: it is proven where the rules are known', (name, id) => {
  expect(diagnose(snapshotOf(name)).causes[0]).toMatchObject({ check: { id }, certainty: 'proven' });
});
