import { collect } from '../../lambda/collect/collect.ts';
import { stoppedTask } from '../../lambda/event.ts';
import type { Snapshot } from '../../lambda/model/facts.ts';
import type { Incident } from './index.ts';
import { recordedAnswers } from './recorded-answers.ts';

/** What is collected about a bundled incident, from the answers that were recorded. */
export async function snapshotOf({ name, event, answers, collectedAt }: Incident): Promise<Snapshot> {
  const task = stoppedTask(event);
  if (!task) throw new Error(`the bundled incident ${name} is no failed pull`);
  return collect(task, recordedAnswers(answers), new Date(collectedAt));
}
