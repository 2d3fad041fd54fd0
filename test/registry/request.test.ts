import type { ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { checkedLookup } from '../../lambda/registry/checked-lookup.ts';
import { failureOf } from '../../lambda/registry/failure.ts';
import { type RegistryCall, requestThrough } from '../../lambda/registry/request.ts';
import { certificate } from './certificate.ts';
import { httpServer, type LocalServer, rawServer, somewhere } from './local-server.ts';

const call = (change: Partial<RegistryCall> = {}): RegistryCall => ({
  method: 'HEAD',
  host: 'ghcr.io',
  path: '/v2/acme/app/manifests/1.0',
  accept: 'application/json',
  token: null,
  signal: AbortSignal.timeout(10_000),
  ...change,
});

let server: LocalServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** What comes of one request to a server that answers so. */
async function asked(
  answer: (response: ServerResponse) => void,
  change: Partial<RegistryCall> = {},
  network = {},
) {
  server = await httpServer((_, response) => answer(response));
  return requestThrough({ ...server.network, ...network })(call(change));
}
/** What comes of one request to a server that writes these bytes. */
async function answeredBy(
  misbehave: (socket: TLSSocket) => void,
  change: Partial<RegistryCall> = {},
  options?: Parameters<typeof rawServer>[1],
) {
  server = await rawServer(misbehave, options);
  return requestThrough(server.network)(call(change));
}

test('an answer is an allow-list of its headers', async () => {
  const reply = await asked((response) =>
    response
      .writeHead(200, {
        'Content-Type': 'Application/JSON; charset=utf-8',
        'Docker-Content-Digest': 'sha256:1',
        'Set-Cookie': 'session=secret',
        'X-Anything': 'else',
      })
      .end(),
  );

  expect(reply).toEqual({
    status: 'answered',
    httpStatus: 200,
    mediaType: 'application/json',
    digest: 'sha256:1',
    challenge: null,
    body: '',
  });
});

test('an answer without such headers says nothing of them', async () => {
  expect(await asked((response) => response.writeHead(401).end())).toEqual({
    status: 'answered',
    httpStatus: 401,
    mediaType: null,
    digest: null,
    challenge: null,
    body: '',
  });
});

test('a token is shown to the registry', async () => {
  let shown: string | undefined;
  server = await httpServer((request, response) => {
    shown = request.headers.authorization;
    response.end();
  });

  await requestThrough(server.network)(call({ token: 'dGVzdA' }));

  expect(shown).toBe('Bearer dGVzdA');
});

test('a name without an address is one that could not be resolved', async () => {
  const reply = await asked((response) => response.end(), {}, { resolve: async () => [] });

  expect(reply).toEqual({ status: 'no-answer', because: 'the name `ghcr.io` could not be resolved' });
});

test('a socket that asks for one address is given the first', async () => {
  const look = checkedLookup(async () => [somewhere, '2606:50c0:8000::153']);
  const given = await new Promise((resolve) => look('ghcr.io', {}, (...answer) => resolve(answer)));
  const all = await new Promise((resolve) => look('ghcr.io', { all: true }, (...answer) => resolve(answer)));

  expect(given).toEqual([null, somewhere, 4]);
  expect(all).toEqual([
    null,
    [
      { address: somewhere, family: 4 },
      { address: '2606:50c0:8000::153', family: 6 },
    ],
  ]);
});

test.each<[string | undefined, string]>([
  ['ECONNREFUSED', 'the connection to `ghcr.io` failed (ECONNREFUSED)'],
  ['CERT_HAS_EXPIRED', 'the certificate of `ghcr.io` is not trusted'],
  // What the other side may have written is not repeated.
  ['<b>evil</b>', 'the connection to `ghcr.io` failed'],
  [undefined, 'the connection to `ghcr.io` failed'],
])('a failure of code %s is told in our words', (code, because) => {
  expect(failureOf(Object.assign(new Error('evil'), { code }), 'ghcr.io')).toEqual({
    status: 'no-answer',
    because,
  });
});

test('what follows an answer to HEAD is not read', async () => {
  const reply = await answeredBy((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody'));

  expect(reply).toMatchObject({ status: 'answered', httpStatus: 200, body: '' });
});

test('a request says who asks and what it takes, and carries nothing else of ours', async () => {
  let headers: NodeJS.Dict<string | string[]> = {};
  server = await httpServer((request, response) => {
    headers = request.headers;
    response.end();
  });

  await requestThrough(server.network)(call());

  expect(headers).toEqual({
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'ecs-pull-doctor',
    host: expect.stringMatching(/^ghcr\.io(?::\d+)?$/),
    connection: 'close',
  });
});

describe('addresses', () => {
  test.each([
    ['loopback', ['127.0.0.1']],
    ['the credentials of the function', ['169.254.170.2']],
    ['the metadata of an instance', ['169.254.169.254']],
    ['the metadata of an instance, by IPv6', ['fd00:ec2::254']],
    ['a private network', ['10.0.0.5']],
    ['a private address behind a public one', [somewhere, '192.168.1.1']],
    ['a private address before a public one', ['172.16.0.1', somewhere]],
    ['an IPv4 address in IPv6 clothing', ['::ffff:10.0.0.1']],
    ['no address in any notation', ['0x7f000001']],
  ])('a name that leads to %s is not dialled', async (_, addresses) => {
    const reply = await asked((response) => response.end(), {}, { resolve: async () => addresses });

    expect(reply).toEqual({
      status: 'not-checked',
      because: '`ghcr.io` leads to an address that is not public',
    });
    expect(server?.connections()).toBe(0);
  });

  test('a name is resolved once for a connection, and what was checked is what is dialled', async () => {
    const answers = [[somewhere], ['127.0.0.1']];
    const dialled: string[] = [];
    let questions = 0;
    server = await httpServer((_, response) => response.end());

    const reply = await requestThrough({
      ...server.network,
      resolve: async () => answers[questions++] ?? [],
      dial: (address) => {
        dialled.push(address);
        return '127.0.0.1';
      },
    })(call());

    expect(reply.status).toBe('answered');
    expect([questions, dialled]).toEqual([1, [somewhere]]);
  });

  test('no connection outlives its request, so that the next one is resolved and checked again', async () => {
    const answers = [[somewhere], ['169.254.169.254']];
    server = await httpServer((_, response) => response.end());
    const send = requestThrough({ ...server.network, resolve: async () => answers.shift() ?? [] });

    const replies = [await send(call()), await send(call())];

    expect(replies.map(({ status }) => status)).toEqual(['answered', 'not-checked']);
    expect(server.connections()).toBe(1);
  });

  test.each([
    '127.0.0.1',
    '[::1]',
    '2130706433',
    'localhost',
    'ghcr.io:9001',
    'ghcr.io@evil.com',
    'ghcr.io/x',
  ])('the host `%s` is not resolved at all', async (host) => {
    const resolve = jest.fn<() => Promise<string[]>>().mockResolvedValue([somewhere]);

    const reply = await requestThrough({ resolve })(call({ host }));

    expect(reply.status).toBe('not-checked');
    expect(resolve).not.toHaveBeenCalled();
  });

  test.each([
    '/a b',
    '/a\r\nHost: evil.com',
    '/a#b',
    '//evil.com\\',
    'https://evil.com/',
    '',
    `/${'a'.repeat(2_000)}`,
  ])('the path %j is not asked for', async (path) => {
    const reply = await asked((response) => response.end(), { path });

    expect(reply.status).toBe('not-checked');
    expect(server?.connections()).toBe(0);
  });
});

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])('a %i is an answer and is not followed', async (status) => {
    const reply = await asked((response) =>
      response.writeHead(status, { Location: 'https://registry.example.com/v2/' }).end(),
    );

    expect(reply).toMatchObject({ status: 'answered', httpStatus: status });
    expect(server?.connections()).toBe(1);
  });

  test('a switch to another protocol ends the request', async () => {
    const reply = await answeredBy((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
    );

    expect(reply.status).toBe('no-answer');
  });

  test('another way to the same host is not taken', async () => {
    const reply = await asked((response) =>
      response.writeHead(200, { 'Alt-Svc': 'h3="evil.com:443"', Refresh: '0;url=https://evil.com/' }).end(),
    );

    expect(reply.status).toBe('answered');
    expect(server?.connections()).toBe(1);
  });
});

describe('sizes', () => {
  const get = { method: 'GET' as const };

  test.each([
    ['one large header', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`],
    ['many headers', `HTTP/1.1 200 OK\r\n${'X: a\r\n'.repeat(10_000)}\r\n`],
    ['a long status line', `HTTP/1.1 200 ${'a'.repeat(40_000)}\r\n\r\n`],
  ])('%s ends the request', async (_, bytes) => {
    const reply = await answeredBy((socket) => socket.write(bytes));

    expect(reply).toEqual({
      status: 'no-answer',
      because: '`ghcr.io` answered with headers that are too large',
    });
  });

  test('a body of more than 64 KiB ends the request, whatever its length is said to be', async () => {
    const declared = await asked((response) => response.end('a'.repeat(65_537)), get);
    await server?.close();
    const chunked = await asked((response) => {
      for (let kib = 0; kib < 128; kib++) response.write('a'.repeat(1_024));
      response.end();
    }, get);

    expect([declared, chunked]).toEqual(
      Array(2).fill({ status: 'no-answer', because: '`ghcr.io` answered with more than is read' }),
    );
  });

  test('a body of 64 KiB is read', async () => {
    const reply = await asked((response) => response.end('a'.repeat(65_536)), get);

    expect(reply).toMatchObject({ status: 'answered', body: 'a'.repeat(65_536) });
  });

  test('a packed body is not unpacked', async () => {
    const bomb = Buffer.from('1f8b08000000000000030300000000000000000000', 'hex');
    const reply = await asked(
      (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb),
      get,
    );

    expect(reply).toMatchObject({ status: 'answered', body: bomb.toString() });
  });

  test('the body of an error is not read', async () => {
    const reply = await asked((response) => response.writeHead(500).end('a'.repeat(1_000)), get);

    expect(reply).toMatchObject({ httpStatus: 500, body: '' });
  });
});

describe('times', () => {
  const late = { status: 'no-answer', because: '`ghcr.io` did not answer in time' };
  const every = (milliseconds: number, write: () => void) => {
    const timer = setInterval(write, milliseconds);
    timer.unref();
    return timer;
  };
  const soon = () => ({ signal: AbortSignal.timeout(250) });
  let timer: NodeJS.Timeout | undefined;
  afterEach(() => clearInterval(timer));

  test('a server that never answers', async () => {
    expect(await answeredBy(() => {}, soon())).toEqual(late);
  });

  test('headers that trickle', async () => {
    const reply = await answeredBy((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      timer = every(20, () => socket.write('X: a\r\n'));
    }, soon());

    expect(reply).toEqual(late);
  });

  test('a body that trickles', async () => {
    const reply = await answeredBy(
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
        timer = every(20, () => socket.write('a'));
      },
      { method: 'GET', ...soon() },
    );

    expect(reply).toEqual(late);
  });

  test('an answer that is announced without end', async () => {
    const reply = await answeredBy((socket) => {
      timer = every(20, () => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'));
    }, soon());

    expect(reply).toEqual(late);
  });

  test('a name that is never resolved', async () => {
    const reply = await asked((response) => response.end(), soon(), { resolve: () => new Promise(() => {}) });

    expect(reply).toEqual(late);
  });
});

describe('certificates', () => {
  test.each([
    ['of another host', { cert: certificate(['registry.example.com']) }],
    [
      'that has expired',
      {
        cert: certificate(['ghcr.io'], {
          notBefore: new Date('2020-01-01T00:00:00Z'),
          notAfter: new Date('2020-01-02T00:00:00Z'),
        }),
      },
    ],
  ])('one %s is not trusted', async (_, { cert }) => {
    server = await httpServer((_request, response) => response.end(), cert);

    const reply = await requestThrough({ ...server.network, ca: cert.cert })(call());

    expect(reply).toEqual({
      status: 'no-answer',
      because: 'the certificate of `ghcr.io` is not trusted',
    });
  });

  test('one that nobody has signed is not trusted', async () => {
    server = await httpServer((_, response) => response.end());
    const { ca: _, ...network } = server.network;

    const reply = await requestThrough(network)(call());

    expect(reply).toMatchObject({ because: 'the certificate of `ghcr.io` is not trusted' });
  });

  describe('whatever the environment says', () => {
    const before = { ...process.env };
    beforeEach(() => {
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      process.env['HTTPS_PROXY'] = 'http://127.0.0.1:1';
      process.env['NODE_USE_ENV_PROXY'] = '1';
    });
    afterEach(() => {
      process.env = before;
    });

    test('certificates are checked', async () => {
      server = await httpServer((_, response) => response.end());
      const { ca: _, ...network } = server.network;

      expect((await requestThrough(network)(call())).status).toBe('no-answer');
    });

    test('no proxy is used', async () => {
      expect((await asked((response) => response.end())).status).toBe('answered');
    });
  });
});

describe('answers that can be read in two ways', () => {
  test('a header that comes twice says nothing', async () => {
    const reply = await answeredBy((socket) =>
      socket.end(
        'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer realm="a"\r\nWWW-Authenticate: Bearer realm="b"\r\nContent-Length: 0\r\n\r\n',
      ),
    );

    expect(reply).toMatchObject({ httpStatus: 401, challenge: null });
  });

  test.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['nothing', ''],
  ])('%s is no answer', async (_, bytes) => {
    expect((await answeredBy((socket) => socket.end(bytes), { method: 'GET' })).status).toBe('no-answer');
  });
});
