import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { findActions, type ReadAction, readActions } from '../../lambda/aws/actions.ts';
import type { Read } from '../../lambda/aws/api.ts';
import { CallFailed } from '../../lambda/aws/call-failed.ts';
import { collect } from '../../lambda/collect/collect.ts';
import { diagnose } from '../../lambda/diagnose.ts';
import { stoppedTask } from '../../lambda/event.ts';
import { permissionsTable } from '../../scripts/permissions-page.ts';
import { fakeAws } from '../support/account.ts';
import { expectGolden } from '../support/golden.ts';
import { scenarios } from '../support/scenario-list.ts';

const page = join(__dirname, '../../docs/permissions.md');

function incidentOf({ world, breaks, event }: (typeof scenarios)[number]) {
  const task = stoppedTask(event);
  if (!task) throw new Error('an incident must be a failed pull');
  const account = world();
  breaks?.(account);
  return { task, read: fakeAws(account) };
}

/** An incident looked at with one permission fewer; without a name, with all of them. */
async function lookedAt({ task, read }: ReturnType<typeof incidentOf>, refused?: string) {
  const calls = new Set<string>();
  const allowed = (async (action: ReadAction, input: never, region?: string) => {
    calls.add(action);
    if (action === refused) throw new CallFailed(action, 'AccessDeniedException', 'refused');
    return read(action, input, region);
  }) as Read;
  const { causes } = diagnose(await collect(task, allowed, new Date(0)));
  const ids = (of: typeof causes) => of.map(({ check }) => check.id);
  return {
    calls,
    causes: ids(causes),
    proven: ids(causes.filter(({ certainty }) => certainty === 'proven')),
  };
}

test('docs/permissions.md says what is lost without each call, found out by refusing it in every incident', async () => {
  const lost = new Map<string, Set<string>>();
  const wrong: string[] = [];
  for (const scenario of scenarios.filter(({ cause }) => cause !== null)) {
    const incident = incidentOf(scenario);
    const whole = await lookedAt(incident);
    const [first] = whole.causes;
    if (first === undefined) continue;
    for (const action of whole.calls) {
      const { causes, proven } = await lookedAt(incident, action);
      if (!causes.includes(first)) lost.set(action, (lost.get(action) ?? new Set()).add(first));
      // Less may be seen, but nothing else is proven. That an image is gone is true also where it cannot be seen why.
      const others = proven.filter((id) => !whole.causes.includes(id) && action !== 'ecr:GetLifecyclePolicy');
      if (others.length > 0) wrong.push(`${scenario.name} without ${action}: ${others}`);
    }
  }

  const table = permissionsTable(
    [...readActions, ...findActions],
    Object.fromEntries([...lost].map(([action, ids]) => [action, [...ids].toSorted()])),
    findActions,
  );

  expect(wrong).toEqual([]);
  const text = readFileSync(page, 'utf8').replace(
    /(<!-- calls: [^>]*-->\n)[\s\S]*?(<!-- \/calls -->)/,
    (_, before, after) => `${before}${table}\n${after}`,
  );
  expect(text).toContain(table);
  expectGolden(page, text);
});
