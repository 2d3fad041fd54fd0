import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { incidents } from '../bin/demo/index.ts';
import { recordedAnswers } from '../bin/demo/recorded-answers.ts';
import { collect } from '../lambda/collect/collect.ts';
import { diagnose } from '../lambda/diagnose.ts';
import { stoppedTask } from '../lambda/event.ts';
import { terminal } from '../lambda/render/terminal.ts';
import { expectGolden } from './support/golden.ts';

const file = `${__dirname}/../README.md`;

async function reportOf(name: string): Promise<string> {
  const incident = incidents.find((one) => one.name === name);
  const task = stoppedTask(incident?.event);
  if (!incident || !task) throw new Error(`there is no incident ${name}`);
  const report = terminal(
    diagnose(await collect(task, recordedAnswers(incident.answers), new Date(incident.collectedAt))),
  );
  return report.slice(0, report.indexOf('\nRuled out')).trimEnd();
}

test('the report in the README is the one that the program writes', async () => {
  const report = await reportOf('layers');

  const readme = readFileSync(file, 'utf8').replace(
    /(<!-- report:[^>]*-->\n```text\n)[\s\S]*?(```\n<!-- \/report -->)/,
    (_, before, after) => `${before}${report}\n${after}`,
  );

  expect(readme).toContain(report);
  expectGolden(file, readme);
});

test.each(incidents)(
  'the bundled incident $name asks for nothing that was not recorded',
  async ({ event, answers, collectedAt }) => {
    const task = stoppedTask(event);
    if (!task) throw new Error('a bundled incident must be a failed pull');

    const { facts } = await collect(task, recordedAnswers(answers), new Date(collectedAt));

    const unknown = Object.entries(facts).filter(([, fact]) => fact.status === 'unknown');
    expect(unknown).toEqual([]);
  },
);
