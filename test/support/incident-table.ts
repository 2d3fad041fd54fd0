import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DeleteItemCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll } from '@jest/globals';
import dynalite from 'dynalite';
import { IncidentTable } from '../../lambda/incident/table.ts';

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
  server ??= start();
  return `http://127.0.0.1:${((await server).address() as AddressInfo).port}`;
}

async function start(): Promise<Server> {
  const started = dynalite({ createTableMs: 0 });
  started.listen(0, '127.0.0.1');
  await once(started, 'listening');
  return started;
}

/** The client of a table, as the tests make it. */
export const clientOf = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

/** Makes a table like the stack's; a test holds the two together. */
export async function makeTable(client: DynamoDBClient, TableName: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      ...tableShape,
    }),
  );
}

/** Keys and index of the table. */
export const tableShape = {
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' as const },
    { AttributeName: 'wake', AttributeType: 'S' as const },
    { AttributeName: 'wakeAt', AttributeType: 'N' as const },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'wake',
      KeySchema: [
        { AttributeName: 'wake', KeyType: 'HASH' as const },
        { AttributeName: 'wakeAt', KeyType: 'RANGE' as const },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    },
  ],
};

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
