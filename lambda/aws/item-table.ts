import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { callTime, dynamodb, itemsOf } from './dynamodb.ts';
import { withinTime } from './within-time.ts';

/** One write to one item. Names must not be reserved words of DynamoDB. */
export interface ItemChange {
  readonly set?: Readonly<Record<string, unknown>>;
  /** Set only where it is absent. */
  readonly setOnce?: Readonly<Record<string, unknown>>;
  readonly add?: Readonly<Record<string, unknown>>;
  /** Taken out of a set. */
  readonly take?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly when?: readonly Condition[];
}

export interface Condition {
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The attribute is as it was read. */
export const unchanged = (name: string, value: number | string | undefined): Condition =>
  value === undefined
    ? { text: `attribute_not_exists(${name})`, values: {} }
    : { text: `${name} = :was_${name}`, values: { [`:was_${name}`]: value } };

/** Seconds since 1970, as time to live wants them. */
export const seconds = (time: number): number => Math.ceil(time / 1_000);

/**
 * Items of Amazon DynamoDB with the key `id`, the index `wake` over `wake` and `wakeAt`, and time to live `expiresAt`. Every
 * write is one conditional call. What DynamoDB refuses is thrown, and so is an answer that is none.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
export class ItemTable {
  private readonly name: string;
  private readonly client: DynamoDBClient;

  constructor(name: string, client = dynamodb()) {
    this.name = name;
    this.client = client;
  }

  /** Ids of what is to be looked at by now in one part of the index, the longest due first. */
  async due(part: string, now: number): Promise<readonly string[]> {
    const command = new QueryCommand({
      TableName: this.name,
      IndexName: 'wake',
      KeyConditionExpression: 'wake = :y AND wakeAt <= :now',
      ExpressionAttributeValues: marshall({ ':y': part, ':now': now }),
      Limit: 200,
    });
    const { Items } = await withinTime(callTime, (abortSignal) => this.client.send(command, { abortSignal }));
    if (!Items) throw new Error('DynamoDB gave an empty answer');
    return Items.map((item) => String(unmarshall(item)['id']));
  }

  /** Those of the items that are there. */
  all(ids: readonly string[]): Promise<readonly unknown[]> {
    return itemsOf(this.client, this.name, ids);
  }

  /** Writes a new item; `false` if it is there already. */
  async put(item: Readonly<Record<string, unknown>>): Promise<boolean> {
    const command = new PutItemCommand({
      TableName: this.name,
      Item: marshall(item, { removeUndefinedValues: true }),
      ConditionExpression: 'attribute_not_exists(id)',
    });
    const answer = withinTime(callTime, (abortSignal) => this.client.send(command, { abortSignal }));
    return (await unlessRefused(answer)) !== null;
  }

  /** One conditional write; the item as it is now, or `null` if the condition did not hold. */
  async update<T>(id: string, change: ItemChange): Promise<T | null> {
    const values: Record<string, unknown> = {};
    const named = (name: string, value: unknown) => {
      values[`:${name}`] = value;
      return `:${name}`;
    };
    const part = (word: string, parts: readonly string[]) =>
      parts.length > 0 ? [`${word} ${parts.join(', ')}`] : [];
    const entries = (fields: ItemChange['set'] = {}) => Object.entries(fields);
    const expression = [
      ...part('SET', [
        ...entries(change.set).map(([name, value]) => `${name} = ${named(name, value)}`),
        ...entries(change.setOnce).map(
          ([name, value]) => `${name} = if_not_exists(${name}, ${named(name, value)})`,
        ),
      ]),
      ...part('REMOVE', change.remove ?? []),
      ...part(
        'ADD',
        entries(change.add).map(([name, value]) => `${name} ${named(name, value)}`),
      ),
      ...part(
        'DELETE',
        entries(change.take).map(([name, value]) => `${name} ${named(name, value)}`),
      ),
    ].join(' ');
    for (const { values: more } of change.when ?? []) Object.assign(values, more);
    const command = new UpdateItemCommand({
      TableName: this.name,
      Key: marshall({ id }),
      UpdateExpression: expression,
      ...(change.when && {
        ConditionExpression: change.when.map(({ text }) => `(${text})`).join(' AND '),
      }),
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: marshall(values) }),
      ReturnValues: 'ALL_NEW',
    });
    const answer = await unlessRefused(
      withinTime(callTime, (abortSignal) => this.client.send(command, { abortSignal })),
    );
    if (answer === null) return null;
    if (!answer.Attributes) throw new Error('DynamoDB gave an empty answer');
    return unmarshall(answer.Attributes as Record<string, AttributeValue>) as T;
  }
}

/** `null` if the condition did not hold. */
async function unlessRefused<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return null;
    throw error;
  }
}
