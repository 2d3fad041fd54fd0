import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type ItemChange, ItemTable, seconds, unchanged } from '../aws/item-table.ts';
import type { About, Incident, Outcome, Victim, VictimKey } from './items.ts';
import { outcomes, shortHash, victimId } from './items.ts';

/** Milliseconds. A record may wait 14 days in the dead-letter queue, and must be known when it comes back. */
const keepTasks = 15 * 24 * 3_600_000;
const keepItems = 30 * 24 * 3_600_000;
/** An item has 400 KB, and names a victim twice, with 31 bytes. */
const room = 4_000;
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

/** What fails: a diagnosis holds for the task definition that it was made for. */
export const definitionOf = ({ taskDefinitionArn }: Failure): string => taskDefinitionArn ?? 'none';

/** What becomes of a victim whose cause is known. */
export type Joined =
  | { readonly role: 'speaks'; readonly incident: Incident; readonly continues: boolean }
  | { readonly role: 'joins'; readonly incident: Incident }
  /** Another is about to tell. */
  | { readonly role: 'waits' }
  /** The incident names as many victims as it can. */
  | { readonly role: 'full' };

/**
 * The table of incidents. Index `resolved` is over `resolved` and `endedAt`: incidents alone have `resolved`. Every step that two
 * functions could take at once is one conditional write.
 */
export class IncidentTable {
  private readonly items: ItemTable;
  private readonly mostVictims: number;

  constructor(name: string, client?: DynamoDBClient, mostVictims = room) {
    this.items = new ItemTable(name, client);
    this.mostVictims = mostVictims;
  }

  /**
   * Counts a failure, once, and tells how its victim stands. Two writes for a new one, one write and a read for one that was
   * seen before. A task stops once: a later version of its event is the same failure.
   */
  async count(failure: Failure, now: number): Promise<{ victim: Victim; isNew: boolean }> {
    const { key, marker, version, at, startedBy, taskDefinitionArn } = failure;
    const id = victimId(key, taskDefinitionArn);
    const isNew = await this.put({ id: `failure ${marker}`, version, expiresAt: seconds(now + keepTasks) });
    if (!isNew) {
      const known = await this.get(id);
      // Whoever marked the failure may have died before counting it.
      if (known) return { victim: known as Victim, isNew };
    }
    const counted = await this.update<Victim>(id, {
      set: { ...key, lastAt: at, startedBy, taskDefinitionArn, expiresAt: seconds(now + keepItems) },
      setOnce: { firstAt: at },
      add: { failures: 1 },
    });
    return { victim: counted as Victim, isNew };
  }

  /** The trouble of a victim that was over begins anew; `null` if another run is at it. */
  async beginAnew(victim: Victim, at: number, now: number): Promise<Victim | null> {
    const { id, leaseUntil, endedAt, failures, incidentId } = victim;
    // An incident that has not heard of the end will not hear of it: for it, the trouble goes on.
    const isNew = incidentId === undefined;
    return this.update<Victim>(id, {
      set: { ...(isNew && { firstAt: at }) },
      add: { ...(isNew && { failures: 1 - failures }) },
      remove: ['endedAt', 'outcome', 'toldAt', 'knownUntil', 'toldOf', 'heldTask', 'wake', 'wakeAt'],
      when: [
        unchanged('endedAt', endedAt),
        unchanged('leaseUntil', leaseUntil),
        { text: 'attribute_not_exists(leaseUntil) OR leaseUntil < :now', values: { ':now': now } },
      ],
    });
  }

  /** Takes a victim for a run; `false` if somebody else did so meanwhile. */
  async lease({ id, leaseUntil, toldAt, endedAt }: Victim, until: number): Promise<boolean> {
    const leased = await this.update<Victim>(id, {
      set: { leaseUntil: until },
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
    const told = await this.addVictim(id, victim);
    if (told) return { role: 'joins', incident: told };

    const taken = {
      ...about,
      leaseUntil: until,
      openVictims: new Set([victim]),
      wake: 'y',
      wakeAt: until,
      expiresAt: seconds(now + keepItems),
    };
    const taking: ItemChange = {
      set: taken,
      add: { hitVictims: new Set([victim]) },
      remove: ['endedAt', 'endingUntil', 'toldAt'],
    };
    const opened = await this.update<Incident>(id, {
      set: {
        ...taken,
        hitVictims: new Set([victim]),
        correlationId: correlationId(id, now),
        openedAt: now,
        updates: 0,
        toldFailures: 0,
        toldVictims: 0,
        endedFailures: 0,
      },
      remove: ['toldAt', 'endedAt', 'endingUntil', 'brokenPaths', ...outcomes.map((one) => `ended_${one}`)],
      when: [
        {
          text: 'attribute_not_exists(id) OR endedAt < :longAgo',
          values: { ':longAgo': now - continuesWithin },
        },
      ],
    });
    if (opened) return { role: 'speaks', incident: opened, continues: false };

    // Whoever was about to tell has died, and may have told: it stays the same conversation.
    const takenOver = await this.update<Incident>(id, {
      ...taking,
      when: [
        { text: 'attribute_not_exists(toldAt) AND attribute_not_exists(endedAt)', values: {} },
        { text: 'attribute_not_exists(leaseUntil) OR leaseUntil < :now', values: { ':now': now } },
      ],
    });
    if (takenOver) return { role: 'speaks', incident: takenOver, continues: takenOver.toldVictims > 0 };

    const continued = await this.update<Incident>(id, {
      ...taking,
      when: [
        {
          // Whoever died while telling the end may have told it: people must hear that it is not the end.
          text: 'endedAt >= :longAgo OR (attribute_not_exists(endedAt) AND endingUntil < :now)',
          values: { ':longAgo': now - continuesWithin, ':now': now },
        },
      ],
    });
    if (continued) return { role: 'speaks', incident: continued, continues: true };

    const there = (await this.get(id)) as Incident | null;
    const isFull = (there?.hitVictims.size ?? 0) >= this.mostVictims;
    return { role: there?.toldAt !== undefined && isFull ? 'full' : 'waits' };
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

  /** People know: SNS has accepted the message. With a diagnosis, `brokenPaths` are those that it found. */
  async incidentTold(
    { id }: Incident,
    told: {
      now: number;
      wakeAt: number;
      failures: number;
      victims: number;
      updates: number;
      brokenPaths?: string | null;
    },
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
        ...(told.brokenPaths && { brokenPaths: told.brokenPaths }),
      },
      remove: ['leaseUntil', ...(told.brokenPaths === null ? ['brokenPaths'] : [])],
      // What was told meanwhile is its end.
      when: [{ text: 'attribute_not_exists(endedAt)', values: {} }],
    });
  }

  /** Nothing of it is to be done any more, unless it was told meanwhile. */
  async forget({ id, toldAt, endedAt, leaseUntil }: Incident): Promise<void> {
    await this.update(id, {
      remove: ['wake', 'wakeAt'],
      when: [unchanged('toldAt', toldAt), unchanged('endedAt', endedAt), unchanged('leaseUntil', leaseUntil)],
    });
  }

  /** Takes on telling the end of an incident without victims; `false` if it has some, or if somebody else did. */
  async leaseEnd({ id }: Incident, now: number, until: number): Promise<boolean> {
    const leased = await this.update(id, {
      // Should this run die, the next sweep ends it.
      set: { endingUntil: until, wake: 'y', wakeAt: until },
      when: [
        {
          text: '(attribute_not_exists(endingUntil) OR endingUntil < :now) AND (attribute_exists(toldAt) OR attribute_exists(leaseUntil)) AND attribute_not_exists(endedAt) AND attribute_not_exists(openVictims)',
          values: { ':now': now },
        },
      ],
    });
    return leased !== null;
  }

  /** The end is told. */
  async incidentEnded({ id }: Incident, now: number): Promise<void> {
    await this.update(id, {
      set: { endedAt: now, resolved: 'y', expiresAt: seconds(now + keepItems) },
      remove: ['leaseUntil', 'endingUntil', 'wake', 'wakeAt'],
      // Had a victim come meanwhile, it must not be in an incident that is over.
      when: [{ text: 'attribute_not_exists(openVictims)', values: {} }],
    });
  }

  /** People know of a victim. `failuresBefore` of its failures were of another cause. */
  async victimTold(
    id: string,
    incident: string,
    told: {
      now: number;
      wakeAt: number;
      knownUntil: number;
      taskDefinition: string;
      failuresBefore: number;
    },
  ): Promise<void> {
    const { now, wakeAt, knownUntil, taskDefinition, failuresBefore } = told;
    await this.update(id, {
      set: { toldAt: now, knownUntil, incidentId: incident, wake: 'y', wakeAt },
      add: { toldOf: new Set([taskDefinition]), failures: -failuresBefore },
      remove: ['leaseUntil', 'heldTask'],
    });
  }

  /** Looks at it again at `wakeAt`; until then it is not forgotten. */
  async postpone({ id }: Pick<Victim | Incident, 'id'>, wakeAt: number): Promise<void> {
    await this.update(id, {
      set: { wake: 'y', wakeAt, expiresAt: seconds(wakeAt + keepItems) },
      when: [{ text: 'attribute_exists(id)', values: {} }],
    });
  }

  /**
   * The victim's trouble is over, unless it failed again meanwhile. Its incident is still to hear of it: until `left` says that
   * it has, the victim wakes, and this run holds it.
   */
  async endVictim(victim: Victim, outcome: Outcome, endedAt: number, until: number): Promise<boolean> {
    const { id, failures, toldAt, leaseUntil } = victim;
    const ended = await this.update<Victim>(id, {
      set: {
        endedAt,
        outcome,
        leaseUntil: until,
        wake: 'y',
        wakeAt: until,
        expiresAt: seconds(until + keepItems),
      },
      remove: ['heldTask'],
      when: [
        unchanged('toldAt', toldAt),
        unchanged('leaseUntil', leaseUntil),
        { text: 'failures = :failures AND attribute_not_exists(endedAt)', values: { ':failures': failures } },
      ],
    });
    return ended !== null;
  }

  /** Takes an ended victim out of its incident, once; tells how the incident stands. */
  async leave(
    incident: string,
    { id, failures }: Pick<Victim, 'id' | 'failures'>,
    outcome: Outcome,
  ): Promise<Incident | null> {
    const left = await this.update<Incident>(incident, {
      add: { endedFailures: failures, [`ended_${outcome}`]: 1 },
      take: { openVictims: new Set([id]) },
      when: [{ text: 'contains(openVictims, :victim)', values: { ':victim': id } }],
    });
    return left ?? ((await this.get(incident)) as Incident | null);
  }

  /** The incident of an ended victim has heard of it. */
  async left({ id, endedAt }: Victim): Promise<void> {
    await this.update(id, {
      remove: ['incidentId', 'leaseUntil', 'wake', 'wakeAt'],
      when: [unchanged('endedAt', endedAt)],
    });
  }

  /** Ids of what is to be looked at by now, the longest due first. */
  due(now: number): Promise<readonly string[]> {
    return this.items.due('y', now);
  }

  async get(id: string): Promise<Victim | Incident | null> {
    const [item] = await this.all([id]);
    return item ?? null;
  }

  /** Those of the items that are there. */
  async all(ids: readonly string[]): Promise<readonly (Victim | Incident)[]> {
    return (await this.items.all(ids)) as readonly (Victim | Incident)[];
  }

  /** Puts a victim to an incident that people know of and that is not about to end. */
  private async addVictim(id: string, victim: string): Promise<Incident | null> {
    return this.update<Incident>(id, {
      add: { openVictims: new Set([victim]), hitVictims: new Set([victim]) },
      when: [
        {
          text: 'attribute_exists(toldAt) AND attribute_not_exists(endedAt) AND attribute_not_exists(endingUntil)',
          values: {},
        },
        {
          text: 'size(hitVictims) < :most OR contains(hitVictims, :victim)',
          values: { ':most': this.mostVictims, ':victim': victim },
        },
      ],
    });
  }

  private put(item: Readonly<Record<string, unknown>>): Promise<boolean> {
    return this.items.put(item);
  }

  private update<T>(id: string, change: ItemChange): Promise<T | null> {
    return this.items.update<T>(id, change);
  }
}

const correlationId = (id: string, openedAt: number) => shortHash([id, openedAt]).slice(0, 12);
