import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { documents } from '../support/document-commands.ts';

const root = join(__dirname, '../..');
const pagesIn = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
const pages = [...documents, ...pagesIn('docs/decisions'), ...pagesIn('docs/remediations'), 'CHANGELOG.md'];

const withoutCode = (page: string) => page.replace(/^ *```[\s\S]*?^ *```$/gm, '').replace(/`[^`\n]+`/g, '`');

/** What GitHub makes of a heading. */
const anchorsOf = (page: string) =>
  [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

test.each(pages)('the links of %s lead somewhere', (page) => {
  const links = [
    ...withoutCode(readFileSync(join(root, page), 'utf8')).matchAll(/\]\((?!https?:)([^)\s]+)\)/g),
  ];

  const broken = links.flatMap(([, to = '']) => {
    const [file, anchor] = to.split('#');
    const path = file ? join(root, dirname(page), file) : join(root, page);
    const leads = existsSync(path) && (anchor === undefined || anchorsOf(path).includes(anchor));
    return leads ? [] : [to];
  });

  expect(broken).toEqual([]);
});

test('the index of the documentation leads to every page', () => {
  const index = readFileSync(join(root, 'docs/README.md'), 'utf8');

  const missing = documents
    .filter((page) => page.startsWith('docs/') && page !== 'docs/README.md')
    .filter((page) => !index.includes(`(${page.replace('docs/', '')})`));

  expect(missing).toEqual([]);
});
