import { pullErrorText, stoppedTask, taskFromDetail } from '../lambda/event.ts';
import type { StoppedTask } from '../lambda/model/facts.ts';
import { UsageError } from './usage-error.ts';

/**
 * The failed task in what people have at hand: an event, a list of events, what `aws ecs describe-tasks` prints, or records of
 * the stack's queues as `aws sqs receive-message` prints them. `null` if none of it reports a failed pull.
 */
export function failedTaskIn(json: unknown): StoppedTask | null {
  const { tasks, taskArn, Messages: messages } = (json ?? {}) as Readonly<Record<string, unknown>>;
  if (Array.isArray(tasks) && tasks.length === 0)
    throw new UsageError('it holds no task: ECS forgets a stopped task after an hour. Use the event');
  const several = [json, tasks, messages].find(Array.isArray);
  if (several) return firstOf(several);
  if (typeof taskArn === 'string') {
    const task = taskFromDetail(json);
    return pullErrorText(task) === null ? null : task;
  }
  const { Body: body } = (json ?? {}) as { readonly Body?: unknown };
  return typeof body === 'string' ? failedTaskIn(bodyOf(body)) : eventOf(json);
}

/** Why the task of an event stopped, if it says so. */
export function stoppedReasonIn(json: unknown): string | null {
  const { detail, stoppedReason } = (json ?? {}) as Readonly<Record<string, unknown>>;
  const said = stoppedReason ?? ((detail ?? {}) as Readonly<Record<string, unknown>>)['stoppedReason'];
  return typeof said === 'string' && said !== '' ? said : null;
}

/** The first that failed to pull. One that is none of these is a mistake only if nothing else is there. */
function firstOf(several: readonly unknown[]): StoppedTask | null {
  if (several.length === 0) throw new UsageError('it is an empty list: expected an event');
  let mistake: unknown;
  let readable = 0;
  for (const one of several) {
    try {
      const task = failedTaskIn(one);
      if (task) return task;
      readable += 1;
    } catch (error) {
      mistake ??= error;
    }
  }
  if (readable === 0) throw mistake;
  return null;
}

function bodyOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new UsageError('the body of the record is not JSON');
  }
}

function eventOf(json: unknown): StoppedTask | null {
  if (typeof json !== 'object' || json === null || !('detail-type' in json) || !('detail' in json))
    throw new UsageError(
      'this is not an EventBridge event: expected an object with `detail-type` and `detail`, or what `aws ecs describe-tasks` prints',
    );
  return stoppedTask(json);
}
