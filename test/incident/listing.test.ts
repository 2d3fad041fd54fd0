import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, jest, test } from '@jest/globals';
import { mostBytes, pathsFrom } from '../../lambda/incident/broken-paths.ts';
import { IncidentListing } from '../../lambda/incident/listing.ts';
import { incidentTable } from '../support/incident-table.ts';
import { incidentOf, openedAt } from '../support/incidents.ts';
import { minute, simulation } from './simulation.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

/** What people see of the table that the function writes. */
function listingOf({ name, client }: { readonly name: string; readonly client: DynamoDBClient }) {
  return new IncidentListing(name, client);
}

test('an incident is open from its first message to its end, and then resolved', async () => {
  const sim = await simulation({ inMemory: false });
  const listing = listingOf(sim);
  await sim.fails('web');
  await sim.fails('web');
  await sim.fails('api');

  const { shown, more, isCut } = await listing.open();

  expect({ more, isCut, resolved: await listing.resolved(10) }).toEqual({
    more: 0,
    isCut: false,
    resolved: [],
  });
  expect(shown).toHaveLength(1);
  expect(shown[0]).toMatchObject({
    failures: 3,
    incident: { checkId: 'nat-gateway-unusable', resourceName: 'nat-0dead', endedFailures: 0 },
  });
  expect(shown[0]?.failing?.map(({ groupName }) => groupName).toSorted()).toEqual([
    'service:api',
    'service:web',
  ]);
  expect(pathsFrom(shown[0]?.incident.brokenPaths ?? '').paths[0]?.hops[0]?.at).toBe('nat-0dead');

  Object.assign(sim.states, { web: 'fixed', api: 'rolledBack' });
  sim.at += minute;
  await sim.hear('web');
  await sim.hear('api');

  expect((await listing.open()).shown).toEqual([]);
  expect(await listing.resolved(10)).toMatchObject([
    { resourceName: 'nat-0dead', endedAt: sim.at, endedFailures: 3, ended_fixed: 1, ended_rolledBack: 1 },
  ]);
});

test('an incident that comes back is open again, and no longer resolved', async () => {
  const sim = await simulation({ inMemory: false, states: { web: 'fixed' } });
  const listing = listingOf(sim);
  await sim.fails('web');
  sim.at += minute;
  await sim.hear('web');
  sim.at += 5 * minute;
  await sim.fails('web');

  expect((await listing.open()).shown).toHaveLength(1);
  expect(await listing.resolved(10)).toEqual([]);
});

test('one that opens anew without a broken connection does not show the one of before', async () => {
  const sim = await simulation({ inMemory: false, states: { web: 'fixed' } });
  await sim.fails('web');
  sim.at += minute;
  await sim.hear('web');
  const [{ id = '' } = {}] = await listingOf(sim).resolved(1);
  sim.at += 31 * minute;

  const { accountId, awsRegion, clusterArn, groupName, headline, conclusion, checkId, resourceName } =
    incidentOf('image-archived');
  const about = { accountId, awsRegion, clusterArn, groupName, headline, conclusion, checkId, resourceName };
  const joined = await sim.table.join(id, 'victim x', about, { now: sim.at, until: sim.at + minute });

  expect(joined).toMatchObject({ role: 'speaks', continues: false });
  expect((await sim.table.get(id)) as object).not.toHaveProperty('brokenPaths');
});

test('a failure that people know of is still two writes, and no read', async () => {
  const sim = await simulation({ inMemory: false });
  await sim.fails('web');
  const send = jest.spyOn(sim.client, 'send');

  await sim.fails('web');

  expect(send.mock.calls.map(([command]) => command.constructor.name)).toEqual([
    'PutItemCommand',
    'UpdateItemCommand',
  ]);
});

test('a full incident has room for the longest paths', async () => {
  const { table, put } = await incidentTable();
  const victims = new Set(Array.from({ length: 4_000 }, (_, n) => `victim ${String(n).padStart(24, '0')}`));
  const incident = incidentOf('nat-gateway-deleted', { openVictims: victims, hitVictims: victims });
  const { brokenPaths: _, ...without } = incident;
  await put({ ...without });

  await table.incidentTold(incident, {
    now: openedAt,
    wakeAt: openedAt + minute,
    failures: 4_000,
    victims: 4_000,
    updates: 1,
    brokenPaths: '"'.repeat(mostBytes),
  });

  const told = (await table.get(incident.id)) as typeof incident;
  expect(told.brokenPaths).toHaveLength(mostBytes);
  // DynamoDB counts the bytes of names and values.
  expect(
    JSON.stringify({ ...told, openVictims: [...victims], hitVictims: [...victims] }).length,
  ).toBeLessThan(400 * 1_024);
});

/** An open incident as it lies in the table. */
const openItem = (n: number, more: object = {}) => ({
  ...incidentOf('nat-gateway-deleted', { openedAt: openedAt + n * minute }),
  id: `incident ${n}`,
  wake: 'y',
  wakeAt: openedAt - n * minute,
  ...more,
});

test('the newest stand first, those of before the paths were kept too, and victims are passed over', async () => {
  const made = await incidentTable();
  const { put } = made;
  const { brokenPaths: _, ...old } = openItem(1);
  await Promise.all([old, openItem(2), openItem(3)].map((item) => put(item)));
  await put({ id: 'victim held', failures: 1, wake: 'y', wakeAt: 1 });

  const { shown } = await listingOf(made).open();

  expect(shown.map(({ incident }) => incident.id)).toEqual(['incident 3', 'incident 2', 'incident 1']);
  expect(shown.at(-1)?.incident.brokenPaths).toBeUndefined();
});

test('of more than a hundred, the others are counted', async () => {
  const made = await incidentTable();
  const { put } = made;
  await Promise.all(Array.from({ length: 103 }, (_, n) => put(openItem(n))));

  const { shown, more } = await listingOf(made).open();

  expect([shown.length, more]).toEqual([100, 3]);
});

test('so many services fail that nobody adds up their tasks', async () => {
  const made = await incidentTable();
  const { put } = made;
  const openVictims = new Set(Array.from({ length: 101 }, (_, n) => `victim ${n}`));
  await put(openItem(1, { openVictims, hitVictims: openVictims }));

  expect((await listingOf(made).open()).shown).toMatchObject([{ failures: null, failing: null }]);
});

test('the index is read to its end, page by page, and where it has none, that is said', async () => {
  const item = { id: { S: 'incident 1' } };
  const listing = new IncidentListing('t', {
    send: async (command: { constructor: { name: string } }) =>
      command.constructor.name === 'QueryCommand'
        ? { Items: [item], LastEvaluatedKey: item }
        : { Responses: { t: [] } },
  } as unknown as DynamoDBClient);

  expect(await listing.open()).toMatchObject({ isCut: true });
});

test('what DynamoDB refuses, or leaves out of its answer, is thrown', async () => {
  const { client } = await incidentTable();
  const empty = { send: async () => ({}) } as unknown as DynamoDBClient;

  await expect(new IncidentListing('no-such-table', client).open()).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(new IncidentListing('t', empty).open()).rejects.toThrow('empty answer');
  await expect(new IncidentListing('t', empty).resolved(3)).rejects.toThrow('empty answer');
});
