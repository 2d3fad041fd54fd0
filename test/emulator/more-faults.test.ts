import { describeFaults } from './describe-faults.ts';
import { faults } from './faults.ts';
import { launchFaults } from './launch-faults.ts';
import { moreTraps } from './more-traps.ts';
import { namesFaults } from './names-faults.ts';
import { registryFaults } from './registry-faults.ts';
import { traps } from './traps.ts';
import { worldKinds } from './world.ts';

const more = [...registryFaults, ...namesFaults, ...launchFaults];

describeFaults(more);

test('there are at least 60 faults and 25 traps, over all launch types', () => {
  const broken = [...faults, ...more];
  const odd = [...traps, ...moreTraps];

  expect(new Set(broken.map(({ name }) => name)).size).toBeGreaterThanOrEqual(60);
  expect(new Set(odd.map(({ name }) => name)).size).toBeGreaterThanOrEqual(25);
  expect(broken.some(({ name }) => name.startsWith('Managed Instances'))).toBe(true);
  expect(broken.some(({ name }) => name.startsWith('External'))).toBe(true);
  for (const kind of worldKinds)
    expect(broken.filter(({ worlds }) => worlds.includes(kind)).length).toBeGreaterThan(10);
});
