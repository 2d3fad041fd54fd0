import type { Use } from './prices.ts';

const hoursOfMonth = 730;
const minutesOfMonth = hoursOfMonth * 60;
/** Longest that a record takes on a good day; docs/decisions/0011. */
const secondsPerRecord = 3;
/** A run that finds nothing due. */
const secondsPerWake = 0.3;
const memory = 0.5;
/** What AWS Lambda writes about a run by itself, at most. */
const bytesPerRun = 1_000;

/** What stands in the template. */
export interface Stack {
  readonly alarms: number;
  readonly dashboards: number;
  readonly queuesPolled: number;
  readonly minutesBetweenWakes: number;
}

/** A month in which nothing fails. */
export function quietMonth({ alarms, dashboards, queuesPolled, minutesBetweenWakes }: Stack): Use {
  const runs = minutesOfMonth / minutesBetweenWakes;
  return {
    alarms,
    dashboards,
    // AWS Lambda asks with five connections, each of which waits 20 seconds; and each wake is sent, received and deleted.
    queueRequests: queuesPolled * 5 * 3 * minutesOfMonth + 3 * runs,
    runs,
    gigabyteSeconds: runs * memory * secondsPerWake,
    reads: runs,
    logGigabytes: (runs * bytesPerRun) / 2 ** 30,
  };
}

/** What a play of incidents used: counted, not assumed. */
export interface Played {
  readonly tasks: number;
  readonly incidents: number;
  readonly messages: number;
  readonly writes: number;
  readonly reads: number;
  readonly logBytes: number;
  /** Metrics that were written, each of its dimensions apart. */
  readonly series: number;
}

/** What so many stopped tasks use in addition, if they come as those of a play did. */
export function useOf(tasks: number, played: Played): Use {
  const each = tasks / played.tasks;
  const messages = each * played.messages;
  // An incident of a play has values in three different hours at most.
  const hours = Math.min(hoursOfMonth, 3 * each * played.incidents);
  return {
    queueRequests: 3 * tasks,
    runs: tasks,
    gigabyteSeconds: tasks * memory * secondsPerRecord,
    writes: each * played.writes,
    reads: each * played.reads,
    logGigabytes: (each * played.logBytes + tasks * bytesPerRun) / 2 ** 30,
    metrics: (played.series * hours) / hoursOfMonth,
    publishes: messages,
    mails: messages,
    events: messages,
  };
}
