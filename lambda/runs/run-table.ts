import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ItemTable, seconds, unchanged } from '../aws/item-table.ts';
import type { StoppedTask } from '../model/facts.ts';
import type { Offer, Plan, Run } from '../model/remediation.ts';
import type { Journal } from '../remediate/execute.ts';
import type { RunNews } from './news.ts';

/** Milliseconds. What was changed can be taken back for so long. */
const keepRuns = 90 * 24 * 3_600_000;
const hour = 3_600_000;
/** Its own part of the index: what is due here is not looked at by incidents. */
const part = 'run';
/** Holds which run is under way: two at once could not tell whose change is whose. */
const gate = 'gate of remediations';

/** A plan that may be approved. */
export interface Offered {
  readonly plan: Plan;
  readonly task: StoppedTask;
  /** Correlation id of the incident that it is for. */
  readonly incident: string;
}

/** A run, and what is still to be done about it. Times are milliseconds since 1970. */
export interface Kept extends Omit<Offered, 'plan'> {
  readonly run: Run;
  /** Until then a function is at it; after it that one has died. */
  readonly leaseUntil?: number | undefined;
  /** When it is to be looked at; absent if nothing is left to do. */
  readonly wakeAt?: number | undefined;
  /** Until then the next tasks of the service are watched. */
  readonly watchUntil?: number | undefined;
  /** What people have not been told yet. */
  readonly untold?: Pick<RunNews, 'event' | 'by' | 'because'> | undefined;
}

export type Next = Pick<Kept, 'untold' | 'watchUntil' | 'wakeAt'>;

/** How many runs may begin by themselves. */
export interface Bound {
  readonly automatic: boolean;
  readonly mostPerHour: number;
}

interface Item {
  readonly id: string;
  readonly planJson?: string;
  readonly runJson?: string;
  readonly taskJson: string;
  readonly incidentName: string;
  readonly leaseUntil?: number;
  readonly wakeAt?: number;
  readonly watchUntil?: number;
  readonly untoldJson?: string;
  readonly expiresAt: number;
}

interface Gate {
  readonly openRun?: string;
  readonly begun?: number;
  /** When runs began by themselves, the last hour's. */
  readonly automaticAt?: readonly number[];
}

/** The journal of runs, and the plans that may become one, in the table of incidents. */
export class RunTable {
  private readonly items: ItemTable;

  constructor(name: string, client?: DynamoDBClient) {
    this.items = new ItemTable(name, client);
  }

  /** Keeps a plan, so that it can be approved by its id. The same plan may be offered again. */
  async offer({ plan, task }: Pick<Offer, 'plan' | 'task'>, incident: string): Promise<void> {
    await this.items.update(planId(plan.id), {
      set: {
        planJson: JSON.stringify(plan),
        taskJson: JSON.stringify(task),
        incidentName: incident,
        // Kept for longer than it is valid, so that a late approval is told so.
        expiresAt: seconds(Date.parse(plan.expiresAt) + 24 * hour),
      },
    });
  }

  async plan(id: string): Promise<Offered | null> {
    const [item] = (await this.items.all([planId(id)])) as readonly Item[];
    if (!item?.planJson) return null;
    return {
      plan: JSON.parse(item.planJson) as Plan,
      task: JSON.parse(item.taskJson) as StoppedTask,
      incident: item.incidentName,
    };
  }

  async run(id: string): Promise<Kept | null> {
    const [item] = (await this.items.all([runId(id)])) as readonly Item[];
    return item?.runJson ? kept(item) : null;
  }

  /** Ids of the runs that something is to be done about by now. */
  async due(now: number): Promise<readonly string[]> {
    return (await this.items.due(part, now)).map((id) => id.slice(runId('').length));
  }

  /** Whether this is the first time that something is changed for an incident without a person. */
  first(incident: string, now: number): Promise<boolean> {
    return this.items.put({ id: `automatic ${incident}`, expiresAt: seconds(now + keepRuns) });
  }

  /** Takes a run for a function; `false` if another has it, or has had it since it was read. */
  async lease(id: string, { leaseUntil, wakeAt, run }: Kept, until: number, now: number): Promise<boolean> {
    if (leaseUntil !== undefined && leaseUntil >= now) return false;
    const leased = await this.items.update(runId(id), {
      set: { leaseUntil: until, wake: part, wakeAt: until },
      when: [
        unchanged('leaseUntil', leaseUntil),
        unchanged('wakeAt', wakeAt),
        unchanged('runJson', JSON.stringify(run)),
      ],
    });
    return leased !== null;
  }

  /** Writes down what is next about a run; without `wakeAt` nothing is. `leave`: nobody is at it any more. */
  async next(
    id: string,
    lease: number,
    { untold, watchUntil, wakeAt, leave }: Next & { readonly leave: boolean },
  ): Promise<void> {
    const wanted = {
      untoldJson: untold && JSON.stringify(untold),
      watchUntil,
      wake: wakeAt === undefined ? undefined : part,
      wakeAt,
      leaseUntil: leave ? undefined : lease,
    };
    const entries = Object.entries(wanted);
    const isThere = ([, value]: readonly [string, unknown]) => value !== undefined;
    await this.items.update(runId(id), {
      set: Object.fromEntries(entries.filter(isThere)),
      remove: entries.filter((one) => !isThere(one)).map(([name]) => name),
      when: [unchanged('leaseUntil', lease)],
    });
  }

  /** Keeps the next run from beginning while one is taken back, unless another is under way already. */
  async hold(id: string): Promise<void> {
    await this.items.update(gate, { set: { openRun: id }, when: [unchanged('openRun', undefined)] });
  }

  /** Lets the next run begin. Whoever calls it twice, or for a run that has let go, does no harm. */
  async letGo(id: string): Promise<void> {
    await this.items.update(gate, { remove: ['openRun'], when: [unchanged('openRun', id)] });
  }

  /** The journal of one run, held by one function until `lease`. */
  journal(
    { task, incident }: Pick<Offered, 'task' | 'incident'>,
    lease: number,
    bound: Bound,
    now: () => number,
  ): Journal {
    return {
      begin: (run) => this.begin(run, { task, incident }, lease, bound, now()),
      save: async (run) => {
        const saved = await this.items.update(runId(run.id), {
          set: { runJson: JSON.stringify(run) },
          when: [unchanged('leaseUntil', lease)],
        });
        if (saved === null) throw new Error(`another function has taken over run ${run.id}`);
      },
    };
  }

  private async begin(
    run: Run,
    { task, incident }: Pick<Offered, 'task' | 'incident'>,
    lease: number,
    bound: Bound,
    now: number,
  ): Promise<void> {
    // Before the gate: whoever dies in between leaves a run that is found, and lets go of the gate.
    const isNew = await this.items.put({
      id: runId(run.id),
      runJson: JSON.stringify(run),
      taskJson: JSON.stringify(task),
      incidentName: incident,
      leaseUntil: lease,
      wake: part,
      wakeAt: lease,
      expiresAt: seconds(now + keepRuns),
    });
    if (!isNew) throw new Error(`run ${run.id} was begun before`);
    try {
      await this.enter(run.id, bound, now);
    } catch (error) {
      // It stays due: if it entered after all and only the answer was lost, it lets go of the gate when it wakes.
      await this.items.update(runId(run.id), {
        set: { runJson: JSON.stringify({ ...run, status: 'undone' }) },
        when: [unchanged('leaseUntil', lease)],
      });
      throw error;
    }
  }

  private async enter(id: string, { automatic, mostPerHour }: Bound, now: number): Promise<void> {
    const [found] = await this.items.all([gate]);
    const { openRun, begun, automaticAt = [] } = (found ?? {}) as Gate;
    const open = openRun === undefined ? null : await this.run(openRun);
    if (open?.run.status === 'stuck')
      throw new Error(
        `run ${openRun} could not be taken back: undo it first, or what it has changed by hand`,
      );
    // One that is forgotten can let go no more.
    if (open) throw new Error(`run ${openRun} is under way`);
    const recent = automaticAt.filter((at) => at > now - hour);
    // Turned round, a bound that is no number would be none.
    if (automatic && !(recent.length < mostPerHour))
      throw new Error(
        `${recent.length} changes were made by themselves within the last hour, and no more may be`,
      );
    const entered = await this.items.update(gate, {
      set: { openRun: id, automaticAt: automatic ? [...recent, now] : recent },
      add: { begun: 1 },
      when: [unchanged('openRun', openRun), unchanged('begun', begun)],
    });
    if (!entered) throw new Error('another run has just begun');
  }
}

const planId = (id: string) => `plan ${id}`;
const runId = (id: string) => `run ${id}`;

const kept = ({
  runJson,
  taskJson,
  incidentName,
  leaseUntil,
  wakeAt,
  watchUntil,
  untoldJson,
}: Item): Kept => ({
  run: JSON.parse(runJson ?? '') as Run,
  task: JSON.parse(taskJson) as StoppedTask,
  incident: incidentName,
  leaseUntil,
  wakeAt,
  watchUntil,
  untold: untoldJson === undefined ? undefined : (JSON.parse(untoldJson) as Kept['untold']),
});
