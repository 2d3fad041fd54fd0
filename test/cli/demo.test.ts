import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { incidents } from '../../bin/demo/index.ts';
import { tour } from '../../bin/demo/tour.ts';
import { bundledProgram } from './program.ts';

let program: ReturnType<typeof bundledProgram>;
beforeAll(() => {
  program = bundledProgram();
});
afterAll(() => program.remove());

/** What a terminal shows of a text: its colours have no width. */
const plain = stripVTControlCharacters;

test('the tour shows three incidents, says what to notice after each, and how to go on', async () => {
  const { code, stdout, stderr } = await program.run(['demo']);

  const shown = [...stdout.matchAll(/^── \d of 3, ([\w-]+): /gm)].map(([, name]) => name);
  const unwrapped = stdout.replaceAll(/\s+/g, ' ');
  expect([code, stderr]).toEqual([0, '']);
  expect(shown).toEqual(tour.map(({ incident }) => incident));
  expect(shown).toHaveLength(3);
  for (const { notice } of tour) expect(unwrapped).toContain(notice);
  expect(stdout).toMatch(/^✗ [\s\S]*^✗ Probably: [\s\S]*^\? The cause could not be seen[\s\S]*demo --list/m);
});

test('it says the same in colour and piped, and no line of ours is wider than a terminal', async () => {
  const piped = await program.run(['demo']);
  const coloured = await program.run(['demo'], { env: { FORCE_COLOR: '1' } });

  expect(coloured.stdout).not.toBe(plain(coloured.stdout));
  // In colour an identifier needs no backticks.
  expect(plain(coloured.stdout).replaceAll(/\s+/g, '')).toBe(piped.stdout.replaceAll(/[\s`]+/g, ''));
  const wide = piped.stdout.split('\n').filter((line) => line.length > 105 && !/ {5}(?:\$|CDK) /.test(line));
  expect(wide).toEqual([]);
});

test('each incident of the list can be shown alone, and in every format', async () => {
  const { stdout } = await program.run(['demo', '--list']);
  const names = [...stdout.matchAll(/^ {2}([\w-]+) /gm)].map(([, name = '']) => name);
  expect(names).toEqual(incidents.map(({ name }) => name));

  const shown = await Promise.all(names.map((name) => program.run(['demo', name])));
  expect(shown.map(({ code }) => code)).toEqual(names.map(() => 0));
  const json = await program.run(['demo', 'refused', '--format', 'json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ conclusion: 'suspected', causes: [] });
});
