import { awsReader } from '../../lambda/aws/api.ts';
import { collect } from '../../lambda/collect/collect.ts';
import { diagnose } from '../../lambda/diagnose.ts';
import { stoppedTask } from '../../lambda/event.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import type { Snapshot } from '../../lambda/model/facts.ts';

/** What the product makes of an event. */
export interface Answer {
  readonly diagnosis: Diagnosis;
  readonly snapshot: Snapshot;
}

/** Runs the product on an event, from the event to the diagnosis; `null` if it sees no failed pull. */
export async function diagnoseEvent(event: unknown): Promise<Answer | null> {
  const task = stoppedTask(event);
  if (!task) return null;
  const snapshot = await collect(task, awsReader({ region: task.region, maxAttempts: 1 }), new Date());
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
