import type { Read } from '../aws/api.ts';
import { CallFailed } from '../aws/call-failed.ts';
import type {
  CollectedFacts,
  Fact,
  FactName,
  Facts,
  Snapshot,
  StoppedTask,
  Unknown,
} from '../model/facts.ts';
import { gather } from '../model/gather.ts';
import type { AskRegistry, Collector } from './define.ts';
import { unknownBy } from './fact.ts';
import { collectors } from './index.ts';
import { once } from './once.ts';

export interface CollectOptions {
  /** How registries outside Amazon ECR are asked. Without it none is. */
  readonly askRegistry?: AskRegistry | undefined;
  /** Told about errors that are bugs of ours, so that they are logged and counted. */
  readonly onBug?: (fact: FactName, error: unknown) => void;
}

/** Reads every fact about a stopped task, each as soon as the facts it needs are known. */
export async function collect(
  task: StoppedTask,
  read: Read,
  now: Date,
  { askRegistry, onBug }: CollectOptions = {},
): Promise<Snapshot> {
  const readOnce = once(read);
  const facts = new Map<FactName, Promise<Fact<unknown>>>([
    ['task', Promise.resolve({ status: 'known', value: task })],
  ]);

  const learn = (name: FactName): Promise<Fact<unknown>> => {
    const fact = facts.get(name) ?? collectAfterNeeds(name as keyof typeof collectors);
    facts.set(name, fact);
    return fact;
  };

  const collectAfterNeeds = async (name: keyof typeof collectors): Promise<Fact<unknown>> => {
    const { needs, collect: collectFact } = collectors[name] as Collector;
    const { values, missing } = gather<Facts, FactName>(needs, await all(needs));
    if (missing[0]) {
      const { fact: _, ...because } = missing[0];
      return { status: 'unknown', ...because };
    }
    try {
      const value = await collectFact(values as Facts, readOnce, learn as never, askRegistry ?? null);
      return isUnknown(value) ? value : { status: 'known', value };
    } catch (error) {
      if (error instanceof CallFailed) return unknownBy(error);
      onBug?.(name, error);
      return { status: 'unknown', why: 'our-bug', error: String(error) };
    }
  };

  const all = async (names: readonly FactName[]): Promise<CollectedFacts> =>
    Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await learn(name)] as const)),
    ) as never;

  const names = ['task', ...Object.keys(collectors)] as FactName[];
  return { schemaVersion: 1, collectedAt: now.toISOString(), facts: ofTheTasksAccount(await all(names)) };
}

/** Facts that another account's credentials saw are about that account. What the event tells, and what ECR tells by registry, stays. */
function ofTheTasksAccount(facts: CollectedFacts): CollectedFacts {
  const { caller, task } = facts;
  if (caller.status === 'unknown' || caller.value.accountId === task.value.accountId) return facts;
  const error = `the task runs in account ${task.value.accountId}, and the credentials are those of account ${caller.value.accountId}`;
  const foreign: Unknown = { status: 'unknown', why: 'owned-by-other', error };
  const kept: readonly FactName[] = ['task', 'images', 'caller', 'ecrImages', 'externalImages'];
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, kept.includes(name as FactName) ? fact : foreign]),
  ) as unknown as CollectedFacts;
}

// No fact's own value has a `status` of `unknown`.
const isUnknown = (value: unknown): value is Unknown =>
  typeof value === 'object' && value !== null && (value as { status?: unknown }).status === 'unknown';
