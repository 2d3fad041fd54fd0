import { describe, expect, test } from '@jest/globals';
import { brokenPathsOf, mostBytes, pathsFrom } from '../../lambda/incident/broken-paths.ts';
import type { Path } from '../../lambda/model/network.ts';
import { drawnWays, waysOf } from '../../lambda/render/way.ts';
import { waySvg } from '../../lambda/render/way-svg.ts';
import { anyText } from '../support/any-text.ts';
import fc from '../support/fast-check.ts';
import { diagnosisOf, snapshotNames } from '../support/snapshots.ts';

const drawings = (ways: ReturnType<typeof waysOf>) =>
  drawnWays(ways).shown.map((way) => waySvg(way, 'x').text);

test.each(snapshotNames)('in %s, what is kept draws what the diagnosis draws of its broken ways', (name) => {
  const diagnosis = diagnosisOf(name);
  const all = waysOf(diagnosis);

  const text = brokenPathsOf(diagnosis);

  const expected = drawings(all);
  expect(text === null).toBe(expected.length === 0);
  if (text === null) return;
  const { several, ...kept } = pathsFrom(text);
  expect(drawings(waysOf(kept).map((way) => ({ ...way, oneOfSeveral: several })))).toEqual(expected);
});

const path = (subnetId: string, more: Partial<Path['hops'][number]> = {}): Path => ({
  subnetId,
  addresses: 'public',
  destination: { host: 'registry.example.com', step: 'manifest', service: null, region: null },
  hops: [
    {
      at: 'rtb-0task',
      is: 'route table',
      verdict: 'closed',
      because: 'no route',
      check: 'no-route-to-registry',
      certainty: 'proven',
      resources: ['rtb-0task'],
      ...more,
    },
  ],
});
const taskArn = 'arn:aws:ecs:eu-west-1:111122223333:task/prod/0123456789abcdef';

describe('one subnet of several is broken', () => {
  test('and the drawing still says from where', () => {
    const text = brokenPathsOf({
      taskArn,
      paths: [path('subnet-0open', { verdict: 'open' }), path('subnet-0closed')],
    });

    expect(pathsFrom(text ?? '')).toMatchObject({ several: true, paths: [{ subnetId: 'subnet-0closed' }] });
  });
});

test('what gets through is not kept', () => {
  expect(brokenPathsOf({ taskArn, paths: [path('subnet-0open', { verdict: 'open' })] })).toBeNull();
  expect(brokenPathsOf({ taskArn, paths: [] })).toBeNull();
});

test('a path that does not fit is left out, and the others are kept whole', () => {
  const long = 'x'.repeat(mostBytes);

  const text = brokenPathsOf({
    taskArn,
    paths: [path('subnet-0long', { because: long }), path('subnet-0short')],
  });

  expect(pathsFrom(text ?? '').paths.map(({ subnetId }) => subnetId)).toEqual(['subnet-0short']);
  expect(brokenPathsOf({ taskArn, paths: [path('subnet-0long', { because: long })] })).toBeNull();
});

test('whatever the texts and however many, what is kept has an end', () => {
  const text = anyText(400);
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text, text), { maxLength: 60 }), (texts) => {
      const kept = brokenPathsOf({
        taskArn,
        paths: texts.map(([subnetId, at, because]) => path(subnetId, { at, because })),
      });

      expect(Buffer.byteLength(kept ?? '')).toBeLessThanOrEqual(mostBytes);
      if (texts.length > 0) expect(pathsFrom(kept ?? '').paths.length).toBeGreaterThan(0);
    }),
  );
});
