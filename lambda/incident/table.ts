import { createHash } from 'node:crypto';
import {
  type AttributeValue,
  BatchGetItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { withinTime } from '../aws/within-time.ts';
import type { About, Incident, Outcome, Victim, VictimKey } from './items.ts';
import { outcomes, victimId } from './items.ts';

/** Milliseconds. A record may wait 14 days in the dead-letter queue, and must be known when it comes back. */
const keepTasks = 15 * 24 * 3_600_000;
const keepItems = 30 * 24 * 3_600_000;
/** For one call, all its tries included: DynamoDB answers in milliseconds. */
const callTime = 4_000;
/** An item has 400 KB; an id up to about 300 bytes. */
const mostVictims = 1_000;
/** A cause that comes back within this time is the same incident. */
export const continuesWithin = 30 * 60_000;

/** One failed task. */
export interface Failure {
  readonly key: VictimKey;
  /** What the failure is known by when it is delivered again: the ARN of the task, or the id of the event. */
  readonly marker: string;
  /** `detail.version` of the event. */
  readonly version: number | null;
  /** When the task stopped. Milliseconds since 1970. */
  readonly at: number;
  readonly startedBy: string | null;
  readonly taskDefinitionArn: string | null;
}

/** What becomes of a victim whose cause is known. */
export type Joined =
  | { readonly role: 'speaks'; readonly incident: Incident; readonly continues: boolean }
  | { readonly role: 'joins'; readonly incident: Incident }
  /** Another is about to tell. */
  | { readonly role: 'waits' };

/**
 * The table of incidents, on Amazon DynamoDB: key `id`, index `wake` over `wake` and `wakeAt`, time to live `expiresAt`.
 * Every step that two functions could take at once is one conditional write. What DynamoDB refuses is thrown.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
export class IncidentTable {
  private readonly name: string;
  private readonly client: DynamoDBClient;

  constructor(name: string, client = dynamodb()) {
    this.name = name;
    this.client = client;
  }

  /**
   * Counts a failure, once, and tells how its victim stands. Two writes for a new one, one write and a read for one that was
   * seen before. A task stops once: a later version of its event is the same failure.
   */
  async count(failure: Failure, now: number): Promise<Victim> {
    const { key, marker, version, at, startedBy, taskDefinitionArn } = failure;
    const id = victimId(key);
    const isNew = await this.put({ id: `failure ${marker}`, version, expiresAt: seconds(now + keepTasks) });
    if (!isNew) {
      const known = await this.get(id);
      // Whoever marked the failure may have died before counting it.
      if (known) return known as Victim;
    }
    const counted = await this.update<Victim>(id, {
      set: { ...key, lastAt: at, startedBy, taskDefinitionArn, expiresAt: seconds(now + keepItems) },
      setOnce: { firstAt: at },
      add: { failures: 1 },
    });
    return counted as Victim;
  }

  /** Takes the victim's diagnosis on; `false` if somebody else did so meanwhile. An ended victim begins anew. */
  async lease({ id, leaseUntil, toldAt, endedAt }: Victim, at: number, until: number): Promise<boolean> {
    const leased = await this.update<Victim>(id, {
      set: { leaseUntil: until, ...(endedAt !== undefined && { failures: 1, firstAt: at }) },
      remove: ['endedAt', 'outcome', 'toldAt', 'incidentId', 'heldTask', 'wake', 'wakeAt'],
      when: [unchanged('leaseUntil', leaseUntil), unchanged('toldAt', toldAt), unchanged('endedAt', endedAt)],
    });
    return leased !== null;
  }

  /** Gives a lease back that this run took. */
  async release(id: string, until: number): Promise<void> {
    await this.update(id, { remove: ['leaseUntil'], when: [unchanged('leaseUntil', until)] });
  }

  /** The victim's failure is not told before `wakeAt`. */
  async hold({ id }: Victim, task: string, wakeAt: number): Promise<void> {
    await this.update(id, { set: { heldTask: task, wake: 'y', wakeAt } });
  }

  /** Puts a victim to its incident, and decides by a conditional write who speaks about it. */
  async join(
    id: string,
    victim: string,
    about: About,
    { now, until }: { now: number; until: number },
  ): Promise<Joined> {
    const expiresAt = seconds(now + keepItems);
    const told = await this.addVictim(id, victim, now);
    if (told) return { role: 'joins', incident: told };

    const opened = await this.update<Incident>(id, {
      set: {
        ...about,
        correlationId: correlationId(id, now),
        openedAt: now,
        leaseUntil: until,
        openVictims: new Set([victim]),
        updates: 0,
        toldFailures: 0,
        toldVictims: 0,
        endedVictims: 0,
        endedFailures: 0,
        wake: 'y',
        // Should the speaker die: its own record comes back, and this is the second way.
        wakeAt: until,
        expiresAt,
      },
      remove: [
        'toldAt',
        'endedAt',
        'endingUntil',
        'furtherVictims',
        ...outcomes.map((one) => `ended_${one}`),
      ],
      when: [
        {
          text: 'attribute_not_exists(id) OR endedAt < :longAgo OR (attribute_not_exists(toldAt) AND (attribute_not_exists(leaseUntil) OR leaseUntil < :now))',
          values: { ':longAgo': now - continuesWithin, ':now': now },
        },
      ],
    });
    if (opened) return { role: 'speaks', incident: opened, continues: false };

    const continued = await this.update<Incident>(id, {
      set: { leaseUntil: until, openVictims: new Set([victim]), wake: 'y', wakeAt: until, expiresAt },
      remove: ['endedAt', 'endingUntil', 'toldAt'],
      when: [{ text: 'endedAt >= :longAgo', values: { ':longAgo': now - continuesWithin } }],
    });
    return continued ? { role: 'speaks', incident: continued, continues: true } : { role: 'waits' };
  }

  /** Takes on what is to be told of an incident; `false` if somebody else did. */
  async leaseIncident({ id, updates }: Incident, now: number, until: number): Promise<boolean> {
    const leased = await this.update(id, {
      set: { leaseUntil: until },
      when: [
        {
          text: '(attribute_not_exists(leaseUntil) OR leaseUntil < :now) AND attribute_not_exists(endedAt) AND updates = :updates',
          values: { ':now': now, ':updates': updates },
        },
      ],
    });
    return leased !== null;
  }

  /** People know: SNS has accepted the message. */
  async incidentTold(
    { id }: Incident,
    told: { now: number; wakeAt: number; failures: number; victims: number; updates: number },
  ): Promise<void> {
    await this.update(id, {
      set: {
        toldAt: told.now,
        toldFailures: told.failures,
        toldVictims: told.victims,
        updates: told.updates,
        wake: 'y',
        wakeAt: told.wakeAt,
        expiresAt: seconds(told.now + keepItems),
      },
      remove: ['leaseUntil'],
    });
  }

  /** Takes on telling the end of an incident without victims; `false` if it has some, or if somebody else did. */
  async leaseEnd({ id }: Incident, now: number, until: number): Promise<boolean> {
    const leased = await this.update(id, {
      set: { endingUntil: until },
      when: [
        {
          text: '(attribute_not_exists(endingUntil) OR endingUntil < :now) AND attribute_not_exists(endedAt) AND attribute_not_exists(openVictims)',
          values: { ':now': now },
        },
      ],
    });
    return leased !== null;
  }

  /** The end is told. */
  async incidentEnded({ id }: Incident, now: number): Promise<void> {
    await this.update(id, {
      set: { endedAt: now, expiresAt: seconds(now + keepItems) },
      remove: ['leaseUntil', 'endingUntil', 'wake', 'wakeAt'],
      // Had a victim come meanwhile, it must not be in an incident that is over.
      when: [{ text: 'attribute_not_exists(openVictims)', values: {} }],
    });
  }

  async victimTold(id: string, incident: string, told: { now: number; wakeAt: number }): Promise<void> {
    await this.update(id, {
      set: { toldAt: told.now, incidentId: incident, wake: 'y', wakeAt: told.wakeAt },
      remove: ['leaseUntil'],
    });
  }

  /** Looks at it again at `wakeAt`. */
  async postpone({ id }: Victim | Incident, wakeAt: number): Promise<void> {
    await this.update(id, { set: { wake: 'y', wakeAt } });
  }

  /**
   * The victim's trouble is over, unless it failed again meanwhile. Its incident is still to hear of it: until `left` says that
   * it has, the victim wakes.
   */
  async endVictim({ id, failures, toldAt }: Victim, outcome: Outcome, now: number): Promise<boolean> {
    const ended = await this.update(id, {
      set: { endedAt: now, outcome, wake: 'y', wakeAt: now, expiresAt: seconds(now + keepItems) },
      remove: ['heldTask'],
      when: [
        unchanged('toldAt', toldAt),
        { text: 'failures = :failures AND attribute_not_exists(endedAt)', values: { ':failures': failures } },
      ],
    });
    return ended !== null;
  }

  /** Takes an ended victim out of its incident, once; tells how the incident stands. */
  async leave(incident: string, { id, failures }: Victim, outcome: Outcome): Promise<Incident | null> {
    const left = await this.update<Incident>(incident, {
      add: { endedVictims: 1, endedFailures: failures, [`ended_${outcome}`]: 1 },
      take: { openVictims: new Set([id]) },
      when: [{ text: 'contains(openVictims, :victim)', values: { ':victim': id } }],
    });
    return left ?? ((await this.get(incident)) as Incident | null);
  }

  /** The incident of an ended victim has heard of it. */
  async left({ id, endedAt }: Victim): Promise<void> {
    await this.update(id, { remove: ['wake', 'wakeAt'], when: [unchanged('endedAt', endedAt)] });
  }

  /** Ids of what is to be looked at by now, the longest due first. */
  async due(now: number): Promise<readonly string[]> {
    const command = new QueryCommand({
      TableName: this.name,
      IndexName: 'wake',
      KeyConditionExpression: 'wake = :y AND wakeAt <= :now',
      ExpressionAttributeValues: marshall({ ':y': 'y', ':now': now }),
      Limit: 200,
    });
    const { Items } = await withinTime(callTime, (abortSignal) => this.client.send(command, { abortSignal }));
    if (!Items) throw new Error('DynamoDB gave an empty answer');
    return Items.map((item) => String(unmarshall(item)['id']));
  }

  async get(id: string): Promise<Victim | Incident | null> {
    const [item] = await this.all([id]);
    return item ?? null;
  }

  /** Those of the items that are there. */
  async all(ids: readonly string[]): Promise<readonly (Victim | Incident)[]> {
    const found: (Victim | Incident)[] = [];
    const left = [...new Set(ids)];
    for (let round = 0; left.length > 0; round += 1) {
      // DynamoDB gives at most 100, and under load fewer: the rest is asked for again.
      if (round > 50) throw new Error('DynamoDB keeps leaving keys unprocessed');
      const Keys = left.splice(0, 100).map((id) => marshall({ id }));
      const command = new BatchGetItemCommand({
        RequestItems: { [this.name]: { Keys, ConsistentRead: true } },
      });
      const answer = await withinTime(callTime, (abortSignal) => this.client.send(command, { abortSignal }));
      // An answer without this is none: read as "nothing there", it would tell an incident twice or never.
      if (!answer.Responses) throw new Error('DynamoDB gave an empty answer');
      for (const item of answer.Responses[this.name] ?? []) found.push(itemOf(item));
      for (const key of answer.UnprocessedKeys?.[this.name]?.Keys ?? [])
        left.push(String(unmarshall(key)['id']));
    }
    return found;
  }

  /** Puts a victim to an incident that people know of and that is not about to end. */
  private async addVictim(id: string, victim: string, now: number): Promise<Incident | null> {
    const when =
      'attribute_exists(toldAt) AND attribute_not_exists(endedAt) AND (attribute_not_exists(endingUntil) OR endingUntil < :now)';
    const room = await this.update<Incident>(id, {
      add: { openVictims: new Set([victim]) },
      when: [
        {
          text: `${when} AND (attribute_not_exists(openVictims) OR size(openVictims) < :most OR contains(openVictims, :victim))`,
          values: { ':most': mostVictims, ':victim': victim, ':now': now },
        },
      ],
    });
    return (
      room ??
      this.update<Incident>(id, {
        add: { furtherVictims: 1 },
        when: [
          { text: `${when} AND size(openVictims) >= :most`, values: { ':most': mostVictims, ':now': now } },
        ],
      })
    );
  }

  private async put(item: Readonly<Record<string, unknown>>): Promise<boolean> {
    const command = new PutItemCommand({
      TableName: this.name,
      Item: marshall(item, { removeUndefinedValues: true }),
      ConditionExpression: 'attribute_not_exists(id)',
    });
    const answer = withinTime(callTime, (abortSignal) => this.client.send(command, { abortSignal }));
    return (await unlessRefused(answer)) !== null;
  }

  /** One conditional write; the item as it is now, or `null` if the condition did not hold. */
  private async update<T>(id: string, change: Change): Promise<T | null> {
    const values: Record<string, unknown> = {};
    const named = (name: string, value: unknown) => {
      values[`:${name}`] = value;
      return `:${name}`;
    };
    const part = (word: string, parts: readonly string[]) =>
      parts.length > 0 ? [`${word} ${parts.join(', ')}`] : [];
    const entries = (fields: Change['set'] = {}) => Object.entries(fields);
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
    return itemOf(answer.Attributes) as T;
  }
}

/** One write to one item. Names must not be reserved words of DynamoDB. */
interface Change {
  readonly set?: Readonly<Record<string, unknown>>;
  /** Set only where it is absent. */
  readonly setOnce?: Readonly<Record<string, unknown>>;
  readonly add?: Readonly<Record<string, unknown>>;
  /** Taken out of a set. */
  readonly take?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly when?: readonly Condition[];
}

interface Condition {
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The attribute is as it was read. */
const unchanged = (name: string, value: number | undefined): Condition =>
  value === undefined
    ? { text: `attribute_not_exists(${name})`, values: {} }
    : { text: `${name} = :was_${name}`, values: { [`:was_${name}`]: value } };

const itemOf = (item: Record<string, AttributeValue>) => unmarshall(item) as Victim | Incident;

/** `null` if the condition did not hold. */
async function unlessRefused<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return null;
    throw error;
  }
}

const seconds = (time: number) => Math.ceil(time / 1_000);

const correlationId = (id: string, openedAt: number) =>
  createHash('sha256').update(`${id} ${openedAt}`).digest('hex').slice(0, 12);

const dynamodb = () =>
  new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
  });
