import { awsReader, type Read } from '../../lambda/aws/api.ts';
import { collect } from '../../lambda/collect/collect.ts';
import type { AskRegistry } from '../../lambda/collect/define.ts';
import { once } from '../../lambda/collect/once.ts';
import { diagnose } from '../../lambda/diagnose.ts';
import { stoppedTask } from '../../lambda/event.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import type { Snapshot } from '../../lambda/model/facts.ts';

/** What the product makes of an event. */
export interface Answer {
  readonly diagnosis: Diagnosis;
  readonly snapshot: Snapshot;
}

/** How a world is read; what was read for one event serves the others, as in one run of the function. */
export const readerOf = (region: string): Read =>
  once(awsReader({ region, maxAttempts: 1, budget: 120_000 }));

/** Runs the product on an event, from the event to the diagnosis; `null` if it sees no failed pull. */
export async function diagnoseEvent(
  event: unknown,
  reader?: Read,
  askRegistry?: AskRegistry,
): Promise<Answer | null> {
  const task = stoppedTask(event);
  if (!task) return null;
  const snapshot = await collect(task, reader ?? readerOf(task.region), new Date(), { askRegistry });
  // As it would be saved and replayed: a snapshot is plain JSON.
  return { diagnosis: diagnose(JSON.parse(JSON.stringify(snapshot)) as Snapshot), snapshot };
}

/** Facts that the emulator, or a bug of ours, kept from the product: there must be none. */
export const unansweredIn = ({ facts }: Snapshot): readonly string[] =>
  Object.entries(facts).flatMap(([name, fact]) =>
    fact.status === 'unknown' && (fact.why === 'no-answer' || fact.why === 'our-bug')
      ? [`${name}: ${fact.action ?? ''} ${fact.error ?? ''}`]
      : [],
  );
