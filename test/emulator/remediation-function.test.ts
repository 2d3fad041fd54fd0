import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Plan } from '../../lambda/model/remediation.ts';
import { wakeEvent } from '../../lambda/record.ts';
import { buildOne, startBundle } from '../bundle/bundles.ts';
import { tableShape } from '../support/dynamodb.ts';
import { stoppedTaskEvent, type TaskEvent } from './event.ts';
import { must } from './must.ts';
import { diagnoseEvent } from './product.ts';
import { cases, settingsOf } from './remediation-cases.ts';
import { buildWorld, type World } from './world.ts';

const by = 'arn:aws:iam::123456789012:user/anna';
const minute = 60_000;
jest.setTimeout(180_000);

/** The two functions of a stack, as they are deployed, over the emulated account. */
const built = { diagnosing: buildOne('lambda'), changing: buildOne('remediation') };
afterAll(() => {
  for (const { remove } of Object.values(built)) remove();
});

async function stackIn(region: string, name: string) {
  const dynamodb = new DynamoDBClient({ region });
  await dynamodb.send(
    new CreateTableCommand({ TableName: name, BillingMode: 'PAY_PER_REQUEST', ...tableShape }),
  );
  const { TopicArn = '' } = await new SNSClient({ region }).send(new CreateTopicCommand({ Name: name }));
  const environment = {
    AWS_REGION: region,
    TOPIC_ARN: TopicArn,
    REGISTRIES: 'none',
    REMEDIATIONS: cases.map(({ id }) => id).join(','),
  };
  const endpoint = must(process.env['AWS_ENDPOINT_URL']);
  const [diagnosing, changing] = await Promise.all([
    startBundle(built.diagnosing.file, endpoint, name, environment),
    startBundle(built.changing.file, endpoint, name, environment, 3 * minute),
  ]);
  const items = async () =>
    ((await dynamodb.send(new ScanCommand({ TableName: name }))).Items ?? []).map((item) => unmarshall(item));
  return {
    diagnose: (event: object) => diagnosing.run(event),
    invoke: (event: object, later = 0) =>
      changing.run(event, later) as Promise<{ result?: { run: string; status: string }; error?: string }>,
    plan: async () => {
      const item = (await items()).find(({ id }) => String(id).startsWith('plan '));
      return JSON.parse(String(must(item)['planJson'])) as Plan;
    },
    run: async (id: string) =>
      JSON.parse(String(must((await items()).find((one) => one['id'] === `run ${id}`))['runJson'])),
    stop: () => {
      diagnosing.stop();
      changing.stop();
    },
  };
}

describe.each(cases)('$id, by the functions of a stack', ({ id, kind, check, texts, ...acts }) => {
  let world: World;
  let event: TaskEvent;
  let stack: Awaited<ReturnType<typeof stackIn>>;
  const causes = async () => must(await diagnoseEvent(event)).diagnosis.causes.map((cause) => cause.check.id);

  beforeEach(async () => {
    world = await buildWorld(kind);
    await acts.break(world);
    event = stoppedTaskEvent(world, must(texts.find(({ worlds }) => worlds.includes(kind))).of(world));
    stack = await stackIn(world.aws.region, `stack-${world.name}`);
  });
  afterEach(() => stack.stop());

  test('planned by the one, refused without consent, applied by the other, gone, undone, back', async () => {
    const broken = await settingsOf(world);
    await stack.diagnose(event);
    const plan = await stack.plan();
    expect(plan).toMatchObject({ remediation: id, remedies: check });

    const refused = await stack.invoke({ apply: plan.id, by });
    expect(refused.error).toMatch(/does not have the tag/);
    expect(await settingsOf(world)).toEqual(broken);

    await acts.consent(world);
    const { result } = await stack.invoke({ apply: plan.id, by });
    expect(result?.status).toBe('applied');
    expect(await causes()).toEqual([]);

    expect((await stack.invoke({ undo: must(result).run, by })).result?.status).toBe('undone');
    expect(await settingsOf(world)).toEqual(broken);
    expect(await causes()).toEqual([check]);
  });

  test('taken back by itself when the service does not run', async () => {
    await acts.consent(world);
    const broken = await settingsOf(world);
    await stack.diagnose(event);
    const { result } = await stack.invoke({ apply: (await stack.plan()).id, by });
    expect(result?.status).toBe('applied');

    // No task of the emulated service ever runs.
    await stack.invoke(wakeEvent, 5 * minute);
    expect((await stack.run(must(result).run)).status).toBe('applied');
    await stack.invoke(wakeEvent, 70 * minute);

    expect((await stack.run(must(result).run)).status).toBe('undone');
    expect(await settingsOf(world)).toEqual(broken);
  });
});
