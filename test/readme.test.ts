import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { incidents } from '../bin/demo/index.ts';
import { snapshotOf } from '../bin/demo/snapshot.ts';
import { diagnose } from '../lambda/diagnose.ts';
import { terminal } from '../lambda/render/terminal.ts';
import { commandsOf, documents, runners, shellBlocksOf } from './support/document-commands.ts';
import { expectGolden } from './support/golden.ts';

const inRoot = (path: string) => join(__dirname, '..', path);
const { scripts, version } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));

async function reportOf(name: string): Promise<string> {
  const incident = incidents.find((one) => one.name === name);
  if (!incident) throw new Error(`there is no incident ${name}`);
  const report = terminal(diagnose(await snapshotOf(incident)));
  return report.slice(0, report.indexOf('\nRuled out')).trimEnd();
}

const pages = documents.filter((document) =>
  /<!-- (?:report|message):/.test(readFileSync(inRoot(document), 'utf8')),
);

test('reports and messages are shown somewhere', () => {
  expect(pages.length).toBeGreaterThan(1);
});

test.each(pages)(
  'the reports in %s are those that the program writes, and its messages are golden files',
  async (page) => {
    const report = await reportOf('layers');
    const golden = (name: string) => readFileSync(inRoot(name), 'utf8').trimEnd();

    const text = readFileSync(inRoot(page), 'utf8')
      .replace(
        /(<!-- report:[^>]*-->\n```text\n)[\s\S]*?(```\n<!-- \/report -->)/g,
        (_, before, after) => `${before}${report}\n${after}`,
      )
      .replace(
        /(<!-- message: (\S+) -->\n```\w+\n)[\s\S]*?(```\n<!-- \/message -->)/g,
        (_, before, name, after) => `${before}${golden(name)}\n${after}`,
      );

    expectGolden(inRoot(page), text);
  },
);

test.each(incidents)(
  'the bundled incident $name asks for nothing that was not recorded',
  async (incident) => {
    const { facts } = await snapshotOf(incident);

    // One of them is about a call that was refused, which is an answer too.
    const unknown = JSON.stringify(Object.values(facts).filter(({ status }) => status === 'unknown'));
    const refused = incident.answers.some(({ error }) => error === 'UnauthorizedOperation');
    expect(unknown).not.toContain('NotRecorded');
    expect(unknown === '[]').toBe(!refused);
  },
);

describe('every command of a document is run, or checked by what would run it', () => {
  const ci = `${readFileSync(inRoot('.ci/run'), 'utf8')}${scripts['check']}`;

  test.each(documents.flatMap((document) => commandsOf(document).map((command) => [document, command])))(
    '%s: %s',
    (_, command = '') => {
      const [runner, ...others] = Object.entries(runners).filter(([, pattern]) => pattern.test(command));

      expect(runner).toBeDefined();
      expect(others).toEqual([]);
      // CI calls Python's tools by the path where it has put them.
      if (runner?.[0] === 'ci') expect(ci).toContain(command.replace('pip install ', ''));
      // The name of the tarball holds the version.
      if (command.startsWith('npx --yes')) expect(command).toContain(`-${version}.tgz`);
      if (command.startsWith('npx cdk')) expect(commandsOf('README.md')).toContain(command);
      if (runner?.[0] === 'developer') {
        const [, script, folder] = /^npm run ([\w:-]+)|^npx jest (\S+)/.exec(command) ?? [];
        if (script) expect(scripts).toHaveProperty([script]);
        if (folder) expect(existsSync(inRoot(folder)) || existsSync(inRoot(`${folder}.test.ts`))).toBe(true);
      }
    },
  );

  test.each(documents)('the shell blocks of %s are shell', (document) => {
    for (const block of shellBlocksOf(document)) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: block, encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
    }
  });
});
