import type { ChildProcess } from 'node:child_process';
import type { Server } from 'node:http';
import { startStandIn } from './stand-in.ts';
import { freePort, startProgram } from './start-program.ts';

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
  const port = await freePort();
  const motoUrl = `http://127.0.0.1:${port}`;
  const moto = await startProgram({
    command: 'moto_server',
    args: ['-H', '127.0.0.1', '-p', String(port)],
    env: { MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' },
    probe: `${motoUrl}/moto-api/`,
    install: "pip install 'moto[server]'",
  });
  const standIn = await startStandIn(motoUrl);
  globalThis.emulatorServers = { moto, standIn: standIn.server };
  // The workers are started after this and inherit it, the command line under test included.
  process.env['AWS_ENDPOINT_URL'] = standIn.url;
  process.env['MOTO_URL'] = motoUrl;
}
