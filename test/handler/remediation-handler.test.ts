import { describe, expect, jest, test } from '@jest/globals';
import { handlerWith } from '../../lambda/handler.ts';
import { IncidentTable } from '../../lambda/incident/table.ts';
import type { Message } from '../../lambda/publish/message.ts';
import { wakeEvent } from '../../lambda/record.ts';
import { type Answer, remediationHandlerWith } from '../../lambda/remediation-handler.ts';
import { RunTable } from '../../lambda/runs/run-table.ts';
import { type Account, fakeAws } from '../support/account.ts';
import { memoryClient } from '../support/memory-table.ts';
import { extra, fakeRemediationAccount, settingsOf } from '../support/remediation-account.ts';
import { scenarios } from '../support/scenario-list.ts';

const name = 'task-group-closed';
const scenario = scenarios.find((one) => one.name === name);

/** Both functions of a stack, over one account, one table and one topic. */
function stack(consented: { remediations: string[]; automatic: string[] }) {
  const account = scenario?.world() as Account;
  scenario?.breaks?.(account);
  const more = extra();
  const client = memoryClient();
  const told: Message[] = [];
  const announced: Record<string, unknown>[] = [];
  let at = Date.parse('2026-11-20T03:04:10Z');
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  for (const level of ['log', 'warn', 'error'] as const)
    jest.spyOn(console, level).mockImplementation(() => {});
  const clock = { getRemainingTimeInMillis: () => 180_000 };
  const common = {
    readerOf: () => fakeAws(account),
    publish: async (message: Message) => void told.push(message),
    announce: async ({ machine }: Message) => void announced.push(JSON.parse(machine)),
    now: () => new Date(at),
  };
  const diagnosing = handlerWith(() => ({
    ...common,
    table: new IncidentTable('table', client),
    offers: { consented, plans: new RunTable('table', client) },
    patience: { minimumFailures: 1, quietWindow: 0 },
    maxReceiveCount: 5,
  }));
  const remediating = remediationHandlerWith(() => ({
    ...common,
    accountOf: () => fakeRemediationAccount(account, more),
    table: new RunTable('table', client),
    consented: { ...consented, mostPerHour: 3 },
    undoCommand: (run) => `undo ${run}`,
  }));
  return {
    account,
    more,
    told,
    announced,
    settings: () => structuredClone(settingsOf(account, more)),
    events: () => told.map(({ attributes }) => attributes['event']),
    fails: () => diagnosing(scenario?.event, clock),
    invoke: (event: unknown) => remediating(event, clock),
    /** What EventBridge hands over of the last event of our own. */
    event: () => ({
      source: 'ecs-pull-doctor',
      'detail-type': 'ECS Image Pull Incident',
      detail: announced.at(-1),
    }),
    plan: () => JSON.parse(told[0]?.machine ?? '{}').plan?.id as string,
    async pass(minutes: number) {
      for (let passed = 0; passed < minutes; passed += 5) {
        at += 5 * 60_000;
        await remediating(wakeEvent, clock);
      }
    },
  };
}
const byPerson = { remediations: ['allow-https-egress'], automatic: [] };
const byItself = { remediations: ['allow-https-egress'], automatic: ['allow-https-egress'] };

describe('from the failed task to the change', () => {
  test('a finding offers a plan, the approvers let it be applied, and it is undone when it does not help', async () => {
    const { invoke, ...one } = stack(byPerson);
    const before = one.settings();
    await one.fails();

    const answer = (await invoke({
      apply: one.plan(),
      by: [{ approver: 'anna', decision: 'Approve' }],
    })) as Answer;

    expect(answer).toMatchObject({ status: 'applied', text: expect.stringContaining('443') });
    expect(one.settings()).not.toEqual(before);
    // The service of the account still does not run.
    Object.assign(one.account.service ?? {}, {
      deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY', desiredCount: 1, runningCount: 0 }],
    });
    await one.pass(65);
    expect(one.events()).toEqual(['opened', 'remediation-applied', 'remediation-takenBack']);
    expect(one.settings()).toEqual(before);
    expect(one.told[1]?.email).toContain('anna');
    // All of it is one conversation.
    expect(new Set(one.told.map(({ attributes }) => attributes['incident'])).size).toBe(1);
  });

  test('what needs nobody is applied from the event of the incident, and taken back by hand', async () => {
    const { invoke, ...one } = stack(byItself);
    const before = one.settings();
    await one.fails();

    const answer = (await invoke(one.event())) as Answer;

    expect(answer.status).toBe('applied');
    const undone = (await invoke({ undo: answer.run, by: 'anna' })) as Answer;
    expect(undone.status).toBe('undone');
    expect(one.settings()).toEqual(before);
  });

  test('an event that nobody sent for a plan that needs a person changes nothing', async () => {
    const { invoke, ...one } = stack(byPerson);
    await one.fails();
    const before = one.settings();

    expect(await invoke(one.event())).toBeUndefined();

    expect(one.settings()).toEqual(before);
    expect(one.events().at(-1)).toBe('remediation-refused');
  });

  test('an approval that is refused fails for who has approved, and is told to all', async () => {
    const { invoke, ...one } = stack(byPerson);
    await one.fails();
    one.more.consents = false;

    await expect(invoke({ apply: one.plan(), by: 'anna' })).rejects.toThrow(/does not have the tag/);

    expect(one.events()).toEqual(['opened', 'remediation-refused']);
  });

  test('an approval whose change fails on the way fails for who has approved, and leaves nothing', async () => {
    const { invoke, ...one } = stack(byPerson);
    await one.fails();
    const before = one.settings();
    // The owner consents when it is looked at, and no more when the change is made.
    const answers = [true];
    Object.defineProperty(one.more, 'consents', { get: () => answers.pop() ?? false });

    await expect(invoke({ apply: one.plan(), by: 'anna' })).rejects.toThrow(
      /not applied: Run .*does not have the tag/s,
    );

    expect(one.events()).toEqual(['opened', 'remediation-refused']);
    expect(one.settings()).toEqual(before);
  });

  test('a stack that may make no such change offers none', async () => {
    const one = stack({ remediations: ['restore-archived-image'], automatic: [] });
    await one.fails();

    expect(one.announced[0]).toMatchObject({ conclusion: 'explained' });
    expect(one.announced[0]).not.toHaveProperty('plan');
    expect(one.told[0]?.email).not.toMatch(/put right for you/i);
  });
});

test.each([
  ['nothing', undefined],
  ['an approval without an approver', { apply: '19ce68146365' }],
  ['an approval with an empty approver', { apply: '19ce68146365', by: '' }],
  ['a plan that is no id', { apply: "x' OR 1=1", by: 'anna' }],
  ['two wishes at once', { apply: '19ce68146365', undo: '19ce68146365-1', by: 'anna' }],
  ['an event of another source', { source: 'aws.ecs', 'detail-type': 'ECS Task State Change', detail: {} }],
])('%s is no payload, and says what is', async (_, payload) => {
  const { invoke } = stack(byPerson);

  await expect(invoke(payload)).rejects.toThrow(/give \{"apply": "<plan>", "by": "<who approves>"\}/);
});
