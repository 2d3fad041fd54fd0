/** Ends what `start-servers.ts` started. */
export default async function stopServers(): Promise<void> {
  const servers = globalThis.emulatorServers;
  if (!servers) return;
  servers.standIn.closeAllConnections();
  servers.standIn.close();
  if (servers.moto.exitCode !== null) return;
  const ended = new Promise((resolve) => servers.moto.once('exit', resolve));
  servers.moto.kill();
  await ended;
}
