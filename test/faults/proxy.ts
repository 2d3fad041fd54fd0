import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What can go wrong with a call. */
export const faults = ['throttled', 'refused', '500', 'hanging', 'reset', 'html', 'empty'] as const;
export type Fault = (typeof faults)[number];

const errorCodes: Readonly<Record<string, string>> = { ec2: 'RequestLimitExceeded', sns: 'Throttled' };

/**
 * Stands before AWS on loopback, and does to each call what `faultOf` says. `passed` is told of each call that was answered
 * truly.
 */
export async function faultProxy(target: string) {
  const seen = new Map<string, number>();
  const world = {
    faultOf: (_call: string): Fault | null => null,
    onPassed: (_call: string, _n: number) => {},
  };
  let passed = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const call = callOf(request.headers, request.url ?? '', body);
    seen.set(call, (seen.get(call) ?? 0) + 1);
    const fault = world.faultOf(call);
    if (fault) {
      doWrong(fault, call, response);
      return;
    }
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? 'POST',
      headers: headers as Record<string, string>,
      ...(request.method === 'GET' ? {} : { body }),
    });
    const text = await answer.text();
    passed += 1;
    world.onPassed(call, passed);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/xml' });
    response.end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(world, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** How often each call was made. */
    seen,
    reset: () => {
      seen.clear();
      passed = 0;
      world.faultOf = () => null;
      world.onPassed = () => {};
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  });
}

function callOf(headers: IncomingHttpHeaders, url: string, body: string): string {
  const service =
    /Credential=[^/]+\/\d+\/[\w-]+\/([\w-]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'none';
  const action =
    String(headers['x-amz-target'] ?? '').split('.')[1] ??
    new URLSearchParams(body).get('Action') ??
    url.split(/[/?]/).find((part) => /^[a-z]{4,}$/i.test(part)) ??
    'unknown';
  return `${service}:${action}`;
}

function doWrong(fault: Fault, call: string, response: ServerResponse): void {
  const service = call.slice(0, call.indexOf(':'));
  const error = (status: number, code: string) => {
    const isJson = ['ecs', 'ecr', 'dynamodb', 'events'].includes(service);
    response.writeHead(status, { 'content-type': isJson ? 'application/x-amz-json-1.1' : 'text/xml' });
    response.end(
      isJson
        ? JSON.stringify({ __type: code, message: 'no' })
        : service === 'ec2'
          ? `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors><RequestID>r</RequestID></Response>`
          : `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
    );
  };
  switch (fault) {
    case 'throttled':
      error(400, errorCodes[service] ?? 'ThrottlingException');
      return;
    case 'refused':
      error(403, 'AccessDeniedException');
      return;
    case '500':
      error(500, 'InternalError');
      return;
    case 'hanging':
      return;
    case 'reset':
      response.destroy();
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><body>Sign in to the guest network</body></html>');
      return;
    case 'empty':
      response.writeHead(200);
      response.end();
  }
}
