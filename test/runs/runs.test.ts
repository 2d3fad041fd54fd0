import { describe, expect, test } from '@jest/globals';
import { CallFailed } from '../../lambda/aws/call-failed.ts';
import type { Run } from '../../lambda/model/remediation.ts';
import { Refused } from '../../lambda/remediate/execute.ts';
import { itself } from '../../lambda/runs/runs.ts';
import { Crash, faults, incidents, labOf } from '../remediate/lab.ts';
import { clientOf } from '../support/dynamodb.ts';
import { dynamodbUrl } from '../support/incident-table.ts';
import { memoryClient } from '../support/memory-table.ts';
import { inTurn } from '../support/whole.ts';
import { stageOf } from './stage.ts';

const anna = 'arn:aws:iam::111122223333:user/anna';
const group = incidents['allow-https-egress'];
const refusal = (act: Promise<unknown>) =>
  act.then(
    () => null,
    (error: unknown) => {
      if (error instanceof Refused) return error.message;
      throw error;
    },
  );

describe.each(Object.entries(incidents))('%s', (id, incident) => {
  test('is applied when it is approved, seen to work, and told; over the emulated table', async () => {
    const lab = labOf(incident);
    const stage = await stageOf(lab, { client: clientOf(await dynamodbUrl()) });
    const [cause] = await lab.causes();
    const plan = await stage.offer();

    const run = await stage.runs.apply(plan.id, 'person', anna);

    expect(run.status).toBe('applied');
    expect(await lab.causes()).not.toContain(cause);
    expect(stage.last()).toMatchObject({
      event: 'applied',
      by: anna,
      incident: 'incident-1',
      run: { plan: { remediation: id } },
    });
    stage.outcome = 'fixed';
    await stage.pass(10);
    expect(stage.events()).toEqual(['applied', 'works']);
    await stage.pass(120);
    expect(stage.events()).toEqual(['applied', 'works']);
    expect(stage.errors).toEqual([]);
  });

  test('is taken back when the service does not run within the hour, and the account is as it was', async () => {
    const lab = labOf(incident);
    const stage = await stageOf(lab);
    const before = lab.settings();
    const plan = await stage.offer();
    await stage.runs.apply(plan.id, 'person', anna);

    await stage.pass(65);

    expect(stage.events()).toEqual(['applied', 'takenBack']);
    expect(stage.last().because).toMatch(/did not run within an hour/);
    expect(lab.settings()).toEqual(before);
    await stage.pass(120);
    expect(stage.events()).toHaveLength(2);
  });

  test('is taken back at any time by whoever asks for it, once', async () => {
    const lab = labOf(incident);
    const stage = await stageOf(lab);
    const before = lab.settings();
    const run = await stage.runs.apply((await stage.offer()).id, 'person', anna);
    stage.outcome = 'fixed';
    await stage.pass(24 * 60);

    const undone = await stage.runs.undo(run.id, 'bert');

    expect(undone.status).toBe('undone');
    expect(lab.settings()).toEqual(before);
    expect(stage.last()).toMatchObject({ event: 'takenBack', by: 'bert' });
    expect(await refusal(stage.runs.undo(run.id, 'bert'))).toMatch(/taken back already/);
  });
});

describe('nothing is changed, and people are told why,', () => {
  const cases: readonly [
    string,
    RegExp,
    (stage: Awaited<ReturnType<typeof stageOf>>, lab: ReturnType<typeof labOf>) => void | Promise<void>,
  ][] = [
    [
      'without the consent of the owner',
      /does not have the tag/,
      (_, lab) => {
        lab.more.consents = false;
      },
    ],
    [
      'when the plan has expired',
      /expired at/,
      (stage) => {
        stage.at += 2 * 3_600_000;
      },
    ],
    [
      'when a call is refused that the plan depends on',
      /could not be read|declined|stale/,
      (_, lab) => lab.fail(0, 'refused', true),
    ],
    [
      'when the cause is gone meanwhile',
      /stale/,
      async (_, lab) => {
        for (const plan of await lab.plans())
          for (const step of plan.steps) await lab.tools.account.change(step.apply, step.region);
      },
    ],
  ];

  test.each(cases)('%s', async (_, because, spoil) => {
    const lab = labOf(group);
    const stage = await stageOf(lab);
    const plan = await stage.offer();
    await spoil(stage, lab);
    const before = lab.settings();

    const message = await refusal(stage.runs.apply(plan.id, 'person', anna));
    lab.heal();

    expect(message).toMatch(because);
    expect(stage.events()).toEqual(['refused']);
    expect(stage.last()).toMatchObject({ because: message, by: anna, run: null });
    expect(lab.settings()).toEqual(before);
  });

  test('while another run is under way', async () => {
    const lab = labOf(group);
    const stage = await stageOf(lab);
    const plan = await stage.offer();
    // The table goes away in the middle of the first run, after it has begun.
    stage.tableCallsLeft = 5;
    await stage.runs.apply(plan.id, 'person', anna).catch(() => {});
    stage.tableCallsLeft = Number.POSITIVE_INFINITY;
    const before = lab.settings();
    // A run is known by its plan and its time.
    stage.at += 60_000;

    expect(await refusal(stage.runs.apply(plan.id, 'person', anna))).toMatch(/run .* is under way/);
    expect(lab.settings()).toEqual(before);
  });

  test('when this stack was not allowed the remediation', async () => {
    const lab = labOf(group);
    const stage = await stageOf(lab, { consented: { remediations: ['assign-public-ip'] } });

    const message = await refusal(stage.runs.apply((await stage.offer()).id, 'person', anna));

    expect(message).toMatch(/not among the remediations/);
    expect(stage.events()).toEqual(['refused']);
  });

  test('for a plan that nobody has offered', async () => {
    const stage = await stageOf(labOf(group));

    expect(await refusal(stage.runs.apply('000000000000', 'person', anna))).toMatch(/there is no plan/);
  });
});

describe('without a person', () => {
  const automatic = { automatic: ['allow-https-egress'], mostPerHour: 2 };

  test('a plan is applied that the deployer has named, and nobody stands for it', async () => {
    const stage = await stageOf(labOf(group), { consented: automatic });

    const run = await stage.runs.apply((await stage.offer()).id, 'automatic', itself);

    expect(run).toMatchObject({ status: 'applied', by: itself });
  });

  test('nothing is applied that was not named', async () => {
    const lab = labOf(group);
    const stage = await stageOf(lab);
    const before = lab.settings();

    const message = await refusal(stage.runs.apply((await stage.offer()).id, 'automatic', itself));

    expect(message).toMatch(/needs the approval of a person/);
    expect(lab.settings()).toEqual(before);
  });

  test('nothing is applied that only a person may approve, whatever was named', async () => {
    const lab = labOf(incidents['assign-public-ip']);
    const stage = await stageOf(lab, { consented: { automatic: ['assign-public-ip'] } });

    const message = await refusal(stage.runs.apply((await stage.offer()).id, 'automatic', itself));

    expect(message).toMatch(/needs the approval of a person/);
  });

  test('a change is made once per incident', async () => {
    const lab = labOf(group);
    const stage = await stageOf(lab, { consented: automatic });
    const plan = await stage.offer();
    const run = await stage.runs.apply(plan.id, 'automatic', itself);
    await stage.runs.undo(run.id, anna);
    stage.at += 60_000;

    expect(await refusal(stage.runs.apply(plan.id, 'automatic', itself))).toMatch(/for this incident before/);
    // A person may, and so may another incident.
    expect((await stage.runs.apply(plan.id, 'person', anna)).status).toBe('applied');
  });

  test('no more changes are made in an hour than are allowed; a person still may', async () => {
    const lab = labOf(group);
    const stage = await stageOf(lab, { consented: automatic });
    const again = async (incident: string, approval: 'person' | 'automatic') => {
      const plan = await stage.offer(incident);
      stage.at += 60_000;
      const run = await stage.runs.apply(plan.id, approval, 'somebody');
      await stage.runs.undo(run.id, anna);
    };
    await again('first', 'automatic');
    await again('second', 'automatic');

    expect(await refusal(again('third', 'automatic'))).toMatch(/2 changes were made by themselves/);
    await again('third', 'person');
    expect(lab.settings()).toEqual(labOf(group).settings());
  });
});

describe('what was changed is watched', () => {
  test('another end of the service is told, and the changes stay', async () => {
    const lab = labOf(group);
    const stage = await stageOf(lab);
    await stage.runs.apply((await stage.offer()).id, 'person', anna);
    const after = lab.settings();
    stage.outcome = 'rolledBack';

    await stage.pass(5);

    expect(stage.last()).toMatchObject({ event: 'stays', because: expect.stringMatching(/rolled back/) });
    expect(lab.settings()).toEqual(after);
  });

  test('a service that nobody may look at proves nothing: the changes stay, and that is said', async () => {
    const lab = labOf(group);
    const stage = await stageOf(lab);
    await stage.runs.apply((await stage.offer()).id, 'person', anna);
    const after = lab.settings();
    stage.outcome = new Error('ecs:DescribeServices: AccessDenied');

    await stage.pass(70);

    expect(stage.events()).toEqual(['applied', 'stays']);
    expect(stage.last().because).toMatch(/could not be seen.*AccessDenied/);
    expect(lab.settings()).toEqual(after);
    expect(stage.errors.length).toBeGreaterThan(0);
  });

  test('where something else is left to mend, as planned, the changes stay', async () => {
    const whole = labOf(group);
    const remains = 'The image tag or digest does not exist in the repository';
    const lab = {
      ...whole,
      planned: async () =>
        (await whole.planned()).map((one) =>
          one.status === 'ready' ? { ...one, plan: { ...one.plan, leaves: [remains] } } : one,
        ),
    };
    const stage = await stageOf(lab);
    await stage.runs.apply((await stage.offer()).id, 'person', anna);
    const after = lab.settings();

    await stage.pass(70);

    expect(stage.events()).toEqual(['applied', 'stays']);
    expect(stage.last().because).toContain(remains);
    expect(lab.settings()).toEqual(after);
  });
});

test('a topic that is away changes nothing of what was done, and is told later', async () => {
  const lab = labOf(group);
  const stage = await stageOf(lab);
  const plan = await stage.offer();
  stage.topicIsAway = true;

  const run = await stage.runs.apply(plan.id, 'person', anna);

  expect(run.status).toBe('applied');
  expect([stage.untold, stage.told]).toEqual([1, []]);
  stage.topicIsAway = false;
  stage.outcome = 'fixed';
  await stage.pass(15);
  expect(stage.events()).toEqual(['applied', 'works']);
});

// The function dies, or the table is gone, at every step; then it wakes, again and again.
describe.each(Object.entries(incidents))('whatever becomes of the function, %s', (id, incident) => {
  /** Whether the next run is held up by this one. */
  const isBlocked = async (stage: Awaited<ReturnType<typeof stageOf>>, plan: string) => {
    stage.at += 60_000;
    await stage.offer().catch(() => {});
    return /under way|has just begun/.test((await refusal(stage.runs.apply(plan, 'person', anna))) ?? '');
  };
  const settled = (run: Run | null) => run === null || run.status === 'applied' || run.status === 'undone';

  test.each(faults)('ends applied or taken back, and is told: a call that is %s', async (fault) => {
    const whole = labOf(incident);
    const first = await stageOf(whole);
    const plan = await first.offer();
    const start = whole.sent.length;
    await first.runs.apply(plan.id, 'person', anna);
    const calls = whole.sent.length - start;
    const after = whole.settings();

    for (const at of inTurn([...Array(calls).keys()], 4, id.length + faults.indexOf(fault))) {
      const lab = labOf(incident);
      const stage = await stageOf(lab);
      const before = lab.settings();
      await stage.offer();
      lab.fail(at, fault);
      const run = await stage.runs.apply(plan.id, 'person', anna).catch((error: unknown) => {
        if (error instanceof Refused || error instanceof Crash) return null;
        throw error;
      });
      lab.heal();
      stage.outcome = 'fixed';
      await stage.pass(60);

      const where = `${fault} at ${at}`;
      const kept = run === null ? null : await stage.table.run(run.id);
      expect([where, settled(kept?.run ?? null)]).toEqual([where, true]);
      const isApplied = kept?.run.status === 'applied';
      expect([where, lab.settings()]).toEqual([where, isApplied ? after : before]);
      expect([where, await isBlocked(stage, plan.id)]).toEqual([where, false]);
    }
  });

  test('ends applied or taken back, and is told: the table goes away', async () => {
    for (const left of inTurn([...Array(16).keys()], 4, id.length)) {
      const lab = labOf(incident);
      const stage = await stageOf(lab);
      const before = lab.settings();
      const plan = await stage.offer();
      stage.tableCallsLeft = left;
      await stage.runs.apply(plan.id, 'person', anna).catch(() => {});
      stage.tableCallsLeft = Number.POSITIVE_INFINITY;
      stage.outcome = 'fixed';
      await stage.pass(30);

      const isChanged = lab.settings() !== before;
      const events = stage.events();
      const where = `${left}: ${events.join(' ')}`;
      // What is there has been told, and what has been told is there.
      expect([where, events.includes('applied') && !events.includes('takenBack')]).toEqual([
        where,
        isChanged,
      ]);
      expect([where, await isBlocked(stage, plan.id)]).toEqual([where, false]);
    }
  });
});

// Whatever the index says, and however often EventBridge delivers an event.
describe('two functions at once', () => {
  /** Both were woken, and the first has done all before the second comes to the run. */
  const late = async (stage: Awaited<ReturnType<typeof stageOf>>) => {
    const due = stage.table.due.bind(stage.table);
    const ids = await due(stage.at);
    await stage.wake();
    stage.table.due = async () => ids;
    await stage.wake();
    stage.table.due = due;
  };

  test('a run that the other has ended is told once, and stays as it is', async () => {
    const lab = labOf(group);
    const stage = await stageOf(lab);
    await stage.runs.apply((await stage.offer()).id, 'person', anna);
    const after = lab.settings();
    stage.at += 5 * 60_000;
    stage.outcome = 'fixed';

    await late(stage);
    stage.outcome = null;
    await stage.pass(120);

    expect(stage.events()).toEqual(['applied', 'works']);
    expect(lab.settings()).toEqual(after);
  });

  test('what the other has told since it was read is not told again', async () => {
    const stage = await stageOf(labOf(group));
    await stage.runs.apply((await stage.offer()).id, 'person', anna);
    stage.at += 5 * 60_000;
    stage.outcome = 'fixed';
    const run = stage.table.run.bind(stage.table);
    stage.table.run = async (id) => {
      const read = await run(id);
      stage.table.run = run;
      await stage.wake();
      return read;
    };

    await stage.wake();

    expect(stage.events()).toEqual(['applied', 'works']);
  });
});

describe('nobody is left without word', () => {
  test('when the owner withdraws consent between the look and the change', async () => {
    const lab = labOf(group);
    const stage = await stageOf(lab);
    const plan = await stage.offer();
    const before = lab.settings();
    const look = lab.tools.account.look;
    let looks = 0;
    const account = lab.tools.account as { look: typeof look };
    account.look = (async (...call: Parameters<typeof look>) => {
      looks += 1;
      lab.more.consents = looks <= 3;
      return look(...call);
    }) as typeof look;

    const run = await stage.runs.apply(plan.id, 'person', anna);

    expect(run.status).toBe('undone');
    expect(stage.events()).toEqual(['refused']);
    expect(stage.last().because).toMatch(/does not have the tag/);
    expect(lab.settings()).toEqual(before);
  });

  test('when IAM refuses the change', async () => {
    const lab = labOf(group);
    const stage = await stageOf(lab);
    const plan = await stage.offer();
    (lab.tools.account as { change: unknown }).change = async ({ action }: { action: string }) => {
      throw new CallFailed(action, 'UnauthorizedOperation', 'refused');
    };

    await stage.runs.apply(plan.id, 'person', anna);

    expect(stage.events()).toEqual(['refused']);
    expect(stage.last()).toMatchObject({ run: { entries: [{ status: 'failed' }] } });
  });

  test('when the function dies after it has begun, and before it changes anything', async () => {
    const lab = labOf(group);
    const stage = await stageOf(lab);
    const plan = await stage.offer();
    // The plan; the run; the gate twice. Then all ends.
    stage.tableCallsLeft = 4;
    await stage.runs.apply(plan.id, 'person', anna).catch(() => {});
    const told = stage.told.length;
    stage.tableCallsLeft = Number.POSITIVE_INFINITY;

    await stage.pass(15);

    expect(stage.events().slice(told)).toEqual(['refused']);
    expect(stage.last().because).toMatch(/did not come to an end/);
  });

  test('when the topic is away, the one who approved is still told why it was refused', async () => {
    const lab = labOf(group);
    const stage = await stageOf(lab);
    const plan = await stage.offer();
    lab.more.consents = false;
    stage.topicIsAway = true;

    expect(await refusal(stage.runs.apply(plan.id, 'person', anna))).toMatch(/does not have the tag/);
    expect(stage.untold).toBe(1);
  });

  test('when it fails otherwise before anything is changed', async () => {
    const whole = labOf(group);
    let isBroken = false;
    const stage = await stageOf({
      ...whole,
      planned: async () => {
        if (isBroken) throw new TypeError('a bug');
        return whole.planned();
      },
    });
    const plan = await stage.offer();
    isBroken = true;

    await expect(stage.runs.apply(plan.id, 'person', anna)).rejects.toThrow('a bug');

    expect(stage.events()).toEqual(['refused']);
    expect(stage.last().because).toMatch(/a bug/);
  });
});

describe('what cannot be taken back', () => {
  /** Applied, and then it cannot be taken back. */
  const stuck = async () => {
    const lab = labOf(group);
    const stage = await stageOf(lab);
    const run = await stage.runs.apply((await stage.offer()).id, 'person', anna);
    lab.fail(0, 'refused', true);
    return { lab, stage, run };
  };

  test('is said when the topic is there again, though somebody has tried meanwhile', async () => {
    const { stage, run } = await stuck();
    stage.topicIsAway = true;
    expect((await stage.runs.undo(run.id, anna)).status).toBe('stuck');
    await stage.pass(5);
    stage.topicIsAway = false;

    await stage.pass(30);

    expect(stage.events()).toEqual(['applied', 'stuck']);
  });

  test('holds up the next run until it is taken back, though it had let go before', async () => {
    const { lab, stage, run } = await stuck();
    await stage.runs.undo(run.id, anna);
    const next = (id: string) =>
      stage.table
        .journal(
          { task: lab.task, incident: 'another' },
          stage.at + 60_000,
          { automatic: false, mostPerHour: 0 },
          () => stage.at,
        )
        .begin({ ...run, id: `${id}-20261120040410000`, entries: [] });

    await expect(next('aaaaaaaaaaaa')).rejects.toThrow(/could not be taken back/);

    lab.heal();
    await stage.pass(5);
    expect(stage.events()).toEqual(['applied', 'stuck', 'takenBack']);
    await expect(next('bbbbbbbbbbbb')).resolves.toBeUndefined();
  });

  test('is taken back while the topic is away', async () => {
    const { lab, stage, run } = await stuck();
    stage.topicIsAway = true;
    await stage.runs.undo(run.id, anna);
    lab.heal();

    await stage.pass(10);

    expect((await stage.table.run(run.id))?.run.status).toBe('undone');
  });

  test.each(Object.entries(incidents))(
    'is over when what it was made of is gone: %s',
    async (_, incident) => {
      const lab = labOf(incident);
      const stage = await stageOf(lab);
      const plan = await stage.offer();
      const run = await stage.runs.apply(plan.id, 'person', anna);
      const { look } = lab.tools.account;
      const gone: Record<string, string> = {
        'ec2:DescribeSecurityGroups': 'InvalidGroup.NotFound',
        'iam:GetRole': 'NoSuchEntity',
        'iam:ListAttachedRolePolicies': 'NoSuchEntity',
        'ecr:DescribeRepositories': 'RepositoryNotFoundException',
      };
      (lab.tools.account as { look: unknown }).look = (async (action, input, region) => {
        if (gone[action]) throw new CallFailed(action, gone[action], 'refused');
        if (action === 'ecs:DescribeServices') return { services: [{ status: 'INACTIVE' }] };
        return look(action, input, region);
      }) as typeof look;

      expect(await stage.runs.undo(run.id, anna)).toMatchObject({
        status: 'undone',
        entries: [{ status: 'undone', because: expect.stringMatching(/is gone/) }],
      });
    },
  );

  test('does not keep the gate closed when its run is forgotten', async () => {
    const lab = labOf(group);
    const client = memoryClient();
    const stage = await stageOf(lab, { client });
    const plan = await stage.offer();
    stage.tableCallsLeft = 5;
    await stage.runs.apply(plan.id, 'person', anna).catch(() => {});
    stage.tableCallsLeft = Number.POSITIVE_INFINITY;
    stage.at += 60_000;
    expect(await refusal(stage.runs.apply(plan.id, 'person', anna))).toMatch(/is under way/);

    // What time to live does after 90 days.
    stage.table.run = async () => null;
    stage.at += 60_000;
    expect((await stage.runs.apply(plan.id, 'person', anna)).status).toBe('applied');
  });
});

test('a bound that is no number lets nothing through', async () => {
  const stage = await stageOf(labOf(group), {
    consented: { automatic: ['allow-https-egress'], mostPerHour: Number.NaN },
  });

  expect(await refusal(stage.runs.apply((await stage.offer()).id, 'automatic', itself))).toMatch(
    /no more may be/,
  );
});
