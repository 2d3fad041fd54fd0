import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { changeActions } from '../../lambda/aws/actions.ts';
import { remediations } from '../../lambda/remediate/index.ts';

const folder = join(__dirname, '../../docs/remediations');
const pageOf = (id: string) => readFileSync(join(folder, `${id}.md`), 'utf8');

test('every remediation has a page and a file of its name, and every page a remediation', () => {
  const ids = remediations.map(({ id }) => `${id}.md`).toSorted();

  expect(readdirSync(folder).toSorted()).toEqual(['README.md', ...ids].toSorted());
  for (const { id } of remediations)
    expect(existsSync(join(__dirname, `../../lambda/remediate/${id}.ts`))).toBe(true);
});

describe.each([...remediations])('$id', ({ id, does, remedies, byPersonOnly }) => {
  const page = pageOf(id);

  test('says what it does and for which check, with a link that leads there', () => {
    expect(page).toContain(`${does}. For`);
    expect(page).toContain(`(../checks/${remedies}.md)`);
    expect(existsSync(join(folder, `../checks/${remedies}.md`))).toBe(true);
  });

  test('has its four sections', () => {
    expect([...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual([
      'What it changes',
      'What it needs',
      'How it is taken back',
      'What it will never do',
    ]);
  });

  test('names every call that it makes, the consent, and who must approve', () => {
    for (const action of changeActions[id as keyof typeof changeActions])
      expect(page).toContain(`\`${action}\``);
    expect(page).toContain('`ecs-pull-doctor:remediation` = `allow`');
    expect(page.includes('never applied on its own')).toBe(byPersonOnly);
  });
});
