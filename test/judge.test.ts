import { expect, test } from '@jest/globals';
import { checks } from '../lambda/checks/index.ts';
import { derive, diagnose } from '../lambda/diagnose.ts';
import { judge } from '../lambda/judge.ts';
import type { Found, Result } from '../lambda/model/check.ts';
import { refused } from './support/asking.ts';
import { snapshotOf } from './support/snapshots.ts';
import { texts } from './support/worlds.ts';

const found = (change: Partial<Found> = {}): Result => ({
  status: 'found',
  certainty: 'proven',
  evidence: [],
  resources: [],
  fixes: [],
  closes: ['token', 'manifest', 'layers'],
  ...change,
});
const undecided: Result = { status: 'undecided', because: 'it is dark', resources: [], ask: 'Look at it' };
const ruledOut: Result = { status: 'ruled-out', evidence: ['`it` is well'] };

/** What is concluded if these checks, in this order, said that of a task that stopped with the text. */
function judged(text: string, results: Readonly<Record<string, Result>>) {
  const snapshot = snapshotOf('healthy-nat-umbrella');
  const task = { ...snapshot.facts.task.value, stoppedReason: text };
  const told = { ...snapshot, facts: { ...snapshot.facts, task: { status: 'known' as const, value: task } } };
  const examined = Object.entries(results).map(([id, result]) => {
    const check = checks.find((one) => one.id === id);
    if (!check) throw new Error(`there is no check ${id}`);
    return { check, result };
  });
  const { conclusion, causes, suspects, ruledOut, otherProblems, crashed } = judge(
    told,
    derive(told),
    examined,
    null,
  );
  const ids = (findings: readonly { readonly check: { readonly id: string } }[]) =>
    findings.map(({ check }) => check.id);
  return {
    conclusion,
    causes: ids(causes),
    suspects: ids(suspects),
    ruledOut: ids(ruledOut),
    otherProblems: ids(otherProblems),
    crashed: ids(crashed),
  };
}

const [unclear, timeout] = [texts.umbrella, texts.manifestTimeout];

test.each<[string, string, Readonly<Record<string, Result>>, readonly string[]]>([
  [
    'what is proven stands before what is likely',
    unclear,
    { 'corrupt-layer': found({ certainty: 'likely' }), 'image-archived': found() },
    ['image-archived', 'corrupt-layer'],
  ],
  [
    'what is proven stands before what is likely, also behind it on the way',
    timeout,
    {
      'no-route-to-registry': found({ certainty: 'likely', hop: 1 }),
      'internet-gateway-detached': found({ hop: 7 }),
    },
    ['internet-gateway-detached', 'no-route-to-registry'],
  ],
  [
    'a packet meets the one before the other',
    timeout,
    { 'no-route-to-registry': found({ hop: 4 }), 'task-security-group-closed': found({ hop: 2 }) },
    ['task-security-group-closed', 'no-route-to-registry'],
  ],
  [
    'a packet meets the one before the other, whichever is asked first',
    timeout,
    { 'internet-gateway-detached': found({ hop: 2 }), 'no-route-to-registry': found({ hop: 4 }) },
    ['internet-gateway-detached', 'no-route-to-registry'],
  ],
  [
    'at the same hop the text says which is likelier',
    timeout,
    { 'public-ip-missing': found({ hop: 3 }), 'no-route-to-registry': found({ hop: 3 }) },
    ['no-route-to-registry', 'public-ip-missing'],
  ],
  [
    'one that no packet meets stands where the text puts it',
    timeout,
    { 'custom-dns-servers': found(), 'no-route-to-registry': found({ hop: 3 }) },
    ['no-route-to-registry', 'custom-dns-servers'],
  ],
  [
    'what a packet meets stands where the likeliest of it would, behind others that are likelier',
    // What a DNS server answers, packets got to.
    texts.noSuchHost.replace('no such host', 'server misbehaving'),
    {
      'task-security-group-closed': found({ hop: 1 }),
      'private-zone-shadows-registry': found(),
      'dns-firewall-blocks-registry': found(),
    },
    ['private-zone-shadows-registry', 'dns-firewall-blocks-registry', 'task-security-group-closed'],
  ],
  [
    'a text that says nothing of either leaves them in the order of the catalogue',
    'CannotPullContainerError: never heard of',
    { 'pull-timed-out': found(), 'corrupt-layer': found() },
    ['pull-timed-out', 'corrupt-layer'],
  ],
])('the order of causes: %s', (_, text, results, causes) => {
  expect(judged(text, results).causes).toEqual(causes);
});

test('causes on the way and others have one order, whichever is asked first', () => {
  // The text puts the route before the DNS servers, and those before the subnet; a packet meets the subnet first.
  const results = {
    'ipv6-only-subnet': found({ hop: 1 }),
    'no-route-to-registry': found({ hop: 2 }),
    'custom-dns-servers': found(),
  };
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ].map(
    (order) =>
      judged(timeout, Object.fromEntries(order.map((at) => Object.entries(results)[at] ?? []))).causes,
  );

  for (const order of orders)
    expect(order).toEqual(['ipv6-only-subnet', 'no-route-to-registry', 'custom-dns-servers']);
});

const unheard = 'CannotPullContainerError: never heard of';
const initialization = 'ResourceInitializationError: never heard of';
const atEndpoint = texts.manifestTimeoutAtEndpoint;

test.each<[string, string, Result, 'causes' | 'otherProblems']>([
  ['another step failed', timeout, found({ closes: ['layers'] }), 'otherProblems'],
  ['one of its steps failed', timeout, found({ closes: ['layers', 'manifest'] }), 'causes'],
  ['no step is named', unheard, found({ closes: ['layers'] }), 'causes'],
  ['no step is named', unheard, found({ closes: ['manifest'] }), 'causes'],
  ['the task could not even be prepared', initialization, found({ closes: ['layers'] }), 'otherProblems'],
  ['the task could not even be prepared', initialization, found({ closes: ['manifest'] }), 'otherProblems'],
  ['the task could not even be prepared', initialization, found({ closes: ['token'] }), 'causes'],
  ['the task could not even be prepared', initialization, found({ closes: ['secrets'] }), 'causes'],
  ['an address of an endpoint was dialled', atEndpoint, found({ addresses: 'public' }), 'otherProblems'],
  ['an address of an endpoint was dialled', atEndpoint, found({ addresses: 'private' }), 'causes'],
  ['a public address was dialled', timeout, found({ addresses: 'private' }), 'otherProblems'],
  ['a public address was dialled', timeout, found({ addresses: 'public' }), 'causes'],
  ['nobody says what was dialled', unclear, found({ addresses: 'private' }), 'causes'],
])('%s: %s', (_, text, result, where) => {
  const id = 'network-acl-blocks-registry';
  const { causes, otherProblems } = judged(text, { [id]: result });

  expect({ causes, otherProblems }).toEqual({ causes: [], otherProblems: [], [where]: [id] });
});

/** What is said of an incident that was replayed, had its task stopped with another text. */
function diagnosed(scenario: string, text: string) {
  const snapshot = snapshotOf(scenario);
  const task = { ...snapshot.facts.task.value, stoppedReason: text };
  return diagnose({ ...snapshot, facts: { ...snapshot.facts, task: { status: 'known', value: task } } });
}
const idsOf = (findings: readonly { readonly check: { readonly id: string } }[]) =>
  findings.map(({ check }) => check.id);

const copying = 'CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy:';
const asking = `${texts.umbrella}: failed to do request: Head "https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/team/web/manifests/v1":`;
const standing = [
  `${copying} stream error: stream ID 7; INTERNAL_ERROR; received from peer`,
  `${copying} http2: server sent GOAWAY and closed the connection; LastStreamID=3, ErrCode=NO_ERROR`,
  `${copying} read tcp 10.0.1.23:41230->52.217.94.84:443: read: connection reset by peer`,
  `${copying} local error: tls: bad record MAC`,
  `${copying} net/http: request canceled (Client.Timeout or context cancellation while reading body)`,
  `${copying} write tcp 10.0.1.23:41230->52.217.94.84:443: write: broken pipe`,
  `${asking} dial tcp 52.95.115.9:443: connect: connection refused`,
  `${asking} EOF`,
  `${asking} http2: client connection lost`,
  'CannotPullContainerError: error parsing HTTP 405 response body: invalid character',
];

test.each(standing)('whoever was answered has met nothing that stops packets: %s', (text) => {
  const { causes, suspects, otherProblems } = diagnosed('private-subnet-without-route', text);

  expect(idsOf(causes)).toEqual([]);
  expect(idsOf(suspects)).not.toContain('no-route-to-registry');
  expect(idsOf(otherProblems)).toContain('no-route-to-registry');
});

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html#unable-to-pull-secrets-asm
test.each([
  `${asking} net/http: TLS handshake timeout`,
  `${asking} net/http: request canceled (Client.Timeout exceeded while awaiting headers)`,
  `${asking} read tcp 10.0.1.23:41230->52.95.115.9:443: read: connection timed out`,
  `${asking} read tcp 10.0.1.23:41230->52.95.115.9:443: i/o timeout`,
])('what AWS reads as one of the network is one: %s', (text) => {
  expect(idsOf(diagnosed('private-subnet-without-route', text).causes)).toEqual(['no-route-to-registry']);
});

test.each(standing.slice(0, -1))('nothing that may have ended it is ruled out by its words: %s', (text) => {
  const ruledOut = idsOf(diagnosed('healthy-nat-umbrella', text).ruledOut);

  for (const id of ['registry-unavailable', 'pull-timed-out', 'proxy-blocks-registry'])
    expect(ruledOut).not.toContain(id);
});

test.each(standing)('nor anything that could not be seen: %s', (text) => {
  const snapshot = snapshotOf('private-subnet-without-route');
  const task = { ...snapshot.facts.task.value, stoppedReason: text };
  const facts = { ...snapshot.facts, routeTables: refused, securityGroups: refused, networkAcls: refused };

  const { suspects } = diagnose({
    ...snapshot,
    facts: { ...facts, task: { status: 'known', value: task } },
  });

  for (const id of ['no-route-to-registry', 'task-security-group-closed', 'network-acl-blocks-registry'])
    expect(idsOf(suspects)).not.toContain(id);
});

test.each(standing.slice(0, -1))('a firewall that cannot be seen may have ended it: %s', (text) => {
  const { causes, suspects } = diagnosed('healthy-transit-gateway', text);

  expect(idsOf(causes)).toEqual([]);
  expect(suspects).toMatchObject([
    { check: { id: 'no-route-to-registry' }, because: expect.stringContaining('tgw-') },
  ]);
});

test.each([
  ['dialled in vain', `${asking} dial tcp 52.95.115.9:443: i/o timeout`],
  ['dialled in vain', `${asking} net/http: request canceled while waiting for connection`],
  [
    'one of two dialled in vain',
    `${asking} EOF; fallback: Get "https://mirror": dial tcp 52.95.115.9:443: i/o timeout`,
  ],
])('who was not answered may have met it: %s, %s', (_, text) => {
  expect(idsOf(diagnosed('private-subnet-without-route', text).causes)).toEqual(['no-route-to-registry']);
});

test.each([
  `${asking} dial tcp 52.95.115.9:443: connect: connection refused`,
  `${asking} EOF`,
  `${asking} tls: failed to verify certificate: x509: certificate is valid for *.example.com, not it`,
])("DNS servers of one's own may have led the name to whoever ended it: %s", (text) => {
  const { causes, suspects } = diagnosed('custom-dns-servers', text);

  expect(idsOf([...causes, ...suspects])).toContain('custom-dns-servers');
});

test('a route of some addresses of the registry is in question, whatever it does to another connection', () => {
  const snapshot = snapshotOf('healthy-nat-umbrella');
  const { routeTables } = snapshot.facts;
  if (routeTables.status !== 'known') throw new Error('the routes must be known');
  const gone = {
    destination: '52.0.0.0/8',
    target: 'tgw-0a1',
    state: 'blackhole',
    origin: 'CreateRoute',
  } as const;
  const value = routeTables.value.map((one) =>
    one.routeTableId === 'rtb-0task' ? { ...one, routes: [...one.routes, gone] } : one,
  );
  const { conclusion, suspects } = diagnose({
    ...snapshot,
    facts: { ...snapshot.facts, routeTables: { status: 'known', value } },
  });

  expect(conclusion).toBe('suspected');
  expect(idsOf(suspects)).toContain('no-route-to-registry');
});

test.each(['12.345.678.78', '52.95.115'])('what is no address ends no way: %s', (address) => {
  const { causes, otherProblems } = diagnosed(
    'healthy-nat-umbrella',
    `${asking} dial tcp ${address}:443: i/o timeout`,
  );

  expect(idsOf([...causes, ...otherProblems])).toEqual([]);
});

test('a name that led to somebody was resolved', () => {
  const snapshot = snapshotOf('healthy-nat-umbrella');
  const own = { dhcpOptionsId: 'dopt-0a1', domainNameServers: ['10.0.0.53'] };
  const stoppedReason = 'CannotPullContainerError: read: connection reset by peer';
  const facts = {
    ...snapshot.facts,
    dhcpOptions: { status: 'known' as const, value: own },
    task: { status: 'known' as const, value: { ...snapshot.facts.task.value, stoppedReason } },
  };

  expect(idsOf(diagnose({ ...snapshot, facts }).suspects)).not.toContain('custom-dns-servers');
});

test('a DNS server that knows no such name was asked: nothing stops packets to it', () => {
  const { causes, suspects } = diagnosed('private-subnet-without-route', texts.noSuchHost);

  expect(idsOf([...causes, ...suspects])).not.toContain('no-route-to-registry');
});

test.each([
  ['the agent says so', 'CannotPullContainerError: Check your host network configuration.'],
  [
    'it asked for the token again and again, which it does while nobody answers',
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s)',
  ],
])('where no connection came about, nobody has refused anything: %s', (_, text) => {
  const results = {
    'organization-policy-denies-pull': undecided,
    'execution-role-cannot-pull': found(),
    'no-route-to-registry': undecided,
  };

  expect(judged(text, results)).toMatchObject({
    causes: [],
    suspects: ['no-route-to-registry'],
    otherProblems: ['execution-role-cannot-pull'],
  });
});

const conclusions: readonly [string, string, Readonly<Record<string, Result>>, string][] = [
  ['proven where the text is open', unclear, { 'corrupt-layer': found() }, 'explained'],
  [
    'likely where the text is open',
    unclear,
    { 'corrupt-layer': found({ certainty: 'likely' }) },
    'suspected',
  ],
  ['likely and named', timeout, { 'no-route-to-registry': found({ certainty: 'likely' }) }, 'explained'],
  ['undecided and named', timeout, { 'no-route-to-registry': undecided }, 'suspected'],
  ['undecided where the text is open', unclear, { 'corrupt-layer': undecided }, 'suspected'],
  ['ruled out', timeout, { 'no-route-to-registry': ruledOut }, 'unexplained'],
  ['proven, and not what the text names', timeout, { 'corrupt-layer': found() }, 'unexplained'],
  ['nothing', unclear, {}, 'unexplained'],
];
test.each(conclusions)('%s', (_, text, results, conclusion) => {
  expect(judged(text, results).conclusion).toBe(conclusion);
});

test('only what the text leaves open or names is doubted or ruled out, the likeliest first', () => {
  const inconclusive: Result = { status: 'inconclusive', missing: [] };
  const crashed: Result = { status: 'crashed', error: 'Error: it is broken' };

  expect(
    judged(timeout, {
      'nat-gateway-unusable': ruledOut,
      'public-ip-missing': ruledOut,
      'internet-access-blocked': undecided,
      'no-route-to-registry': inconclusive,
      'corrupt-layer': undecided,
      'image-archived': ruledOut,
      'platform-mismatch': crashed,
    }),
  ).toEqual({
    conclusion: 'suspected',
    causes: [],
    suspects: ['no-route-to-registry', 'internet-access-blocked'],
    ruledOut: ['public-ip-missing', 'nat-gateway-unusable'],
    otherProblems: [],
    crashed: ['platform-mismatch'],
  });
});

test('a text that says nothing of either leaves doubts in the order of the catalogue', () => {
  const inconclusive: Result = { status: 'inconclusive', missing: [] };

  expect(judged(unheard, { 'corrupt-layer': undecided, 'pull-timed-out': inconclusive }).suspects).toEqual([
    'corrupt-layer',
    'pull-timed-out',
  ]);
});

test('a check that throws is reported, and the others still speak', () => {
  const snapshot = snapshotOf('tag-missing');
  const broken = {
    ...checks[0],
    examine: () => {
      throw new Error('it is broken');
    },
  } as unknown as (typeof checks)[number];

  const { crashed, causes } = diagnose(snapshot, [broken, ...checks.slice(1)]);

  expect(crashed).toMatchObject([{ check: { id: checks[0]?.id }, error: 'Error: it is broken' }]);
  expect(causes[0]?.check.id).toBe('image-not-found');
});

test('images that are not known are none', () => {
  const snapshot = snapshotOf('tag-missing');

  expect(diagnose({ ...snapshot, facts: { ...snapshot.facts, images: refused } }).images).toEqual([]);
});
