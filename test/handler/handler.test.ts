import { describe, expect, jest, test } from '@jest/globals';
import type { Read } from '../../lambda/aws/api.ts';
import { CallFailed } from '../../lambda/aws/call-failed.ts';
import { handler } from '../../lambda/handler.ts';
import type { Victim } from '../../lambda/incident/items.ts';
import type { IncidentTable } from '../../lambda/incident/table.ts';
import { contentOf, failureOf } from '../../lambda/record.ts';
import { incidentTable } from '../support/incident-table.ts';
import { natWorld, stoppedEvent, texts } from '../support/worlds.ts';
import { now, received, theFunction } from './function.ts';

const brokenNat = () => {
  const account = natWorld();
  account.NatGateways = [];
  for (const { Routes } of account.RouteTables)
    for (const route of Routes) if (route['NatGatewayId']) route['State'] = 'blackhole';
  return account;
};
const failure = stoppedEvent({ text: texts.manifestTimeout });
/** Counts the failure in a table, as another run has done at a time; gives its victim. */
async function victimIn(table: IncidentTable, at: number): Promise<Victim> {
  const content = contentOf(JSON.stringify(failure));
  if (content.about !== 'failure') throw new Error('this is a failure');
  return (await table.count(failureOf(content.subject, now), at)).victim;
}
/** A table that does one thing, whatever it is asked. */
const tableThat = (does: (name: keyof IncidentTable, ...values: unknown[]) => unknown) =>
  new Proxy({} as IncidentTable, {
    get:
      (_, name) =>
      async (...values: unknown[]) =>
        does(name as keyof IncidentTable, ...values),
  });
/** Each a task of a service of its own. */
const task = (n: number) => {
  const taskArn = `arn:aws:ecs:eu-west-1:111122223333:task/prod/${String(n).padStart(32, '0')}`;
  return stoppedEvent({ text: texts.manifestTimeout, detail: { taskArn, group: `service:web-${n}` } });
};

describe('a failed pull', () => {
  test('from the queue is diagnosed and told', async () => {
    const fn = theFunction({ account: brokenNat() });

    expect(await fn.batch(failure)).toEqual([]);
    expect(fn.diagnoses()).toMatchObject([
      { conclusion: 'explained', causes: [{ check: { id: 'nat-gateway-unusable' } }] },
    ]);
    expect(fn.told[0]?.attributes).toEqual({
      conclusion: 'explained',
      cluster: 'prod',
      group: 'service:web',
      check: 'nat-gateway-unusable',
      event: 'opened',
      incident: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
  });

  test('handed over by EventBridge itself is told too', async () => {
    const fn = theFunction({ account: brokenNat() });

    expect(await fn.direct(failure)).toBeUndefined();
    expect(fn.told).toHaveLength(1);
  });

  test('is read in the account and Region of the event, within the time that is left', async () => {
    const fn = theFunction({ leftAfter: () => 50_000 });

    await fn.batch(failure);

    expect(fn.asked).toEqual([{ region: 'eu-west-1', budget: 32_000 }]);
  });
});

test('an event that reports no failed pull is let go without a word', async () => {
  const fn = theFunction();

  expect(
    await fn.batch(stoppedEvent({ text: 'Essential container in task exited' }), {
      'detail-type': 'Other',
      detail: {},
    }),
  ).toEqual([]);
  expect([fn.told, fn.calls]).toEqual([[], []]);
});

describe('many records', () => {
  test('share what is read', async () => {
    const alone = theFunction();
    await alone.batch(task(1));
    const together = theFunction();
    await together.batch(task(1), task(2), task(3));

    expect(together.told).toHaveLength(3);
    // Each service is asked for; everything else is the same.
    expect(together.calls.length).toBe(alone.calls.length + 2);
  });

  test('of one service are one message, and the repeats read nothing', async () => {
    const again = { ...failure, detail: { ...failure.detail, taskArn: task(7).detail.taskArn } };
    const alone = theFunction();
    await alone.batch(failure);
    const fn = theFunction();

    expect(await fn.batch(failure, again)).toEqual([]);
    expect(fn.told).toHaveLength(1);
    expect(fn.calls).toEqual(alone.calls);
  });

  test('of one task are told once', async () => {
    const fn = theFunction();

    expect(await fn.batch(failure, failure)).toEqual([]);
    expect(fn.told).toHaveLength(1);
  });

  test('fail one by one', async () => {
    const fn = theFunction({
      refuses: ({ machine }) => {
        if (machine.includes(task(2).detail.taskArn)) throw new Error('InternalError');
      },
    });

    expect(await fn.batch(task(1), task(2), task(3))).toEqual(['m2']);
    expect(fn.told).toHaveLength(2);
  });

  test('that repeat one which the topic refused go back with it', async () => {
    const fn = theFunction({
      refuses: () => {
        throw new Error('AuthorizationError');
      },
    });

    expect(await fn.batch(failure, failure)).toEqual(['m1', 'm2']);
    expect(fn.log.warnings).toHaveLength(2);
  });

  test('are started only while there is time, and the rest goes back', async () => {
    const fn = theFunction({ leftAfter: (told) => [60_000, 40_000, 34_000][told] ?? 0 });

    expect(await fn.batch(task(1), task(2), task(3), task(4))).toEqual(['m3', 'm4']);
    expect(fn.told).toHaveLength(2);
  });

  test('take turns: who has waited longest goes first', async () => {
    const fn = theFunction({ leftAfter: (told) => (told > 0 ? 34_000 : 60_000) });

    expect(await fn.batch(task(1), received(3, task(2)))).toEqual(['m1']);
    expect(fn.diagnoses()[0]?.taskArn).toBe(task(2).detail.taskArn);
  });
});

test('a direct event that the topic refuses fails, so that Lambda tries again', async () => {
  const fn = theFunction({
    refuses: () => {
      throw new Error('NotFound');
    },
  });

  await expect(fn.direct(failure)).rejects.toThrow('NotFound');
});

describe('what cannot be diagnosed is told all the same', () => {
  const refusing: Read = async (action) => {
    throw new CallFailed(action, 'AccessDenied', 'refused');
  };

  test('without any permission, with what the event alone shows', async () => {
    const fn = theFunction({ read: refusing });

    await fn.batch(failure);

    const [diagnosis] = fn.diagnoses();
    expect(diagnosis).toMatchObject({ conclusion: 'suspected', error: texts.manifestTimeout, causes: [] });
    expect(diagnosis?.suspects.length).toBeGreaterThan(0);
  });

  test('when a call answers what nobody expected, with the rest', async () => {
    const stdout = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const odd = (async (action: string) => (action.startsWith('ec2:') ? null : {})) as unknown as Read;
    const fn = theFunction({ read: odd });

    await fn.batch(failure);

    expect(fn.diagnoses()[0]?.error).toBe(texts.manifestTimeout);
    expect(fn.log.bugs.length).toBeGreaterThan(0);
    // What the alarm `Bugs` of the stack watches.
    const counted = stdout.mock.calls.map(([line]) => JSON.parse(String(line)));
    expect(counted).toContainEqual(
      expect.objectContaining({
        Bugs: 1,
        _aws: expect.objectContaining({
          CloudWatchMetrics: [expect.objectContaining({ Namespace: 'ecs-pull-doctor', Dimensions: [[]] })],
        }),
      }),
    );
  });

  test('at the last receive with a diagnosis, where the runs before it ended in order', async () => {
    const fn = theFunction({ account: brokenNat() });

    expect(await fn.batch(received(5, failure))).toEqual([]);
    expect(fn.diagnoses()).toMatchObject([{ conclusion: 'explained' }]);
  });

  test('at the last receive with its text alone, where a run died over it', async () => {
    const { table } = await incidentTable();
    const victim = await victimIn(table, now - 600_000);
    // What a run that dies leaves behind.
    await table.lease(victim, now - 540_000);
    const fn = theFunction({ table });

    expect(await fn.batch(received(5, failure))).toEqual([]);
    expect(fn.calls).toEqual([]);
    expect(fn.diagnoses()).toMatchObject([
      { conclusion: 'unexplained', error: texts.manifestTimeout, crashed: [{ check: { id: 'diagnosis' } }] },
    ]);
    expect(fn.told[0]?.email).toContain(texts.manifestTimeout.slice(0, 80));
  });
});

describe('without the table', () => {
  const away = () =>
    theFunction({
      account: brokenNat(),
      table: tableThat(() => {
        throw new Error('InternalServerError');
      }),
    });

  test('a failure goes back while there is hope', async () => {
    const fn = away();

    expect(await fn.batch(received(3, failure))).toEqual(['m1']);
    expect([fn.told, fn.calls]).toEqual([[], []]);
  });

  test('it is told with a diagnosis as long as it could come once more', async () => {
    const fn = away();

    expect(await fn.batch(received(4, failure))).toEqual([]);
    expect(fn.diagnoses()).toMatchObject([{ conclusion: 'explained' }]);
  });

  test('in the end with its text alone: the run before may have died over the diagnosis', async () => {
    const fn = away();

    expect(await fn.batch(received(5, failure))).toEqual([]);
    expect(fn.calls).toEqual([]);
    expect(fn.diagnoses()).toMatchObject([{ conclusion: 'unexplained', error: texts.manifestTimeout }]);
  });

  test('what is told and cannot be noted is told once by the last run', async () => {
    const { table } = await incidentTable();
    let isAway = false;
    const fn = theFunction({
      account: brokenNat(),
      table: tableThat((name, ...values) => {
        if (isAway) throw new Error('InternalServerError');
        return Reflect.apply(Reflect.get(table, name), table, values);
      }),
      refuses: () => {
        isAway = true;
      },
    });

    expect(await fn.batch(received(5, failure))).toEqual([]);
    expect(fn.diagnoses()).toMatchObject([{ conclusion: 'explained' }]);
  });

  test('a failure that another run holds is left to it until the last receive', async () => {
    const { table } = await incidentTable();
    const victim = await victimIn(table, now);
    await table.lease(victim, now + 30_000);
    const fn = theFunction({ table });

    expect(await fn.batch(received(4, failure))).toEqual(['m1']);
    expect(await fn.batch(received(5, failure))).toEqual([]);
    expect(fn.told).toHaveLength(1);
  });
});

describe('a record that cannot be read is told, and not tried again', () => {
  test('when it is no JSON', async () => {
    const fn = theFunction();

    expect(await fn.batch('the queue works: X-Amz-Signature=abcdef0123')).toEqual([]);
    expect(JSON.parse(fn.told[0]?.machine ?? '')).toMatchObject({
      conclusion: 'unreadable',
      because: 'the record is not JSON',
    });
    expect(fn.told[0]?.email).toContain('the queue works: X-Amz-Signature=***');
    expect(fn.told[0]?.attributes).toEqual({ conclusion: 'unreadable' });
  });

  test('when it is an event that was cut off, by its reason alone', async () => {
    const fn = theFunction();
    const half = JSON.stringify({
      overrides: { environment: [{ name: 'PASSWORD', value: 'hunter2' }] },
      ...failure,
    }).slice(0, 1_200);

    expect(await fn.batch(half)).toEqual([]);
    expect(fn.told[0]?.email).toContain('CannotPullContainerError: pull image manifest has been retried');
    expect(JSON.stringify(fn.told)).not.toContain('hunter2');
  });

  test('when it is JSON of another kind, without its contents', async () => {
    const fn = theFunction();

    await fn.batch('{"secret":"hunter2"}', '[1,2,3]', 'null', '""');

    expect(fn.told).toHaveLength(4);
    expect(JSON.stringify([fn.told, fn.log])).not.toContain('hunter2');
  });

  test('when the task has no ARN', async () => {
    const fn = theFunction();

    await fn.batch(stoppedEvent({ text: texts.notFound, detail: { taskArn: 'task-1' } }));

    expect(fn.told[0]?.email).toContain('`task-1` is not the ARN of an ECS task');
    expect(fn.told[0]?.email).toContain('not found');
  });
});

test('a record of 256 KB is told within what Amazon SNS takes', async () => {
  const fn = theFunction();
  const text = `${texts.manifestTimeout} ${'é"\\'.repeat(50_000)}`;

  expect(await fn.batch(stoppedEvent({ text }))).toEqual([]);
  expect(Buffer.byteLength(fn.told[0]?.machine ?? '')).toBeLessThan(256 * 1024);
  expect(fn.diagnoses()[0]).toMatchObject({
    symptoms: expect.arrayContaining(['connection-failed']),
    omitted: expect.arrayContaining(['error']),
  });
});

test('an unknown version of the event, and fields nobody knows, change nothing', async () => {
  const fn = theFunction({ account: brokenNat() });

  await fn.batch({ ...failure, version: '7', novelty: { nested: true } });

  expect(fn.diagnoses()).toMatchObject([{ conclusion: 'explained' }]);
});

test('nothing from the overrides is told or logged', async () => {
  const fn = theFunction();

  await fn.batch(failure);

  expect(JSON.stringify([fn.told, fn.log])).not.toContain('hunter2');
});

test('without a topic the function says which setting is missing', async () => {
  await expect(handler(failure, { getRemainingTimeInMillis: () => 60_000 })).rejects.toThrow(
    'TOPIC_ARN is not set',
  );
});
