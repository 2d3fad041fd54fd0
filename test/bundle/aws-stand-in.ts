import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Read } from '../../lambda/aws/api.ts';
import { CallFailed } from '../../lambda/aws/call-failed.ts';
import { type Account, fakeAws } from '../support/account.ts';
import { answer, inputOf, refusal } from './wire.ts';

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
};

/** AWS on loopback: it answers for a small account in the services' own protocols, and keeps every request. */
export async function awsStandIn() {
  let read: Read | undefined;
  let requests: Request[] = [];
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    requests.push(recorded(request, body));
    const service =
      /Credential=[^/]+\/\d+\/[\w-]+\/(\w+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const form = new URLSearchParams(body);
    const action = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? form.get('Action') ?? '';
    const protocol = protocols[service] ?? 'json';
    const input = protocol === 'json' ? JSON.parse(body || '{}') : inputOf(form);
    try {
      const output =
        service === 'sns'
          ? { MessageId: 'm' }
          : await read?.(`${service}:${action}` as never, input as never);
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
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** From now on this account answers; the requests begin anew. */
    standFor: (account: Account) => {
      read = fakeAws(account);
      requests = [];
    },
    requests: (): readonly Request[] =>
      requests.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

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
  // What is told says when the account was looked at.
  body: body.replace(/(collectedAt|looked.{1,3}at).{1,20}?\d{4}-\d\d-\d\dT[\d.%A-F:]+Z/g, '$1'),
});
