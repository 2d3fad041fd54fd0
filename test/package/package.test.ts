import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = join(__dirname, '../..');
const app = mkdtempSync(join(tmpdir(), 'ecs-pull-doctor-app-'));

/** Runs a command; what it said is in the error, if it fails. */
function run(cwd: string, command: string, ...args: readonly string[]): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
  }
}
const write = (file: string, text: string) => writeFileSync(join(app, file), text);

let files: readonly string[];
let packed: string;

/** Another app, with a CDK of its own, and nothing of this repository but the tarball. */
beforeAll(() => {
  // `prepack` builds first, as it does for whoever publishes.
  const said = run(root, 'npm', 'pack', '--silent', '--json', '--pack-destination', app);
  const [tarball] = JSON.parse(said.slice(said.indexOf('[')));
  packed = tarball.filename;
  files = tarball.files.map(({ path }: { path: string }) => path);

  write('package.json', '{ "name": "app", "private": true }');
  // The package itself has nothing to fetch. Its peers are those that the tests use, put in place afterwards.
  run(app, 'npm', 'install', '--offline', '--legacy-peer-deps', tarball.filename);
  for (const name of ['aws-cdk-lib', 'constructs', '@types/node', 'undici-types']) {
    const link = join(app, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
});
afterAll(() => rmSync(app, { recursive: true }));

/** The template of a stack that the app synthesized, and the assets of its functions. */
function synthesized(folder: string, stack: string) {
  const out = join(app, folder);
  const asset = readdirSync(out).filter((name) => name.startsWith('asset.'));
  return {
    ...(JSON.parse(readFileSync(join(out, `${stack}.template.json`), 'utf8')) as {
      Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
    }),
    code: new Set(asset.map((name) => readFileSync(join(out, name, 'index.js'), 'utf8'))),
  };
}
const bundles = () =>
  new Set(['lambda', 'widget'].map((name) => readFileSync(join(root, `dist/${name}/index.js`), 'utf8')));

test.each([
  [
    'app.cjs',
    "const { App } = require('aws-cdk-lib');\nconst { EcsPullDoctorStack } = require('ecs-pull-doctor');",
  ],
  ['app.mjs', "import { App } from 'aws-cdk-lib';\nimport { EcsPullDoctorStack } from 'ecs-pull-doctor';"],
])('%s synthesizes the stack, with the functions as they were packed', (file, imports) => {
  write(
    file,
    `${imports}\nconst app = new App({ outdir: 'out-${file}' });\nnew EcsPullDoctorStack(app, 'Doctor', { email: 'ops@example.com' });\napp.synth();\n`,
  );

  run(app, process.execPath, file);

  const { Resources, code } = synthesized(`out-${file}`, 'Doctor');
  expect(Object.values(Resources).map(({ Type }) => Type)).toEqual(
    expect.arrayContaining(['AWS::Events::Rule', 'AWS::SQS::Queue', 'AWS::SNS::Subscription']),
  );
  expect(code).toEqual(bundles());
});

describe('in TypeScript', () => {
  const [, example = ''] =
    /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/deploying.md'), 'utf8')) ?? [];
  const compile = (...options: readonly string[]) =>
    run(app, join(root, 'node_modules/.bin/tsc'), '--strict', '--types', 'node', ...options);

  test.each([
    ['node16', 'node16'],
    ['commonjs', 'bundler'],
  ])('the example of the documentation compiles to %s and synthesizes', (kind, resolution) => {
    const out = `out-${kind}`;
    write(`${kind}.ts`, `${example.replace('new App()', `new App({ outdir: '${out}' })`)}\napp.synth();\n`);

    compile('--module', kind, '--moduleResolution', resolution, `${kind}.ts`);
    run(app, process.execPath, `${kind}.js`);

    const { Resources, code } = synthesized(out, 'Operations');
    const [endpoint] = Object.values(Resources).filter(({ Type }) => Type === 'AWS::SNS::Subscription');
    expect(endpoint?.Properties).toMatchObject({ Protocol: 'email', Endpoint: 'ops@example.com' });
    expect(code).toEqual(bundles());
  });

  test('a property that does not exist is refused', () => {
    write('wrong.ts', `${example}\nnew EcsPullDoctor(stack, 'Other', { cluster: [] });\n`);

    expect(() => compile('--module', 'node16', '--noEmit', 'wrong.ts')).toThrow(
      /wrong\.ts.*'cluster' does not exist in type 'EcsPullDoctorProps'/,
    );
  });
});

test('the command line is installed with it, and needs nothing else', () => {
  const said = run(app, 'node_modules/.bin/ecs-pull-doctor', 'checks');

  expect(said).toContain('no-route-to-registry');
});

/** The oldest that package.json allows, and the newest of each line that was there. */
const nodes = ['20.19.0', '22.23.3', '24.21.0'].map((version) => {
  // The npm package `node` brings the program itself.
  const { stdout, stderr } = spawnSync(
    'npx',
    ['--yes', `--package=node@${version}`, '-c', 'node -p "process.version + process.execPath"'],
    { encoding: 'utf8' },
  );
  const [, path] = stdout.trim().split(`v${version}`);
  if (path === undefined)
    process.stderr.write(
      `NOT RUN on Node ${version}, which could not be had: ${stderr.trim().slice(-300)}\n`,
    );
  return { version, path };
});

describe.each(nodes)('the tarball by npx on Node $version, in an empty folder', ({ version, path = '' }) => {
  const run = path ? test : test.skip;
  const empty = mkdtempSync(join(tmpdir(), 'ecs-pull-doctor-empty-'));
  afterAll(() => rmSync(empty, { recursive: true }));

  run('runs demo, explain and replay, with nothing else installed', () => {
    copyFileSync(join(app, packed), join(empty, packed));
    copyFileSync(
      join(root, 'test/scenarios/nat-gateway-deleted/snapshot.json'),
      join(empty, 'incident.json'),
    );
    const doctor = `npx --yes ./${packed}`;
    // npx itself is run by that Node too: it is first on the path.
    const line = [
      'node --version',
      `${doctor} demo`,
      `${doctor} explain "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref"`,
      `${doctor} replay incident.json --format email`,
    ].join(' && ');

    const { status, stdout, stderr } = spawnSync('bash', ['-c', line], {
      cwd: empty,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${dirname(path)}:${process.env['PATH']}` },
    });

    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      new RegExp(
        `^v${version}\n[^]*3 of 3[^]*Likeliest causes:[^]*THE NAT GATEWAY GIVES NO WAY TO THE INTERNET`,
      ),
    );
    expect(readdirSync(empty).toSorted()).toEqual([packed, 'incident.json'].toSorted());
  });
});

test('nothing is packed but what a user needs', () => {
  const others = files.filter(
    (file) =>
      !/^(?:dist\/(?:cdk|lambda|remediation|widget)\/.*\.js|dist\/cdk\/.*\.d\.ts|dist\/[\w-]+\.mjs)$/.test(
        file,
      ),
  );

  expect(others.toSorted()).toEqual([
    'LICENSE',
    'README.md',
    'docs/deploying.md',
    'docs/diagnosis.schema.json',
    'docs/messages.md',
    'package.json',
  ]);
});
