import { parsePullError, speakingSymptom } from './error-text/pull-error.ts';
import { pullErrorText, stoppedTask } from './event.ts';
import { kindOf } from './incident/kind.ts';
import { type ServiceNews, serviceNews } from './incident/service-news.ts';
import type { Failure } from './incident/table.ts';
import type { StoppedTask } from './model/facts.ts';
import type { Failure as Told } from './publish/raw-report.ts';
import { type ServiceAction, serviceAction } from './publish/service-action.ts';

/** A failed pull: of a task, or of a service that never got a task. As JSON it can be kept for later. */
export type Subject =
  | { readonly task: StoppedTask }
  | { readonly action: ServiceAction; readonly eventId: string; readonly time: string | null };

/** What a record is about. */
export type Content =
  | { readonly about: 'failure'; readonly subject: Subject }
  | { readonly about: 'service'; readonly news: ServiceNews }
  /** Time has passed: `lib/` has it sent every few minutes. */
  | { readonly about: 'time' }
  | { readonly about: 'nothing' }
  | { readonly about: 'unreadable'; readonly because: string };

/** The event that wakes the function. EventBridge lets nobody but AWS use sources that begin with `aws.`. */
export const wakeEvent = { source: 'ecs-pull-doctor', 'detail-type': 'Time has passed' } as const;

export function contentOf(raw: string): Content {
  try {
    const event: unknown = parsed(raw);
    if (isWakeEvent(event)) return { about: 'time' };
    const action = serviceAction(event);
    if (action) {
      const { id, time } = event as { id?: unknown; time?: unknown };
      return {
        about: 'failure',
        subject: {
          action,
          eventId: typeof id === 'string' ? id : `${action.serviceArn} ${String(time)}`,
          time: typeof time === 'string' ? time : null,
        },
      };
    }
    const news = serviceNews(event);
    if (news) return { about: 'service', news };
    const task = stoppedTask(event);
    return task ? { about: 'failure', subject: { task } } : { about: 'nothing' };
  } catch (error) {
    return { about: 'unreadable', because: error instanceof Error ? error.message : String(error) };
  }
}

/** What incidents need to know of a failure. A failure without a time has just happened. */
export function failureOf(subject: Subject, now: number): Failure {
  const { arn, clusterArn, group, text } = toldOf(subject);
  const { accountId, region, startedBy, taskDefinitionArn, version } =
    'task' in subject
      ? subject.task
      : { ...subject.action, startedBy: null, taskDefinitionArn: null, version: null };
  const time = Date.parse(('task' in subject ? subject.task.stoppedAt : subject.time) ?? '');
  const family = /task-definition\/([^:]+)/.exec(taskDefinitionArn ?? '')?.[1];
  return {
    key: {
      accountId,
      awsRegion: region,
      clusterArn,
      groupName: group ?? (family === undefined ? arn : `family:${family}`),
      failureKind: kindOf(speakingSymptom(parsePullError(text))),
    },
    marker: 'task' in subject ? arn : subject.eventId,
    version,
    at: Number.isNaN(time) ? now : time,
    startedBy,
    taskDefinitionArn,
  };
}

/** What is told of a failure even if nothing could be found out about it. */
export function toldOf(subject: Subject): Told {
  if ('action' in subject) {
    const { serviceArn: arn, clusterArn, serviceName, text } = subject.action;
    return { arn, clusterArn, group: `service:${serviceName}`, stoppedAt: null, images: [], text };
  }
  const { taskArn: arn, clusterArn, group, stoppedAt, containers, stoppedReason } = subject.task;
  const images = [...new Set(containers.flatMap(({ image }) => (image ? [image] : [])))];
  return { arn, clusterArn, group, stoppedAt, images, text: pullErrorText(subject.task) ?? stoppedReason };
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    // The parser's own message quotes the record, and with it what may be secret.
    throw new Error('the record is not JSON');
  }
}

/** Whether it is the event that wakes a function. */
export const isWakeEvent = (event: unknown): boolean =>
  typeof event === 'object' &&
  event !== null &&
  (event as Record<string, unknown>)['source'] === wakeEvent.source &&
  (event as Record<string, unknown>)['detail-type'] === wakeEvent['detail-type'];
