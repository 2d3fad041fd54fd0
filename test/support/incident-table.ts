import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';
import { IncidentTable } from '../../lambda/incident/table.ts';
import { clientOf, lookInto, makeTable, startDynamodb } from './dynamodb.ts';
import { memoryClient } from './memory-table.ts';

let server: Promise<Server> | undefined;
let tables = 0;
afterAll(async () => {
  const started = await server;
  started?.closeAllConnections();
  started?.close();
  server = undefined;
});

/** Where an emulated DynamoDB answers; it is started when first asked for, and stops with the test file. */
export async function dynamodbUrl(): Promise<string> {
  server ??= startDynamodb();
  return `http://127.0.0.1:${((await server).address() as AddressInfo).port}`;
}

/** An empty table of incidents, and how to look into it. */
export async function incidentTable(room?: number) {
  const client = clientOf(await dynamodbUrl());
  tables += 1;
  const name = `incidents-${tables}`;
  await makeTable(client, name);
  return { name, client, table: new IncidentTable(name, client, room), ...lookInto(client, name) };
}

/** The same without an emulator. */
export function incidentTableInMemory(room?: number) {
  const client = memoryClient();
  return {
    name: 'incidents',
    client,
    table: new IncidentTable('incidents', client, room),
    ...lookInto(client, 'incidents'),
  };
}
