import { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { withinTime } from './within-time.ts';

/** For one call, all its tries included: DynamoDB answers in milliseconds. */
export const callTime = 4_000;

/** A client that gives up early: whoever asks has something else to do. */
export const dynamodb = () =>
  new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
  });

/** The table that the environment of a function names. */
export function tableNameFrom({ TABLE_NAME }: Readonly<Record<string, string | undefined>>): string {
  if (!TABLE_NAME) throw new Error('TABLE_NAME is not set: the stack sets it to the table of the incidents');
  return TABLE_NAME;
}

/** Those of the items that are there, by their key `id`. What DynamoDB refuses is thrown, and so is an answer that is none. */
export async function itemsOf(
  client: DynamoDBClient,
  table: string,
  ids: readonly string[],
): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  const left = [...new Set(ids)];
  const most = left.length / 100 + 50;
  for (let round = 0; left.length > 0; round += 1) {
    // DynamoDB gives at most 100, and under load fewer: the rest is asked for again.
    if (round > most) throw new Error('DynamoDB keeps leaving keys unprocessed');
    const Keys = left.splice(0, 100).map((id) => marshall({ id }));
    const command = new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } });
    const answer = await withinTime(callTime, (abortSignal) => client.send(command, { abortSignal }));
    // An answer without this is none: read as "nothing there", it would tell an incident twice or never.
    if (!answer.Responses) throw new Error('DynamoDB gave an empty answer');
    for (const item of answer.Responses[table] ?? []) found.push(unmarshall(item));
    for (const key of answer.UnprocessedKeys?.[table]?.Keys ?? []) left.push(String(unmarshall(key)['id']));
  }
  return found;
}
