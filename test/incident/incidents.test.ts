import { describe, expect, test } from '@jest/globals';
import { TakenByAnother } from '../../lambda/incident/incidents.ts';
import { minute, simulation } from './simulation.ts';

describe('one service that keeps failing', () => {
  test('is diagnosed and told once, however often its tasks fail', async () => {
    const sim = await simulation();

    expect(await sim.fails('web')).toBe('told');
    for (let n = 0; n < 20; n += 1) expect(await sim.fails('web')).toBe('counted');

    expect(sim.events()).toEqual(['opened']);
    expect(sim.diagnoses).toBe(1);
  });

  test('is told again at growing distances while it goes on, and not while nothing happens', async () => {
    const sim = await simulation();
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
    const { client } = sim.table as unknown as {
      client: { send: (command: { constructor: { name: string } }) => unknown };
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
    for (let n = 0; n < 30; n += 1) await sim.fails(`service-${n}`);
    for (let n = 0; n < 30; n += 1) await sim.fails(`service-${n}`);
    await sim.pass(10);

    expect(sim.events()).toEqual(['opened', 'updated']);
    expect(sim.last().totals).toMatchObject({ failures: 60, victims: 30 });

    for (let n = 0; n < 30; n += 1) {
      sim.states[`service-${n}`] = n < 12 ? 'fixed' : 'rolledBack';
      await sim.hear(`service-${n}`);
    }
    expect(sim.events()).toEqual(['opened', 'updated', 'resolved']);
    expect(sim.last().totals).toMatchObject({
      failures: 60,
      victims: 30,
      failing: [],
      outcomes: { fixed: 12, rolledBack: 18 },
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
    const sim = await simulation();
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

    expect(await sim.fails('web')).toBe('told');
    expect(sim.events()).toEqual(['opened']);
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
