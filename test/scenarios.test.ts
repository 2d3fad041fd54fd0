import { describe, expect, test } from '@jest/globals';
import { collect } from '../lambda/collect/collect.ts';
import { diagnose } from '../lambda/diagnose.ts';
import { stoppedTask } from '../lambda/event.ts';
import type { Snapshot } from '../lambda/model/facts.ts';
import { formats } from '../lambda/render/index.ts';
import { fakeAws, fakeRegistries } from './support/account.ts';
import { expectGolden } from './support/golden.ts';
import { type Scenario, scenarios } from './support/scenario-list.ts';

async function snapshotOf({ world, breaks, event }: Scenario): Promise<Snapshot> {
  const account = world();
  breaks?.(account);
  const task = stoppedTask(event);
  if (!task) throw new Error('the event of a scenario must be a failed pull');
  return collect(task, fakeAws(account), new Date('2026-11-20T03:04:10Z'), {
    askRegistry: fakeRegistries(account),
    onBug: (fact, error) => {
      throw new Error(`collecting ${fact} is broken`, { cause: error });
    },
  });
}

describe.each(scenarios)('$name', (scenario) => {
  const folder = `${__dirname}/scenarios/${scenario.name}`;

  test(
    scenario.cause === null ? 'yields no cause and no other problem' : `is explained by ${scenario.cause}`,
    async () => {
      const diagnosis = diagnose(await snapshotOf(scenario));

      expect(diagnosis.crashed).toEqual([]);
      if (scenario.cause === null) {
        expect(
          [...diagnosis.causes, ...diagnosis.otherProblems].map(({ check, evidence }) => [
            check.id,
            ...evidence,
          ]),
        ).toEqual([]);
      } else {
        expect(diagnosis.causes[0]?.check.id).toBe(scenario.cause);
        expect(diagnosis.conclusion).toBe('explained');
        if (scenario.culprit) expect(diagnosis.causes[0]?.resources[0]).toBe(scenario.culprit);
      }
    },
  );

  test('reads as written down', async () => {
    const snapshot = await snapshotOf(scenario);

    const diagnosis = diagnose(snapshot);

    expectGolden(`${folder}/snapshot.json`, `${JSON.stringify(snapshot, null, 2)}\n`);
    expectGolden(`${folder}/diagnosis.json`, formats.json(diagnosis));
    expectGolden(`${folder}/email.txt`, formats.email(diagnosis));
    expectGolden(`${folder}/chat.json`, formats.chat(diagnosis));
  });
});
