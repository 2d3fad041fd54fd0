import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { accountId } from '../emulator/aws.ts';
import { stoppedTaskEvent } from '../emulator/event.ts';
import { must } from '../emulator/must.ts';
import { setRules } from '../emulator/network.ts';
import { manifestTimeout, tokenTimeout } from '../emulator/texts.ts';
import { trust } from '../emulator/workload.ts';
import { buildWorld, type World } from '../emulator/world.ts';
import { deploy, subscriber } from './deployment.ts';
import { region, startMinistack } from './ministack.ts';

let ministack: Awaited<ReturnType<typeof startMinistack>>;
let outputs: Awaited<ReturnType<typeof deploy>>;
let queue: Awaited<ReturnType<typeof subscriber>>;
let world: World;

const topicArn = () => must(outputs['FindingsTopicArn']);
/** A task of the world's service has failed. */
const failedPull = () => stoppedTaskEvent(world, must(manifestTimeout('public')[0]).of(world));
/** A task of another family has failed, for another reason than any before: nobody has been told of it. */
function anotherFailure(more = '') {
  others += 1;
  const image = `example/missing:${others}`;
  const text = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/${image}: docker.io/${image}: not found${more}`;
  return stoppedTaskEvent(world, text, {
    group: `family:job-${others}`,
    containers: [{ name: 'app', image, lastStatus: 'STOPPED' }],
  });
}
let others = 0;
/** Puts an event on the bus, as ECS does. */
const happens = ({ source, 'detail-type': type, resources, detail }: Record<string, unknown>) =>
  ministack.aws(
    ...['events', 'put-events', '--entries'],
    JSON.stringify([
      { Source: source, DetailType: type, Resources: resources, Detail: JSON.stringify(detail) },
    ]),
  );
/** What the function logged. */
const log = () => ministack.shell(must(outputs['Logs']));
/** Sends a record straight to the stack's queue. */
const arrives = (body: string) =>
  ministack.aws('sqs', 'send-message', '--queue-url', queueUrl(), '--message-body', body);
const queueUrl = () => must(/--queue-url (\S+)/.exec(must(outputs['SendTestEvent']))?.[1]);

beforeAll(async () => {
  ministack = await startMinistack();
  outputs = await deploy(ministack, [
    'remediations=allow-https-egress',
    'automaticRemediations=allow-https-egress',
  ]);
  [queue, world] = await Promise.all([
    subscriber(ministack, topicArn(), 'subscriber'),
    buildWorld('private-nat', region),
  ]);
  await world.aws.ec2.deleteNatGateway({ NatGatewayId: must(world.natGatewayId) });
}, 120_000);
afterAll(() => ministack?.stop());

describe('an event on the bus', () => {
  test('of a failed pull becomes a finding at the subscriber', async () => {
    await happens(failedPull());

    const { message, attributes } = await queue.receive();

    expect(message).toMatchObject({
      schemaVersion: 1,
      conclusion: 'explained',
      causes: [
        { check: { id: 'nat-gateway-unusable' }, resources: expect.arrayContaining([world.natGatewayId]) },
      ],
    });
    expect(attributes).toEqual({
      conclusion: 'explained',
      event: 'opened',
      incident: message.incident.id,
      cluster: world.name,
      group: `service:${world.name}`,
      check: 'nat-gateway-unusable',
    });
  });

  test('of a service whose role cannot be assumed becomes one too', async () => {
    await world.aws.iam.updateAssumeRolePolicy({
      RoleName: world.name,
      PolicyDocument: trust('ec2.amazonaws.com'),
    });
    await happens({
      source: 'aws.ecs',
      'detail-type': 'ECS Service Action',
      resources: [`arn:aws:ecs:${region}:${accountId}:service/${world.name}/${world.name}`],
      detail: {
        eventType: 'ERROR',
        eventName: 'SERVICE_TASK_CONFIGURATION_FAILURE',
        clusterArn: world.clusterArn,
        reason: `(service ${world.name}) failed to launch a task with (error ECS was unable to assume the role '${world.roleArn}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.).`,
      },
    });

    const { message } = await queue.receive();

    expect(message).toMatchObject({
      conclusion: 'explained',
      group: `service:${world.name}`,
      causes: [{ check: { id: 'execution-role-not-assumable' }, resources: [world.roleArn] }],
    });
  });

  test('of what is known already is not told again', async () => {
    await happens(failedPull());
    await happens(anotherFailure());

    expect((await queue.receive()).message).toMatchObject({ group: `family:job-${others}` });
    expect(await queue.isEmpty()).toBe(true);
  });

  test('that is none of a failed pull never reaches the function', async () => {
    const { detail, ...event } = anotherFailure();

    await happens({ ...event, detail: { ...detail, stoppedReason: 'Essential container in task exited' } });
    await happens({ ...event, detail: { ...detail, lastStatus: 'DEPROVISIONING' } });
    await happens({ ...event, detail, source: 'my.app' });
    await happens(anotherFailure());

    expect((await queue.receive()).message).toMatchObject({ group: `family:job-${others}` });
    expect(await queue.isEmpty()).toBe(true);
    expect(await log()).not.toContain('ignored');
  });
});

test('a change that needs nobody is made from the event of the incident, and told in its conversation', async () => {
  const broken = await buildWorld('private-nat', region);
  const group = { Key: 'ecs-pull-doctor:remediation', Value: 'allow' };
  await setRules(broken.aws, broken.taskGroupId, 'egress', []);
  await broken.aws.ec2.createTags({ Resources: [broken.taskGroupId], Tags: [group] });
  await happens(stoppedTaskEvent(broken, must(tokenTimeout('public')[0]).of(broken)));

  const finding = (await queue.receive()).message;
  const { message, attributes } = await queue.receive();

  expect(finding).toMatchObject({
    causes: [{ check: { id: 'task-security-group-closed' } }],
    plan: { remediation: 'allow-https-egress', approval: 'automatic' },
  });
  expect(message).toMatchObject({
    conclusion: 'remediation',
    remediation: { event: 'applied', plan: finding.plan.id, status: 'applied' },
  });
  expect(attributes).toMatchObject({ event: 'remediation-applied', incident: finding.incident.id });
  const { SecurityGroups } = await broken.aws.ec2.describeSecurityGroups({ GroupIds: [broken.taskGroupId] });
  expect(SecurityGroups?.[0]?.IpPermissionsEgress).toMatchObject([{ FromPort: 443, ToPort: 443 }]);

  // The command of the outputs takes it back.
  const undo = must(outputs['UndoChange']).replace('<run>', message.remediation.run).replace('<you>', 'anna');
  // Node gives no pipe that could be opened by its name.
  expect(await ministack.shell(`(${undo}) | cat`)).toContain('undone');
  expect((await queue.receive()).message).toMatchObject({ remediation: { event: 'takenBack', by: 'anna' } });
});

describe('a record in the queue', () => {
  test('from the command of the outputs is told', async () => {
    await ministack.shell(must(outputs['SendTestEvent']));

    const { message } = await queue.receive();

    expect(message).toMatchObject({
      group: expect.stringMatching(/^family:test-event-\d+$/),
      causes: [{ check: { id: 'external-image-not-found' } }],
    });
  });

  test('that is not JSON is told, and gone', async () => {
    await arrives('is anybody there?');

    const { message, attributes } = await queue.receive();

    expect(message).toMatchObject({ conclusion: 'unreadable', error: 'is anybody there?' });
    expect(attributes).toEqual({ conclusion: 'unreadable' });
    expect(await left(0)).toBe(0);
  });

  test('of 256 KB is told within what Amazon SNS takes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ecs-pull-doctor-record-'));
    // A quotation mark takes eight characters in the end: it is quoted three times.
    const event = JSON.stringify(anotherFailure(` ${'"'.repeat(100_000)}`));
    writeFileSync(join(folder, 'record.json'), event.padEnd(256 * 1024));

    await arrives(`file://${join(folder, 'record.json')}`);
    rmSync(folder, { recursive: true });

    const { message } = await queue.receive();
    expect(message).toMatchObject({
      causes: [{ check: { id: 'external-image-not-found' } }],
      omitted: ['error'],
    });
  });
});

/** Waits until so many records are left in the queue, and answers how many are. */
async function left(expected: number): Promise<number> {
  for (let tries = 0; ; tries++) {
    const { Attributes } = await ministack.aws(
      ...['sqs', 'get-queue-attributes', '--queue-url', queueUrl(), '--attribute-names', 'All'],
    );
    const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: taken } = Attributes;
    if (Number(visible) + Number(taken) === expected || tries === 10) return Number(visible) + Number(taken);
    await sleep(300);
  }
}

describe('subscribers', () => {
  test('with a filter policy get what they ask for', async () => {
    const policy = { FilterPolicy: JSON.stringify({ conclusion: ['explained'] }) };
    const choosy = await subscriber(ministack, topicArn(), 'choosy', policy);

    await arrives('is anybody there?');
    await queue.receive();
    await happens(anotherFailure());

    expect((await choosy.receive()).message).toMatchObject({ conclusion: 'explained' });
    await queue.receive();
    expect(await choosy.isEmpty()).toBe(true);
  });

  test('who are gone keep nothing from the others', async () => {
    const gone = await subscriber(ministack, topicArn(), 'gone');
    await gone.remove();

    await happens(anotherFailure());

    expect((await queue.receive()).message).toMatchObject({ conclusion: 'explained' });
    expect(await left(0)).toBe(0);
  });

  test('by e-mail are made and shown by the commands of the outputs', async () => {
    await ministack.shell(must(outputs['SubscribeByEmail']));

    expect(await ministack.shell(must(outputs['ShowSubscriptions']))).toMatch(/^you@example\.com\t/m);
  });
});

test('the dashboard is there, and its widget shows the open incident', async () => {
  // MiniStack knows no partition in a condition, so here the output is the name alone.
  const name = must(/[\w-]+$/.exec(must(outputs['DashboardUrl']))?.[0]);
  const { DashboardBody } = await ministack.aws('cloudwatch', 'get-dashboard', '--dashboard-name', name);
  const [{ properties }] = JSON.parse(DashboardBody).widgets;

  const answer = await ministack.shell(
    `file=$(mktemp); aws lambda invoke --function-name ${properties.endpoint} "$file" >/dev/null; cat "$file"; rm "$file"`,
  );

  expect(answer).toContain('The NAT gateway gives no way to the internet');
  expect(answer).toContain(must(world.natGatewayId));
  expect(answer).toContain('<svg class=');
});

test('the command of the outputs shows the log', async () => {
  expect(await log()).toContain('nat-gateway-unusable');
});

// Each command of AWS's command line takes a second.
test('the commands of the documentation empty the dead-letter queues, and what was in them is told', async () => {
  const [, section = ''] = readFileSync(join(__dirname, '../../docs/reliability.md'), 'utf8').split(
    '\n## When the dead-letter queue is not empty\n',
  );
  const [, commands] = /^```sh\n([\s\S]*?)^```/m.exec(section) ?? [];
  const queues: string[] = (await ministack.aws('sqs', 'list-queues')).QueueUrls;
  const dead = ['UnhandledRecords', 'UndeliveredEvents'].map((name) =>
    must(queues.find((url) => url.includes(name))),
  );
  const folder = mkdtempSync(join(tmpdir(), 'ecs-pull-doctor-dead-'));
  const groups: string[] = [];
  for (const url of dead) {
    // Longer than one argument of a command may be.
    const record = anotherFailure(` ${'long '.repeat(30_000)}`);
    groups.push(`family:job-${others}`);
    writeFileSync(join(folder, 'record.json'), JSON.stringify(record));
    await ministack.aws(
      ...['sqs', 'send-message', '--queue-url', url],
      ...['--message-body', `file://${join(folder, 'record.json')}`],
    );
  }
  rmSync(folder, { recursive: true });

  await ministack.shell(must(commands));

  const told = [(await queue.receive()).message, (await queue.receive()).message];
  expect(told.map(({ group }) => group).toSorted()).toEqual(groups.toSorted());
  expect(await queue.isEmpty()).toBe(true);
  for (const url of dead)
    expect(await ministack.aws('sqs', 'receive-message', '--queue-url', url)).not.toHaveProperty('Messages');
}, 120_000);

test('a record that the topic refuses goes back to the queue', async () => {
  await ministack.aws('sns', 'delete-topic', '--topic-arn', topicArn());

  await happens(anotherFailure());
  for (let tries = 0; tries < 20 && !(await log()).includes('a topic refused'); tries++) await sleep(500);

  expect(await log()).toContain('a topic refused the message');
  expect(await left(1)).toBe(1);
});
