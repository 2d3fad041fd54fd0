import type { DescribeSecurityGroupRulesResult } from '@aws-sdk/client-ec2';
import { describe, expect, test } from '@jest/globals';
import type { Plan, Run } from '../../lambda/model/remediation.ts';
import { apply, Refused, undo } from '../../lambda/remediate/execute.ts';
import { inTurn } from '../support/whole.ts';
import { Crash, faults, incidents, type Lab, labOf } from './lab.ts';

const by = 'arn:aws:iam::111122223333:user/anna';

const planOf = async (lab: Lab): Promise<Plan> => {
  const [plan] = await lab.plans();
  if (!plan) throw new Error('there is no plan');
  return plan;
};
const applied = async (lab: Lab) => apply(await planOf(lab), by, lab.plans, lab.tools);

/** The run, or `null` where nothing was begun, or where the program ended. */
const attempt = async (act: () => Promise<Run>): Promise<Run | null> => {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Refused || error instanceof Crash) return null;
    throw error;
  }
};
/** The run of a plan as it was last written down. */
const written = (lab: Lab): Run | null => [...lab.journal.values()].at(-1) ?? null;

describe.each(Object.entries(incidents))('%s', (id, incident) => {
  test('is applied, mends the cause, and is taken back without a trace', async () => {
    const lab = labOf(incident);
    const before = lab.settings();
    const [cause] = await lab.causes();

    const run = await applied(lab);

    expect(run).toMatchObject({ status: 'applied', by, plan: { remediation: id } });
    expect(await lab.causes()).not.toContain(cause);
    const undone = await undo(run, lab.tools);
    expect(undone.status).toBe('undone');
    expect(lab.settings()).toEqual(before);
    expect(await lab.causes()).toEqual([cause]);
  });

  test('is refused without the consent of the owner', async () => {
    const lab = labOf(incident, (_, more) => {
      more.consents = false;
    });
    const before = lab.settings();

    await expect(applied(lab)).rejects.toThrow(
      /does not have the tag `ecs-pull-doctor:remediation` = `allow`/,
    );

    expect(lab.settings()).toEqual(before);
    expect(lab.journal.size).toBe(0);
  });

  test('is refused when the service is in another deployment than the one that failed', async () => {
    const lab = labOf(incident);
    const plan = await planOf(lab);
    Object.assign(lab.account.service ?? {}, { deployments: [{ id: 'ecs-svc/9', status: 'PRIMARY' }] });

    await expect(apply(plan, by, lab.plans, lab.tools)).rejects.toThrow(Refused);

    expect(lab.journal.size).toBe(0);
  });

  test('what was so already is not taken back', async () => {
    const lab = labOf(incident);
    const plan = await planOf(lab);
    // Somebody makes the same change between the last look and ours.
    for (const step of plan.steps) await lab.tools.account.change(step.apply, step.region);
    const theirs = lab.settings();

    const run = await attempt(() => apply(plan, by, async () => [plan], lab.tools));

    // An update of the service is a deployment, which is another than the one that failed: nothing is begun at all.
    const entries = run ? (await undo(run, lab.tools)).entries : [];
    expect(entries.map(({ status }) => status)).toEqual(id === 'assign-public-ip' ? [] : ['already-so']);
    expect(lab.settings()).toEqual(theirs);
  });

  test('a plan that is not executed in time, or comes out otherwise, is refused', async () => {
    const lab = labOf(incident);
    const plan = await planOf(lab);
    const late = { ...lab.tools, now: () => new Date('2026-11-20T05:00:00Z') };

    await expect(apply(plan, by, lab.plans, late)).rejects.toThrow(/expired/);
    await expect(apply(plan, by, async () => [{ ...plan, id: 'another' }], lab.tools)).rejects.toThrow(
      /stale/,
    );

    expect(lab.journal.size).toBe(0);
  });

  test('without a journal nothing is changed', async () => {
    const lab = labOf(incident);
    const before = lab.settings();
    const journal = {
      begin: () => Promise.reject(new Error('another run is under way')),
      save: () => Promise.reject(new Error('no journal')),
    };

    await expect(apply(await planOf(lab), by, lab.plans, { ...lab.tools, journal })).rejects.toThrow(
      /another run is under way/,
    );

    expect(lab.settings()).toEqual(before);
  });
});

// Every call of apply fails in every way, once or from then on; then every call of undo.
describe.each(Object.entries(incidents))('%s under faults', (_id, incident) => {
  const cases = (['apply', 'undo'] as const).flatMap((phase) =>
    faults.flatMap((fault) => [false, true].map((forEver) => ({ phase, fault, forEver }))),
  );

  test.each(cases)('$phase, $fault, for ever: $forEver', async ({ phase, fault, forEver }) => {
    const whole = labOf(incident);
    const plan = await planOf(whole);
    const applied = (lab: Lab) => apply(plan, by, async () => [plan], lab.tools);
    const start = whole.sent.length;
    const clean = await applied(whole);
    const calls = whole.sent.length - start;
    const after = whole.settings();
    await undo(clean, whole.tools);
    const undoCalls = whole.sent.length - start - calls;

    for (const at of inTurn(
      [...Array(phase === 'apply' ? calls : undoCalls).keys()],
      2,
      faults.indexOf(fault),
    )) {
      const lab = labOf(incident);
      const before = lab.settings();
      let run: Run | null;
      if (phase === 'apply') {
        lab.fail(at, fault, forEver);
        run = await attempt(() => applied(lab));
      } else {
        run = await applied(lab);
        const begun = run;
        lab.fail(at, fault, forEver);
        run = await attempt(() => undo(begun, lab.tools));
      }
      lab.heal();

      const where = `${phase} ${at} ${fault}`;
      // What is said is true.
      if (run?.status === 'applied') expect([where, lab.settings()]).toEqual([where, after]);
      if (run?.status === 'undone') expect([where, lab.settings()]).toEqual([where, before]);
      if (phase === 'apply' && run === null && written(lab) === null)
        expect([where, lab.settings()]).toEqual([where, before]);
      // And what was written down is enough to take everything back.
      const journal = written(lab);
      if (journal) {
        await undo(journal, lab.tools);
        expect([where, lab.settings()]).toEqual([where, before]);
      }
    }
  });
});

describe("somebody else's change between apply and undo survives", () => {
  test('another rule of the group, and one that is the same but made anew', async () => {
    const lab = labOf('task-group-closed');
    const run = await applied(lab);
    const group = lab.account.SecurityGroups.find(({ GroupId }) => GroupId === 'sg-0task');
    const rule = { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, IpRanges: [{ CidrIp: '10.9.0.0/16' }] };
    group?.IpPermissionsEgress.push(rule);
    // Ours is removed, and the same made again by hand.
    const anew = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    if (group) group.IpPermissionsEgress = [rule, anew];

    const undone = await undo(run, lab.tools);

    expect(undone.entries).toMatchObject([{ status: 'left', because: 'what is there is not of this run' }]);
    expect(group?.IpPermissionsEgress).toMatchObject([rule, anew]);
  });

  test('our rule, which somebody has made theirs', async () => {
    const lab = labOf('task-group-closed');
    const run = await applied(lab);
    const group = lab.account.SecurityGroups.find(({ GroupId }) => GroupId === 'sg-0task');
    Object.assign(group?.IpPermissionsEgress[0] ?? {}, {
      IpRanges: [{ CidrIp: '203.0.113.0/24', Description: 'partner' }],
    });

    const undone = await undo(run, lab.tools);

    expect(undone.entries[0]).toMatchObject({
      status: 'left',
      because: expect.stringMatching(/changed rule `sgr-/),
    });
    expect(group?.IpPermissionsEgress).toHaveLength(1);
  });

  test('another security group of the service', async () => {
    const lab = labOf('public-subnet-without-public-ip');
    const run = await applied(lab);
    const { awsvpcConfiguration: now } = (
      lab.account.service as never as {
        networkConfiguration: { awsvpcConfiguration: { securityGroups: string[]; assignPublicIp: string } };
      }
    ).networkConfiguration;
    now.securityGroups.push('sg-0more');

    const undone = await undo(run, lab.tools);

    expect(undone.status).toBe('undone');
    expect(lab.account.service).toMatchObject({
      networkConfiguration: {
        awsvpcConfiguration: { securityGroups: ['sg-0task', 'sg-0more'], assignPublicIp: 'DISABLED' },
      },
    });
  });

  test('another policy of the role', async () => {
    const lab = labOf('role-without-manifest');
    const run = await applied(lab);
    lab.more.attached.push('arn:aws:iam::aws:policy/ReadOnlyAccess');

    await undo(run, lab.tools);

    expect(lab.more.attached).toEqual(['arn:aws:iam::aws:policy/ReadOnlyAccess']);
  });
});

test('a service under another deployment controller is not changed', async () => {
  const lab = labOf('public-subnet-without-public-ip', (_, more) => {
    more.controller = 'CODE_DEPLOY';
  });

  await expect(applied(lab)).rejects.toThrow(/`CODE_DEPLOY`, which alone may change it/);
});

test('while a deployment of somebody else is under way a service is not taken back, and later it is', async () => {
  const lab = labOf('public-subnet-without-public-ip');
  const run = await applied(lab);
  const deployments = (rolloutState: string) =>
    Object.assign(lab.account.service ?? {}, {
      deployments: [{ id: 'ecs-svc/x', status: 'PRIMARY', rolloutState }],
    });
  deployments('IN_PROGRESS');

  const stuck = await undo(run, lab.tools);
  deployments('COMPLETED');
  const undone = await undo(stuck, lab.tools);

  expect(stuck).toMatchObject({
    status: 'stuck',
    because: 'service `web` is in the middle of another deployment',
  });
  expect(undone.status).toBe('undone');
});

test('a rule that Amazon EC2 does not show yet is taken back by its id', async () => {
  const { tools, settings, ...lab } = labOf('task-group-closed');
  const before = settings();
  const [plan] = (await lab.plans()) as [Plan];
  const { look } = tools.account;
  const late = (async (action, input, region) => {
    const answer = (await look(action, input, region)) as DescribeSecurityGroupRulesResult;
    const SecurityGroupRules = answer.SecurityGroupRules?.filter(
      ({ Description }) => !Description?.startsWith('ecs-pull-doctor'),
    );
    return SecurityGroupRules ? { ...answer, SecurityGroupRules } : answer;
  }) as typeof look;
  const hasty = { ...tools, account: { ...tools.account, look: late } };

  const run = await apply(plan, 'anna', lab.plans, hasty);
  expect(settings()).not.toEqual(before);
  const undone = await undo(run, hasty);

  expect(undone.status).toBe('undone');
  expect(settings()).toEqual(before);
});

test('what somebody makes so while a call cannot be written down, and is not sent, is theirs', async () => {
  const { tools, more, ...lab } = labOf('role-without-manifest');
  const [plan] = (await lab.plans()) as [Plan];
  const save = async (run: Run) => {
    if (run.entries.every(({ status }) => status !== 'started')) return tools.journal.save(run);
    for (const { apply } of plan.steps) await tools.account.change(apply, plan.region);
    throw new Error('the disk is full');
  };

  const run = await apply(plan, 'anna', lab.plans, { ...tools, journal: { ...tools.journal, save } });

  expect(run.status).toBe('undone');
  expect(more.attached).toHaveLength(1);
});
