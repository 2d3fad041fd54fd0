import { describe, expect, test } from '@jest/globals';
import { changeActions, readActions } from '../../lambda/aws/actions.ts';
import { checks } from '../../lambda/checks/index.ts';
import { diagnose } from '../../lambda/diagnose.ts';
import type { FactName, Snapshot } from '../../lambda/model/facts.ts';
import type { Plan } from '../../lambda/model/remediation.ts';
import { commandOf } from '../../lambda/remediate/command.ts';
import { remediations } from '../../lambda/remediate/index.ts';
import { plansFor } from '../../lambda/remediate/plan.ts';
import { snapshotNames, snapshotOf } from '../support/snapshots.ts';
import { inTurn } from '../support/whole.ts';
import { incidents, labOf } from './lab.ts';

const plannedFor = (snapshot: Snapshot) => plansFor(snapshot, diagnose(snapshot));
const plansOf = (snapshot: Snapshot): readonly Plan[] =>
  plannedFor(snapshot).flatMap((one) => (one.status === 'ready' ? [one.plan] : []));

test('each remediation is planned for its incident, and nothing for an incident without a cause', () => {
  const planned = snapshotNames.flatMap((name) =>
    plansOf(snapshotOf(name)).map(({ remediation }) => `${remediation}: ${name}`),
  );

  for (const [id, name] of Object.entries(incidents)) expect(planned).toContain(`${id}: ${name}`);
  expect(planned.filter((one) => one.includes(': healthy-'))).toEqual([]);
});

test('each remediation is for a check that there is, and sends only its own changes', () => {
  expect(remediations.map(({ id }) => id).toSorted()).toEqual(Object.keys(changeActions).toSorted());
  for (const { id, remedies } of remediations) {
    expect(checks.map((check) => check.id)).toContain(remedies);
    const [plan] = plansOf(snapshotOf(incidents[id as keyof typeof incidents]));
    const sent = plan?.steps.flatMap(({ apply, undo }) => [apply.action, undo.action]) ?? [];
    expect([...new Set(sent)].toSorted()).toEqual(
      [...changeActions[id as keyof typeof changeActions]].toSorted(),
    );
  }
});

test('no change is among the calls of a diagnosis', () => {
  const changes: readonly string[] = Object.values(changeActions).flat();

  expect(readActions.filter((action) => changes.includes(action))).toEqual([]);
});

describe.each(Object.entries(incidents))('%s', (id, incident) => {
  const snapshot = snapshotOf(incident);
  const remediation = remediations.find((one) => one.id === id);

  test('a plan survives JSON, and is the same whenever it is made', () => {
    const [plan] = plansOf(snapshot);
    const [later] = plansOf({ ...snapshot, collectedAt: '2026-11-20T04:00:00.000Z' });

    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(later?.id).toBe(plan?.id);
    expect(later?.expiresAt).toBe('2026-11-20T05:00:00.000Z');
  });

  test('a plan for another deployment has another id', () => {
    const task = snapshot.facts.task.value;
    const other: Snapshot = {
      ...snapshot,
      facts: { ...snapshot.facts, task: { status: 'known', value: { ...task, startedBy: 'ecs-svc/2' } } },
    };

    expect(plansOf(other)[0]?.id).not.toBe(plansOf(snapshot)[0]?.id);
  });

  test.each((remediation?.needs ?? []).filter((need) => need !== 'task'))(
    'nothing is planned while %s is unknown',
    (need: FactName) => {
      const unknown = {
        status: 'unknown',
        why: 'refused',
        action: 'some:Call',
        error: 'AccessDenied',
      } as const;

      expect(plansOf({ ...snapshot, facts: { ...snapshot.facts, [need]: unknown } })).toEqual([]);
    },
  );

  test.each(inTurn(readActions, 2, id.length))(
    'with %s refused the plan is the same, or there is none',
    async (action) => {
      const [whole] = await labOf(incident).plans();
      const lab = labOf(incident, (account) => {
        account.refused[action] = 'AccessDenied';
      });

      for (const plan of await lab.plans()) expect(plan.id).toBe(whole?.id);
    },
  );
});

describe('the plan is as narrow as the incident', () => {
  const egress = (to: object) => [
    { action: 'ec2:AuthorizeSecurityGroupEgress', input: { GroupId: 'sg-0task', IpPermissions: [to] } },
  ];
  const planWith = async (...args: Parameters<typeof labOf>) =>
    (await labOf(...args).plans())[0]?.steps.map(({ apply }) => apply);

  test('towards the internet: port 443, and no other', async () => {
    expect(await planWith('task-group-closed')).toMatchObject(
      egress({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }),
    );
  });

  test('towards endpoints: the group of the endpoints and the prefix list of Amazon S3', async () => {
    const steps = await planWith('endpoint-group-closed', ({ SecurityGroups }) => {
      const [task, endpoints] = ['sg-0task', 'sg-0endpoints'].map((id) =>
        SecurityGroups.find(({ GroupId }) => GroupId === id),
      );
      Object.assign(task ?? {}, { IpPermissionsEgress: [] });
      Object.assign(endpoints ?? {}, {
        IpPermissions: [
          { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, UserIdGroupPairs: [{ GroupId: 'sg-0task' }] },
        ],
      });
    });

    expect(steps).toMatchObject([
      ...egress({ UserIdGroupPairs: [{ GroupId: 'sg-0endpoints' }] }),
      ...egress({ PrefixListIds: [{ PrefixListId: 'pl-6da54004' }] }),
    ]);
    expect(JSON.stringify(steps)).not.toContain('0.0.0.0/0');
  });

  test.each([['0.0.0.0/0'], ['203.0.113.0/24']])('no public address where a group lets %s in', (CidrIp) => {
    const lab = labOf('public-subnet-without-public-ip', ({ SecurityGroups }) => {
      SecurityGroups[0]?.IpPermissions.push({
        IpProtocol: 'tcp',
        FromPort: 80,
        ToPort: 80,
        IpRanges: [{ CidrIp }],
      });
    });

    return expect(lab.plans()).resolves.toEqual([]);
  });

  test.each([
    ['allow-https-egress', 'sg-0task'],
    ['allow-endpoint-ingress', 'sg-0endpoints'],
  ] as const)('%s: the rules of a group are changed by the account that owns it alone', (id, groupId) => {
    const ownedBy = (ownerId: string) => {
      const snapshot = snapshotOf(incidents[id]);
      const { securityGroups } = snapshot.facts;
      if (securityGroups.status !== 'known') throw new Error('the groups must be known');
      const value = securityGroups.value.map((one) => (one.groupId === groupId ? { ...one, ownerId } : one));
      return plannedFor({
        ...snapshot,
        facts: { ...snapshot.facts, securityGroups: { status: 'known', value } },
      });
    };

    expect(ownedBy('444455556666')).toMatchObject([
      {
        status: 'declined',
        because: `\`${groupId}\` belongs to account \`444455556666\`, which alone may change its rules`,
      },
    ]);
    expect(ownedBy('111122223333')).toMatchObject([{ status: 'ready' }]);
  });

  test('a policy is no way past a boundary or a denial', () => {
    for (const name of ['role-limited-by-boundary', 'role-without-layers'])
      expect(plannedFor(snapshotOf(name))).toMatchObject([{ status: 'declined' }]);
  });
});

test('a command is one argument to a shell for each value', () => {
  const [step] = plansOf(snapshotOf(incidents['attach-execution-role-policy']))[0]?.steps ?? [];
  if (step?.apply.action !== 'iam:AttachRolePolicy') throw new Error('another step');

  const command = commandOf(
    { ...step.apply, input: { ...step.apply.input, RoleName: "a'; rm -rf $HOME" } },
    'eu-west-1',
  );

  expect(command).toBe(
    "aws iam attach-role-policy --region eu-west-1 --role-name 'a'\\''; rm -rf $HOME' --policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
  );
});
