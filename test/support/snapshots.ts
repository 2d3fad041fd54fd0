import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import type { Snapshot } from '../../lambda/model/facts.ts';

const folder = join(__dirname, '../scenarios');

/** The names of the scenarios whose snapshots are written down. */
export const snapshotNames: readonly string[] = readdirSync(folder);

/** What is said of a scenario, as it is written down: `test/scenarios.test.ts` holds it current. */
export const diagnosisOf = (name: string): Diagnosis =>
  JSON.parse(readFileSync(join(folder, name, 'diagnosis.json'), 'utf8')) as Diagnosis;

export const snapshotOf = (name: string): Snapshot =>
  JSON.parse(readFileSync(join(folder, name, 'snapshot.json'), 'utf8')) as Snapshot;
