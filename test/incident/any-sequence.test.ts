import { expect, test } from '@jest/globals';
import type { Incident, Victim } from '../../lambda/incident/items.ts';
import { isVictim } from '../../lambda/incident/items.ts';
import type { Failure } from '../../lambda/incident/table.ts';
import fc from '../support/fast-check.ts';
import { sampled } from '../support/whole.ts';
import { minute, simulation } from './simulation.ts';

/** What can happen, each with the step at which the run dies, if it does. */
type Action =
  | {
      readonly do: 'fail' | 'failTogether' | 'repeat' | 'recover' | 'changeCause';
      readonly who: number;
      readonly dies: number | null;
    }
  | { readonly do: 'pass'; readonly minutes: number; readonly dies: number | null };

/** A few each time; `RUNS=500` for more. */
const runs = Number(process.env['RUNS'] ?? sampled(200));
const groups = ['a', 'b', 'c', 'family:nightly'];
const dies = fc.option(fc.integer({ min: 0, max: 9 }), { freq: 2 });
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    do: fc.constantFrom(
      'fail' as const,
      'failTogether' as const,
      'repeat' as const,
      'recover' as const,
      'changeCause' as const,
    ),
    who: fc.nat({ max: groups.length - 1 }),
    dies,
  }),
  fc.record({ do: fc.constant('pass' as const), minutes: fc.constantFrom(5, 15, 35, 70, 400), dies }),
);

interface Delivery {
  readonly group: string;
  readonly failure: Failure;
  receives: number;
  dueAt: number;
}

async function play(actions: readonly Action[], patience: { minimumFailures: number; quietWindow: number }) {
  const causes: Record<string, number> = {};
  const sim = await simulation({
    inMemory: true,
    patience,
    causeOf: (group) => `nat-${causes[group] ?? 0}`,
    states: {},
  });
  let deaths = 0;
  let failures = 0;
  const queue: Delivery[] = [];
  const done: Delivery[] = [];
  const living = async <T>(steps: number | null, run: () => Promise<T>): Promise<T | null> => {
    sim.stepsLeft = steps ?? Number.POSITIVE_INFINITY;
    try {
      return await run();
    } catch {
      return null;
    } finally {
      if (sim.stepsLeft === 0) deaths += 1;
      sim.stepsLeft = Number.POSITIVE_INFINITY;
    }
  };
  const receive = async (delivery: Delivery, steps: number | null) => {
    delivery.receives += 1;
    const exit = await living(steps, () => sim.deliver(delivery.failure));
    if (exit === null) {
      delivery.dueAt = sim.at + 6 * minute;
      if (!queue.includes(delivery)) queue.push(delivery);
    } else {
      if (queue.includes(delivery)) queue.splice(queue.indexOf(delivery), 1);
      done.push(delivery);
    }
  };
  const redeliver = async () => {
    for (const delivery of queue.filter(({ dueAt }) => dueAt <= sim.at)) await receive(delivery, null);
  };
  const failing = (group: string): Delivery => {
    sim.at += 1_000;
    sim.states[group] = null;
    failures += 1;
    const failure = sim.failureOf(group, { taskDefinitionArn: `app:${causes[group] ?? 0}` });
    return { group, failure, receives: 0, dueAt: 0 };
  };

  const all = async () => (await sim.items()) as unknown as (Victim | Incident)[];
  /** Lets time pass from one thing that is due to the next, until `end`; `false` if there is no end of it. */
  const passUntil = async (end: number, steps: number | null = null): Promise<boolean> => {
    let dying = steps;
    for (let round = 0; round < 100; round += 1) {
      const times = (await all()).flatMap(({ wakeAt }) => wakeAt ?? []);
      const next = Math.min(...times, ...queue.map(({ dueAt }) => dueAt));
      if (next > end || next === Number.POSITIVE_INFINITY) {
        if (end !== Number.POSITIVE_INFINITY) sim.at = Math.max(sim.at, end);
        return true;
      }
      // The stack wakes the function every five minutes.
      sim.at = Math.max(sim.at + 5 * minute, next + 1);
      await redeliver();
      await living(dying, () => sim.wake());
      dying = null;
    }
    return false;
  };

  for (const step of actions) {
    if (step.do === 'pass') {
      await passUntil(sim.at + step.minutes * minute, step.dies);
      continue;
    }
    const group = groups[step.who] ?? 'a';
    const isService = !group.includes(':');
    if (step.do === 'fail') await receive(failing(group), step.dies);
    else if (step.do === 'failTogether') {
      const both = [failing(group), failing(groups[0] ?? 'a'), failing(group)];
      await Promise.all(both.map((one) => receive(one, null)));
    } else if (step.do === 'repeat') {
      const [again] = done.slice(-1);
      if (again) await receive({ ...again }, step.dies);
    } else if (step.do === 'changeCause') causes[group] = (causes[group] ?? 0) + 1;
    else if (isService) {
      sim.at += 1_000;
      sim.states[group] = 'fixed';
      await living(step.dies, () => sim.hear(group));
    }
  }
  return { sim, queue, deaths: () => deaths, failures: () => failures, all, passUntil };
}

test(
  'whatever happens, in whichever order, and wherever a run dies: nobody is left out, and all comes to an end',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 2, maxLength: 10 }),
        fc.constantFrom(
          { minimumFailures: 1, quietWindow: 0 },
          { minimumFailures: 2, quietWindow: 0 },
          { minimumFailures: 1, quietWindow: 10 * minute },
        ),
        async (actions, patience) => {
          const world = await play(actions, patience);
          const { sim } = world;
          // Long enough for what is on its way to arrive, and for patience to end.
          await world.passUntil(sim.at + 61 * minute);
          expect(world.queue).toEqual([]);

          const items = await world.all();
          const victims = items.filter(isVictim);
          const lastOf = (id: string) =>
            sim.told.findLast(({ incident }) => incident.correlationId === id)?.event ?? 'nothing';
          for (const victim of victims.filter(({ groupName }) => groupName.startsWith('service:'))) {
            const service = victim.groupName.replace('service:', '');
            if (sim.states[service] !== null) continue;
            const incident = items.find(({ id }) => id === victim.incidentId) as Incident | undefined;
            expect({
              service,
              isTold: victim.toldAt !== undefined && victim.endedAt === undefined,
              isIn: incident?.openVictims?.has(victim.id),
              isOver: incident?.endedAt !== undefined,
              heardLast: lastOf(incident?.correlationId ?? '') === 'resolved' ? 'resolved' : 'that it fails',
            }).toEqual({ service, isTold: true, isIn: true, isOver: false, heardLast: 'that it fails' });
          }

          for (const group of groups) sim.states[group] = 'fixed';
          expect(await world.passUntil(Number.POSITIVE_INFINITY)).toBe(true);
          const left = (await world.all()).filter(
            (item) => 'openVictims' in item || item.wakeAt !== undefined,
          );
          expect(left).toEqual([]);
          for (const id of new Set(sim.told.map(({ incident }) => incident.correlationId)))
            expect([id, lastOf(id)]).toEqual([id, 'resolved']);

          const count = (...events: readonly string[]) =>
            sim.told.filter(({ event }) => events.includes(event)).length;
          const spoken = count('opened', 'continued');
          expect(spoken).toBeLessThanOrEqual(world.failures() + world.deaths());
          expect(count('resolved')).toBeLessThanOrEqual(spoken + world.deaths());
        },
      ),
      { numRuns: runs },
    );
  },
  30_000 + 100 * runs,
);
