import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildFunctions } from '../lib/built.ts';

const root = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'ecs-pull-doctor-app-'));
beforeAll(buildFunctions);
afterAll(() => rmSync(folder, { recursive: true }));

/** The app as `cdk` runs it, with what `cdk.json` and `-c` say. */
function app(context: object) {
  const { context: own } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify({ ...own, ...context }) },
  });
  return { status, stderr };
}

test.each([
  [
    { emial: 'ops@example.com' },
    "unknown setting 'emial': did you mean email? Choose one of: email, slackWorkspace,",
  ],
  [{ askRegistries: 'no' }, "askRegistries is 'no'; give true or false"],
])('%j is refused in one line', (context, message) => {
  const { status, stderr } = app(context);

  expect(status).toBe(1);
  expect(stderr).toContain(`ecs-pull-doctor: ${message}`);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('every setting together makes a stack', () => {
  const { status, stderr } = app({
    email: 'ops@example.com',
    slackWorkspace: 'T0123ABCDEF',
    slackChannel: 'C0123ABCDEF',
    clusters: 'prod,stage',
    registries: ['registry.example.com'],
    askRegistries: true,
  });

  expect([status, stderr]).toEqual([0, '']);
});
