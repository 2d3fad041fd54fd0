import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Outcome } from '../../lambda/incident/items.ts';
import type { Plan } from '../../lambda/model/remediation.ts';
import type { RunNews } from '../../lambda/runs/news.ts';
import { RunTable } from '../../lambda/runs/run-table.ts';
import { type RunPorts, Runs } from '../../lambda/runs/runs.ts';
import { type Lab, now as start } from '../remediate/lab.ts';
import { makeTable } from '../support/dynamodb.ts';
import { memoryClient } from '../support/memory-table.ts';

const minute = 60_000;

interface Wish {
  readonly client?: DynamoDBClient;
  readonly consented?: Partial<RunPorts['consented']>;
}

/** The second function over an account of the tests, with a clock that is set by hand. */
export async function stageOf(lab: Lab, { client = memoryClient(), consented = {} }: Wish = {}) {
  const name = `runs-${Math.trunc(performance.now() * 1_000)}`;
  if ('config' in client) await makeTable(client, name);
  const table = new RunTable(name, client);
  const stage = {
    at: start.getTime(),
    /** How the service stands; an `Error`: it cannot be looked at. */
    outcome: null as Outcome | null | Error,
    told: [] as RunNews[],
    untold: 0,
    topicIsAway: false,
    /** Calls to the table until it is away; then it stays so. */
    tableCallsLeft: Number.POSITIVE_INFINITY,
  };
  const sender = client as unknown as { send: (...call: unknown[]) => Promise<unknown> };
  const send = sender.send.bind(client);
  sender.send = async (...call) => {
    if (stage.tableCallsLeft <= 0) throw new Error('the table is away');
    stage.tableCallsLeft -= 1;
    return send(...call);
  };
  const runs = new Runs({
    table,
    accountOf: () => lab.tools.account,
    planAgain: lab.planned,
    look: async () => {
      if (stage.outcome instanceof Error) throw stage.outcome;
      return stage.outcome;
    },
    tell: async (news) => {
      if (stage.topicIsAway) throw new Error('the topic is away');
      stage.told.push(JSON.parse(JSON.stringify(news)) as RunNews);
    },
    onUntold: () => {
      stage.untold += 1;
    },
    now: () => new Date(stage.at),
    livesUntil: () => stage.at + 3 * minute,
    consented: {
      remediations: [
        'allow-https-egress',
        'allow-endpoint-ingress',
        'attach-execution-role-policy',
        'assign-public-ip',
        'restore-archived-image',
      ],
      automatic: [],
      mostPerHour: 3,
      ...consented,
    },
  });
  const errors: unknown[] = [];
  return Object.assign(stage, {
    runs,
    table,
    errors,
    events: () => stage.told.map(({ event }) => event),
    last: () => stage.told.at(-1) as RunNews,
    /** Keeps the plan of the account, as a diagnosis does. */
    async offer(incident = 'incident-1'): Promise<Plan> {
      const [plan] = await lab.plans();
      if (!plan) throw new Error('there is no plan');
      await table.offer({ plan, task: lab.task }, incident);
      return plan;
    },
    wake: () =>
      runs.wake(
        () => true,
        (_, error) => errors.push(error),
      ),
    /** Lets time pass, waking every five minutes as the stack does. */
    async pass(minutes: number) {
      for (let passed = 0; passed < minutes; passed += 5) {
        stage.at += 5 * minute;
        await runs.wake(
          () => true,
          (_, error) => errors.push(error),
        );
      }
    },
  });
}
