import type { Context, SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { awsReader, type Read } from './aws/api.ts';
import { CallFailed } from './aws/call-failed.ts';
import executionRoleNotAssumable from './checks/execution-role-not-assumable.ts';
import { collect } from './collect/collect.ts';
import { once } from './collect/once.ts';
import { diagnose } from './diagnose.ts';
import { pullErrorText, stoppedTask } from './event.ts';
import type { Diagnosis } from './model/diagnosis.ts';
import type { StoppedTask } from './model/facts.ts';
import { type Message, messageOf } from './publish/message.ts';
import { type Failure, suspected, textOnly, undiagnosed, unreadableMessage } from './publish/raw-report.ts';
import { type ServiceAction, serviceAction, taskOfService } from './publish/service-action.ts';
import { snsPublisher, timeToPublish } from './publish/sns.ts';

/** Milliseconds that must be left to start a record: 25 seconds of waiting for AWS, and then it is told. */
export const timeForOne = 25_000 + timeToPublish;

/** What the function works with; tests bring their own. */
export interface Surroundings {
  /** A reader for a Region; all its calls together may take `budget` milliseconds. */
  readonly readerOf: (region: string, budget: number) => Read;
  readonly publish: (message: Message) => Promise<void>;
  readonly now: () => Date;
  readonly maxReceiveCount: number;
}

type Clock = Pick<Context, 'getRemainingTimeInMillis'>;
type Subject = { readonly task: StoppedTask } | { readonly action: ServiceAction };

/** A function for a batch of records from the queue, or for one event that EventBridge hands over itself. */
export const handlerWith =
  (surroundings: () => Surroundings) =>
  async (event: unknown, clock: Clock): Promise<SQSBatchResponse | undefined> => {
    const around = surroundings();
    const tell = teller(around, clock);
    const { Records: records } = event as { Records?: readonly SQSRecord[] };
    if (!Array.isArray(records)) {
      await tell(JSON.stringify(event), false);
      return undefined;
    }

    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    // Who has waited through most attempts goes first. One after the other: later records share what the first has read.
    for (const record of records.toSorted((a, b) => receives(b) - receives(a))) {
      try {
        if (clock.getRemainingTimeInMillis() < timeForOne) throw new Error('no time is left for this record');
        await tell(record.body, receives(record) >= around.maxReceiveCount);
      } catch (error) {
        console.warn({ givenBack: record.messageId, receives: receives(record), error: described(error) });
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    return { batchItemFailures };
  };

const receives = ({ attributes }: SQSRecord) => Number(attributes?.ApproximateReceiveCount ?? 1);

/** Tells about one record of this run; about the same task only once. */
function teller({ readerOf, publish, now }: Surroundings, clock: Clock) {
  const readers = new Map<string, Read>();
  const readerFor = ({ accountId, region }: { accountId: string; region: string }) => {
    const key = `${accountId} ${region}`;
    // What is read for one record serves the others of the run: they are often of one incident.
    const read =
      readers.get(key) ??
      once(readerOf(region, Math.max(clock.getRemainingTimeInMillis() - timeToPublish, 1_000)));
    readers.set(key, read);
    return read;
  };

  const messageAbout = async (subject: Subject, isLastChance: boolean): Promise<Message> => {
    const failure = failureOf(subject);
    try {
      if (isLastChance) throw new Error('earlier attempts did not come to an end');
      const diagnosis = await diagnosisOf(
        subject,
        readerFor('task' in subject ? subject.task : subject.action),
        now(),
      );
      for (const { check, error } of diagnosis.crashed) console.error({ bug: check.id, error });
      return messageOf(diagnosis);
    } catch (error) {
      // Whatever keeps us from a diagnosis, the failure itself is told.
      console.error({ bug: 'diagnosis', arn: failure.arn, error: described(error) });
      return messageOf(undiagnosed(failure, error, now()));
    }
  };

  const told = new Map<string, Promise<void>>();
  return async (raw: string, isLastChance: boolean): Promise<void> => {
    const subject = readRecord(raw);
    if (subject === null) {
      console.log({ ignored: 'this event reports no failed pull' });
      return;
    }
    const isReadable = !('unreadable' in subject);
    const { arn, text } = isReadable ? failureOf(subject) : { arn: raw, text: '' };
    const key = JSON.stringify([arn, text]);
    const telling =
      told.get(key) ??
      (async () => {
        const message = isReadable
          ? await messageAbout(subject, isLastChance)
          : unreadableMessage(raw, subject.unreadable, now());
        await publish(message);
        console.log({ told: isReadable ? arn : 'an unreadable record', ...message.attributes });
      })();
    told.set(key, telling);
    await telling;
  };
}

/** Whom a record is about, `null` if about no failed pull, or why it cannot be read. */
function readRecord(raw: string): Subject | { readonly unreadable: string } | null {
  try {
    const event: unknown = parsed(raw);
    const action = serviceAction(event);
    if (action) return { action };
    const task = stoppedTask(event);
    return task && { task };
  } catch (error) {
    console.warn({ unreadable: described(error), characters: raw.length });
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    // The parser's own message quotes the record, and with it what may be secret.
    throw new Error('the record is not JSON');
  }
}

async function diagnosisOf(subject: Subject, read: Read, now: Date): Promise<Diagnosis> {
  const task = 'task' in subject ? subject.task : await seenFrom(subject.action, read);
  if (typeof task === 'object')
    return diagnose(
      await collect(task, read, now, (fact, error) =>
        console.error({ bug: `collecting ${fact}`, error: described(error) }),
      ),
    );
  const failure = failureOf(subject);
  const { isAboutRole, roleArn } = (subject as { action: ServiceAction }).action;
  if (!isAboutRole) return textOnly(failure, now);
  const role = roleArn ? `\`${roleArn}\`` : 'the role of the task definition';
  return suspected(
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

function failureOf(subject: Subject): Failure {
  if ('action' in subject) {
    const { serviceArn: arn, clusterArn, serviceName, text } = subject.action;
    return { arn, clusterArn, group: `service:${serviceName}`, stoppedAt: null, images: [], text };
  }
  const { taskArn: arn, clusterArn, group, stoppedAt, containers, stoppedReason } = subject.task;
  const images = [...new Set(containers.flatMap(({ image }) => (image ? [image] : [])))];
  return { arn, clusterArn, group, stoppedAt, images, text: pullErrorText(subject.task) ?? stoppedReason };
}

function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error
    ? `${error.stack} | ${error.cause.name}: ${error.cause.message}`
    : String(error.stack);
}

let publish: Surroundings['publish'] | undefined;

/** The entry point of the function; it alone reads the environment. */
export const handler = handlerWith(() => {
  const { TOPIC_ARN, CHAT_TOPIC_ARN, MAX_RECEIVE_COUNT } = process.env;
  if (!TOPIC_ARN) throw new Error('TOPIC_ARN is not set: the stack sets it to the topic of the findings');
  publish ??= snsPublisher({ findings: TOPIC_ARN, chat: CHAT_TOPIC_ARN });
  return {
    readerOf: (region, budget) => awsReader({ region, budget }),
    publish,
    now: () => new Date(),
    maxReceiveCount: Number(MAX_RECEIVE_COUNT ?? Number.POSITIVE_INFINITY),
  };
});
