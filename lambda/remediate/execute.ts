import type { AuthorizeSecurityGroupEgressResult } from '@aws-sdk/client-ec2';
import { CallFailed } from '../aws/call-failed.ts';
import type { Account } from '../aws/remediation-api.ts';
import type { Entry, Plan, RemediationStep, Run } from '../model/remediation.ts';
import { filled } from './state/filled.ts';
import { stateOf } from './state/index.ts';
import { primaryDeployment } from './state/service.ts';
import { consent, type State } from './state/state.ts';

/** Where runs are written down, before each call and after it. Every method throws if it could not. */
export interface Journal {
  /** Writes down a run that begins. Refuses while another run is under way: two at once could not tell whose change is whose. */
  begin(run: Run): Promise<void>;
  save(run: Run): Promise<void>;
}

export interface Tools {
  readonly account: Account;
  readonly journal: Journal;
  readonly now: () => Date;
}

/** Nothing was changed, and why. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** Why a plan may not be applied as things are now; `null` if it may. Throws `CallFailed` where that cannot be seen. */
export async function objectionTo(plan: Plan, { account }: Pick<Tools, 'account'>): Promise<string | null> {
  const service = plan.group?.startsWith('service:') ? plan.group.slice('service:'.length) : null;
  if (service) {
    const primary = await primaryDeployment(plan.clusterArn, service, plan.region, account.look);
    if (primary === null || primary !== plan.deploymentId)
      return `service \`${service}\` is in another deployment (\`${primary}\`) than the one that failed (\`${plan.deploymentId}\`)`;
  }
  for (const step of plan.steps) {
    const state = await stateOf(step, '', null, account);
    const objection = objectionOf(state);
    if (objection) return objection;
  }
  return null;
}

const objectionOf = ({ resource, consents, against }: State) =>
  consents
    ? against
    : `\`${resource}\` does not have the tag \`${consent.key}\` = \`${consent.value}\`, by which its owner would consent`;

/**
 * Applies a plan, or leaves the account as it was: if a step fails, what this run has made is taken back, last first. Answers
 * the run; throws `Refused` if nothing was begun. `planAgain` collects and plans anew: a plan that came out otherwise is stale.
 */
export async function apply(
  approved: Plan,
  by: string,
  planAgain: () => Promise<readonly Plan[]>,
  tools: Tools,
): Promise<Run> {
  const startedAt = tools.now().toISOString();
  if (startedAt > approved.expiresAt)
    throw new Refused(`plan ${approved.id} expired at ${approved.expiresAt}: plan again`);
  const plan = await orRefuse(async () => {
    const again = (await planAgain()).find(({ id }) => id === approved.id);
    if (!again)
      throw new Refused(
        `plan ${approved.id} is stale: planned again it comes out otherwise, so something has changed; look at the new plan`,
      );
    const objection = await objectionTo(again, tools);
    if (objection) throw new Refused(objection);
    return again;
  });

  const run: Run = {
    id: `${plan.id}-${startedAt.replace(/\D/g, '')}`,
    plan,
    by,
    startedAt,
    status: 'applying',
    because: null,
    entries: plan.steps.map(() => untouched),
  };
  await begun(run, tools.journal);
  const book = bookOf(run, tools.journal);
  for (const [index, step] of plan.steps.entries()) {
    const failure = await applyStep(step, index, book, tools.account);
    if (failure !== null) return takeBack(book, tools.account, failure);
  }
  const failure = await failureOf(() => book.close('applied', null));
  return failure === null ? book.run() : takeBack(book, tools.account, failure);
}

/** Takes back what a run has made and what is there of it still, last first. May be repeated until nothing is stuck. */
export async function undo(run: Run, tools: Pick<Tools, 'account' | 'journal'>): Promise<Run> {
  const book = bookOf(run, tools.journal);
  const failure = await failureOf(() => book.close('undoing', run.because));
  if (failure !== null) throw new Refused(`there is no journal, so nothing is changed: ${failure}`);
  return takeBack(book, tools.account, run.because);
}

async function begun(run: Run, journal: Journal): Promise<void> {
  const failure = await failureOf(() => journal.begin(run));
  if (failure !== null) throw new Refused(`nothing is changed: ${failure}`);
}

const untouched: Entry = { status: 'planned', before: null, made: null, because: null };

async function orRefuse<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CallFailed)
      throw new Refused(
        `nothing is changed, because what it depends on could not be read: ${error.message}`,
        {
          cause: error,
        },
      );
    throw error;
  }
}

/** The run as it is written down. */
interface Book {
  run(): Run;
  write(index: number, entry: Partial<Entry>): Promise<void>;
  /** Before a call. One that could not be announced is not sent, so that it has changed nothing. */
  announce(index: number, before: Entry['before']): Promise<void>;
  close(status: Run['status'], because: string | null): Promise<void>;
}

function bookOf(begun: Run, journal: Journal): Book {
  let run = begun;
  const set = (next: Run) => {
    run = next;
    return journal.save(run);
  };
  const write = (index: number, entry: Partial<Entry>) =>
    set({ ...run, entries: run.entries.map((one, at) => (at === index ? { ...one, ...entry } : one)) });
  return {
    run: () => run,
    write,
    announce: async (index, before) => {
      const unannounced = run;
      try {
        await write(index, { status: 'started', before });
      } catch (error) {
        run = unannounced;
        throw error;
      }
    },
    close: (status, because) => set({ ...run, status, because }),
  };
}

/** Why the step failed; `null` if what it brings about is the case. */
async function applyStep(
  step: RemediationStep,
  index: number,
  book: Book,
  account: Account,
): Promise<string | null> {
  const { id } = book.run();
  return failureOf(async () => {
    const state = await stateOf(step, id, null, account);
    const objection = objectionOf(state);
    if (objection) throw new Refused(objection);
    // What is so already is not ours, and is never taken back.
    if (state.isSo) return book.write(index, { status: 'already-so', before: state.before });

    await book.announce(index, state.before);
    let answer: unknown;
    const failed = await callFailureOf(async () => {
      answer = await account.change(filled(step.apply, { '<run>': id }), step.region);
    });
    // No answer, or an answer to a second try, says nothing: only the resource tells what became of the call.
    const after = await stateOf(step, id, null, account);
    if (failed === null || (after.made === undefined ? after.isSo && !wasDenied(failed) : after.made))
      return book.write(index, { status: 'done', made: after.made ?? ruleIn(answer) ?? madeBy(after) });
    if (after.isSo) return book.write(index, { status: 'already-so', because: failed.message });
    if (wasDenied(failed)) await book.write(index, { status: 'failed', because: failed.message });
    throw failed;
  });
}

/** Codes of AWS for a resource that is not there any more, and with it what was changed of it. */
const gone = new Set([
  'InvalidGroup.NotFound',
  'NoSuchEntity',
  'RepositoryNotFoundException',
  'ClusterNotFoundException',
  'ServiceNotFoundException',
]);

/** Whether AWS has answered that it would not. Else the call may have been carried out, or may be yet. */
const wasDenied = ({ why, cause }: CallFailed): boolean => {
  const status =
    (cause as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode ?? 0;
  return why === 'refused' || (status >= 400 && status < 500);
};

/** The id of the rule that an answer of Amazon EC2 tells of. */
const ruleIn = (answer: unknown): string | null =>
  (answer as AuthorizeSecurityGroupEgressResult | undefined)?.SecurityGroupRules?.[0]?.SecurityGroupRuleId ??
  null;

const madeBy = ({ before }: State) =>
  typeof before['deploymentId'] === 'string' ? before['deploymentId'] : null;

/** Goes through what was started, last first. What fails is kept for another try, and holds up nothing else. */
async function takeBack(book: Book, account: Account, because: string | null): Promise<Run> {
  const failures: string[] = [];
  const steps = [...book.run().plan.steps.entries()].toReversed();
  for (const [index, step] of steps) {
    const entry = book.run().entries[index];
    if (entry?.status !== 'started' && entry?.status !== 'done' && entry?.status !== 'stuck') continue;
    const failure = await failureOf(() => takeBackStep(step, entry, index, book, account));
    if (failure === null) continue;
    failures.push(failure);
    // The entry as it stands says that there is something to take back, so an unwritten reason loses nothing.
    const unwritten = await failureOf(() => book.write(index, { status: 'stuck', because: failure }));
    if (unwritten !== null) failures.push(unwritten);
  }
  // It may be tried often: the same reason is given once.
  const why = [...new Set([...(because?.split('; ') ?? []), ...failures])].join('; ') || null;
  const unwritten = await failureOf(() => book.close(failures.length > 0 ? 'stuck' : 'undone', why));
  return unwritten === null
    ? book.run()
    : { ...book.run(), status: 'stuck', because: [why, unwritten].filter(Boolean).join('; ') };
}

async function takeBackStep(
  step: RemediationStep,
  entry: Entry,
  index: number,
  book: Book,
  account: Account,
): Promise<void> {
  const { id } = book.run();
  const state = await stateOf(step, id, entry.made, account).catch((error: unknown) => {
    if (error instanceof CallFailed && gone.has(error.code)) return null;
    throw error;
  });
  if (state === null) return book.write(index, { status: 'undone', because: 'what it had changed is gone' });
  if (state.made === null) {
    const because = state.againstUndo ?? (state.isSo ? 'what is there is not of this run' : null);
    if (because) return book.write(index, { status: 'left', because });
    // Amazon EC2 may not show yet what it has made: by its id it is taken away all the same.
    if (entry.status === 'done' && entry.made !== null) {
      const { made } = entry;
      const failed = await callFailureOf(() =>
        account.change(filled(step.undo, { '<rule>': made }), step.region),
      );
      if (failed && !wasDenied(failed)) throw failed;
    }
    return book.write(index, { status: 'undone', because: null });
  }
  if (!state.isSo) return book.write(index, { status: 'undone', because: null });
  if (state.againstUndo) throw new Refused(state.againstUndo);
  const failed = await callFailureOf(() => account.change(state.undo, step.region));
  if (failed && (await stateOf(step, id, entry.made, account)).isSo) throw failed;
  await book.write(index, { status: 'undone', because: null });
}

/** The message of what was thrown, which ends a step and not the run. */
async function failureOf(attempt: () => Promise<void>): Promise<string | null> {
  try {
    await attempt();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function callFailureOf(call: () => Promise<unknown>): Promise<CallFailed | null> {
  try {
    await call();
    return null;
  } catch (error) {
    if (error instanceof CallFailed) return error;
    throw error;
  }
}
