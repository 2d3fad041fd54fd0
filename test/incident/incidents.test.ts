import { describe, expect, jest, test } from '@jest/globals';
import { TakenByAnother } from '../../lambda/incident/incidents.ts';
import { minute, simulation } from './simulation.ts';

// Days of five minutes each, over an emulated table.
jest.setTimeout(30_000);

describe('one service that keeps failing', () => {
  test('is diagnosed and told once, however often its tasks fail', async () => {
    const sim = await simulation();

    expect(await sim.fails('web')).toBe('told');
    for (let n = 0; n < 20; n += 1) expect(await sim.fails('web')).toBe('counted');

    expect(sim.events()).toEqual(['opened']);
    expect(sim.diagnoses).toBe(1);
  });

  test('is told again at growing distances while it goes on, and not while nothing happens', async () => {
    const sim = await simulation({ inMemory: true });
    await sim.fails('web');
    const toldAt = [sim.at];
    sim.afterTelling = () => toldAt.push(sim.at);
    for (let hour = 0; hour < 24; hour += 1) {
      await sim.fails('web');
      await sim.pass(60);
    }

    const distances = toldAt.slice(1).map((at, index) => (at - (toldAt[index] ?? 0)) / minute);
    expect(distances.slice(0, 4)).toEqual([10, 60, 360, 360]);
    expect(sim.told).toHaveLength(6);

    const before = sim.told.length;
    await sim.pass(24 * 60);
    expect(sim.told).toHaveLength(before + 1);
    expect(sim.last().totals.failures).toBe(25);
  });

  test('counts each failed task once, whatever is delivered twice', async () => {
    const sim = await simulation();
    const failures = Array.from({ length: 8 }, () => sim.failureOf('web'));
    for (const failure of [...failures, ...failures.toReversed()]) await sim.deliver(failure);
    // A later version of the event of a task that stopped is the same failure.
    const [first] = failures;
    if (first) await sim.deliver({ ...first, version: 9 });
    await sim.pass(10);

    expect(sim.events()).toEqual(['opened', 'updated']);
    expect(sim.last().totals).toMatchObject({ failures: 8, victims: 1 });
  });

  test('costs two writes and no read for a repeat', async () => {
    const sim = await simulation();
    await sim.fails('web');
    const sent: string[] = [];
    const client = sim.client as unknown as {
      send: (command: { constructor: { name: string } }) => unknown;
    };
    const send = client.send.bind(client);
    client.send = (command) => {
      sent.push(command.constructor.name);
      return send(command);
    };

    await sim.fails('web');

    expect(sent).toEqual(['PutItemCommand', 'UpdateItemCommand']);
    expect(sim.diagnoses).toBe(1);
  });
});

describe('many services behind one broken thing', () => {
  test('are one conversation: one message, updates that count them, one end', async () => {
    const sim = await simulation();
    for (let n = 0; n < 12; n += 1) await sim.fails(`service-${n}`);
    for (let n = 0; n < 12; n += 1) await sim.fails(`service-${n}`);
    await sim.pass(10);

    expect(sim.events()).toEqual(['opened', 'updated']);
    expect(sim.last().totals).toMatchObject({ failures: 24, victims: 12 });

    for (let n = 0; n < 12; n += 1) {
      sim.states[`service-${n}`] = n < 5 ? 'fixed' : 'rolledBack';
      await sim.hear(`service-${n}`);
    }
    expect(sim.events()).toEqual(['opened', 'updated', 'resolved']);
    expect(sim.last().totals).toMatchObject({
      failures: 24,
      victims: 12,
      failing: [],
      outcomes: { fixed: 5, rolledBack: 7 },
    });
  });

  test('with causes of their own, or none, are conversations of their own', async () => {
    const sim = await simulation({ causeOf: (service) => (service === 'odd' ? null : `nat-${service}`) });
    for (const service of ['a', 'b', 'odd']) await sim.fails(service);

    expect(sim.events()).toEqual(['opened', 'opened', 'opened']);
    expect(new Set(sim.told.map(({ incident }) => incident.correlationId)).size).toBe(3);
  });

  test('end only with the last of them', async () => {
    const sim = await simulation({ states: { a: 'fixed' } });
    await sim.fails('a');
    await sim.fails('b');
    await sim.hear('a');
    expect(sim.events()).toEqual(['opened']);

    sim.states['b'] = 'replaced';
    await sim.hear('b');
    expect(sim.events()).toEqual(['opened', 'resolved']);
  });
});

describe('the end', () => {
  test('is not believed before looking', async () => {
    const sim = await simulation();
    await sim.fails('web');

    await sim.hear('web');

    expect([sim.looks, sim.events()]).toEqual([1, ['opened']]);
  });

  test('is not told by what is older than the last failure, without even looking', async () => {
    const sim = await simulation({ states: { web: 'fixed' } });
    await sim.fails('web');

    await sim.hear('web', sim.at - minute);

    expect([sim.looks, sim.events()]).toEqual([0, ['opened']]);
  });

  test('is told once, whoever hears of it again', async () => {
    const sim = await simulation({ states: { web: 'fixed' } });
    await sim.fails('web');
    await sim.hear('web');
    await sim.hear('web');
    await sim.pass(120);

    expect(sim.events()).toEqual(['opened', 'resolved']);
  });

  test('is found by looking, even if no event ever says so', async () => {
    const sim = await simulation({ states: { web: 'givenUp' } });
    await sim.fails('web');
    await sim.pass(65);

    expect(sim.events()).toEqual(['opened', 'resolved']);
    expect(sim.last().totals.outcomes).toEqual({ givenUp: 1 });
  });

  test('of tasks without a service comes with time', async () => {
    const sim = await simulation({ inMemory: true });
    await sim.fails('family:nightly');
    await sim.pass(40);
    await sim.fails('family:nightly');
    await sim.pass(50);
    expect(sim.events()).toEqual(['opened', 'updated']);

    await sim.pass(60);
    expect(sim.events()).toEqual(['opened', 'updated', 'resolved']);
    expect(sim.last().totals).toMatchObject({ failures: 2, outcomes: { quiet: 1 } });
    expect(sim.looks).toBe(0);
  });

  test('does not undo itself by a failure that is delivered late', async () => {
    const sim = await simulation({ states: { web: 'fixed' } });
    await sim.fails('web');
    const late = sim.failureOf('web');
    sim.at += 5 * minute;
    await sim.hear('web');
    sim.at += minute;

    expect(await sim.deliver(late)).toBe('counted');
    expect(sim.events()).toEqual(['opened', 'resolved']);
  });

  test.each([
    [29, 'continued'],
    [31, 'opened'],
  ])('followed by the same %d minutes later: %s', async (minutes, event) => {
    const sim = await simulation({ states: { web: 'fixed' } });
    await sim.fails('web');
    await sim.hear('web');
    sim.at += minutes * minute;
    await sim.fails('web');

    expect(sim.events()).toEqual(['opened', 'resolved', event]);
    const ids = sim.told.map(({ incident }) => incident.correlationId);
    expect(ids[2] === ids[0]).toBe(event === 'continued');
    await sim.hear('web');
    expect(sim.events().at(-1)).toBe('resolved');
  });

  test('leaves nobody out who fails while it is told', async () => {
    const sim = await simulation({ states: { a: 'fixed' } });
    await sim.fails('a');
    const late = sim.failureOf('b');
    let other: unknown;
    const joining = new Promise<void>((done) => {
      sim.beforeTelling = async () => {
        sim.beforeTelling = () => {};
        await sim.deliver(late).catch((error) => {
          other = error;
        });
        done();
      };
    });
    await sim.hear('a');
    await joining;
    // The one that came meanwhile waits for its turn, and then continues the incident.
    expect(other).toBeInstanceOf(TakenByAnother);
    sim.at += 6 * minute;
    expect(await sim.deliver(late)).toBe('told');
    expect(sim.events()).toEqual(['opened', 'resolved', 'continued']);
  });
});

describe('a run that dies', () => {
  test('while it diagnoses, is followed by one that tells; others give their records back meanwhile', async () => {
    const sim = await simulation();
    const first = sim.failureOf('web');
    const dead = new Promise<never>(() => {});
    sim.whileDiagnosing = () => dead;
    void sim.deliver(first);
    while (sim.diagnoses === 0) await new Promise((done) => setTimeout(done, 2));
    sim.whileDiagnosing = async () => {};

    await expect(sim.fails('web')).rejects.toThrow(TakenByAnother);
    sim.at += 6 * minute;
    expect(await sim.deliver(first)).toBe('told');
    expect(sim.events()).toEqual(['opened']);
  });

  test('after telling and before noting it, repeats the message once', async () => {
    const sim = await simulation();
    const first = sim.failureOf('web');
    sim.afterTelling = () => {
      sim.afterTelling = () => {};
      throw new Error('killed');
    };
    await expect(sim.deliver(first)).rejects.toThrow('killed');
    sim.at += 6 * minute;
    expect(await sim.deliver(first)).toBe('told');
    expect(await sim.fails('web')).toBe('counted');
    expect(sim.events()).toEqual(['opened', 'opened']);
  });

  test('while it tells the end, is followed by the next time that passes', async () => {
    const sim = await simulation({ states: { web: 'fixed' } });
    await sim.fails('web');
    sim.beforeTelling = () => {
      throw new Error('killed');
    };
    await expect(sim.hear('web')).rejects.toThrow('killed');
    sim.beforeTelling = () => {};
    await sim.pass(10);

    expect(sim.events()).toEqual(['opened', 'resolved']);
  });

  test('whose message the topic refused lets the next one tell at once', async () => {
    const sim = await simulation();
    sim.beforeTelling = () => {
      throw new Error('refused');
    };
    await expect(sim.fails('web')).rejects.toThrow('refused');
    sim.beforeTelling = () => {};
    const known: boolean[] = [];
    sim.whileDiagnosing = async (hasDied) => void known.push(hasDied);

    expect(await sim.fails('web')).toBe('told');
    expect(sim.events()).toEqual(['opened']);
    // It ended in order: nobody need fear to look into the failure.
    expect(known).toEqual([false]);
  });
});

describe('at the same time', () => {
  test('many runs tell one cause once', async () => {
    const sim = await simulation();
    const failures = Array.from({ length: 30 }, (_, n) => sim.failureOf(`service-${n % 10}`));
    let left = failures;
    for (let round = 0; left.length > 0 && round < 10; round += 1) {
      const ends = await Promise.allSettled(left.map((failure) => sim.deliver(failure)));
      left = left.filter((_, index) => ends[index]?.status === 'rejected');
      sim.at += 6 * minute;
    }
    await sim.pass(10);

    expect(left).toEqual([]);
    expect(sim.events().filter((event) => event === 'opened')).toHaveLength(1);
    expect(sim.last().totals).toMatchObject({ failures: 30, victims: 10 });
  });
});

describe('patience', () => {
  test('holds a service back until it has failed often enough', async () => {
    const sim = await simulation({ patience: { minimumFailures: 3 } });

    expect(await sim.fails('web')).toBe('held');
    expect(await sim.fails('web')).toBe('held');
    expect(await sim.fails('web')).toBe('told');
  });

  test('holds a service back until the window is over, and tells if it still fails', async () => {
    const sim = await simulation({ patience: { quietWindow: 10 * minute } });
    expect(await sim.fails('web')).toBe('held');
    await sim.pass(15);

    expect(sim.events()).toEqual(['opened']);
    expect(sim.errors).toEqual([]);
  });

  test('says nothing of a service that recovered within the window', async () => {
    const sim = await simulation({ patience: { quietWindow: 10 * minute }, states: { web: 'fixed' } });
    await sim.fails('web');
    sim.at += 5 * minute;
    await sim.hear('web');
    await sim.pass(30);

    expect(sim.events()).toEqual([]);
  });

  test('is not for tasks that nobody starts again', async () => {
    const sim = await simulation({ patience: { minimumFailures: 3, quietWindow: 10 * minute } });

    expect(await sim.fails('family:nightly')).toBe('told');
  });
});

describe('a service that fails again after its trouble was over', () => {
  test.each([
    ['a quiet window', { quietWindow: 10 * minute }],
    ['a minimum count', { minimumFailures: 2 }],
  ])('is told again, with %s', async (_, patience) => {
    const sim = await simulation({ patience, states: { web: 'fixed' } });
    await sim.fails('web');
    await sim.hear('web');
    sim.at += 2 * 60 * minute;
    sim.states['web'] = null;
    await sim.fails('web');
    await sim.fails('web');
    await sim.pass(15);

    expect(sim.events()).toEqual(['opened']);
  });

  test('is told, whoever died while ending the trouble before', async () => {
    const sim = await simulation({ states: { web: 'fixed' } });
    await sim.fails('web');
    sim.stepsLeft = 3;
    await expect(sim.hear('web')).rejects.toThrow('dead');
    sim.stepsLeft = Number.POSITIVE_INFINITY;
    sim.at += 2 * minute;
    sim.states['web'] = null;
    const again = sim.failureOf('web');
    await sim.deliver(again).catch(() => {});
    sim.at += 6 * minute;
    await sim.deliver(again);
    await sim.pass(10);

    expect(sim.events().at(-1)).not.toBe('resolved');
    expect(sim.errors).toEqual([]);
  });
});

describe('a failure that is held back', () => {
  test('is told although the first try to tell it fails', async () => {
    const sim = await simulation({ patience: { quietWindow: 10 * minute } });
    await sim.fails('web');
    sim.beforeTelling = () => {
      throw new Error('refused');
    };
    await sim.pass(15);
    sim.beforeTelling = () => {};
    await sim.pass(15);

    expect(sim.events()).toEqual(['opened']);
  });

  test('over which a sweep dies is not looked into again: the next sweep knows of it', async () => {
    const sim = await simulation({ patience: { quietWindow: 10 * minute } });
    await sim.fails('web');
    const known: boolean[] = [];
    sim.whileDiagnosing = (hasDied) => {
      known.push(hasDied);
      return hasDied ? Promise.resolve() : new Promise<never>(() => {});
    };
    sim.at += 15 * minute;
    void sim.wake();
    while (known.length === 0) await new Promise((done) => setTimeout(done, 2));
    await sim.pass(15);

    expect(known).toEqual([false, true]);
    expect(sim.events()).toEqual(['opened']);
  });

  test('is told although the service cannot be looked at', async () => {
    const sim = await simulation({ patience: { quietWindow: 10 * minute } });
    await sim.fails('web');
    sim.beforeLooking = () => {
      throw new Error('refused');
    };
    await sim.pass(15);

    expect(sim.events()).toEqual(['opened']);
  });

  test('is not told if the service runs when the window is over, though no event said so', async () => {
    const sim = await simulation({ patience: { quietWindow: 10 * minute } });
    await sim.fails('web');
    sim.states['web'] = 'fixed';
    await sim.pass(15);

    expect(sim.events()).toEqual([]);
  });

  test('is told within the hour, if no further task fails and the service does not run', async () => {
    const sim = await simulation({ patience: { minimumFailures: 3 } });
    await sim.fails('web');
    await sim.fails('web');
    await sim.pass(65);

    expect(sim.events()).toEqual(['opened']);
  });
});

describe('another cause', () => {
  test('of a further task definition is told, and what it leaves is over', async () => {
    const causes: Record<string, string> = { web: 'nat-0dead' };
    const sim = await simulation({ causeOf: (service) => causes[service] ?? null });
    await sim.fails('web');
    await sim.fails('web');
    causes['web'] = 'image-2';
    await sim.fails('web', { taskDefinitionArn: 'app:8' });
    await sim.fails('web', { taskDefinitionArn: 'app:8' });

    expect(sim.told.map(({ event, incident }) => [event, incident.resourceName])).toEqual([
      ['opened', 'nat-0dead'],
      ['opened', 'image-2'],
      ['resolved', 'nat-0dead'],
    ]);
    expect(sim.last().totals).toMatchObject({ failures: 2, outcomes: { otherCause: 1 } });
    await sim.pass(10);
    expect(sim.last()).toMatchObject({ event: 'updated', totals: { failures: 2, victims: 1 } });
  });

  test('of the same task definition is told when the diagnosis is old; until then nothing is read', async () => {
    const causes: Record<string, string> = { web: 'nat-0dead' };
    const sim = await simulation({ inMemory: true, causeOf: (service) => causes[service] ?? null });
    await sim.fails('web');
    causes['web'] = 'sg-closed';
    await sim.pass(5 * 60);
    await sim.fails('web');
    expect(sim.diagnoses).toBe(1);
    await sim.pass(60);
    await sim.fails('web');

    expect(sim.diagnoses).toBe(2);
    expect(sim.events().slice(-2)).toEqual(['opened', 'resolved']);
  });

  test('that is not found does not undo the one that was', async () => {
    const causes: Record<string, string | null> = { web: 'nat-0dead' };
    const sim = await simulation({ inMemory: true, causeOf: (service) => causes[service] ?? null });
    await sim.fails('web');
    causes['web'] = null;
    await sim.pass(6 * 60);
    const told = sim.events();
    await sim.fails('web');

    expect([sim.diagnoses, sim.events()]).toEqual([2, told]);
  });

  test('of another task of the same group, which no service starts, is told', async () => {
    const causes = ['image-1', 'image-2'];
    const sim = await simulation({ causeOf: () => causes.shift() ?? null });
    await sim.fails('jobs:', { taskDefinitionArn: 'a:1' });
    await sim.fails('jobs:', { taskDefinitionArn: 'b:1' });
    await sim.fails('jobs:', { taskDefinitionArn: 'a:1' });

    expect(sim.events()).toEqual(['opened', 'opened']);
  });
});

describe('a record that comes from the dead-letter queue', () => {
  test('is only counted if the incident was told meanwhile, however long ago', async () => {
    const sim = await simulation({ inMemory: true });
    const early = sim.failureOf('web');
    sim.beforeTelling = () => {
      throw new Error('refused');
    };
    for (let receive = 0; receive < 5; receive += 1) await sim.deliver(early).catch(() => {});
    sim.beforeTelling = () => {};
    await sim.fails('web');
    await sim.pass(9 * 60);

    const told = sim.told.length;
    expect(await sim.deliver(early)).toBe('counted');
    expect([sim.told.length, sim.diagnoses]).toEqual([told, 6]);
  });

  test('is told if nobody was', async () => {
    const sim = await simulation({ inMemory: true });
    const lost = sim.failureOf('web');
    sim.beforeTelling = () => {
      throw new Error('refused');
    };
    for (let receive = 0; receive < 5; receive += 1) await sim.deliver(lost).catch(() => {});
    sim.beforeTelling = () => {};
    await sim.pass(9 * 24 * 60);

    expect(sim.events()).toEqual([]);
    expect(await sim.deliver(lost)).toBe('told');
    expect(sim.events()).toEqual(['opened']);
  });
});

describe('the end of an incident', () => {
  test('is not the end for a victim that fails while a run dies telling it', async () => {
    const sim = await simulation({ states: { a: 'fixed' } });
    await sim.fails('a');
    sim.afterTelling = () => {
      sim.stepsLeft = 0;
    };
    await expect(sim.hear('a')).rejects.toThrow('dead');
    sim.afterTelling = () => {};
    sim.stepsLeft = Number.POSITIVE_INFINITY;
    sim.at += 2 * minute;
    await sim.fails('b');

    expect(sim.events()).toEqual(['opened', 'resolved', 'continued']);
  });

  test('leaves a failure alone that came while the service was looked at', async () => {
    const sim = await simulation({ states: { web: 'fixed' } });
    await sim.fails('web');
    let meanwhile: ReturnType<typeof sim.failureOf> | undefined;
    sim.beforeLooking = () => {
      sim.at += 1_000;
      meanwhile = sim.failureOf('web');
      sim.at += 1_000;
    };
    await sim.hear('web');
    sim.at += 2 * minute;
    if (meanwhile) await sim.deliver(meanwhile);

    expect(sim.events()).toEqual(['opened', 'resolved', 'continued']);
  });

  test('comes for a service that cannot be looked at, a day after its last failure', async () => {
    const sim = await simulation({ inMemory: true });
    await sim.fails('web');
    sim.beforeLooking = () => {
      throw new Error('refused');
    };
    await sim.pass(23 * 60);
    expect(sim.events()).toEqual(['opened']);
    await sim.pass(2 * 60);

    expect(sim.events()).toEqual(['opened', 'resolved']);
    expect(sim.last().totals.outcomes).toEqual({ quiet: 1 });
  });

  test('names all whom it was about, for the filters of subscribers', async () => {
    const sim = await simulation({ states: { a: 'fixed', b: 'fixed' } });
    for (const service of ['a', 'b', 'a']) await sim.fails(service);
    await sim.hear('a');
    await sim.hear('b');

    expect(sim.last().event).toBe('resolved');
    expect(
      sim
        .last()
        .totals.hit.map(({ groupName }) => groupName)
        .toSorted(),
    ).toEqual(['service:a', 'service:b']);
  });
});

test('what cannot be finished does not keep the sweep from the rest', async () => {
  const sim = await simulation({ inMemory: true });
  for (let n = 0; n < 210; n += 1) {
    // Not even a name: whatever is done with it fails.
    await sim.put({ id: `victim stuck ${n}`, wake: 'y', wakeAt: sim.at - minute });
  }
  await sim.fails('web');
  await sim.fails('web');
  await sim.pass(20);

  expect(sim.events()).toEqual(['opened', 'updated']);
});

test('an incident that has no room goes on in a further one', async () => {
  const sim = await simulation({ room: 2 });
  for (const service of ['a', 'b', 'c', 'd']) await sim.fails(service);
  await sim.fails('c');

  expect(sim.events()).toEqual(['opened', 'opened']);
  await sim.pass(10);
  const { correlationId } = sim.told[1]?.incident ?? {};
  const updates = sim.told.filter(
    ({ event, incident }) => event === 'updated' && incident.correlationId === correlationId,
  );
  expect(updates).toMatchObject([{ totals: { failures: 3, victims: 2 } }]);
});
