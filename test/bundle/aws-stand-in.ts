import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Read } from '../../lambda/aws/api.ts';
import { CallFailed } from '../../lambda/aws/call-failed.ts';
import { type Account, fakeAws } from '../support/account.ts';
import { clientOf, lookInto, makeTable, startDynamodb } from '../support/dynamodb.ts';
import { answer, callOf, inputOf, refusal } from './wire.ts';

/** One request, as far as it does not differ from one run to the next. */
export type Request = Readonly<Record<string, string | undefined>>;

type Protocol = keyof typeof answer;
const protocols: Readonly<Record<string, Protocol>> = {
  ec2: 'ec2',
  iam: 'query',
  sts: 'query',
  sns: 'query',
  ecs: 'json',
  ecr: 'json',
  route53: 'rest',
};

/**
 * AWS on loopback: it answers for a small account in the services' own protocols, and keeps every request. Each answer takes as
 * many milliseconds as are given.
 */
export async function awsStandIn(callTime = 0) {
  const table = 'incidents';
  const dynamodb = await startDynamodb();
  const client = clientOf(urlOf(dynamodb));
  await makeTable(client, table);
  const { empty } = lookInto(client, table);
  let read: Read | undefined;
  let requests: Request[] = [];
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    requests.push(recorded(request, body));
    if (callTime > 0) await sleep(callTime);
    const [, region = '', service = ''] =
      /Credential=[^/]+\/\d+\/([\w-]+)\/(\w+)\//.exec(request.headers.authorization ?? '') ?? [];
    const form = new URLSearchParams(body);
    const protocol = protocols[service] ?? 'json';
    const path = callOf(request.url ?? '');
    const action =
      protocol === 'rest'
        ? path.action
        : (String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? form.get('Action') ?? '');
    if (service === 'dynamodb') {
      const names = ['content-type', 'x-amz-target', 'x-amz-date', 'authorization'];
      const headers = Object.fromEntries(names.map((name) => [name, String(request.headers[name])]));
      const answered = await fetch(urlOf(dynamodb), { method: 'POST', headers, body });
      response.writeHead(answered.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(await answered.text());
      return;
    }
    const input =
      protocol === 'json' ? JSON.parse(body || '{}') : protocol === 'rest' ? path.input : inputOf(form);
    try {
      const output =
        service === 'sns'
          ? { MessageId: 'm' }
          : service === 'events'
            ? { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] }
            : await read?.(`${service}:${action}` as never, input as never, region);
      response.end(answerOf(protocol, action, output));
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      response.writeHead(400);
      response.end(refusal[protocol](error.code));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: urlOf(server),
    table,
    /** From now on this account answers; requests and incidents begin anew. */
    standFor: async (account: Account) => {
      await empty();
      read = fakeAws(account);
      requests = [];
    },
    requests: (): readonly Request[] =>
      requests.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
    stop: () => {
      client.destroy();
      for (const one of [server, dynamodb]) {
        one.closeAllConnections();
        one.close();
      }
    },
  };
}

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const answerOf = (protocol: Protocol, action: string, output: unknown) =>
  protocol === 'json' ? answer.json(output) : answer[protocol](action, output);

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

const recorded = ({ method, url, headers }: IncomingMessage, body: string): Request => ({
  method,
  url,
  target: headers['x-amz-target']?.toString(),
  type: headers['content-type'],
  // The SDK's two builds give different versions of themselves.
  agent: headers['user-agent']?.replace(/\b3\.\d+\.\d+\b/g, '3'),
  // Signed: the same headers, whatever the time.
  signed: /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1],
  // What is told and kept says when: it and what is made from it.
  body: (body.startsWith('Action=') ? decodeURIComponent(body) : body)
    .replace(/\d{4}-\d\d-\d\dT[\d.:]+Z/g, 'T')
    // The id of an incident first: it may happen to have no letters.
    .replace(/\b[0-9a-f]{12}\b/g, 'I')
    .replace(/\b\d{10,13}\b/g, 'T')
    .replace(/(seconds\D{1,12})\d+/g, '$1S'),
});
