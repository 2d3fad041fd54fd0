import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '../../lambda/model/facts.ts';

const folder = join(__dirname, '../scenarios');

/** The names of the scenarios whose snapshots are written down. */
export const snapshotNames: readonly string[] = readdirSync(folder);

export const snapshotOf = (name: string): Snapshot =>
  JSON.parse(readFileSync(join(folder, name, 'snapshot.json'), 'utf8')) as Snapshot;
