import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** A target of `scripts/bundle.mjs` in a folder of its own. */
export function buildOne(target: string) {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  execFileSync(process.execPath, ['scripts/bundle.mjs', target, folder], { cwd: root });
  return { file: join(folder, 'index.js'), remove: () => rmSync(folder, { recursive: true }) };
}

/** The function bundled as it is deployed, and without any of the tricks. */
export function buildBoth() {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  const build = (target: string) => {
    execFileSync(process.execPath, ['scripts/bundle.mjs', target, join(folder, target)], { cwd: root });
    return join(folder, target, 'index.js');
  };
  return {
    deployed: build('lambda'),
    plain: build('lambda-plain'),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Milliseconds, as `lib/timing.ts` has it. */
export const functionTimeout = 60_000;

/** Size of a file in KiB. */
export const sizeOf = (file: string): number => statSync(file).size / 1_024;

/** A process of its own that runs a bundle, as Lambda does. */
export async function startBundle(
  file: string,
  endpoint: string,
  table: string,
  more: Readonly<Record<string, string>> = {},
  timeLimit = functionTimeout,
) {
  const child: ChildProcess = fork(join(__dirname, 'run-handler.cjs'), [file], {
    execArgv: [],
    stdio: [
      'ignore',
      process.env['VERBOSE'] ? 'inherit' : 'ignore',
      process.env['VERBOSE'] ? 'inherit' : 'ignore',
      'ipc',
    ],
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: endpoint,
      TABLE_NAME: table,
      TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:findings',
      ...more,
    },
  });
  await once(child, 'message');
  const ended = once(child, 'exit').then(() => {
    throw new Error('killed');
  });
  // Told to whoever waits for an answer; when nobody does, the test has stopped it.
  ended.catch(() => {});
  return {
    /** Runs the function, `later` milliseconds from now; throws if the process ends before it has answered. */
    run: async (event: object, later = 0): Promise<unknown> => {
      child.send({ event, later, timeout: timeLimit });
      // As Lambda does.
      const timer = setTimeout(() => child.kill('SIGKILL'), timeLimit + 1_000);
      const [answer] = await Promise.race([once(child, 'message'), ended]).finally(() => clearTimeout(timer));
      return answer;
    },
    stop: () => child.kill('SIGKILL'),
  };
}

/** Milliseconds that importing each file takes in a fresh process: the best of some rounds, taken in turns. */
export function importTimes(files: readonly string[], rounds: number): number[] {
  const program =
    'const before = process.hrtime.bigint(); require(process.argv[1]); console.log(Number(process.hrtime.bigint() - before) / 1e6);';
  const measure = (file: string) =>
    Number(
      execFileSync(process.execPath, ['-e', program, file], { encoding: 'utf8' }).trim().split('\n').at(-1),
    );
  const best = files.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round += 1)
    for (const [at, file] of files.entries()) best[at] = Math.min(best[at] ?? 0, measure(file));
  return best;
}
