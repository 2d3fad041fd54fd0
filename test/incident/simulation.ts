import { type Diagnosed, Incidents, type Patience, type Ports } from '../../lambda/incident/incidents.ts';
import type { Outcome, Victim } from '../../lambda/incident/items.ts';
import type { News, Totals } from '../../lambda/incident/news.ts';
import type { Failure } from '../../lambda/incident/table.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import { incidentTable, incidentTableInMemory } from '../support/incident-table.ts';

export const minute = 60_000;
const start = Date.parse('2026-11-20T03:00:00Z');
const account = '111122223333';

interface Wish {
  readonly patience?: Partial<Patience>;
  /** Victims that an incident can name. */
  readonly room?: number;
  /** Without an emulated server, whatever `DYNAMODB` says: quick, for thousands of sequences. */
  readonly inMemory?: boolean;
  /** What a service fails for, by its name: resource of the cause, or `null` if no cause is found. */
  readonly causeOf?: (service: string) => string | null;
  /** How services are, when looked at. */
  readonly states?: Record<string, Outcome | null>;
}

/** A connection that ends at the resource. */
const pathTo = (resource: string) => ({
  subnetId: 'subnet-0task',
  destination: { step: 'manifest', host: 'registry.example.com' },
  hops: [
    {
      is: 'NAT gateway',
      at: resource,
      verdict: 'closed',
      because: 'gone',
      certainty: 'proven',
      resources: [],
    },
  ],
});

/**
 * Incidents over a table, with a clock that is set by hand: one in memory or, with `DYNAMODB=emulated` as in `npm run test:faults`,
 * one over HTTP.
 */
export async function simulation({
  patience,
  room,
  inMemory = process.env['DYNAMODB'] !== 'emulated',
  causeOf = () => 'nat-0dead',
  states = {},
}: Wish = {}) {
  const { name, client, table, items, put } = inMemory
    ? incidentTableInMemory(room)
    : await incidentTable(room);
  const world = {
    at: start,
    told: [] as News[],
    diagnoses: 0,
    looks: 0,
    /** What goes wrong: throw in it. */
    beforeTelling: (_: News): void | Promise<void> => {},
    afterTelling: (_: News) => {},
    beforeLooking: (): void | Promise<void> => {},
    whileDiagnosing: async (_hasDied: boolean) => {},
    states,
    /** Calls to the table and messages until the run dies. */
    stepsLeft: Number.POSITIVE_INFINITY,
  };
  const step = () => {
    if (world.stepsLeft <= 0) throw new Error('dead');
    world.stepsLeft -= 1;
  };
  const sender = client as unknown as { send: (...call: unknown[]) => Promise<unknown> };
  const send = sender.send.bind(client);
  sender.send = async (...call) => {
    step();
    return send(...call);
  };
  const ports: Ports = {
    table,
    now: () => world.at,
    livesUntil: () => world.at + minute,
    tell: async (news) => {
      step();
      await world.beforeTelling(news);
      world.told.push(news);
      world.afterTelling(news);
    },
    look: async ({ groupName }: Victim) => {
      world.looks += 1;
      await world.beforeLooking();
      return world.states[groupName.replace('service:', '')] ?? null;
    },
    patience: { minimumFailures: 1, quietWindow: 0, ...patience },
  };
  const incidents = new Incidents(ports);
  let tasks = 0;

  const failureOf = (group: string, over: Partial<Failure> = {}): Failure => {
    tasks += 1;
    return {
      key: {
        accountId: account,
        awsRegion: 'eu-west-1',
        clusterArn: `arn:aws:ecs:eu-west-1:${account}:cluster/prod`,
        groupName: group.includes(':') ? group : `service:${group}`,
        failureKind: 'connect',
      },
      marker: `arn:aws:ecs:eu-west-1:${account}:task/prod/${tasks}`,
      version: 4,
      at: world.at,
      startedBy: 'ecs-svc/1',
      taskDefinitionArn: `arn:aws:ecs:eu-west-1:${account}:task-definition/app:7`,
      ...over,
    };
  };
  const diagnosed =
    (group: string) =>
    async (hasDied: boolean): Promise<Diagnosed> => {
      world.diagnoses += 1;
      await world.whileDiagnosing(hasDied);
      const resource = causeOf(group);
      const causes =
        resource === null ? [] : [{ check: { id: 'nat-gateway-unusable' }, resources: [resource] }];
      const diagnosis = {
        conclusion: resource === null ? 'unexplained' : 'explained',
        causes,
        taskArn: `arn:aws:ecs:eu-west-1:${account}:task/prod/1`,
        paths: resource === null ? [] : [pathTo(resource)],
      };
      return { diagnosis: diagnosis as unknown as Diagnosis, headline: 'The NAT gateway gives no way' };
    };
  /** What is kept of a failure that is told later. */
  const held: Record<string, Failure> = {};
  const deliver = (failure: Failure) => {
    held[failure.marker] = failure;
    return incidents.failed(
      failure,
      failure.marker,
      diagnosed(failure.key.groupName.replace('service:', '')),
    );
  };
  const errors: unknown[] = [];

  return Object.assign(world, {
    items,
    put,
    name,
    client,
    table,
    errors,
    failureOf,
    deliver,
    /** A task of a service (or of `family:…`) fails. */
    fails: (group: string, over?: Partial<Failure>) => deliver(failureOf(group, over)),
    /** A service is said to be well. */
    hear: async (service: string, eventAt = world.at) => {
      const victims = (await items()).filter(
        ({ id, groupName }) => String(id).startsWith('victim') && groupName === `service:${service}`,
      );
      return incidents.heardOf(
        victims.map(({ id }) => String(id)),
        eventAt,
      );
    },
    wake: () =>
      incidents.wake(
        () => true,
        (marker) => {
          const failure = held[marker];
          if (!failure) throw new Error('unknown');
          return { failure, diagnosed: diagnosed(failure.key.groupName.replace('service:', '')) };
        },
        (_, error) => errors.push(error),
      ),
    /** Lets time pass, waking every five minutes as the stack does. */
    async pass(minutes: number) {
      const end = world.at + Math.ceil(minutes / 5) * 5 * minute;
      while (world.at < end) {
        const due = (await items()).map(({ wakeAt }) => Number(wakeAt ?? end));
        // Where nothing is due, waking does nothing.
        const steps = Math.ceil((Math.min(...due, end) - world.at) / (5 * minute));
        world.at += Math.max(steps, 1) * 5 * minute;
        await this.wake();
      }
    },
    events: () => world.told.map(({ event }) => event),
    last: (): { readonly event: News['event']; readonly totals: Totals } => {
      const news = world.told.at(-1);
      if (!news || !('totals' in news)) throw new Error('the last message has no totals');
      return news;
    },
  });
}
