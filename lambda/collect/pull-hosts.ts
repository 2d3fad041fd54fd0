import { speaksOfNames } from '../error-text/pull-error.ts';
import type { CollectedFacts, ImageReference, StoppedTask } from '../model/facts.ts';
import { destinationsOf, otherTokenName } from '../network/destinations.ts';
import { errorOf } from './error-of.ts';

type TaskDefinition = CollectedFacts['taskDefinition'];

/** Whether the text is about a name, or may be. */
export const namesInQuestion = (task: StoppedTask): boolean => speaksOfNames(errorOf(task));

/** The hosts that a pull connects to, those of the secrets too, and the one that the text names. */
export function hostsOfPull(
  task: StoppedTask,
  images: readonly ImageReference[],
  taskDefinition: TaskDefinition,
): readonly string[] {
  const error = errorOf(task);
  const facts = {
    task: { status: 'known', value: task },
    images: { status: 'known', value: images },
    taskDefinition,
  } as const;
  const hosts = destinationsOf(facts, error).flatMap((one) => {
    const other = otherTokenName(one, error);
    return [one.host, ...(other ? [other.host] : [])];
  });
  return [...new Set([...(error.host ? [error.host] : []), ...hosts])];
}
