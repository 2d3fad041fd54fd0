import {
  BatchGetItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

type Item = Record<string, unknown>;

/**
 * As much of DynamoDB as `lambda/incident/table.ts` uses, without a server: for tests that need thousands of sequences. What
 * it does not know it refuses. That the real expressions are valid is proven over the emulator.
 */
export function memoryClient(): DynamoDBClient {
  const items = new Map<string, Item>();
  const send = async (command: unknown): Promise<unknown> => {
    // Others come in between, as over a network.
    await new Promise(setImmediate);
    if (command instanceof PutItemCommand) {
      const { Item = {}, ConditionExpression, ExpressionAttributeValues } = command.input;
      const item = unmarshall(Item);
      const id = String(item['id']);
      check(ConditionExpression, items.get(id) ?? {}, ExpressionAttributeValues);
      items.set(id, item);
      return {};
    }
    if (command instanceof UpdateItemCommand) {
      const {
        Key = {},
        UpdateExpression = '',
        ConditionExpression,
        ExpressionAttributeValues,
      } = command.input;
      const key = unmarshall(Key);
      const item: Item = { ...(items.get(String(key['id'])) ?? key) };
      check(ConditionExpression, items.has(String(key['id'])) ? item : {}, ExpressionAttributeValues);
      change(item, UpdateExpression, unmarshall(ExpressionAttributeValues ?? {}));
      items.set(String(key['id']), item);
      return { Attributes: marshall(item) };
    }
    if (command instanceof BatchGetItemCommand) {
      const [[name, { Keys = [] }] = ['', {}]] = Object.entries(command.input.RequestItems ?? {});
      const found = Keys.flatMap((key) => items.get(String(unmarshall(key)['id'])) ?? []);
      return { Responses: { [name]: found.map((item) => marshall(item)) } };
    }
    if (command instanceof QueryCommand) {
      const { ':now': now, ':y': y } = unmarshall(command.input.ExpressionAttributeValues ?? {});
      const due = [...items.values()]
        .filter(({ wake, wakeAt }) => wake === y && Number(wakeAt) <= now)
        .toSorted((a, b) => Number(a['wakeAt']) - Number(b['wakeAt']));
      return { Items: due.slice(0, command.input.Limit).map((item) => marshall(item)) };
    }
    if (command instanceof ScanCommand) return { Items: [...items.values()].map((item) => marshall(item)) };
    throw new Error('this command is not known here');
  };
  return { send } as unknown as DynamoDBClient;
}

function check(
  expression: string | undefined,
  item: Item,
  marshalled: Parameters<typeof unmarshall>[0] = {},
): void {
  if (expression === undefined || holds(expression, item, unmarshall(marshalled))) return;
  throw Object.assign(new Error('no'), { name: 'ConditionalCheckFailedException' });
}

/** Whether a condition holds; `AND` binds more strongly than `OR`. */
function holds(expression: string, item: Item, values: Item): boolean {
  const tokens = expression.match(/[()]|[<>]=?|=|,|:?\w+/g) ?? [];
  const next = () => tokens.shift() ?? '';
  const operand = (): unknown => {
    const token = next();
    if (token === 'size') {
      next();
      const of = item[next()];
      next();
      return of instanceof Set ? of.size : undefined;
    }
    return token.startsWith(':') ? values[token] : item[token];
  };
  const term = (): boolean => {
    if (tokens[0] === '(') {
      next();
      const inner = either();
      next();
      return inner;
    }
    if (tokens[1] === '(' && tokens[0] !== 'size') {
      const [name, , field = ''] = [next(), next(), next()];
      if (name === 'contains') next();
      const of = item[field];
      const answer =
        name === 'contains'
          ? of instanceof Set && of.has(values[next()])
          : (of !== undefined) === (name === 'attribute_exists');
      next();
      return answer;
    }
    const [left, sign, right] = [operand(), next(), operand()];
    if (left === undefined || right === undefined) return false;
    if (sign === '=') return left === right;
    const [a, b] = [Number(left), Number(right)];
    return sign === '<' ? a < b : sign === '>=' ? a >= b : fail(`the sign ${sign} is not known here`);
  };
  const both = (): boolean => {
    let all = term();
    while (tokens[0] === 'AND') {
      next();
      all = term() && all;
    }
    return all;
  };
  const either = (): boolean => {
    let any = both();
    while (tokens[0] === 'OR') {
      next();
      any = both() || any;
    }
    return any;
  };
  return either();
}

function change(item: Item, expression: string, values: Item): void {
  const parts = expression.split(/(?:^| )(SET|REMOVE|ADD|DELETE) /).slice(1);
  for (let at = 0; at < parts.length; at += 2) {
    for (const one of (parts[at + 1] ?? '').split(/, (?![^(]*\))/)) {
      const [, name = '', ifAbsent, value = ''] =
        /^(\w+)(?: = | )?(if_not_exists\(\w+, )?(:\w+)?/.exec(one) ?? [];
      const was = item[name];
      const by = values[value];
      if (parts[at] === 'REMOVE') delete item[name];
      else if (parts[at] === 'SET') item[name] = ifAbsent && was !== undefined ? was : by;
      else if (parts[at] === 'ADD')
        item[name] =
          by instanceof Set
            ? new Set([...((was as Set<unknown>) ?? []), ...by])
            : Number(was ?? 0) + Number(by);
      else {
        const left = [...((was as Set<unknown>) ?? [])].filter((member) => !(by as Set<unknown>).has(member));
        // DynamoDB has no empty sets.
        if (left.length > 0) item[name] = new Set(left);
        else delete item[name];
      }
    }
  }
}

function fail(message: string): never {
  throw new Error(message);
}
