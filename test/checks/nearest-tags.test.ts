import { expect, test } from '@jest/globals';
import { nearestTags } from '../../lambda/checks/nearest-tags.ts';

const near = (tag: string, ...others: string[]) =>
  nearestTags(
    tag,
    others.map((one) => ({ tag: one, digest: 'sha256:0a', pushedAt: null })),
  );

test.each<[string, readonly string[], readonly string[]]>([
  ['release', ['production', 'relaese'], ['relaese']],
  // Two letters apart is near, also for a short name; three are not.
  ['abcd', ['abxy', 'axyz'], ['abxy']],
  ['v1', ['v1.2.3-alpine-amd64'], ['v1.2.3-alpine-amd64']],
  ['v1.2.3-alpine-amd64', ['v1'], ['v1']],
  ['1.2.30', ['9.9.30', '1.2.3', '1.2.31', '1.2.40', '1.2.10'], ['1.2.3', '1.2.31', '1.2.40']],
])('near to %s among %j are %j', (tag, others, expected) => {
  expect(near(tag, ...others)).toEqual(expected);
});
