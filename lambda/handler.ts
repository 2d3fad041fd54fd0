import type { Context, SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { awsReader, type Read } from './aws/api.ts';
import { CallFailed } from './aws/call-failed.ts';
import { dynamodb, tableNameFrom } from './aws/dynamodb.ts';
import executionRoleNotAssumable from './checks/execution-role-not-assumable.ts';
import { collect } from './collect/collect.ts';
import type { AskRegistry } from './collect/define.ts';
import { once } from './collect/once.ts';
import { diagnose } from './diagnose.ts';
import { type Diagnosed, type Exit, Incidents, type Patience, TakenByAnother } from './incident/incidents.ts';
import type { News } from './incident/news.ts';
import { serviceState } from './incident/service-state.ts';
import { IncidentTable } from './incident/table.ts';
import type { Diagnosis } from './model/diagnosis.ts';
import type { Snapshot, StoppedTask } from './model/facts.ts';
import type { Offer } from './model/remediation.ts';
import { type Channels, channelsFrom } from './publish/channels.ts';
import { newsMessage } from './publish/incident-message.ts';
import { described, logBug } from './publish/log-bug.ts';
import { type Message, messageOf } from './publish/message.ts';
import { putMetrics } from './publish/metrics.ts';
import { suspected, textOnly, undiagnosed, unreadableMessage } from './publish/raw-report.ts';
import { type ServiceAction, taskOfService } from './publish/service-action.ts';
import { timeToPublish } from './publish/sns.ts';
import { contentOf, failureOf, type Subject, toldOf } from './record.ts';
import { askerOf } from './registry/asker.ts';
import { headline } from './render/outline.ts';
import { type Consented, consentedFrom, offerOf } from './runs/offer.ts';
import { RunTable } from './runs/run-table.ts';

/** Milliseconds in which a failure that was looked into is told and noted. */
const timeToTell = timeToPublish + 8_000;
/** Milliseconds that must be left to start a record: 17 seconds of waiting for AWS, and then it is told. */
export const timeForOne = 17_000 + timeToTell;

/** What the function works with; tests bring their own. */
export interface Surroundings extends Channels {
  /** A reader for a Region; all its calls together may take `budget` milliseconds. */
  readonly readerOf: (region: string, budget: number) => Read;
  /** Asks registries outside Amazon ECR; without it none is asked. */
  readonly askRegistry?: AskRegistry | undefined;
  readonly table: IncidentTable;
  /** Keeps plans for whoever may apply them; without it none is offered. */
  readonly offers?: { readonly consented: Consented; readonly plans: Pick<RunTable, 'offer'> } | undefined;
  readonly patience: Patience;
  readonly now: () => Date;
  readonly maxReceiveCount: number;
}

type Clock = Pick<Context, 'getRemainingTimeInMillis'>;

/** How often a record comes again. */
type Chance = 'again' | 'once more' | 'last';

/** A function for a batch of records from the queue, or for one event that EventBridge hands over itself. */
export const handlerWith =
  (surroundings: () => Surroundings) =>
  async (event: unknown, clock: Clock): Promise<SQSBatchResponse | undefined> => {
    const around = surroundings();
    const take = taker(around, clock);
    const { Records: records } = event as { Records?: readonly SQSRecord[] };
    if (!Array.isArray(records)) {
      await take(JSON.stringify(event), 'again');
      return undefined;
    }

    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    // Who has waited through most attempts goes first. One after the other: later records share what the first has read.
    for (const record of records.toSorted((a, b) => receives(b) - receives(a))) {
      try {
        if (clock.getRemainingTimeInMillis() < timeForOne) throw new Error('no time is left for this record');
        await take(record.body, chanceOf(around.maxReceiveCount - receives(record)));
      } catch (error) {
        console.warn({ givenBack: record.messageId, receives: receives(record), error: described(error) });
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    return { batchItemFailures };
  };

const receives = ({ attributes }: SQSRecord) => Number(attributes?.ApproximateReceiveCount ?? 1);

const chanceOf = (left: number): Chance => (left <= 0 ? 'last' : left === 1 ? 'once more' : 'again');

/** Takes the records of one run. Whatever it throws means: give the record back. */
function taker(around: Surroundings, clock: Clock) {
  const { readerOf, askRegistry, announce, table, offers, patience, now } = around;
  const remaining = () => clock.getRemainingTimeInMillis();
  const publish = async (message: Message): Promise<void> => {
    await around.publish(message);
    messages += 1;
    putMetrics({ Messages: 1 }, {}, now());
  };
  let messages = 0;
  let calls = 0;
  const directFor = perAccount((region): Read => {
    const read = readerOf(region, Math.max(remaining() - timeToTell, 1_000));
    return ((...call: Parameters<Read>) => {
      calls += 1;
      return read(...call);
    }) as Read;
  });
  // What is read for one record serves the others of the run: they are often of one incident.
  const readerFor = perAccount((region, accountId) => once(directFor(accountId, region)));

  const diagnosed = async (subject: Subject, hasDied: boolean): Promise<Diagnosed> => {
    const { accountId, region } = 'task' in subject ? subject.task : subject.action;
    const { diagnosis, snapshot } = await (async (): Promise<Found> => {
      try {
        if (hasDied) throw new Error('an earlier attempt did not come to an end');
        const found = await diagnosisOf(subject, readerFor(accountId, region), askRegistry, now());
        for (const { check, error } of found.diagnosis.crashed) logBug({ bug: check.id, error }, now());
        return found;
      } catch (error) {
        const told = toldOf(subject);
        logBug({ bug: 'diagnosis', arn: told.arn, error: described(error) }, now());
        return { diagnosis: undiagnosed(told, error, now()), snapshot: null };
      }
    })();
    return { diagnosis, headline: headline(diagnosis), offer: snapshot && offered(snapshot, diagnosis) };
  };

  const offered = (snapshot: Snapshot, diagnosis: Diagnosis): Offer | null => {
    try {
      return offers ? offerOf(snapshot, diagnosis, offers.consented) : null;
    } catch (error) {
      logBug({ bug: 'a plan', arn: diagnosis.taskArn, error: described(error) }, now());
      return null;
    }
  };

  /** Keeps what is offered: what is not kept could not be approved, and is not told. */
  const keep = async (news: News): Promise<News> => {
    if (!('offer' in news) || !news.offer) return news;
    try {
      await offers?.plans.offer(news.offer, news.incident.correlationId);
      return news;
    } catch (error) {
      logBug({ bug: 'keeping a plan', plan: news.offer.plan.id, error: described(error) }, now());
      return { ...news, offer: null };
    }
  };

  const tell = async (made: News): Promise<void> => {
    const news = await keep(made);
    const message = newsMessage(news, now());
    await publish(message);
    logTold(news, now(), calls);
    // Told is told: an event for automation that does not get through must not tell people twice.
    await announce(message, news.incident.resourceName ? [news.incident.resourceName] : []).catch((error) =>
      logBug({ bug: 'the event of our own', error: described(error) }, now()),
    );
  };

  const incidents = new Incidents({
    table,
    now: () => now().getTime(),
    livesUntil: () => now().getTime() + remaining(),
    tell,
    // Asked anew each time: what was read for another record may be from before this one's news.
    look: (victim) => serviceState(victim, directFor(victim.accountId, victim.awsRegion)),
    patience,
  });

  const failed = async (subject: Subject, chance: Chance): Promise<Exit> => {
    const failure = failureOf(subject, now().getTime());
    const messagesBefore = messages;
    let hasBegun = false;
    try {
      return await incidents.failed(failure, JSON.stringify(subject), (hasDied) => {
        hasBegun = true;
        // Before the last receive a run may have died by chance: it is worth another try.
        return diagnosed(subject, hasDied && chance === 'last');
      });
    } catch (error) {
      // Without the table it is told without state, rather than not at all: with a diagnosis, as long as another receive could
      // still tell the raw text, should this one die over it.
      const isWithoutTable = !hasBegun && !(error instanceof TakenByAnother);
      if (chance === 'again' || (chance === 'once more' && !isWithoutTable)) throw error;
      logBug({ bug: 'incidents', arn: failure.marker, error: described(error) }, now());
      // Told, and not noted: it need not be told twice by one run.
      if (messages === messagesBefore)
        await publish(messageOf((await diagnosed(subject, chance === 'last')).diagnosis));
      return 'told';
    }
  };

  return async (raw: string, chance: Chance): Promise<void> => {
    const content = contentOf(raw);
    switch (content.about) {
      case 'nothing':
        console.log({ ignored: 'this event reports no failed pull' });
        return;
      case 'unreadable':
        console.warn({ unreadable: content.because, characters: raw.length });
        await publish(unreadableMessage(raw, content.because, now()));
        console.log({ told: 'an unreadable record' });
        return;
      case 'failure': {
        const exit = await failed(content.subject, chance);
        console.log({ [exit]: toldOf(content.subject).arn });
        putMetrics({ Events: 1, Held: exit === 'held' ? 1 : 0, Messages: 0 }, {}, now());
        return;
      }
      case 'service': {
        const { victims, at, serviceArn } = content.news;
        // Nothing is lost with it: what is well and was not heard of is found within the hour.
        const ended = await incidents
          .heardOf(victims, at)
          .catch(unless(chance === 'last', 'good news', now()));
        console.log({ heardOf: serviceArn, ended });
        return;
      }
      case 'time': {
        const woken = incidents.wake(
          () => remaining() >= timeForOne,
          (held) => {
            const subject = JSON.parse(held) as Subject;
            return {
              failure: failureOf(subject, now().getTime()),
              // Nothing counts its tries, and a sweep that dies over it each time would do nothing else any more.
              diagnosed: (hasDied) => diagnosed(subject, hasDied),
            };
          },
          // It stays due, and the next time comes in a few minutes.
          (id, error) =>
            error instanceof TakenByAnother
              ? console.log({ waits: id, because: error.message })
              : logBug({ bug: 'incident', id, error: described(error) }, now()),
        );
        // The next time comes by itself.
        await woken.catch(unless(true, 'time', now()));
      }
    }
  };
}

/** Throws what went wrong, unless the record is not to come back: then it is logged as a fault. */
const unless = (isEnough: boolean, bug: string, now: Date) => (error: unknown) => {
  if (!isEnough) throw error;
  logBug({ bug, error: described(error) }, now);
};

/** Makes what an account's Region needs, once. */
function perAccount<T>(
  make: (region: string, accountId: string) => T,
): (accountId: string, region: string) => T {
  const made = new Map<string, T>();
  return (accountId, region) => {
    const key = `${accountId} ${region}`;
    const one = made.get(key) ?? make(region, accountId);
    made.set(key, one);
    return one;
  };
}

/** One line for each message, and the metrics that alarms and people look at. */
function logTold(news: News, now: Date, calls: number): void {
  const { incident, event } = news;
  const { correlationId, checkId, resourceName, groupName, clusterArn } = incident;
  const diagnosis = 'diagnosis' in news ? news.diagnosis : null;
  const stoppedAt = Date.parse(diagnosis?.stoppedAt ?? '');
  const seconds = Number.isNaN(stoppedAt) ? null : (now.getTime() - stoppedAt) / 1_000;
  const line = { check: checkId, resource: resourceName, group: groupName, cluster: clusterArn };
  console.log({ incident: correlationId, event, ...line, secondsFromStop: seconds, calls });
  if (!diagnosis) return;
  putMetrics({ Incidents: 1 }, { Check: checkId ?? 'none' }, now);
  putMetrics(
    {
      Calls: calls,
      InconclusiveChecks: diagnosis.suspects.length,
      ...(seconds !== null && { SecondsFromStopToMessage: seconds }),
    },
    {},
    now,
  );
}

interface Found {
  readonly diagnosis: Diagnosis;
  /** What it was made from, where that is all there is to know. */
  readonly snapshot: Snapshot | null;
}

async function diagnosisOf(
  subject: Subject,
  read: Read,
  askRegistry: AskRegistry | undefined,
  now: Date,
): Promise<Found> {
  const task = 'task' in subject ? subject.task : await seenFrom(subject.action, read);
  if (typeof task === 'object') {
    const snapshot = await collect(task, read, now, {
      askRegistry,
      onBug: (fact, error) => logBug({ bug: `collecting ${fact}`, error: described(error) }, now),
    });
    // The task that a service would start has not failed: nothing is planned for it.
    return { diagnosis: diagnose(snapshot), snapshot: 'task' in subject ? snapshot : null };
  }
  const failure = toldOf(subject);
  const { isAboutRole, roleArn } = (subject as { action: ServiceAction }).action;
  if (!isAboutRole) return { diagnosis: textOnly(failure, now), snapshot: null };
  const role = roleArn ? `\`${roleArn}\`` : 'the role of the task definition';
  const diagnosis = suspected(
    failure,
    executionRoleNotAssumable,
    {
      status: 'undecided',
      because: `ECS says that it may not assume ${role}; ${task}`,
      resources: roleArn ? [roleArn] : [],
      ask: `Check that the trust policy of ${role} lets \`ecs-tasks.amazonaws.com\` assume it, for this account`,
    },
    now,
  );
  return { diagnosis, snapshot: null };
}

/** The task that the service would start, or why it is not known. */
async function seenFrom(action: ServiceAction, read: Read): Promise<StoppedTask | string> {
  try {
    return (
      (await taskOfService(action, read)) ?? 'the service, as it is now, has no such task execution role'
    );
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    return `\`${error.action}\` gave no answer (${error.code})`;
  }
}

/** What lasts from one run to the next. */
let lasting: Pick<Surroundings, 'publish' | 'announce' | 'table' | 'offers'> | undefined;

function lastingFrom(environment: NodeJS.ProcessEnv): NonNullable<typeof lasting> {
  const channels = channelsFrom(environment);
  const name = tableNameFrom(environment);
  const client = dynamodb();
  return {
    ...channels,
    table: new IncidentTable(name, client),
    offers: environment['REMEDIATIONS']
      ? { consented: consentedFrom(environment), plans: new RunTable(name, client) }
      : undefined,
  };
}

/** The entry point of the function; it alone reads the environment. */
export const handler = handlerWith(() => {
  const { MAX_RECEIVE_COUNT, MINIMUM_FAILURES, QUIET_SECONDS, REGISTRIES } = process.env;
  lasting ??= lastingFrom(process.env);
  return {
    ...lasting,
    readerOf: (region, budget) => awsReader({ region, budget }),
    askRegistry: REGISTRIES === 'none' ? undefined : askerOf(REGISTRIES?.split(',')),
    patience: {
      minimumFailures: Number(MINIMUM_FAILURES ?? 1),
      quietWindow: Number(QUIET_SECONDS ?? 0) * 1_000,
    },
    now: () => new Date(),
    maxReceiveCount: Number(MAX_RECEIVE_COUNT ?? Number.POSITIVE_INFINITY),
  };
});
