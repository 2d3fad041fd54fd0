import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BatchGetItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, expect, jest, test } from '@jest/globals';
import { handlerWith } from '../../lambda/handler.ts';
import { IncidentTable } from '../../lambda/incident/table.ts';
import { EcsPullDoctorStack } from '../../lib/index.ts';
import { costTables, priceSources } from '../../scripts/cost/page.ts';
import { costOf, prices } from '../../scripts/cost/prices.ts';
import { type Played, quietMonth, type Stack, useOf } from '../../scripts/cost/use.ts';
import { app, templateOf } from '../lib/synth.ts';
import { fakeAws } from '../support/account.ts';
import { expectGolden } from '../support/golden.ts';
import { memoryClient } from '../support/memory-table.ts';
import { natWorld, stoppedEvent, texts } from '../support/worlds.ts';

const minute = 60_000;
const page = join(__dirname, '../../docs/cost.md');
afterEach(() => void jest.restoreAllMocks());

function theStack(): Stack {
  const { all } = templateOf(new EcsPullDoctorStack(app(), 'Doctor', { email: 'ops@example.com' }));
  const amount = (type: string) => Object.keys(all(type)).length;
  const [rate = ''] = Object.values(all('AWS::Events::Rule')).flatMap(
    ({ ScheduleExpression }) => ScheduleExpression ?? [],
  );
  return {
    alarms: amount('AWS::CloudWatch::Alarm'),
    dashboards: amount('AWS::CloudWatch::Dashboard'),
    queuesPolled: amount('AWS::Lambda::EventSourceMapping'),
    minutesBetweenWakes: Number(/rate\((\d+) minutes\)/.exec(rate)?.[1]),
  };
}

/** A table that counts what is charged. A write to an item that waits for its time is a write to the index too. */
function countingTable() {
  const client = memoryClient();
  const units = { writes: 0, reads: 0 };
  const size = (item: unknown, unit: number) =>
    Math.ceil(Math.max(1, JSON.stringify(item ?? {}).length) / unit);
  const send = async (command: unknown) => {
    const answer = (await (client.send as (one: unknown) => Promise<unknown>)(command)) as {
      Attributes?: Record<string, unknown>;
      Items?: readonly unknown[];
      Responses?: Record<string, readonly unknown[]>;
    };
    if (command instanceof QueryCommand) units.reads += Math.max(1, size(answer.Items, 4096));
    else if (command instanceof BatchGetItemCommand)
      units.reads += Math.max(
        1,
        Object.values(answer.Responses ?? {})
          .flat()
          .reduce<number>((sum, item) => sum + size(item, 4096), 0),
      );
    else {
      const item = command instanceof PutItemCommand ? command.input.Item : answer.Attributes;
      units.writes += size(item, 1024) * (item?.['wake'] ? 2 : 1);
    }
    return answer;
  };
  return { table: new IncidentTable('incidents', { send } as unknown as DynamoDBClient), units };
}

/** Services that fail, each for a cause of its own, go on for an hour, and are well again; counted is what that takes. */
async function play(incidents: number, tasksEach: number): Promise<Played> {
  const { table, units } = countingTable();
  let now = Date.parse('2026-11-20T03:00:00Z');
  let messages = 0;
  let logBytes = 0;
  const series = new Set<string>();
  const logged = (entry: unknown) => {
    logBytes += JSON.stringify(entry).length;
    return true;
  };
  for (const kind of ['log', 'warn', 'error'] as const)
    jest.spyOn(console, kind).mockImplementation((entry) => void logged(entry));
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    const { _aws: aws, ...rest } = JSON.parse(String(text));
    for (const { Metrics, Dimensions } of aws.CloudWatchMetrics)
      for (const { Name } of Metrics)
        series.add(`${Name} ${Dimensions[0].map((name: string) => rest[name])}`);
    return logged(text);
  });
  const account = natWorld();
  account.images['team/web'] = [];
  const handler = handlerWith(() => ({
    readerOf: () => fakeAws(account),
    publish: async () => {
      messages += 1;
    },
    announce: async () => {},
    table,
    patience: { minimumFailures: 1, quietWindow: 0 },
    now: () => new Date(now),
    maxReceiveCount: 5,
  }));
  const deliver = (body: object) =>
    handler(
      {
        Records: [
          { messageId: 'm', body: JSON.stringify(body), attributes: { ApproximateReceiveCount: '1' } },
        ],
      },
      { getRemainingTimeInMillis: () => minute },
    );
  const fail = (service: number, task: number) =>
    deliver(
      stoppedEvent({
        text: texts.notFound.replaceAll('team/web', `team/service-${service}`),
        image: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/service-${service}:v1`,
        detail: {
          taskArn: `arn:aws:ecs:eu-west-1:111122223333:task/prod/${String(service * 1_000 + task).padStart(32, '0')}`,
          group: `service:service-${service}`,
          stoppedAt: new Date(now).toISOString(),
        },
      }),
    );
  for (let task = 0; task < tasksEach; task += 1) {
    for (let service = 0; service < incidents; service += 1) await fail(service, task);
    now += Math.floor((60 * minute) / tasksEach);
    await deliver({ source: 'ecs-pull-doctor', 'detail-type': 'Time has passed' });
  }
  for (let service = 0; service < incidents; service += 1)
    await deliver({
      source: 'aws.ecs',
      'detail-type': 'ECS Service Action',
      time: new Date(now).toISOString(),
      resources: [`arn:aws:ecs:eu-west-1:111122223333:service/prod/service-${service}`],
      detail: { eventType: 'INFO', eventName: 'SERVICE_STEADY_STATE' },
    });
  jest.restoreAllMocks();
  return { tasks: incidents * tasksEach, incidents, messages, ...units, logBytes, series: series.size };
}

test('docs/cost.md says what this costs, counted over incidents that were played', async () => {
  const storm = await play(3, 100);
  const single = await play(30, 1);
  // The steady state is only believed where the service is asked and says so; the message of the end is the fourth at most.
  const messagesAtMost = 4;
  for (const played of [storm, single]) {
    expect(played.messages).toBeGreaterThanOrEqual(played.incidents);
    expect(played.messages).toBeLessThanOrEqual(messagesAtMost * played.incidents);
  }
  const told = (played: Played): Played => ({ ...played, messages: messagesAtMost * played.incidents });

  const tables = costTables(quietMonth(theStack()), [
    {
      name: '100 tasks to an incident',
      use: (tasks) => useOf(tasks, told(storm)),
    },
    {
      name: 'each task a new incident',
      use: (tasks) => useOf(tasks, told(single)),
    },
  ]);

  const text = readFileSync(page, 'utf8')
    .replace(
      /(<!-- cost: [^>]*-->\n)[\s\S]*?(<!-- \/cost -->)/,
      (_, before, after) => `${before}${tables}\n${after}`,
    )
    .replace(
      /(<!-- prices -->\n)[\s\S]*?(<!-- \/prices -->)/,
      (_, before, after) => `${before}${priceSources()}\n${after}`,
    );
  expect(text).toContain(tables);
  expectGolden(page, text);
});

test('a cost is the sum of its parts', () => {
  expect(costOf({})).toBe(0);
  expect(costOf({ alarms: 2, mails: 50_000 })).toBeCloseTo(1.2);
  for (const { source } of Object.values(prices))
    expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/\w+\/pricing\/$/);
});
