import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';

const root = join(__dirname, '../..');
mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
// Inside the repository, so that its packages are found.
const folder = mkdtempSync(join(root, 'node_modules/.cache/snippets-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
  'docs/remediations/README.md',
].filter((name) => name.endsWith('.md'));
const snippets = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = ''], n) => ({
    file: `${page.replace(/\W/g, '-')}-${n + 1}.ts`,
    code,
  })),
);

test('every piece of TypeScript in the documentation compiles', () => {
  for (const { file, code } of snippets) writeFileSync(join(folder, file), `${code}\nexport {};\n`);
  const options = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noUnusedLocals: false,
      // The types of the CDK do not keep it.
      exactOptionalPropertyTypes: false,
      paths: { 'ecs-pull-doctor': [join(root, 'lib/index.ts')] },
    },
    include: ['*.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));

  expect(snippets.length).toBeGreaterThan(2);
  const { stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder],
    {
      encoding: 'utf8',
    },
  );
  expect(stdout).toBe('');
});
