import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { timing } from '../../lib/timing.ts';
import { buildBoth } from '../bundle/bundles.ts';
import { natWorld, stoppedEvent, texts } from '../support/worlds.ts';
import { type Fault, faults } from './proxy.ts';
import { type End, functionTimeout, maxReceiveCount, queueOver, visibilityTimeout } from './queue.ts';

/** Something is broken, so that there is something to say. */
const account = () => {
  const broken = natWorld();
  broken.NatGateways = [];
  for (const { Routes } of broken.RouteTables)
    for (const route of Routes) if (route['NatGatewayId']) route['State'] = 'blackhole';
  return broken;
};
const event = stoppedEvent({ text: texts.umbrella });
/** How many functions are tried at a time. */
const slots = 8;

type Queue = Awaited<ReturnType<typeof queueOver>>;
let bundles: ReturnType<typeof buildBoth>;
let queues: Queue[] = [];
let calls: readonly string[] = [];
let steps = 0;

beforeAll(async () => {
  bundles = buildBoth();
  queues = await Promise.all(Array.from({ length: slots }, () => queueOver(bundles.deployed)));
  const clean = await queues[0]?.deliver(account(), event, { before: () => {} });
  calls = [...(clean?.calls.keys() ?? [])].toSorted();
  steps = [...(clean?.calls.values() ?? [])].reduce((sum, n) => sum + n, 0);
});
afterAll(() => {
  for (const queue of queues) queue.stop();
  bundles?.remove();
});

interface Cell {
  readonly name: string;
  /** What happens to a call at a receive. */
  readonly fault: (call: string, receive: number) => Fault | null;
  /** Whether the process dies when the nth call of a run has been answered. */
  readonly dies?: (call: string, n: number, receive: number) => boolean;
  /** Messages that people may get; one for each receive, if nothing is said. */
  readonly most?: number;
}

/** Tries every cell, some at a time; gives what went wrong, by cell. */
async function tryAll(cells: readonly Cell[]): Promise<readonly string[]> {
  const left = [...cells];
  const wrong: string[] = [];
  const rows: string[] = [];
  await Promise.all(
    queues.map(async (queue) => {
      for (let cell = left.shift(); cell; cell = left.shift()) {
        const { name, fault, dies = () => false, most } = cell;
        const end = await queue.deliver(account(), event, {
          before: (receive) => {
            queue.proxy.faultOf = (call) => fault(call, receive);
            let n = 0;
            queue.proxy.onPassed = (call) => {
              n += 1;
              if (dies(call, n, receive)) queue.kill();
            };
          },
        });
        rows.push(`${name}: ${end.messages.length} messages, ${end.receives} receives, ${end.longest} ms`);
        wrong.push(...problemsOf(end, most).map((problem) => `${name}: ${problem}`));
      }
    }),
  );
  if (process.env['VERBOSE']) console.log(rows.toSorted().join('\n'));
  return wrong.toSorted();
}

function problemsOf({ messages, receives, longest, inDeadLetterQueue }: End, most = receives): string[] {
  return [
    ...(messages.length === 0 ? ['nobody was told'] : []),
    // A run that ends between telling and noting it leaves one message more; nothing else does.
    ...(messages.length > most ? [`${messages.length} messages in ${receives} receives`] : []),
    ...(longest >= functionTimeout ? [`ran for ${longest} ms`] : []),
    ...(inDeadLetterQueue ? ['in the dead-letter queue'] : []),
  ];
}

test('the queue is the one of the stack', () => {
  expect([maxReceiveCount, visibilityTimeout, functionTimeout]).toEqual([
    timing.maxReceiveCount,
    timing.visibilityTimeout.toMilliseconds(),
    timing.functionTimeout.toMilliseconds(),
  ]);
});

test('the clean run makes the calls that are tried here', () => {
  expect(calls).toEqual(
    expect.arrayContaining([
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:BatchGetItem',
      'sns:Publish',
      'events:PutEvents',
      'ecs:DescribeServices',
      'iam:SimulatePrincipalPolicy',
    ]),
  );
  expect(steps).toBeGreaterThan(25);
});

/** Calls whose failing keeps the function from telling or from noting it: their trouble passes, and the record comes again. */
const isNeeded = (call: string) => /^(?:dynamodb|sns):/.test(call);
const isRead = (call: string) => !/^(?:dynamodb|sns|events):/.test(call);

describe.each(faults)('a call is %s', (fault) => {
  test('whichever it is: people are told, once for each run at the most', async () => {
    const cells = calls.map((call) => ({
      name: call,
      // Reads stay as they are; table and topic are away for one receive.
      fault: (made: string, receive: number) =>
        made === call && (receive === 1 || !isNeeded(call)) ? fault : null,
    }));

    expect(await tryAll(cells)).toEqual([]);
  });
});

test('pairs that go together', async () => {
  const all =
    (pattern: RegExp, fault: Fault, until = 1) =>
    (call: string, receive: number) =>
      pattern.test(call) && receive <= until ? fault : null;
  const both =
    (...rules: readonly ReturnType<typeof all>[]) =>
    (call: string, receive: number) =>
      rules.map((rule) => rule(call, receive)).find((fault) => fault !== null) ?? null;

  expect(
    await tryAll([
      { name: 'all reads refused', fault: all(/^(?!dynamodb|sns|events)/, 'refused', 5), most: 1 },
      { name: 'all reads hang', fault: all(/^(?!dynamodb|sns|events)/, 'hanging', 5), most: 1 },
      { name: 'all of EC2 throttled', fault: all(/^ec2/, 'throttled', 5), most: 1 },
      { name: 'table and topic throttled', fault: all(/^(?:dynamodb|sns)/, 'throttled', 2), most: 1 },
      { name: 'everything is away for two receives', fault: all(/./, 'reset', 2), most: 1 },
      { name: 'everything hangs for one receive', fault: all(/./, 'hanging') },
      { name: 'the table is away for good', fault: all(/^dynamodb/, '500', 5), most: 1 },
      { name: 'the table refuses for good', fault: all(/^dynamodb/, 'refused', 5), most: 1 },
      { name: 'the table hangs for good', fault: all(/^dynamodb/, 'hanging', 5), most: 1 },
      { name: 'the topic is away for four receives', fault: all(/^sns/, '500', 4), most: 1 },
      { name: 'the topic hangs for two receives', fault: all(/^sns/, 'hanging', 2), most: 1 },
      { name: 'the bus is away for good', fault: all(/^events/, 'reset', 5), most: 1 },
      {
        name: 'reads refused, and the topic throttled',
        fault: both(all(/^(?:ec2|iam)/, 'refused', 5), all(/^sns/, 'throttled')),
      },
      {
        name: 'reads hang, and the table is empty',
        fault: both(all(/^ec2/, 'hanging', 5), all(/^dynamodb/, 'empty')),
      },
    ]),
  ).toEqual([]);
});

test('the process is killed after each step, and its record comes again', async () => {
  const cells = Array.from({ length: steps }, (_, at) => ({
    name: `killed after call ${at + 1}`,
    fault: () => null,
    dies: (_: string, n: number, receive: number) => receive === 1 && n === at + 1,
    most: 2,
  }));

  expect(await tryAll(cells)).toEqual([]);
});

test('a failure over which each run dies is told in the end', async () => {
  const dies = (call: string) => isRead(call);

  expect(
    await tryAll([
      { name: 'with the table', fault: () => null, dies, most: 1 },
      { name: 'without the table', fault: (call) => (/^dynamodb/.test(call) ? '500' : null), dies, most: 1 },
    ]),
  ).toEqual([]);
});
