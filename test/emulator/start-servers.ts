import { type ChildProcess, spawn } from 'node:child_process';
import type { Server } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStandIn } from './stand-in.ts';

/** What runs while the tests run; `stop-servers.ts` ends it. */
export interface Servers {
  readonly moto: ChildProcess;
  readonly standIn: Server;
}

declare global {
  var emulatorServers: Servers | undefined;
}

/** Starts moto and the stand-in before it; tests find the latter through `AWS_ENDPOINT_URL`. */
export default async function startServers(): Promise<void> {
  const motoUrl = `http://127.0.0.1:${await freePort()}`;
  const moto = await startMoto(motoUrl);
  const standIn = await startStandIn(motoUrl);
  globalThis.emulatorServers = { moto, standIn: standIn.server };
  // The workers are started after this and inherit it, the command line under test included.
  process.env['AWS_ENDPOINT_URL'] = standIn.url;
}

async function startMoto(url: string): Promise<ChildProcess> {
  let said = '';
  let failure: Error | undefined;
  const moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', new URL(url).port], {
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  moto.on('error', (error) => {
    failure = error;
  });
  // moto logs every request here: it must be read, and only its beginning is of use.
  moto.stderr?.on('data', (chunk: Buffer) => {
    if (said.length < 10_000) said += chunk.toString();
  });
  for (let tries = 0; tries < 300; tries++) {
    if (failure || moto.exitCode !== null) break;
    if (await answers(`${url}/moto-api/`)) return moto;
    await sleep(100);
  }
  moto.kill();
  const missing = (failure as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
  throw new Error(
    missing
      ? "the emulator tests need moto's server, and `moto_server` is not on the PATH: pip install 'moto[server]'"
      : `moto_server did not start; if it lacks a module: pip install 'moto[server]'\n${said}`,
    { cause: failure },
  );
}

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

function freePort(): Promise<number> {
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
