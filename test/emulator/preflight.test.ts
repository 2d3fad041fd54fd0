import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Preflight } from '../../lambda/model/preflight.ts';
import { faults } from './faults.ts';
import { must } from './must.ts';
import { preflightOf } from './preflight-of.ts';
import { traps } from './traps.ts';
import { imageUri } from './workload.ts';
import { buildWorld, type World, worldKinds } from './world.ts';

test.each(worldKinds)('nothing stands in the way of the service of a healthy world (%s)', async (kind) => {
  const { conclusion, blocking, likely, unknown, crashed, passed } = await preflightOf(
    await buildWorld(kind),
  );

  expect({ blocking, likely, unknown, crashed }).toEqual({
    blocking: [],
    likely: [],
    unknown: [],
    crashed: [],
  });
  expect(conclusion).toBe('clear');
  // Names are looked at before any text speaks of one.
  expect(passed.map(({ check }) => check.id)).toEqual(
    expect.arrayContaining([
      'dns-firewall-blocks-registry',
      'execution-role-cannot-pull',
      'task-security-group-closed',
    ]),
  );
});

// Each in one kind of world, and one after the other in another kind: every fault is diagnosed in all of them elsewhere.
const inTurn = <T>(all: readonly T[], index: number): T => must(all[index % all.length]);
const cases = faults.map((fault, index) => {
  const kind = inTurn(fault.worlds, index);
  return { title: `${fault.name} (${kind})`, fault, kind };
});

/** No configuration shows them: DNS servers of one's own that answer nothing, and how full the disk of an instance is. */
const seenByNobody = ({ fault, kind }: (typeof cases)[number]) =>
  (fault.check === 'no-space-left' && kind === 'ec2') ||
  (fault.name === 'custom DNS servers, which do not answer' && !/^(?:privatelink|platform)/.test(kind));

describe('before anything fails', () => {
  test.each(cases.filter((one) => !seenByNobody(one)))('$title', async ({ fault, kind }) => {
    const world = await buildWorld(kind, fault.region);
    const culprits = [await fault.break(world)].flat();

    const { blocking, likely, crashed, conclusion } = await preflightOf(world);

    expect(crashed).toEqual([]);
    const found = [...blocking, ...likely];
    expect([fault.check].flat()).toContain(found[0]?.check.id);
    expect(culprits.some((id) => found[0]?.resources.includes(id))).toBe(true);
    expect(found[0]?.evidence.join('\n')).toContain(fault.evidence ?? '');
    // One thing is broken, and nothing else.
    expect(found.slice(1).map(({ check }) => check.id)).toEqual([]);
    expect(conclusion).toBe(blocking.length > 0 ? 'blocked' : 'undecided');
    expect(world.strangers.filter((id) => JSON.stringify(found).includes(id))).toEqual([]);
  });

  test.each(cases.filter(seenByNobody))('$title: nothing is claimed', async ({ fault, kind }) => {
    const world = await buildWorld(kind, fault.region);
    await fault.break(world);

    const { blocking, likely } = await preflightOf(world);

    expect([...blocking, ...likely]).toEqual([]);
  });
});

describe('what only looks broken blocks nothing', () => {
  const unusual = traps.map((trap, index) => {
    const kind = inTurn(trap.worlds, index);
    return { title: `${trap.name} (${kind})`, trap, kind };
  });

  test.each(unusual)('$title', async ({ trap, kind }) => {
    const world = await buildWorld(kind, trap.region);
    await trap.prepare(world);

    const { blocking, crashed } = await preflightOf(world);

    expect({ blocking, crashed }).toEqual({ blocking: [], crashed: [] });
  });
});

describe('on the command line', () => {
  const root = join(__dirname, '../..');
  // What `npm run build` made, if it was run; else the sources.
  const program = existsSync(join(root, 'dist/cli.mjs'))
    ? ['dist/cli.mjs']
    : ['--import', 'tsx', 'bin/cli.ts'];

  const run = (...args: readonly string[]) => runWith({}, ...args);
  const runWith = (
    env: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ): Promise<{ code: number | null; stdout: string; stderr: string }> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [...program, 'preflight', '--no-registries', ...args], {
        cwd: root,
        env: { ...process.env, ...env },
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
      child.stdin.end();
    });
  const at = ({ aws, name }: World) => ['--region', aws.region, '--cluster', name];

  let world: World;

  // A second service beside the first, whose image nobody has pushed.
  beforeAll(async () => {
    world = await buildWorld('private-nat');
    const { taskDefinition } = await world.aws.ecs.describeTaskDefinition({
      taskDefinition: world.taskDefinitionArn,
    });
    const { taskDefinition: broken } = await world.aws.ecs.registerTaskDefinition({
      ...must(taskDefinition),
      family: `${world.name}-broken`,
      containerDefinitions: [{ name: 'app', essential: true, image: imageUri(world.aws, world.name, ':v2') }],
    } as never);
    const { services } = await world.aws.ecs.describeServices({
      cluster: world.name,
      services: [world.name],
    });
    await world.aws.ecs.createService({
      cluster: world.name,
      serviceName: 'jobs',
      taskDefinition: must(broken?.taskDefinitionArn),
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: must(services?.[0]?.networkConfiguration),
    });
  });

  test('a healthy service is clear, and exits with 0', async () => {
    const { code, stdout, stderr } = await run(...at(world), '--service', world.name);

    expect(stdout).toMatch(
      /^✓ .*: nothing stands in the way of the pull \(\d+ checks passed, \d+ do not apply\)\n$/,
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  describe('where a call gets no answer', () => {
    // Nobody listens there.
    const blind = { AWS_ENDPOINT_URL_ROUTE_53: 'http://127.0.0.1:9' };

    test('what could not be seen is said, and fails nothing', async () => {
      const { code, stdout } = await runWith(blind, ...at(world), '--service', world.name);

      expect(stdout).toContain('`route53:ListHostedZonesByVPC` gave no usable answer');
      expect(code).toBe(0);
    });

    test('--strict fails on it', async () => {
      expect((await runWith(blind, ...at(world), '--service', world.name, '--strict')).code).toBe(1);
    });
  });

  test('a cluster is forecast service by service, and one that is blocked fails it', async () => {
    const { code, stdout } = await run(...at(world), '--format', 'json');

    const answer = JSON.parse(stdout) as {
      blocked: number;
      undecided: number;
      clear: number;
      results: Preflight[];
    };
    expect(answer).toMatchObject({ blocked: 1, undecided: 0, clear: 1 });
    const blocked = answer.results.find(({ conclusion }) => conclusion === 'blocked');
    expect(blocked).toMatchObject({
      group: 'service:jobs',
      blocking: [{ check: { id: 'image-not-found' } }],
    });
    expect(code).toBe(1);
  });

  test('a test report that another program can read has a failure for what is proven, and nothing else', async () => {
    const { code, stdout } = await run(...at(world), '--format', 'junit');

    const counts = execFileSync(
      'python3',
      [
        '-c',
        `import sys, xml.etree.ElementTree as x
root = x.fromstring(sys.stdin.buffer.read())
cases = root.findall('testsuite/testcase')
print(len(root.findall('testsuite')), len(cases), len(root.findall('.//failure')), root.get('tests'), root.get('failures'))
print(root.find('.//failure').text)`,
      ],
      { input: stdout, encoding: 'utf8' },
    );
    expect(counts).toMatch(/^2 (\d+) 1 \1 1\n/);
    expect(counts).toContain('image tagged `v2`');
    expect(code).toBe(1);
  });

  test('a task definition is looked at before there is a service', async () => {
    const network = ['--subnets', world.taskSubnetId, '--security-groups', world.taskGroupId];
    const { code, stdout } = await run(
      '--region',
      world.aws.region,
      '--task-definition',
      `${world.name}-broken`,
      ...network,
      '--format',
      'json',
    );

    const [result] = (JSON.parse(stdout) as { results: Preflight[] }).results;
    expect(result).toMatchObject({ group: `family:${world.name}-broken`, conclusion: 'blocked', likely: [] });
    expect(result?.paths.map(({ subnetId }) => subnetId)).toEqual(Array(3).fill(world.taskSubnetId));
    expect(code).toBe(1);
  });

  test.each([
    [['--cluster', 'nowhere'], /there is no cluster nowhere|AWS/],
    [[], /name a cluster \(--cluster\)/],
    [['--task-definition', 'web'], /give --subnets and --security-groups too/],
    [['--cluster', 'prod', '--subnets', 'subnet-0a1'], /go with --task-definition/],
    [['--cluster', 'prod', '--format', 'xml'], /unknown format 'xml', choose one of: terminal, json, junit/],
  ])('%j: exit code 2 and a message', async (args, message) => {
    const { code, stderr } = await run('--region', 'eu-west-1', ...args);

    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
  });

  test('a service that is not there is not passed over', async () => {
    const { code, stderr } = await run(...at(world), '--service', 'job');

    expect(stderr).toMatch(/there is no active service job in cluster .*: did you mean --service jobs\?/);
    expect(code).toBe(2);
  });
});
