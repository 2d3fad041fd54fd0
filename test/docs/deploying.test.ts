import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const read = (path: string) => readFileSync(join(__dirname, '../..', path), 'utf8');
const wordsIn = (text: string) => [...text.matchAll(/`(\w+)`/g)].map(([, word = '']) => word);
const [, settings = ''] = read('docs/deploying.md').split('\n## Settings\n');
const rows = (settings.split('\n## ')[0] ?? '')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| Context'))
  .map((line) => line.split('|').slice(1, 3));

test('every setting that the app reads is documented, and no other', () => {
  const names = [...read('bin/app.ts').matchAll(/: (?:context|list|yesUnlessNo)\('(\w+)'\)/g)].map(
    ([, name]) => name,
  );

  const documented = rows
    .flatMap(([context = '']) => wordsIn(context))
    .filter((word) => !/^(?:true|false)$/.test(word));

  expect(documented.toSorted()).toEqual(names.toSorted());
});

test('every property of the construct is documented, and no other', () => {
  const [, props = ''] =
    /interface EcsPullDoctorProps \{([\s\S]*?)\n\}/.exec(read('lib/ecs-pull-doctor.ts')) ?? [];
  const names = [...props.matchAll(/readonly (\w+)\?:/g)].map(([, name = '']) => name);

  const documented = new Set(rows.flatMap(([, property = '']) => wordsIn(property)));

  expect(names.length).toBeGreaterThan(5);
  expect([...documented].toSorted()).toEqual(names.toSorted());
});
