import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll } from '@jest/globals';
import { IncidentTable } from '../../lambda/incident/table.ts';
import { clientOf, makeTable, startDynamodb } from './dynamodb.ts';

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
export async function incidentTable() {
  const client = clientOf(await dynamodbUrl());
  tables += 1;
  const name = `incidents-${tables}`;
  await makeTable(client, name);
  const items = async () =>
    ((await client.send(new ScanCommand({ TableName: name }))).Items ?? []).map((item) => unmarshall(item));
  return {
    name,
    table: new IncidentTable(name, client),
    items,
    empty: async () => {
      for (const { id } of await items())
        await client.send(new DeleteItemCommand({ TableName: name, Key: marshall({ id }) }));
    },
  };
}
