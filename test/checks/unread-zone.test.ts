import { expect, test } from '@jest/globals';
import { diagnose } from '../../lambda/diagnose.ts';
import { suspected } from '../../lambda/render/outline.ts';
import { known, refused } from '../support/asking.ts';
import { snapshotOf } from '../support/snapshots.ts';

/** A scenario in which a zone of another account stands above the names of the registry. */
function underZone(scenario: string, name = 'ecr.eu-west-1.amazonaws.com') {
  const snapshot = snapshotOf(scenario);
  const zone = { hostedZoneId: 'Z0A1', name, recordNames: refused };
  return diagnose({ ...snapshot, facts: { ...snapshot.facts, privateZones: known([zone]) } as never });
}

test.each(['healthy-nat-umbrella', 'healthy-public-umbrella'])(
  'a zone whose records nobody may read is one thing to look at: %s',
  (scenario) => {
    const { causes, suspects } = underZone(scenario);
    const about = suspects.filter((one) => JSON.stringify(one).includes('Z0A1'));

    expect(causes).toEqual([]);
    expect(about.map(({ check }) => check.id)).toEqual([
      'no-route-to-registry',
      'private-zone-shadows-registry',
    ]);
    expect(suspected(about)).toEqual([
      expect.stringMatching(/`Z0A1`\) answers for hosts of the pull, and its records could not be seen/),
    ]);
  },
);

test('an endpoint answers before the zone', () => {
  expect(JSON.stringify(underZone('healthy-privatelink-umbrella').suspects)).not.toContain('Z0A1');
});

test('where the text is about no name, the way says it', () => {
  const { suspects } = underZone('healthy-ec2');

  expect(suspects.filter((one) => JSON.stringify(one).includes('Z0A1')).map(({ check }) => check.id)).toEqual(
    ['no-route-to-registry'],
  );
});
