// As much of Jest as the tests need that `mutate.ts` asks a thousand times: Jest itself takes seconds to start.
import { expect } from 'expect';
import { ModuleMocker } from 'jest-mock';

type Run = (...row: readonly unknown[]) => unknown;
interface Hooks {
  readonly before: (() => unknown)[];
  readonly after: (() => unknown)[];
}
const runs: { name: string; run: () => unknown; hooks: readonly Hooks[] }[] = [];
let hooks: readonly Hooks[] = [];
const withEach = (once: (name: string, run: () => unknown) => void) =>
  Object.assign(once, {
    each: (table: readonly unknown[]) => (name: string, run: Run) => {
      for (const row of table)
        once(`${name} ${JSON.stringify(row)}`, () => run(...(Array.isArray(row) ? row : [row])));
    },
  });

const test = withEach((name, run) => void runs.push({ name, run, hooks }));
const describe = withEach((_, run) => {
  const outer = hooks;
  hooks = [...outer, { before: [], after: [] }];
  run();
  hooks = outer;
});
const beforeEach = (run: () => unknown) => void hooks.at(-1)?.before.push(run);
const afterEach = (run: () => unknown) => void hooks.at(-1)?.after.unshift(run);
expect.setState({ snapshotState: { _updateSnapshot: 'none' } } as object); // golden files are compared
const jest = new ModuleMocker(globalThis);

export { afterEach, beforeEach, describe, expect, jest, test };

/** Runs the tests that were written since, some of them first, up to one that fails. */
export async function runTests(first: readonly string[]): Promise<void> {
  const isLate = ({ name }: { readonly name: string }) => Number(!first.includes(name));
  for (const { name, run, hooks: around } of runs.splice(0).toSorted((a, b) => isLate(a) - isLate(b)))
    try {
      for (const hook of around.flatMap(({ before }) => before)) await hook();
      await run();
      for (const hook of around.toReversed().flatMap(({ after }) => after)) await hook();
    } catch (error) {
      throw new Error(name, { cause: error });
    } finally {
      jest.restoreAllMocks();
    }
}
