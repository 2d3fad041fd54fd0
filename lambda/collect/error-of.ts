import { parsePullError } from '../error-text/pull-error.ts';
import { pullErrorText } from '../event.ts';
import type { PullError, StoppedTask } from '../model/facts.ts';

const parsed = new WeakMap<StoppedTask, PullError>();

/** What the error text of a task says, parsed once for all collectors. */
export function errorOf(task: StoppedTask): PullError {
  const known = parsed.get(task);
  if (known) return known;
  const error = parsePullError(pullErrorText(task) ?? '');
  parsed.set(task, error);
  return error;
}
