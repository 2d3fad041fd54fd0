// As much of Jest as the tests need that `mutate.ts` asks a thousand times: Jest itself takes seconds to start.
import { expect } from 'expect';

type Run = (...row: readonly unknown[]) => unknown;
const runs: { name: string; run: () => unknown }[] = [];
const withEach = (once: (name: string, run: () => unknown) => void) =>
  Object.assign(once, {
    each: (table: readonly unknown[]) => (name: string, run: Run) => {
      for (const row of table)
        once(`${name} ${JSON.stringify(row)}`, () => run(...(Array.isArray(row) ? row : [row])));
    },
  });

const test = withEach((name, run) => void runs.push({ name, run }));
const describe = withEach((_, run) => void run());

export { describe, expect, test };

/** Runs the tests that were written since, up to the first that fails. */
export async function runTests(): Promise<void> {
  for (const { name, run } of runs.splice(0))
    try {
      await run();
    } catch (error) {
      throw new Error(name, { cause: error });
    }
}
