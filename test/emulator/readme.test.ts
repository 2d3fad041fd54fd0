import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandsOf, documents, runners } from '../support/document-commands.ts';
import { stoppedTaskEvent } from './event.ts';
import { must } from './must.ts';
import { registerStoppedTask } from './stopped-task.ts';
import { tokenTimeout } from './texts.ts';
import { buildWorld } from './world.ts';

const root = join(__dirname, '../..');

/** Those of docs/preflight.md have worlds of their own. */
const commands = documents
  .filter((document) => document !== 'docs/preflight.md')
  .flatMap((document) => commandsOf(document).filter((line) => runners.commandLine.test(line)));
let folder: string;
let names: readonly (readonly [RegExp, string])[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ecs-pull-doctor-readme-'));
  execFileSync(process.execPath, ['scripts/bundle.mjs', 'cli', join(folder, 'dist')], { cwd: root });
  const world = await buildWorld('private-nat');
  await world.aws.ec2.deleteNatGateway({ NatGatewayId: must(world.natGatewayId) });
  const event = stoppedTaskEvent(world, must(tokenTimeout('public')[0]).of(world));
  await registerStoppedTask(event.detail);
  writeFileSync(join(folder, 'event.json'), JSON.stringify(event));
  // The README's cluster, service and task are examples.
  names = [
    [/arn:aws:ecs:\S+:task\/prod\/[0-9a-f]{32}/, String(event.detail['taskArn'])],
    [/--cluster prod\b/, `--region ${world.aws.region} --cluster ${world.name}`],
    [/--service web\b/, `--service ${world.name}`],
  ];
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the documents have commands for accounts', () => {
  expect(commands.length).toBeGreaterThan(8);
});

// In the order of the documents: a later command may read what an earlier one wrote.
test.each([...new Set(commands)])('%s', async (command) => {
  const real = names.reduce((text, [example, name]) => text.replace(example, name), command);

  // The world of these commands is broken, and `preflight` says so by its exit code.
  const line = command.includes(' preflight ') ? `${real} || [ $? = 1 ]` : real;
  const { stdout } = await promisify(execFile)('bash', ['-c', line], { cwd: folder });

  const [, file] = / > (\S+)$/.exec(command) ?? [];
  const said = file ? readFileSync(join(folder, file), 'utf8') : stdout;
  // A question to a saved incident may have no answer.
  if (!command.startsWith('jq ')) expect(said.length).toBeGreaterThan(100);
  if (command.includes('--save')) expect(readdirSync(folder)).toContain('incident.json');
});
