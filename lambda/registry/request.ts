import { lookup } from 'node:dns/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, request as overHttps } from 'node:https';
import { type NoAnswer, type NotChecked, noAnswer, notChecked } from './answer.ts';
import { checkedLookup, type Resolve } from './checked-lookup.ts';
import { failureOf } from './failure.ts';
import { isHostName } from './host-name.ts';

/** One request: always HTTPS, always port 443, without a body. */
export interface RegistryCall {
  readonly method: 'HEAD' | 'GET';
  readonly host: string;
  readonly path: string;
  readonly accept: string;
  /** An anonymous token that this very host asked for. */
  readonly token: string | null;
  /** Ends the request, wherever it is. */
  readonly signal: AbortSignal;
}

/** What came back: an allow-list of headers, and of a body only that of a `GET` that succeeded. */
export interface Answered {
  readonly status: 'answered';
  readonly httpStatus: number;
  /** In lower case, without parameters. */
  readonly mediaType: string | null;
  readonly digest: string | null;
  readonly challenge: string | null;
  readonly body: string;
}

/** Sends one request. Whatever happens on the way is a value. */
export type Request = (call: RegistryCall) => Promise<Answered | NotChecked | NoAnswer>;

/** What a test brings in place of the internet. Addresses are checked all the same, and only then dialled. */
export interface Network {
  readonly resolve: Resolve;
  readonly dial: (address: string) => string;
  readonly port: number;
  /** Certificates that are trusted instead of those of Node.js. */
  readonly ca: string;
}

/** Sends requests through the internet, or through what stands for it. */
export const requestThrough =
  ({ resolve = systemResolver, dial, port = 443, ca }: Partial<Network> = {}): Request =>
  ({ method, host, path, accept, token, signal }) =>
    new Promise((settle) => {
      // A host that is an address would be dialled without a lookup, and so without its check.
      if (!isHostName(host)) return settle(notChecked('the host is none on the internet'));
      if (!isPath.test(path)) return settle(notChecked(`the path at \`${host}\` is none that is asked for`));
      const outgoing = overHttps({
        method,
        host,
        servername: host,
        port,
        path,
        signal,
        lookup: checkedLookup(resolve, dial),
        headers: {
          Accept: accept,
          // Nothing is unpacked here: a small answer stays small.
          'Accept-Encoding': 'identity',
          'User-Agent': 'ecs-pull-doctor',
          ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        },
        // An agent of its own: no shared sockets or sessions, and no proxy from the environment.
        agent: new Agent({ keepAlive: false, maxCachedSessions: 0 }),
        // Said although they are the defaults: the environment can change those (`NODE_TLS_REJECT_UNAUTHORIZED`, `NODE_OPTIONS`).
        rejectUnauthorized: true,
        minVersion: 'TLSv1.2',
        insecureHTTPParser: false,
        maxHeaderSize: mostHeaders,
        ca,
      });
      const end = (reply: Answered | NotChecked | NoAnswer) => {
        settle(reply);
        outgoing.destroy();
      };
      outgoing.on('error', (error) => end(failureOf(error, host)));
      outgoing.on('close', () => end(noAnswer(`the connection to \`${host}\` ended early`)));
      outgoing.on('response', (incoming) => {
        if (method === 'HEAD' || incoming.statusCode !== 200) return end(answered(incoming, ''));
        const chunks: Buffer[] = [];
        let size = 0;
        incoming.on('error', (error) => end(failureOf(error, host)));
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > mostBody) return end(noAnswer(`\`${host}\` answered with more than is read`));
          chunks.push(chunk);
        });
        incoming.on('end', () => end(answered(incoming, Buffer.concat(chunks).toString())));
      });
      outgoing.end();
    });

/** Sends requests through the internet. */
export const request: Request = requestThrough();

/** Bytes. The answers of registries have about 2 KiB of headers, tokens up to 8 KiB, indexes up to 20 KiB. */
const mostHeaders = 16_384;
const mostBody = 65_536;

const isPath = /^\/[\w./~%:?=&+-]{1,1023}$/;

async function systemResolver(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function answered({ statusCode = 0, headersDistinct }: IncomingMessage, body: string): Answered {
  // A header that comes twice says nothing: there is no telling which one is meant.
  const one = (name: string) => {
    const [value = null, ...others] = headersDistinct[name] ?? [];
    return others.length === 0 ? value : null;
  };
  return {
    status: 'answered',
    httpStatus: statusCode,
    mediaType: one('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? null,
    digest: one('docker-content-digest'),
    challenge: one('www-authenticate'),
    body,
  };
}
