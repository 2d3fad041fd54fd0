import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import * as v from 'valibot';
import type { Plan, Run } from '../lambda/model/remediation.ts';
import type { Journal } from '../lambda/remediate/execute.ts';
import { readJson } from './input.ts';
import { UsageError } from './usage-error.ts';

interface Content {
  readonly schemaVersion: 1;
  /** Plans that were shown, so that one can be approved by its id. */
  readonly plans: readonly Plan[];
  readonly runs: readonly Run[];
}

/** The journal of the command line: one file, that one program writes at a time. */
export interface FileJournal extends Journal {
  readonly plans: readonly Plan[];
  readonly runs: readonly Run[];
  /** Keeps plans that are shown. Those that expired are forgotten. */
  keep(plans: readonly Plan[], now: Date): void;
  /** Lets other programs write. */
  close(): void;
}

/** Runs that have changes under way, of which nobody knows where they stand. */
const isOpen = ({ status }: Run) => status === 'applying' || status === 'undoing' || status === 'stuck';

/** Opens a journal for writing, and makes it if there is none yet. */
export function openJournal(file: string): FileJournal {
  const lock = `${file}.lock`;
  take(lock);
  try {
    let content = existsSync(file) ? read(file) : ({ schemaVersion: 1, plans: [], runs: [] } as Content);
    const write = (next: Content) => {
      replace(file, `${JSON.stringify(next, null, 2)}\n`);
      content = next;
    };
    const save = async (run: Run) =>
      write({ ...content, runs: [...content.runs.filter(({ id }) => id !== run.id), run] });
    return {
      get plans() {
        return content.plans;
      },
      get runs() {
        return content.runs;
      },
      keep: (plans, now) => {
        const valid = content.plans.filter(
          ({ id, expiresAt }) => expiresAt >= now.toISOString() && plans.every((one) => one.id !== id),
        );
        write({ ...content, plans: [...valid, ...plans] });
      },
      begin: async (run) => {
        const other = content.runs.find(isOpen);
        if (other)
          throw new Error(`run ${other.id} is under way (${other.status}): ecs-pull-doctor undo ${other.id}`);
        await save(run);
      },
      save,
      close: () => rmSync(lock),
    };
  } catch (error) {
    rmSync(lock);
    throw error;
  }
}

function take(lock: string): void {
  try {
    closeSync(openSync(lock, 'wx'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new UsageError(
        `another program is writing this journal; if none is, remove '${lock}' and run: ecs-pull-doctor undo`,
      );
    throw new UsageError(`the journal '${lock.replace(/\.lock$/, '')}' cannot be written (${code})`);
  }
}

/** All of it or nothing: a program that ends in between leaves the old file. */
function replace(file: string, text: string): void {
  const next = `${file}.next`;
  const handle = openSync(next, 'w');
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(next, file);
}

function read(file: string): Content {
  const plan = v.looseObject({ id: v.string(), expiresAt: v.string(), steps: v.array(v.looseObject({})) });
  const shape = v.object({
    schemaVersion: v.literal(1),
    plans: v.array(plan),
    runs: v.array(
      v.looseObject({ id: v.string(), status: v.string(), plan, entries: v.array(v.looseObject({})) }),
    ),
  });
  const json = readJson(file);
  const { success, issues } = v.safeParse(shape, json);
  if (!success)
    throw new UsageError(
      `'${file}' is not a journal of this version (${v.getDotPath(issues[0]) ?? 'it'} is missing, or not as it should be); name yours with --journal`,
    );
  return json as Content;
}
