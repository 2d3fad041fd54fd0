import type { Account } from '../aws/remediation-api.ts';
import type { Outcome } from '../incident/items.ts';
import type { StoppedTask } from '../model/facts.ts';
import type { Run } from '../model/remediation.ts';
import { apply, Refused, undo } from '../remediate/execute.ts';
import type { Planned } from '../remediate/plan.ts';
import type { RunEvent, RunNews } from './news.ts';
import type { Consented } from './offer.ts';
import type { Kept, Next, Offered, RunTable } from './run-table.ts';

const minute = 60_000;
/** How often a run that is not over is looked at. */
const lookEvery = 5 * minute;
/**
 * How long the next tasks of a service are watched. Amazon ECS waits up to 15 minutes before it tries a failing service again,
 * and an archived image takes up to 20 to be restored.
 */
const watchFor = 60 * minute;
/** What cannot be taken back is tried again for so long. A person is told at once. */
const retryFor = 24 * 60 * minute;

export interface RunPorts {
  readonly table: RunTable;
  readonly accountOf: (region: string) => Account;
  /** Collects about the task and plans, with the facts as they are now. */
  readonly planAgain: (task: StoppedTask) => Promise<readonly Planned[]>;
  /** How the trouble of the task's service ended, or `null` if it goes on. What AWS refuses is thrown. */
  readonly look: (task: StoppedTask) => Promise<Outcome | null>;
  /** Tells people; what a topic refuses is thrown. */
  readonly tell: (news: RunNews) => Promise<void>;
  /** People could not be told; it is tried again when the run wakes. */
  readonly onUntold: (error: unknown) => void;
  readonly now: () => Date;
  /** Until when this function lives at the longest. Milliseconds since 1970. */
  readonly livesUntil: () => number;
  readonly consented: Consented & { readonly mostPerHour: number };
}

/** Who approves where nobody is asked. */
export const itself = 'nobody: it is set to be applied by itself';
/** Who takes back what did not help. */
const watcher = 'ecs-pull-doctor, which watched the service';
/** Who takes back what came to no end. */
const finisher = 'ecs-pull-doctor, since the change came to no end';

/**
 * Plans become runs, are watched, and are taken back. Nothing fails open: without the table, the consent, the facts or the same
 * plan as before, nothing is changed. `docs/decisions/0015-the-second-function.md` says why it is built this way.
 */
export class Runs {
  private readonly ports: RunPorts;

  constructor(ports: RunPorts) {
    this.ports = ports;
  }

  /** Applies a plan that was kept. Throws `Refused` if nothing was changed; people are told either way. */
  async apply(planId: string, approval: 'person' | 'automatic', by: string): Promise<Run> {
    const { table } = this.ports;
    const offered = await table.plan(planId);
    if (!offered)
      throw new Refused(`there is no plan ${planId}: it was not offered by this stack, or is long over`);
    const { run, lease } = await this.begin(offered, approval, by).catch(async (error: unknown) => {
      // Whatever it was, it ended before anything was changed, and somebody waits for word of it.
      const because = error instanceof Refused ? error.message : `it failed before that: ${messageOf(error)}`;
      await this.ports
        .tell({ ...offered, event: 'refused', run: null, by, because })
        .catch((untold) => this.ports.onUntold(untold));
      throw error;
    });
    await this.ended({ ...offered, run }, lease, run.status === 'applied' ? by : finisher, 'applying');
    return run;
  }

  /** Takes back what a run has made, at any time. */
  async undo(id: string, by: string): Promise<Run> {
    const kept = await this.ports.table.run(id);
    if (!kept) throw new Refused(`there is no run ${id}`);
    if (kept.run.status === 'undone') throw new Refused(`run ${id} is taken back already`);
    const lease = await this.lease(id, kept);
    return this.takeBack(kept, lease, by, null);
  }

  /** Whatever is due: runs that a dead function left, news that nobody has been told, services that are watched. */
  async wake(inTime: () => boolean, onError: (id: string, error: unknown) => void): Promise<void> {
    const { table, now } = this.ports;
    for (const id of await table.due(now().getTime())) {
      if (!inTime()) return;
      try {
        await this.goOn(id);
      } catch (error) {
        onError(id, error);
      }
    }
  }

  private async begin(
    { plan, task, incident }: Offered,
    approval: 'person' | 'automatic',
    by: string,
  ): Promise<{ readonly run: Run; readonly lease: number }> {
    const { table, consented, now, livesUntil, planAgain, accountOf } = this.ports;
    const automatic = approval === 'automatic';
    if (!consented.remediations.includes(plan.remediation))
      throw new Refused(`\`${plan.remediation}\` is not among the remediations that this stack may make`);
    if (automatic && (plan.byPersonOnly || !consented.automatic.includes(plan.remediation)))
      throw new Refused(`\`${plan.remediation}\` needs the approval of a person`);
    if (automatic && !(await this.isFirst(incident)))
      throw new Refused(
        'a change by itself was begun for this incident before, and one is the most: now a person has to look',
      );

    const lease = livesUntil();
    const bound = { automatic, mostPerHour: consented.mostPerHour };
    const run = await apply(
      plan,
      by,
      async () => {
        const planned = await planAgain(task);
        const declined = planned.find(({ remediation }) => remediation.id === plan.remediation);
        if (declined?.status === 'declined')
          throw new Refused(`planned again it is declined: ${declined.because}`);
        return planned.flatMap((one) => (one.status === 'ready' ? [one.plan] : []));
      },
      {
        account: accountOf(task.region),
        journal: table.journal({ task, incident }, lease, bound, () => now().getTime()),
        now,
      },
    );
    return { run, lease };
  }

  private async isFirst(incident: string): Promise<boolean> {
    try {
      return await this.ports.table.first(incident, this.ports.now().getTime());
    } catch (error) {
      throw new Refused(`the table could not be written: ${messageOf(error)}`, { cause: error });
    }
  }

  private async goOn(id: string): Promise<void> {
    const { table, now, tell } = this.ports;
    const kept = await table.run(id);
    // The index may be behind, and another function may have been faster.
    if (!(kept?.wakeAt !== undefined && kept.wakeAt <= now().getTime())) return;
    const { run, untold, watchUntil } = kept;
    const lease = await this.lease(id, kept);
    if (run.status === 'applying' || run.status === 'undoing')
      return void (await this.takeBack(
        kept,
        lease,
        finisher,
        'the function that was at it did not come to an end',
      ));
    if (run.status === 'stuck') return void (await this.takeBack(kept, lease, finisher, run.because));
    await table.letGo(id);
    if (untold) {
      await tell(newsOf(kept, untold));
      const isWatched = watchUntil !== undefined;
      return table.next(id, lease, {
        watchUntil,
        wakeAt: isWatched ? now().getTime() + lookEvery : undefined,
        leave: true,
      });
    }
    if (watchUntil !== undefined) return this.watch(kept, watchUntil, lease);
    // It is due because whoever changed its state did not come to write down what is next.
    await this.ended(kept, lease, run.by, null);
  }

  /** Looks whether tasks of the service start again. */
  private async watch(kept: Kept, watchUntil: number, lease: number): Promise<void> {
    const { table, now, look } = this.ports;
    const { run, task } = kept;
    const isOver = now().getTime() >= watchUntil;
    let outcome: Outcome | null;
    try {
      outcome = await look(task);
    } catch (error) {
      if (isOver)
        return this.tellLast(kept, lease, {
          event: 'stays',
          because: `whether tasks of the service start again could not be seen (${messageOf(error)}); the changes stay until somebody takes them back`,
        });
      await table.next(run.id, lease, { watchUntil, wakeAt: now().getTime() + lookEvery, leave: true });
      throw error;
    }
    if (outcome === 'fixed' || outcome === 'replaced')
      return this.tellLast(kept, lease, { event: 'works', because: null });
    if (outcome !== null) return this.tellLast(kept, lease, { event: 'stays', because: endings[outcome] });
    if (!isOver)
      return table.next(run.id, lease, { watchUntil, wakeAt: now().getTime() + lookEvery, leave: true });
    const [remains] = run.plan.leaves;
    if (remains !== undefined)
      return this.tellLast(kept, lease, {
        event: 'stays',
        because: `the service does not run yet, and as planned this is left to mend: ${run.plan.leaves.join('; ')}`,
      });
    await this.takeBack(kept, lease, watcher, 'the service did not run within an hour of the changes');
  }

  private async takeBack(kept: Kept, lease: number, by: string, because: string | null): Promise<Run> {
    const { table, accountOf, now } = this.ports;
    const { run, task, incident } = kept;
    const began = because === null || run.because === because ? run : { ...run, because };
    const bound = { automatic: false, mostPerHour: 0 };
    await table.hold(run.id);
    const done = await undo(began, {
      account: accountOf(task.region),
      journal: table.journal({ task, incident }, lease, bound, () => now().getTime()),
    });
    await this.ended({ ...kept, run: done }, lease, by, run.status);
    return done;
  }

  /** Writes down what is next, tells, and writes down that it was told: whoever dies in between leaves a run that wakes. */
  private async ended(
    kept: Pick<Kept, 'run' | 'task' | 'incident' | 'untold'>,
    lease: number,
    by: string,
    before: Run['status'] | null,
  ): Promise<void> {
    const { table, now, tell, onUntold } = this.ports;
    const { run, task } = kept;
    const at = now().getTime();
    const isApplied = run.status === 'applied';
    const isStuck = run.status === 'stuck';
    const isWatched = isApplied && task.group?.startsWith('service:') === true;
    const retries = isStuck && at < Date.parse(run.startedAt) + retryFor;
    const isEmpty = run.status === 'undone' && before !== 'applied' && hasChangedNothing(run);
    const event: RunEvent = isApplied ? 'applied' : isStuck ? 'stuck' : isEmpty ? 'refused' : 'takenBack';
    // Stuck is said once, not at each try; and what could not begin was refused, which is said.
    const isSaid = (isStuck && before === 'stuck') || (isEmpty && before === null);
    const untold = isSaid ? kept.untold : { event, by, because: run.because };
    const watchUntil = isWatched ? at + watchFor : undefined;
    const next: Next = { watchUntil, wakeAt: isWatched || retries ? at + lookEvery : undefined };

    await table.next(run.id, lease, { ...next, untold, wakeAt: at + lookEvery, leave: false });
    if (!isStuck) await table.letGo(run.id);
    if (untold) {
      try {
        await tell(newsOf(kept, untold));
      } catch (error) {
        // What was done is done: it wakes, and is told then.
        return onUntold(error);
      }
    }
    await table.next(run.id, lease, { ...next, leave: true });
  }

  private async tellLast(
    kept: Kept,
    lease: number,
    { event, because }: Pick<RunNews, 'event' | 'because'>,
  ): Promise<void> {
    await this.ports.tell(newsOf(kept, { event, because, by: kept.run.by }));
    await this.ports.table.next(kept.run.id, lease, { leave: true });
  }

  private async lease(id: string, kept: Kept): Promise<number> {
    const { table, now, livesUntil } = this.ports;
    const until = livesUntil();
    if (!(await table.lease(id, kept, until, now().getTime())))
      throw new Refused(`another function is at run ${id}: try again in some minutes`);
    return until;
  }
}

const newsOf = (
  { run, incident }: Pick<Kept, 'run' | 'incident'>,
  { event, by, because }: Pick<RunNews, 'event' | 'by' | 'because'>,
): RunNews => ({ event, by, because, incident, run, plan: run.plan });

const hasChangedNothing = ({ entries }: Run) =>
  entries.every(({ status }) => status === 'planned' || status === 'failed' || status === 'already-so');

const endings: Readonly<Record<Exclude<Outcome, 'fixed' | 'replaced'>, string>> = {
  rolledBack:
    'the service was rolled back to an earlier revision: whether the one that failed would run now is not known; the changes stay',
  givenUp: 'nothing of the service is to run any more; the changes stay',
  otherCause: 'the service fails for another reason now; the changes stay',
  quiet: 'nothing was heard of the service any more; the changes stay',
};

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
