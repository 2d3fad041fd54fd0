import type { Context } from 'aws-lambda';
import * as v from 'valibot';
import { awsReader, type Read } from './aws/api.ts';
import { tableNameFrom } from './aws/dynamodb.ts';
import { type Account, awsAccount } from './aws/remediation-api.ts';
import { collect } from './collect/collect.ts';
import { words } from './command.ts';
import { diagnose } from './diagnose.ts';
import { serviceState } from './incident/service-state.ts';
import type { StoppedTask } from './model/facts.ts';
import type { Run } from './model/remediation.ts';
import { type Channels, channelsFrom } from './publish/channels.ts';
import { ownEvent } from './publish/event-bus.ts';
import { described, logBug } from './publish/log-bug.ts';
import { putMetrics } from './publish/metrics.ts';
import { runMessage } from './publish/run-message.ts';
import { isWakeEvent } from './record.ts';
import { commandOf } from './remediate/command.ts';
import { Refused } from './remediate/execute.ts';
import { type Planned, plansFor } from './remediate/plan.ts';
import { runText } from './render/plan.ts';
import { consentedFrom } from './runs/offer.ts';
import { RunTable } from './runs/run-table.ts';
import { itself, type RunPorts, Runs } from './runs/runs.ts';

/** Milliseconds: of collecting at the most, and of a step with its looks before and after. */
const collectFor = 25_000;
const timeForOne = 60_000;

/** What the function works with; tests bring their own. */
export interface RemediationSurroundings extends Channels {
  readonly readerOf: (region: string, budget: number) => Read;
  readonly accountOf: (region: string, budget: number) => Account;
  readonly table: RunTable;
  readonly consented: RunPorts['consented'];
  /** The command that takes a run back. */
  readonly undoCommand: (run: string, region: string) => string;
  readonly now: () => Date;
}

/** What became of a run, for whoever invoked the function. */
export interface Answer {
  readonly run: string;
  readonly status: Run['status'];
  readonly text: string;
}

type Clock = Pick<Context, 'getRemainingTimeInMillis'>;

/** Who approved: a name, or what AWS Systems Manager says of the approvers' decisions. */
const approver = v.pipe(
  v.union([v.pipe(v.string(), v.nonEmpty()), v.record(v.string(), v.unknown()), v.array(v.unknown())]),
  v.transform((by) => (typeof by === 'string' ? by : JSON.stringify(by)).slice(0, 1_000)),
);
const id = v.pipe(v.string(), v.regex(/^[0-9a-f-]{12,64}$/));
const wish = v.union([
  v.strictObject({ apply: id, by: approver }),
  v.strictObject({ undo: id, by: approver }),
]);
const offered = v.looseObject({
  source: v.literal(ownEvent.source),
  'detail-type': v.literal(ownEvent.detailType),
  detail: v.looseObject({ plan: v.looseObject({ id }) }),
});

/**
 * The function that makes changes. It is invoked with `{ apply, by }` by the document that has asked the approvers, with
 * `{ undo, by }` by a person, with an incident whose plan needs nobody by EventBridge, and by the clock.
 */
export const remediationHandlerWith =
  (surroundings: () => RemediationSurroundings) =>
  async (event: unknown, clock: Clock): Promise<Answer | undefined> => {
    const around = surroundings();
    const runs = new Runs(portsOf(around, clock));
    if (isWakeEvent(event)) {
      await runs.wake(
        () => clock.getRemainingTimeInMillis() >= timeForOne,
        (run, error) =>
          error instanceof Refused
            ? console.log({ waits: run, because: error.message })
            : logBug({ bug: 'a run', run, error: described(error) }, around.now()),
      );
      return undefined;
    }
    if (v.is(offered, event)) {
      try {
        return answerOf(await runs.apply(event.detail.plan.id, 'automatic', itself));
      } catch (error) {
        // People have been told why. Tried again it would be refused again.
        if (!(error instanceof Refused)) throw error;
        console.warn({ refused: event.detail.plan.id, because: error.message });
        return undefined;
      }
    }
    const asked = v.safeParse(wish, event);
    if (!asked.success)
      throw new Error(
        'the payload is none that this function knows: give {"apply": "<plan>", "by": "<who approves>"} or {"undo": "<run>", "by": "<who>"}',
      );
    const { output } = asked;
    if ('undo' in output) return answerOf(await runs.undo(output.undo, output.by));
    const run = await runs.apply(output.apply, 'person', output.by);
    // Else Systems Manager would show the approver a success.
    if (run.status !== 'applied') throw new Error(`it was not applied: ${runText(run)}`);
    return answerOf(run);
  };

function portsOf(around: RemediationSurroundings, clock: Clock): RunPorts {
  const { readerOf, accountOf, announce, table, consented, undoCommand, now } = around;
  const remaining = () => clock.getRemainingTimeInMillis();
  const budget = (most: number) => Math.max(Math.min(remaining() - 15_000, most), 1_000);
  return {
    table,
    consented,
    now,
    livesUntil: () => now().getTime() + remaining(),
    accountOf: (region) => accountOf(region, budget(Number.POSITIVE_INFINITY)),
    planAgain: (task) => planned(task, readerOf(task.region, budget(collectFor)), now()),
    look: (task) =>
      serviceState({ ...task, groupName: task.group ?? '' }, readerOf(task.region, budget(collectFor))),
    tell: async (news) => {
      const message = runMessage(news, now(), (run) => undoCommand(run, news.plan.region));
      await around.publish(message);
      console.log({
        incident: news.incident,
        event: `remediation-${news.event}`,
        remediation: news.plan.remediation,
        plan: news.plan.id,
        run: news.run?.id ?? null,
        by: news.by,
        because: news.because,
        calls: news.run?.plan.steps.map(({ apply, region }) => commandOf(apply, region)) ?? [],
      });
      putMetrics({ Remediations: 1 }, { Event: news.event }, now());
      if (news.event === 'stuck')
        logBug(
          { bug: 'a change could not be taken back', run: news.run?.id ?? '', error: news.because ?? '' },
          now(),
        );
      // Told is told: see the function that diagnoses.
      await announce(message, []).catch((error) =>
        logBug({ bug: 'the event of our own', error: described(error) }, now()),
      );
    },
    onUntold: (error) => logBug({ bug: 'telling of a run', error: described(error) }, now()),
  };
}

async function planned(task: StoppedTask, read: Read, now: Date): Promise<readonly Planned[]> {
  const snapshot = await collect(task, read, now, {
    onBug: (fact, error) => logBug({ bug: `collecting ${fact}`, error: described(error) }, now),
  });
  return plansFor(snapshot, diagnose(snapshot));
}

const answerOf = (run: Run): Answer => ({ run: run.id, status: run.status, text: runText(run) });

/** What lasts from one run to the next. */
let lasting: Pick<RemediationSurroundings, 'publish' | 'announce' | 'table'> | undefined;

/** The entry point of the second function; it alone reads its environment. */
export const handler = remediationHandlerWith(() => {
  const { AUTOMATIC_PER_HOUR, AWS_LAMBDA_FUNCTION_NAME } = process.env;
  lasting ??= { ...channelsFrom(process.env), table: new RunTable(tableNameFrom(process.env)) };
  return {
    ...lasting,
    readerOf: (region, budget) => awsReader({ region, budget }),
    accountOf: (region, budget) => awsAccount({ region, budget }),
    consented: { ...consentedFrom(process.env), mostPerHour: Number(AUTOMATIC_PER_HOUR ?? 0) },
    undoCommand: (run, region) =>
      words`aws lambda invoke --region ${region} --function-name ${AWS_LAMBDA_FUNCTION_NAME ?? ''} --payload fileb:///dev/stdin /dev/stdout <<<${JSON.stringify({ undo: run, by: '<you>' })}`
        .text,
    now: () => new Date(),
  };
});
