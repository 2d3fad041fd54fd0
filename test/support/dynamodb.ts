import { once } from 'node:events';
import type { Server } from 'node:http';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import dynalite from 'dynalite';

/** Starts an emulated DynamoDB on loopback; it keeps everything in memory. */
export async function startDynamodb(): Promise<Server> {
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

/** How tests look into a table. */
export function lookInto(client: DynamoDBClient, TableName: string) {
  const items = async () =>
    ((await client.send(new ScanCommand({ TableName }))).Items ?? []).map((item) => unmarshall(item));
  return {
    items,
    put: (item: Record<string, unknown>) =>
      client.send(new PutItemCommand({ TableName, Item: marshall(item) })),
    empty: async () => {
      for (const { id } of await items())
        await client.send(new DeleteItemCommand({ TableName, Key: marshall({ id }) }));
    },
  };
}

/** Keys and index of the table. */
export const tableShape = {
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' as const },
    { AttributeName: 'wake', AttributeType: 'S' as const },
    { AttributeName: 'wakeAt', AttributeType: 'N' as const },
    { AttributeName: 'resolved', AttributeType: 'S' as const },
    { AttributeName: 'endedAt', AttributeType: 'N' as const },
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
    {
      IndexName: 'resolved',
      KeySchema: [
        { AttributeName: 'resolved', KeyType: 'HASH' as const },
        { AttributeName: 'endedAt', KeyType: 'RANGE' as const },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    },
  ],
};
