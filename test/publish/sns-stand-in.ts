import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers Amazon SNS on loopback, and keeps what was published. Topics called `refuses…` refuse. */
export async function snsStandIn() {
  const published: Record<string, string>[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const message = Object.fromEntries(new URLSearchParams(text));
      const refused = message['TopicArn']?.includes('refuses') ?? false;
      if (!refused) published.push(message);
      response.writeHead(refused ? 403 : 200, { 'content-type': 'text/xml' });
      response.end(
        refused
          ? '<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>'
          : '<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>',
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    published,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
