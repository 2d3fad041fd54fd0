import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { drawing, folder, noteFor, photographs } from '../../scripts/pictures/index.ts';
import { noteOf, withNote } from '../../scripts/pictures/png-note.ts';
import { expectGolden } from '../support/golden.ts';

const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');

test('the drawn terminal is what the program writes today', async () => {
  const svg = await drawing();

  expectGolden(join(folder, 'terminal.svg'), svg);
  // GitHub shows no others.
  expect(svg).not.toMatch(/foreignObject|<script|<style|@font-face|href=|url\(/);
});

test('each photograph was taken of what the program writes today, in both colours: else npm run pictures', async () => {
  const due = Object.fromEntries(
    (await photographs()).flatMap((one) =>
      ['light', 'dark'].map((colours) => [`${one.name}-${colours}.png`, noteFor(one)]),
    ),
  );

  const taken = Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.png'))
      .map((name) => [name, noteOf(readFileSync(join(folder, name)))]),
  );

  expect(taken).toEqual(due);
});

test('the README shows every picture, says what is on it, and none is heavy', () => {
  const pictures = readdirSync(folder);
  const shown = [...readme.matchAll(/(?:src|srcset)="(docs\/pictures\/[^"]+)"/g)].map(
    ([, path = '']) => path,
  );

  expect([...new Set(shown)].toSorted()).toEqual(pictures.map((name) => `docs/pictures/${name}`).toSorted());
  for (const path of shown) expect(existsSync(join(__dirname, '../..', path))).toBe(true);
  for (const name of pictures) expect(statSync(join(folder, name)).size).toBeLessThan(200_000);
  for (const [tag] of readme.matchAll(/<img [^>]*>/g)) expect(tag).toMatch(/alt="[^"]{20,}"/);
});

test('a note is found again in a picture, and only there', () => {
  const picture = readFileSync(join(folder, 'report-light.png'));

  expect(noteOf(withNote(picture.subarray(0), 'other'))).toBe('other');
  expect(noteOf(picture.subarray(0, 40))).toBeNull();
});
