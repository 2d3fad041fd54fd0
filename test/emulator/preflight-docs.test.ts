import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { must } from './must.ts';
import { buildWorld, type World } from './world.ts';

const root = join(__dirname, '../..');
const page = readFileSync(join(root, 'docs/preflight.md'), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, block = '']) => block,
  );

/** What a pipeline would run, as a parser of YAML reads the job. */
const pipelineCommands = blocks('yaml').flatMap((block) => {
  const job = JSON.parse(
    execFileSync(
      'python3',
      ['-c', 'import sys, json, yaml; print(json.dumps(yaml.safe_load(sys.stdin), default=str))'],
      {
        input: block,
        encoding: 'utf8',
      },
    ),
  );
  const lines: readonly string[] =
    job.preflight?.script ?? job.jobs.preflight.steps.flatMap(({ run }: { run?: string }) => run ?? []);
  return lines;
});
const shellCommands = blocks('sh').flatMap((block) => block.trim().split('\n'));

let folder: string;
let world: World;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ecs-pull-doctor-preflight-'));
  execFileSync(process.execPath, ['scripts/bundle.mjs', 'cli', join(folder, 'dist')], { cwd: root });
  const { name, version, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version, bin, files: ['dist'] }));
  mkdirSync(join(folder, 'tools'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', 'tools'], { cwd: folder });
  world = await buildWorld('private-nat');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command of the page with the names of the world in the place of the examples. */
async function run(command: string): Promise<{ code: number; stdout: string }> {
  const real = command
    .replace('--cluster prod', `--no-registries --region ${world.aws.region} --cluster ${world.name}`)
    .replace('--service web', `--service ${world.name}`)
    .replace(
      '--task-definition web',
      `--no-registries --region ${world.aws.region} --task-definition ${world.name}`,
    )
    .replace('subnet-0a1', world.taskSubnetId)
    .replace('sg-0a1', world.taskGroupId);
  try {
    const { stdout } = await promisify(execFile)('bash', ['-c', real], { cwd: folder });
    return { code: 0, stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    if (code !== 1) throw new Error(stderr, { cause: error });
    return { code, stdout };
  }
}

test('the page has commands and jobs', () => {
  expect(shellCommands.length).toBeGreaterThan(2);
  expect(pipelineCommands.length).toBe(2);
});

test.each([...shellCommands, ...pipelineCommands])(
  '%s: passes while all is well, and fails once a pull would',
  async (command) => {
    const broken = world.natGatewayId;
    const before = await run(command);
    await world.aws.ec2.deleteNatGateway({ NatGatewayId: must(world.natGatewayId) });
    const after = await run(command);

    const [, file] = / > (\S+)$/.exec(command) ?? [];
    expect(before.code).toBe(0);
    expect(after.code).toBe(1);
    expect(file ? readFileSync(join(folder, file), 'utf8') : after.stdout).toContain(must(broken));
    world = await buildWorld('private-nat');
  },
);
