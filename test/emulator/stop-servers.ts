import { stopProgram } from './start-program.ts';

/** Ends what `start-servers.ts` started. */
export default async function stopServers(): Promise<void> {
  const servers = globalThis.emulatorServers;
  if (!servers) return;
  servers.standIn.closeAllConnections();
  servers.standIn.close();
  await stopProgram(servers.moto);
}
