import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { incidents } from '../bin/demo/index.ts';
import { recordedAnswers } from '../bin/demo/recorded-answers.ts';
import { collect } from '../lambda/collect/collect.ts';
import { diagnose } from '../lambda/diagnose.ts';
import { stoppedTask } from '../lambda/event.ts';
import { terminal } from '../lambda/render/terminal.ts';
import { commandsOf, documents, runners } from './support/document-commands.ts';
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

test('the report in the README is the one that the program writes, and its messages are golden files', async () => {
  const report = await reportOf('layers');
  const golden = (name: string) => readFileSync(`${__dirname}/../${name}`, 'utf8').trimEnd();

  const readme = readFileSync(file, 'utf8')
    .replace(
      /(<!-- report:[^>]*-->\n```text\n)[\s\S]*?(```\n<!-- \/report -->)/,
      (_, before, after) => `${before}${report}\n${after}`,
    )
    .replace(
      /(<!-- message: (\S+) -->\n```\w+\n)[\s\S]*?(```\n<!-- \/message -->)/g,
      (_, before, name, after) => `${before}${golden(name)}\n${after}`,
    );

  expect(readme).toContain(report);
  for (const name of ['email.txt', 'chat.json'])
    expect(readme).toContain(golden(`test/scenarios/nat-gateway-deleted/${name}`));
  expectGolden(file, readme);
});

test.each(incidents)(
  'the bundled incident $name asks for nothing that was not recorded',
  async ({ event, answers, collectedAt }) => {
    const task = stoppedTask(event);
    if (!task) throw new Error('a bundled incident must be a failed pull');

    const { facts } = await collect(task, recordedAnswers(answers), new Date(collectedAt));

    // One of them is about a call that was refused, which is an answer too.
    const unknown = JSON.stringify(Object.values(facts).filter(({ status }) => status === 'unknown'));
    const refused = answers.some(({ error }) => error === 'UnauthorizedOperation');
    expect(unknown).not.toContain('NotRecorded');
    expect(unknown === '[]').toBe(!refused);
  },
);

describe('every command of a document is run', () => {
  const ci = readFileSync(`${__dirname}/../.ci/run`, 'utf8');

  test.each(documents.flatMap((document) => commandsOf(document).map((command) => [document, command])))(
    '%s: %s',
    (_, command = '') => {
      const [runner, ...others] = Object.entries(runners).filter(([, pattern]) => pattern.test(command));

      expect(runner).toBeDefined();
      expect(others).toEqual([]);
      // CI calls Python's tools by the path where it has put them.
      if (runner?.[0] === 'ci') expect(ci).toContain(command.replace('pip install ', ''));
    },
  );
});
