import { describe, expect, test } from '@jest/globals';
import { collect } from '../lambda/collect/collect.ts';
import { diagnose } from '../lambda/diagnose.ts';
import { stoppedTask } from '../lambda/event.ts';
import type { Account } from './support/account.ts';
import { fakeAws } from './support/account.ts';
import { type Scenario, scenarios } from './support/scenario-list.ts';

async function diagnosisOf({ world, event }: Scenario, ...breaks: readonly ((account: Account) => void)[]) {
  const account = world();
  for (const one of breaks) one(account);
  const task = stoppedTask(event);
  if (!task) throw new Error('the event of a scenario must be a failed pull');
  return diagnose(await collect(task, fakeAws(account), new Date(0)));
}

const alone = ({ breaks }: Scenario) => breaks ?? (() => {});
const onNetwork = scenarios.filter(({ name }) =>
  /^(private-sub|main-table|nat-gateway|internet|public-sub|public-acc|task-group|acl-|ec2-|endpoint-|custom|vpc-dns)/.test(
    name,
  ),
);

describe.each(onNetwork)('$name', (scenario) => {
  test('is mended by one change, which opens every connection on the model', async () => {
    const { mending, causes } = await diagnosisOf(scenario, alone(scenario));

    expect(mending?.opens).toBe(true);
    expect(mending?.changes.map(({ check }) => check)).toEqual([causes[0]?.check.id]);
  });
});

/** What the one removes the other cannot break as well. */
function clash(first: Scenario, second: Scenario): boolean {
  const account = first.world();
  alone(first)(account);
  const broken = JSON.stringify(account.VpcEndpoints).length;
  return (
    /-missing$/.test(first.name) &&
    broken < JSON.stringify(first.world().VpcEndpoints).length &&
    /^endpoint-(?:pending|private|policy|for-layers-on)/.test(second.name)
  );
}

// Two things broken at once: each pair that one world can have.
const pairs = onNetwork.flatMap((first, index) =>
  onNetwork
    .slice(index + 1)
    .filter(
      (second) => second.world === first.world && second.culprit !== first.culprit && !clash(first, second),
    )
    .map((second) => [`${first.name} and ${second.name}`, first, second] as const),
);

test.each(pairs)('%s: one plan mends what the model can see of both', async (_, first, second) => {
  const { mending, causes, otherProblems } = await diagnosisOf(first, alone(first), alone(second));

  expect(mending?.changes.length).toBeGreaterThanOrEqual(1);
  expect(mending?.opens).toBe(true);
  expect([...causes, ...otherProblems].length).toBeGreaterThanOrEqual(1);
});

test('a healthy network needs no change', async () => {
  for (const scenario of scenarios.filter(({ name }) => name.startsWith('healthy-')))
    expect((await diagnosisOf(scenario, alone(scenario))).mending).toBeNull();
});
