import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stoppedTaskEvent, type TaskDetail, type TaskEvent } from './event.ts';
import { must } from './must.ts';
import { registerStoppedTask } from './stopped-task.ts';
import { tokenTimeout } from './texts.ts';
import { buildWorld, type World } from './world.ts';

const root = join(__dirname, '../..');
// What `npm run build` made, if it was run; else the sources.
const program = existsSync(join(root, 'dist/cli.mjs')) ? ['dist/cli.mjs'] : ['--import', 'tsx', 'bin/cli.ts'];

function run(
  args: readonly string[],
  stdin = '',
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...program, ...args], { cwd: root });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(stdin);
  });
}

let world: World;
let event: TaskEvent;

beforeAll(async () => {
  world = await buildWorld('private-nat');
  await world.aws.ec2.deleteNatGateway({ NatGatewayId: must(world.natGatewayId) });
  event = stoppedTaskEvent(world, must(tokenTimeout('public')[0]).of(world));
  await registerStoppedTask(event.detail);
});

const explained = () => ({
  schemaVersion: 1,
  conclusion: 'explained',
  taskArn: event.detail['taskArn'],
  causes: [{ check: { id: 'nat-gateway-unusable' } }],
});

test('an event on stdin is explained as JSON', async () => {
  const { code, stdout } = await run(['diagnose', '--event', '-', '--format', 'json'], JSON.stringify(event));

  const diagnosis = JSON.parse(stdout);
  expect(diagnosis).toMatchObject(explained());
  expect(diagnosis.causes[0].resources[0]).toBe(world.natGatewayId);
  expect(code).toBe(0);
});

test('a task that ECS still knows is explained by its ARN', async () => {
  const { code, stdout } = await run([
    'diagnose',
    '--task',
    String(event.detail['taskArn']),
    '--format',
    'json',
  ]);

  expect(JSON.parse(stdout)).toMatchObject(explained());
  expect(code).toBe(0);
});

test('the last stopped task of a service is found and explained', async () => {
  const where = ['--region', world.aws.region, '--cluster', world.name, '--service', world.name];
  const { code, stdout } = await run(['diagnose', ...where, '--format', 'json']);

  expect(JSON.parse(stdout)).toMatchObject(explained());
  expect(code).toBe(0);
});

test('the report for the terminal names the culprit', async () => {
  const { code, stdout } = await run(['diagnose', '--event', '-'], JSON.stringify(event));

  expect(stdout).toContain(must(world.natGatewayId));
  expect(code).toBe(0);
});

test('a task that stopped for another reason is no pull failure', async () => {
  const detail: TaskDetail = {
    ...event.detail,
    stoppedReason: 'Task stopped by user',
    stopCode: 'UserInitiated',
  };

  const { code, stdout } = await run(
    ['diagnose', '--event', '-', '--format', 'json'],
    JSON.stringify({ ...event, detail }),
  );

  expect(JSON.parse(stdout)).toEqual({ schemaVersion: 1, conclusion: 'not-a-pull-failure', causes: [] });
  expect(code).toBe(1);
});
