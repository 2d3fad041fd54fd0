import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server of Python's, and how to know that it answers. */
export interface Program {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Answers as soon as the server does. */
  readonly probe: string;
  /** What to install if it is missing. */
  readonly install: string;
}

/** Starts a server and waits until it answers. */
export async function startProgram({
  command,
  args = [],
  env,
  probe,
  install,
}: Program): Promise<ChildProcess> {
  let said = '';
  let failure: Error | undefined;
  const program = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  program.on('error', (error) => {
    failure = error;
  });
  // It logs every request here: that must be read, and only its beginning is of use.
  program.stderr?.on('data', (chunk: Buffer) => {
    if (said.length < 10_000) said += chunk.toString();
  });
  for (let tries = 0; tries < 300; tries++) {
    if (failure || program.exitCode !== null) break;
    if (await answers(probe)) return program;
    await sleep(100);
  }
  program.kill();
  const missing = (failure as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
  throw new Error(
    missing
      ? `these tests need \`${command}\`, which is not on the PATH: ${install}`
      : `${command} did not start; if it lacks a module: ${install}\n${said}`,
    { cause: failure },
  );
}

/** Ends a server, and waits until it has. */
export async function stopProgram(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null) return;
  const ended = new Promise((resolve) => program.once('exit', resolve));
  program.kill();
  await ended;
}

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** A port of loopback that nobody uses. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port')),
      );
    });
  });
}
