// Storms: many failed tasks at once, over several functions at a time and an emulated DynamoDB.
import type { AddressInfo } from 'node:net';
import type { Read } from '../lambda/aws/api.ts';
import { handlerWith } from '../lambda/handler.ts';
import { IncidentTable } from '../lambda/incident/table.ts';
import { type Account, fakeAws } from '../test/support/account.ts';
import { clientOf, makeTable, startDynamodb } from '../test/support/dynamodb.ts';
import { natWorld, stoppedEvent, texts } from '../test/support/worlds.ts';

const minute = 60_000;
const services = 100;
/** Failed tasks, over an hour; a tenth of them is delivered twice. */
const failures = 10_000;
const functions = 4;
const batchSize = 5;

interface Storm {
  readonly name: string;
  readonly account: Account;
  /** The event of a task of a service. */
  readonly event: (service: number, detail: Record<string, unknown>) => object;
  /** Messages from the first to the last. */
  readonly goal: number;
}

const gone = natWorld();
gone.NatGateways = [];
for (const { Routes } of gone.RouteTables)
  for (const route of Routes) if (route['NatGatewayId']) route['State'] = 'blackhole';

const storms: readonly Storm[] = [
  {
    name: '100 causes: each service misses an image of its own',
    account: natWorld(),
    event: (service, detail) => {
      const image = `111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/service-${service}:v1`;
      return stoppedEvent({
        text: texts.notFound.replaceAll('team/web', `team/service-${service}`),
        image,
        detail,
      });
    },
    goal: 4 * services,
  },
  {
    name: '1 cause: 100 services behind a NAT gateway that is gone',
    account: gone,
    event: (_, detail) => stoppedEvent({ text: texts.manifestTimeout, detail }),
    goal: 4,
  },
];

/** Numbers that look random and are the same in each run. https://en.wikipedia.org/wiki/Linear_congruential_generator */
function dice(seed: number) {
  let state = seed;
  return (sides: number) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

interface Delivery {
  readonly at: number;
  readonly body: string;
  readonly receives: number;
}

async function run({ account, event }: Storm, table: IncidentTable) {
  const roll = dice(7);
  const start = Date.parse('2026-11-20T03:00:00Z');
  let now = start;
  let calls = 0;
  let isMended = false;
  const messages = new Map<string, number>();
  const seen: string[] = [];
  const base = fakeAws(account, seen);
  const read = (async (action, input, region) => {
    calls += 1;
    if (action === 'ecs:DescribeServices' && isMended) return { services: [running] } as never;
    return base(action, input, region);
  }) as Read;
  const surroundings = () => ({
    readerOf: () => read,
    publish: async ({ attributes }: { attributes: Readonly<Record<string, string | readonly string[]>> }) => {
      const key = String(attributes['event']);
      messages.set(key, (messages.get(key) ?? 0) + 1);
    },
    announce: async () => {},
    table,
    patience: { minimumFailures: 1, quietWindow: 0 },
    now: () => new Date(now),
    maxReceiveCount: 5,
  });
  const handler = handlerWith(surroundings);

  const deliveries: Delivery[] = Array.from({ length: failures }, (_, n) => {
    const service = n % services;
    const at = start + roll(60) * minute + roll(60_000);
    const detail = {
      taskArn: `arn:aws:ecs:eu-west-1:111122223333:task/prod/${String(n).padStart(32, '0')}`,
      group: `service:service-${service}`,
      stoppedAt: new Date(at).toISOString(),
    };
    const body = JSON.stringify(event(service, detail));
    // Late by up to ten minutes, so that they come in any order; some twice.
    const once = { at: at + roll(10 * minute), body, receives: 1 };
    return n % 10 === 0 ? [once, { ...once, at: once.at + roll(10 * minute) }] : [once];
  }).flat();
  for (let at = start; at < start + 90 * minute; at += 5 * minute)
    deliveries.push({
      at,
      body: JSON.stringify({ source: 'ecs-pull-doctor', 'detail-type': 'Time has passed' }),
      receives: 1,
    });

  let backs = 0;
  let lost = 0;
  async function deliver(all: readonly Delivery[]) {
    let left = all.toSorted((a, b) => a.at - b.at);
    while (left.length > 0) {
      const batches = Array.from({ length: functions }, (_, n) =>
        left.slice(n * batchSize, (n + 1) * batchSize),
      ).filter((batch) => batch.length > 0);
      left = left.slice(functions * batchSize);
      now = Math.max(now, batches.at(-1)?.at(-1)?.at ?? now);
      const answers = await Promise.all(
        batches.map((batch) =>
          handler(
            {
              Records: batch.map(({ body, receives }, at) => ({
                messageId: String(at),
                body,
                attributes: { ApproximateReceiveCount: String(receives) },
              })),
            },
            { getRemainingTimeInMillis: () => minute },
          ),
        ),
      );
      const again = answers.flatMap((answer, n) =>
        (answer?.batchItemFailures ?? []).flatMap(
          ({ itemIdentifier }) => batches[n]?.[Number(itemIdentifier)] ?? [],
        ),
      );
      backs += again.length;
      lost += again.filter(({ receives }) => receives >= 5).length;
      left = [
        ...left,
        ...again
          .filter(({ receives }) => receives < 5)
          .map((one) => ({ ...one, at: now + 6 * minute, receives: one.receives + 1 })),
      ].toSorted((a, b) => a.at - b.at);
    }
  }

  const began = performance.now();
  await deliver(deliveries);
  isMended = true;
  now += minute;
  await deliver(
    Array.from({ length: services }, (_, service) => ({
      at: now,
      body: JSON.stringify(steady(service, now)),
      receives: 1,
    })),
  );
  const spent = performance.now() - began;
  return { calls, messages, asks: asksIn(seen), backs, lost, spent, records: deliveries.length };
}

/** Each diagnosis asks once for the service of its task, and each hour somebody looks at a service that fails. */
const asksIn = (seen: readonly string[]) =>
  seen.filter((call) => call.startsWith('ecs:DescribeServices')).length;

const running = {
  status: 'ACTIVE',
  desiredCount: 1,
  deployments: [
    { status: 'PRIMARY', id: 'ecs-svc/9', desiredCount: 1, runningCount: 1, rolloutState: 'COMPLETED' },
  ],
};

const steady = (service: number, at: number) => ({
  source: 'aws.ecs',
  'detail-type': 'ECS Service Action',
  time: new Date(at).toISOString(),
  resources: [`arn:aws:ecs:eu-west-1:111122223333:service/prod/service-${service}`],
  detail: {
    eventType: 'INFO',
    eventName: 'SERVICE_STEADY_STATE',
    clusterArn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod',
  },
});

/** Prints what storms lead to; gives the number of goals that were missed. */
export async function stormsOf(): Promise<number> {
  const server = await startDynamodb();
  const client = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const silent = { log: console.log, warn: console.warn, error: console.error };
  const write = process.stdout.write.bind(process.stdout);
  let missed = 0;
  for (const [n, storm] of storms.entries()) {
    const name = `storm-${n}`;
    await makeTable(client, name);
    // The function's own log would bury the table.
    Object.assign(console, { log: () => {}, warn: () => {}, error: () => {} });
    process.stdout.write = () => true;
    const result = await run(storm, new IncidentTable(name, client)).finally(() => {
      Object.assign(console, silent);
      process.stdout.write = write;
    });
    const total = [...result.messages.values()].reduce((sum, one) => sum + one, 0);
    const isMissed = total > storm.goal || result.lost > 0;
    missed += Number(isMissed);
    const kinds = [...result.messages].map(([kind, times]) => `${kind} ${times}`).join(', ');
    console.log(`\n${storm.name}`);
    console.log(
      `  ${failures} failed tasks in ${result.records} records, ${functions} functions at a time, ${Math.round(result.spent / 1_000)} s`,
    );
    console.log(
      `  messages ${total} (goal: at most ${storm.goal}): ${kinds}; lost ${result.lost}; given back ${result.backs}${isMissed ? '   goal missed' : ''}`,
    );
    console.log(
      `  diagnoses and looks at a service ${result.asks}, calls to the account ${result.calls}, memory ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`,
    );
  }
  server.close();
  client.destroy();
  return missed;
}
