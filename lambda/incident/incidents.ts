import type { Diagnosis } from '../model/diagnosis.ts';
import {
  type About,
  type Incident,
  incidentId,
  isVictim,
  type Outcome,
  outcomes,
  type Victim,
} from './items.ts';
import type { News, Totals } from './news.ts';
import type { Failure, IncidentTable } from './table.ts';

const minute = 60_000;

/** Milliseconds from a message to the update after it: growing, the last repeats. */
const distances = [10 * minute, 60 * minute, 6 * 60 * minute];
/** A victim that nothing else reports on is looked at this often. */
const lookEvery = 60 * minute;

/** When failures of a service are told. Both are off by default; tasks without a service are told at once. */
export interface Patience {
  /** Failed tasks of a victim before it is told. */
  readonly minimumFailures: number;
  /** Milliseconds that a service has to recover by itself. */
  readonly quietWindow: number;
}

export interface Ports {
  readonly table: IncidentTable;
  readonly now: () => number;
  /** Until when this run lives at the longest. Milliseconds since 1970. */
  readonly livesUntil: () => number;
  /** Tells people; what a topic refuses is thrown. */
  readonly tell: (news: News) => Promise<void>;
  /** How the trouble of a service ended, or `null` if it goes on. What AWS refuses is thrown. */
  readonly look: (victim: Victim) => Promise<Outcome | null>;
  readonly patience: Patience;
}

/** Somebody else is at it: the record goes back to the queue, in case that one dies. */
export class TakenByAnother extends Error {
  override readonly name = 'TakenByAnother';
}

/** How a record ended. Whatever else happens is thrown, and the record goes back. */
export type Exit = 'told' | 'counted' | 'held';

/** What a diagnosis says of the incident. */
function aboutOf({ key }: Failure, diagnosis: Diagnosis, headline: string): About {
  const [cause] = diagnosis.causes;
  return {
    accountId: key.accountId,
    awsRegion: key.awsRegion,
    clusterArn: key.clusterArn,
    groupName: key.groupName,
    headline,
    conclusion: diagnosis.conclusion,
    checkId: cause?.check.id ?? null,
    resourceName: cause?.resources[0] ?? null,
  };
}

/** What is to be done about a failure that may have to be told. */
export interface Diagnosed {
  readonly diagnosis: Diagnosis;
  readonly headline: string;
}

/** Many failures, one conversation: `docs/decisions/0009-incidents.md` says why it is built this way. */
export class Incidents {
  private readonly ports: Ports;

  constructor(ports: Ports) {
    this.ports = ports;
  }

  /** A task has failed. `task` is what `diagnose` needs later, if the failure is held back. */
  async failed(failure: Failure, task: string, diagnose: () => Promise<Diagnosed>): Promise<Exit> {
    const { table, now, patience } = this.ports;
    const victim = await table.count(failure, now());
    // Late: it is part of what is over.
    if (victim.endedAt !== undefined && failure.at <= victim.endedAt) return 'counted';
    const isOpen = victim.endedAt === undefined;
    if (isOpen && victim.toldAt !== undefined) return 'counted';
    if (!isImpatient(failure)) {
      const failures = isOpen ? victim.failures : 1;
      const firstAt = isOpen ? victim.firstAt : failure.at;
      const opens = firstAt + patience.quietWindow;
      if (now() < opens) {
        await table.hold(victim, task, opens);
        return 'held';
      }
      if (failures < patience.minimumFailures) return 'held';
    }
    return this.tell(failure, victim, diagnose);
  }

  /** Something was heard of a service: the victims among `ids` that are well are ended. Gives the number of them. */
  async heardOf(ids: readonly string[], eventAt: number): Promise<number> {
    const { table } = this.ports;
    let ended = 0;
    for (const victim of await table.all(ids)) {
      // What is older than the last failure says nothing about it.
      if (!isVictim(victim) || victim.endedAt !== undefined || eventAt < victim.lastAt) continue;
      if (await this.lookAt(victim)) ended += 1;
    }
    return ended;
  }

  /**
   * Whatever is due: updates, ends, victims to look at. One that cannot be finished stays due. `inTime` says whether another one
   * may be begun; `diagnose` takes what was given to `failed`.
   */
  async wake(
    inTime: () => boolean,
    diagnose: (task: string) => { failure: Failure; diagnosed: () => Promise<Diagnosed> },
    onError: (id: string, error: unknown) => void,
  ): Promise<void> {
    const { table, now } = this.ports;
    for (const id of await table.due(now())) {
      if (!inTime()) return;
      try {
        const item = await table.get(id);
        // The index is a moment behind: what was done meanwhile is not due any more.
        if (!item || item.wakeAt === undefined || item.wakeAt > now()) continue;
        if (!isVictim(item)) await this.goOn(item);
        else if (item.endedAt !== undefined) await this.leave(item, item.outcome ?? 'quiet');
        else if (item.heldTask !== undefined && item.toldAt === undefined) {
          const { failure, diagnosed } = diagnose(item.heldTask);
          await this.tell(failure, item, diagnosed);
        } else if (!(await this.lookAt(item))) await table.postpone(item, now() + lookEvery);
      } catch (error) {
        onError(id, error);
      }
    }
  }

  private async tell(failure: Failure, victim: Victim, diagnose: () => Promise<Diagnosed>): Promise<Exit> {
    const { table, now, livesUntil } = this.ports;
    const until = livesUntil();
    if (victim.leaseUntil !== undefined && victim.leaseUntil >= now())
      throw new TakenByAnother('this failure is being diagnosed by another run');
    if (!(await table.lease(victim, failure.at, until)))
      throw new TakenByAnother('another run has just begun to diagnose this failure');

    try {
      return await this.tellLeased(failure, victim, until, diagnose);
    } catch (error) {
      // The next one need not wait until the lease runs out; if the table is away, it does.
      await table.release(victim.id, until).catch((why) => {
        throw new Error(`${String(error)}; and the lease stays: ${String(why)}`, { cause: error });
      });
      throw error;
    }
  }

  private async tellLeased(
    failure: Failure,
    victim: Victim,
    until: number,
    diagnose: () => Promise<Diagnosed>,
  ): Promise<Exit> {
    const { table, now, tell } = this.ports;
    const { diagnosis, headline } = await diagnose();
    const about = aboutOf(failure, diagnosis, headline);
    const joined = await table.join(incidentId(about, victim.id), victim.id, about, { now: now(), until });
    if (joined.role === 'waits') throw new TakenByAnother('another run is about to tell of this cause');
    if (joined.role === 'speaks') {
      const { incident, continues } = joined;
      const { failures, victims } = await this.totals(incident);
      try {
        await tell({ event: continues ? 'continued' : 'opened', incident, diagnosis });
      } catch (error) {
        await table.release(incident.id, until);
        throw error;
      }
      const { updates } = incident;
      await table.incidentTold(incident, {
        now: now(),
        wakeAt: now() + distance(updates),
        failures,
        victims,
        updates,
      });
    }
    await table.victimTold(victim.id, joined.incident.id, { now: now(), wakeAt: now() + lookEvery });
    return joined.role === 'speaks' ? 'told' : 'counted';
  }

  /** Ends a victim that is well. */
  private async lookAt(victim: Victim): Promise<boolean> {
    const { table, now, look } = this.ports;
    const isQuiet = now() - victim.lastAt >= lookEvery;
    const outcome = victim.groupName.startsWith('service:') ? await look(victim) : isQuiet ? 'quiet' : null;
    if (outcome === null) return false;
    const endedAt = now();
    if (!(await table.endVictim(victim, outcome, endedAt))) return false;
    await this.leave({ ...victim, endedAt, outcome }, outcome);
    return true;
  }

  private async leave(victim: Victim, outcome: Outcome): Promise<void> {
    const { table } = this.ports;
    if (victim.incidentId !== undefined) {
      const incident = await table.leave(victim.incidentId, victim, outcome);
      if (incident) await this.end(incident);
    }
    await table.left(victim);
  }

  /** Tells that an incident is over, with its last victim. */
  private async end(incident: Incident): Promise<boolean> {
    const { table, now, livesUntil, tell } = this.ports;
    if (incident.openVictims || incident.endedAt !== undefined) return false;
    if (!(await table.leaseEnd(incident, now(), livesUntil()))) return false;
    await tell({ event: 'resolved', incident, totals: await this.totals(incident) });
    await table.incidentEnded(incident, now());
    return true;
  }

  /** The time of an incident has come: it is over, or has got worse, or goes on as it was. */
  private async goOn(incident: Incident): Promise<void> {
    const { table, now, livesUntil, tell } = this.ports;
    if (await this.end(incident)) return;
    // Whoever was about to tell it has died: its record comes back from the queue and tells it.
    if (incident.toldAt === undefined) return table.postpone(incident, now() + distance(0));
    const totals = await this.totals(incident);
    const { failures, victims } = totals;
    const isNew = failures > incident.toldFailures || victims > incident.toldVictims;
    if (!isNew) return table.postpone(incident, now() + distance(incident.updates));
    if (!(await table.leaseIncident(incident, now(), livesUntil()))) return;
    await tell({ event: 'updated', incident, totals });
    const updates = incident.updates + 1;
    await table.incidentTold(incident, {
      now: now(),
      wakeAt: now() + distance(updates),
      failures,
      victims,
      updates,
    });
  }

  private async totals(incident: Incident): Promise<Totals> {
    const open = (await this.ports.table.all([...(incident.openVictims ?? [])])).filter(isVictim);
    return {
      failures: open.reduce((sum, { failures }) => sum + failures, incident.endedFailures),
      victims: open.length + incident.endedVictims + (incident.furtherVictims ?? 0),
      failing: open.slice(0, 50).map(({ clusterArn, groupName }) => ({ clusterArn, groupName })),
      outcomes: Object.fromEntries(
        outcomes.flatMap((outcome) => {
          const times = incident[`ended_${outcome}`];
          return times ? [[outcome, times]] : [];
        }),
      ),
    };
  }
}

const distance = (updates: number) => distances[Math.min(updates, distances.length - 1)] ?? 6 * 60 * minute;

/** Nobody starts it again: it fails once, and would never be heard of. */
const isImpatient = ({ key }: Failure) => !key.groupName.startsWith('service:');
