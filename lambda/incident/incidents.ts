import type { Diagnosis } from '../model/diagnosis.ts';
import type { Offer } from '../model/remediation.ts';
import { brokenPathsOf } from './broken-paths.ts';
import {
  type About,
  type Incident,
  incidentId,
  isService,
  isVictim,
  type Outcome,
  outcomes,
  type Victim,
} from './items.ts';
import type { News, Totals } from './news.ts';
import { definitionOf, type Failure, type IncidentTable, type Joined } from './table.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Milliseconds from a message to the update after it: growing, the last repeats. */
const distances = [10 * minute, hour, 6 * hour];
/** A victim that nothing else reports on is looked at this often. */
const lookEvery = hour;
/** A service that cannot be looked at, and has not failed for so long, is taken for quiet. */
const quietAfter = 24 * hour;
/** A record whose run died comes back within this time, if it ever does: five receives take half an hour. */
const comesBackWithin = hour;
/** For how long the cause that a diagnosis found, or did not find, is taken for the cause of further failures. */
const knownFor = { explained: 6 * hour, unexplained: hour };

/** When failures of a service are told. Both are off by default; tasks without a service are told at once. */
export interface Patience {
  /** Failed tasks of a victim before it is told; fewer are told too, if the service does not run within the hour. */
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
  /** A plan that may be applied. */
  readonly offer?: Offer | null;
}

/** Diagnoses. It is told whether a run died over this failure: what ended that one must not end the next. */
export type Diagnose = (hasDied: boolean) => Promise<Diagnosed>;

/** Many failures, one conversation: `docs/decisions/0009-incidents.md` says why it is built this way. */
export class Incidents {
  private readonly ports: Ports;

  constructor(ports: Ports) {
    this.ports = ports;
  }

  /** A task has failed. `task` is what `diagnose` needs later, if the failure is held back. */
  async failed(failure: Failure, task: string, diagnose: Diagnose): Promise<Exit> {
    const { table, now, patience } = this.ports;
    const counted = await table.count(failure, now());
    let { victim } = counted;
    if (victim.endedAt !== undefined) {
      const isPatient = patience.minimumFailures > 1 || patience.quietWindow > 0;
      // Late: it is part of what is over, and that was told, or was not to be told.
      const isOver = victim.toldAt !== undefined || (isPatient && isService(failure.key.groupName));
      if (failure.at <= victim.endedAt && isOver) return 'counted';
      const begun = await table.beginAnew(victim, failure.at, now());
      if (!begun)
        throw new TakenByAnother('another run ends the trouble before this one, or has begun it anew');
      victim = begun;
    }
    if (isKnown(victim, failure, counted.isNew ? now() : 0)) return 'counted';
    if (victim.toldAt === undefined && isService(failure.key.groupName)) {
      const { minimumFailures, quietWindow } = patience;
      const opens =
        victim.firstAt + (victim.failures < minimumFailures ? Math.max(quietWindow, lookEvery) : quietWindow);
      if (now() < opens) {
        await table.hold(victim, task, opens);
        return 'held';
      }
    }
    return this.tell(failure, victim, diagnose);
  }

  /** Something was heard of a service: the victims among `ids` that are well are ended. Gives the number of them. */
  async heardOf(ids: readonly string[], eventAt: number): Promise<number> {
    const { table } = this.ports;
    let ended = 0;
    let taken: TakenByAnother | undefined;
    for (const victim of await table.all(ids)) {
      // What is older than the last failure says nothing about it.
      if (!isVictim(victim) || victim.endedAt !== undefined || eventAt < victim.lastAt) continue;
      try {
        if (await this.lookAt(victim)) ended += 1;
      } catch (error) {
        if (!(error instanceof TakenByAnother)) throw error;
        taken = error;
      }
    }
    if (taken) throw taken;
    return ended;
  }

  /**
   * Whatever is due: updates, ends, victims to look at. One that cannot be finished is due again later, behind the others.
   * `inTime` says whether another one may be begun; `diagnose` takes what was given to `failed`.
   */
  async wake(
    inTime: () => boolean,
    diagnose: (task: string) => { failure: Failure; diagnosed: Diagnose },
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
        else await this.wakeVictim(item, diagnose);
      } catch (error) {
        onError(id, error);
        await table.postpone({ id }, now() + distance(0)).catch((why) => onError(id, why));
      }
    }
  }

  private async wakeVictim(victim: Victim, diagnose: Parameters<Incidents['wake']>[1]): Promise<void> {
    const { table, now } = this.ports;
    if (victim.endedAt !== undefined) {
      const until = await this.lease(victim);
      return this.orRelease(victim.id, until, () => this.leave(victim, victim.outcome ?? 'quiet'));
    }
    const isHeld = victim.heldTask !== undefined && victim.toldAt === undefined;
    const isOver = await this.lookAt(victim).catch((error) => {
      // Nobody knows how it is, and nobody was told: then it is told.
      if (isHeld && !(error instanceof TakenByAnother)) return false;
      throw error;
    });
    if (isOver) return;
    if (!isHeld) return table.postpone(victim, now() + lookEvery);
    const { failure, diagnosed } = diagnose(victim.heldTask);
    await this.tell(failure, victim, diagnosed);
  }

  private async tell(failure: Failure, victim: Victim, diagnose: Diagnose): Promise<Exit> {
    const until = await this.lease(victim);
    return this.orRelease(victim.id, until, () => this.tellLeased(failure, victim, until, diagnose));
  }

  /** Takes a victim for the rest of this run. */
  private async lease(victim: Victim): Promise<number> {
    const { table, now, livesUntil } = this.ports;
    mustBeFree(victim, now());
    const until = livesUntil();
    if (!(await table.lease(victim, until)))
      throw new TakenByAnother('another run has just taken this failure');
    return until;
  }

  private async orRelease<T>(id: string, until: number, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // The next one need not wait until the lease runs out; if the table is away, it does.
      await this.ports.table.release(id, until).catch((why) => {
        throw new Error(`${String(error)}; and the lease stays: ${String(why)}`, { cause: error });
      });
      throw error;
    }
  }

  private async tellLeased(
    failure: Failure,
    victim: Victim,
    until: number,
    diagnose: Diagnose,
  ): Promise<Exit> {
    const { table, now, tell } = this.ports;
    // Whoever ends in order gives the lease back: one that was left behind is that of a run that died.
    const { diagnosis, headline, offer = null } = await diagnose(victim.leaseUntil !== undefined);
    const about = aboutOf(failure, diagnosis, headline);
    // Before anybody is told: whatever goes wrong after that is told again.
    const brokenPaths = brokenPathsOf(diagnosis);
    const taskDefinition = definitionOf(failure);
    const isExplained = about.checkId !== null;
    const told = (incident: string, failuresBefore = 0) =>
      table.victimTold(victim.id, incident, {
        now: now(),
        wakeAt: now() + lookEvery,
        knownUntil: now() + (isExplained ? knownFor.explained : knownFor.unexplained),
        taskDefinition,
        failuresBefore,
      });

    const { incidentId: before } = victim;
    // A diagnosis that finds nothing does not undo the one before it.
    if (before !== undefined && !isExplained && victim.toldOf?.has(taskDefinition)) {
      await told(before);
      return 'counted';
    }
    const joined = await this.join(about, victim, until);
    const { incident } = joined;
    const isOther = before !== undefined && before !== incident.id;
    const failuresBefore = isOther ? victim.failures - 1 : 0;
    if (joined.role === 'speaks') {
      const { failures, victims } = await this.totals(incident);
      try {
        await tell({ event: joined.continues ? 'continued' : 'opened', incident, diagnosis, offer });
      } catch (error) {
        await table.release(incident.id, until);
        throw error;
      }
      const { updates } = incident;
      await table.incidentTold(incident, {
        now: now(),
        wakeAt: now() + distance(updates),
        failures: failures - failuresBefore,
        victims,
        updates,
        brokenPaths,
      });
    }
    if (isOther) await this.leaveIncident(before, { id: victim.id, failures: failuresBefore }, 'otherCause');
    await told(incident.id, failuresBefore);
    return joined.role === 'speaks' ? 'told' : 'counted';
  }

  private async join(
    about: About,
    { id }: Victim,
    until: number,
  ): Promise<Exclude<Joined, { role: 'waits' | 'full' }>> {
    const { table, now } = this.ports;
    // An item has an end: what finds no room goes on in a further incident.
    for (let into = incidentId(about, id); ; into += ' +') {
      const joined = await table.join(into, id, about, { now: now(), until });
      if (joined.role === 'waits') throw new TakenByAnother('another run is about to tell of this cause');
      if (joined.role !== 'full') return joined;
    }
  }

  /** Ends a victim that is well. */
  private async lookAt(victim: Victim): Promise<boolean> {
    const { table, now, livesUntil } = this.ports;
    mustBeFree(victim, now());
    // A run died over it, and may have told: the record comes back, and then people hear of the end too.
    if (victim.toldAt === undefined && diedLately(victim, now())) return false;
    // What fails after this moment is not over, whatever was seen.
    const endedAt = now();
    const outcome = await this.stateOf(victim);
    if (outcome === null) return false;
    const until = livesUntil();
    if (!(await table.endVictim(victim, outcome, endedAt, until))) return false;
    await this.orRelease(victim.id, until, () => this.leave({ ...victim, endedAt, outcome }, outcome));
    return true;
  }

  private async stateOf(victim: Victim): Promise<Outcome | null> {
    const silence = this.ports.now() - victim.lastAt;
    if (!isService(victim.groupName)) return silence >= lookEvery ? 'quiet' : null;
    try {
      return await this.ports.look(victim);
    } catch (error) {
      if (silence >= quietAfter) return 'quiet';
      throw error;
    }
  }

  private async leave(victim: Victim, outcome: Outcome): Promise<void> {
    if (victim.incidentId !== undefined) await this.leaveIncident(victim.incidentId, victim, outcome);
    await this.ports.table.left(victim);
  }

  private async leaveIncident(
    id: string,
    victim: Pick<Victim, 'id' | 'failures'>,
    outcome: Outcome,
  ): Promise<void> {
    const incident = await this.ports.table.leave(id, victim, outcome);
    if (incident) await this.end(incident);
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
  private async goOn(woken: Incident): Promise<void> {
    const { table, now, livesUntil, tell } = this.ports;
    if (woken.endedAt !== undefined) return table.forget(woken);
    if (woken.toldAt === undefined) {
      // The topic refused it, or whoever was about to tell it has died: the record comes back and opens it again.
      if (woken.leaseUntil === undefined) return table.forget(woken);
      // If not, it may have been told all the same: then people must hear of the end.
      if (diedLately(woken, now())) return table.postpone(woken, now() + distance(0));
    }
    const incident = await this.withoutGone(woken);
    if (await this.end(incident)) return;
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

  /** A run that died may have left a victim in an incident that it is not of, or one that nobody looks at. */
  private async withoutGone(incident: Incident): Promise<Incident> {
    const { table, now } = this.ports;
    const ids = [...(incident.openVictims ?? [])];
    const victims = new Map((await table.all(ids)).filter(isVictim).map((victim) => [victim.id, victim]));
    let left: Incident | null = incident;
    for (const id of ids) {
      const victim = victims.get(id);
      if (victim?.leaseUntil !== undefined && victim.leaseUntil >= now()) continue;
      const isOther = victim?.incidentId !== undefined && victim.incidentId !== incident.id;
      if (!victim) left = await table.leave(incident.id, { id, failures: 0 }, 'quiet');
      else if (isOther) left = await table.leave(incident.id, { id, failures: 0 }, 'otherCause');
      else if (victim.endedAt !== undefined && victim.incidentId === undefined)
        left = await table.leave(incident.id, victim, victim.outcome ?? 'quiet');
      else if (victim.wakeAt === undefined) await table.postpone(victim, now() + lookEvery);
    }
    return left ?? incident;
  }

  private async totals(incident: Incident): Promise<Totals> {
    const isOpen = ({ id }: Victim) => incident.openVictims?.has(id) === true;
    const hit = (await this.ports.table.all([...incident.hitVictims]))
      .filter(isVictim)
      .toSorted((a, b) => Number(isOpen(b)) - Number(isOpen(a)));
    const open = hit.filter(isOpen);
    const named = (victims: readonly Victim[], most: number) =>
      victims.slice(0, most).map(({ clusterArn, groupName }) => ({ clusterArn, groupName }));
    return {
      failures: open.reduce((sum, { failures }) => sum + failures, incident.endedFailures),
      victims: incident.hitVictims.size,
      failing: named(open, 50),
      hit: named(hit, 100),
      outcomes: Object.fromEntries(
        outcomes.flatMap((outcome) => {
          const times = incident[`ended_${outcome}`];
          return times ? [[outcome, times]] : [];
        }),
      ),
    };
  }
}

const distance = (updates: number) => distances[Math.min(updates, distances.length - 1)] ?? 6 * hour;

/**
 * People know why: a task definition that was not diagnosed, or long ago, may fail for another cause. What failed before the
 * diagnosis and is delivered again (`now` is 0) says nothing of the time since.
 */
const isKnown = ({ toldAt, knownUntil = 0, toldOf }: Victim, failure: Failure, now: number) =>
  toldAt !== undefined && now < knownUntil && toldOf?.has(definitionOf(failure)) === true;

/** A run died over it, and its record may still come back. */
const diedLately = ({ leaseUntil }: Victim | Incident, now: number) =>
  leaseUntil !== undefined && now < leaseUntil + comesBackWithin;

function mustBeFree({ leaseUntil }: Victim, now: number): void {
  if (leaseUntil !== undefined && leaseUntil >= now)
    throw new TakenByAnother('this failure is being worked on by another run');
}
