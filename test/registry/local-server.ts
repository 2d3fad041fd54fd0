import type { RequestListener } from 'node:http';
import { createServer as overHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as overTls, type TLSSocket, type TlsOptions } from 'node:tls';
import type { Network } from '../../lambda/registry/request.ts';
import { certificate } from './certificate.ts';

/** Every host that a test may stand in for. */
export const trusted = certificate([
  'registry-1.docker.io',
  'auth.docker.io',
  'ghcr.io',
  'quay.io',
  'public.ecr.aws',
  'registry.example.com',
]);

/** Any address that the check lets pass: the network of a test then dials the local server. */
export const somewhere = '140.82.112.33';

export interface LocalServer {
  /** What makes every name lead to this server. */
  readonly network: Network;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

/** A server that speaks HTTP as it should. */
export const httpServer = (answer: RequestListener, options: TlsOptions = trusted): Promise<LocalServer> =>
  started(overHttps(options, answer));

/** A server that writes whatever it likes once the request is there. */
export const rawServer = (
  misbehave: (socket: TLSSocket) => void,
  options: TlsOptions = trusted,
): Promise<LocalServer> =>
  started(
    overTls(options, (socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => misbehave(socket));
    }),
  );

async function started(server: ReturnType<typeof overTls>): Promise<LocalServer> {
  let connections = 0;
  const open = new Set<{ destroy(): unknown }>();
  server.on('connection', (socket) => {
    connections += 1;
    open.add(socket);
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    network: {
      resolve: async () => [somewhere],
      dial: () => '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      ca: trusted.cert,
    },
    connections: () => connections,
    close: () =>
      new Promise((closed) => {
        for (const socket of open) socket.destroy();
        server.close(() => closed());
      }),
  };
}
