import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openJournal } from '../../bin/journal.ts';
import { apply, undo } from '../../lambda/remediate/execute.ts';
import { Crash, incidents, labOf } from '../remediate/lab.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecs-pull-doctor-journal-'));
  file = join(folder, 'journal.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const incident = incidents['allow-https-egress'];
const planOf = async (lab: ReturnType<typeof labOf>) => {
  const [plan] = await lab.plans();
  if (!plan) throw new Error('there is no plan');
  return plan;
};

test('a run whose program ended is taken back from the file alone, and blocks another run until then', async () => {
  const lab = labOf(incident);
  const before = lab.settings();
  const plan = await planOf(lab);
  const first = openJournal(file);
  // The answer to the change is the last thing that the program sees.
  const change: typeof lab.tools.account.change = async (...args) => {
    await lab.tools.account.change(...args);
    lab.fail(0, 'crash', true);
  };
  const ending = {
    begin: first.begin,
    save: async (run: Parameters<typeof first.save>[0]) => {
      if (run.status === 'applying' && run.entries.some(({ status }) => status === 'done'))
        throw new Crash('gone');
      if (run.status === 'applying') await first.save(run);
      else throw new Crash('gone');
    },
  };
  await apply(plan, 'anna', lab.plans, {
    ...lab.tools,
    journal: ending,
    account: { ...lab.tools.account, change },
  });
  first.close();
  lab.heal();
  expect(lab.settings()).not.toEqual(before);

  const second = openJournal(file);
  const [run] = second.runs;
  if (!run) throw new Error('the run was not written down');
  await expect(second.begin({ ...run, id: 'another' })).rejects.toThrow(/is under way \(applying\)/);
  const undone = await undo(run, { account: lab.tools.account, journal: second });
  second.close();

  expect(undone.status).toBe('undone');
  expect(lab.settings()).toEqual(before);
  const third = openJournal(file);
  await third.begin({ ...run, id: 'another' });
  third.close();
});

test('one program writes at a time', () => {
  const journal = openJournal(file);

  expect(() => openJournal(file)).toThrow(/another program is writing this journal/);

  journal.close();
  openJournal(file).close();
  expect(existsSync(`${file}.lock`)).toBe(false);
});

test.each([
  ['', /is empty/],
  ['{', /is not JSON/],
  ['[]', /is not a journal of this version/],
  ['{"schemaVersion":2,"plans":[],"runs":[]}', /is not a journal of this version \(schemaVersion/],
  ['{"schemaVersion":1,"plans":[{}],"runs":[]}', /is not a journal of this version \(plans.0.id/],
])('%j is refused, left as it is, and not locked', (text, message) => {
  writeFileSync(file, text);

  expect(() => openJournal(file)).toThrow(message);

  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(existsSync(`${file}.lock`)).toBe(false);
});

test('a plan that was shown is kept until it expires', async () => {
  const plan = await planOf(labOf(incident));
  const journal = openJournal(file);

  journal.keep([plan], new Date(plan.plannedAt));
  journal.keep([], new Date(plan.plannedAt));
  const kept = journal.plans.map(({ id }) => id);
  journal.keep([], new Date(Date.parse(plan.expiresAt) + 1));
  journal.close();

  expect(kept).toEqual([plan.id]);
  expect(journal.plans).toEqual([]);
});
