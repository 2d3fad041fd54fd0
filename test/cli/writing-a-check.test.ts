import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';

const root = join(__dirname, '../..');
/** The files of the page, by their paths. */
const files = [
  ...readFileSync(join(root, 'docs/writing-a-check.md'), 'utf8').matchAll(/^```ts (\S+)\n(.*?)^```/gms),
].map(([, path = '', code = '']) => ({ path, code }));

mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
const folder = mkdtempSync(join(root, 'node_modules/.cache/check-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const { path, code } of files) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), code);
}

test('the check of the page and its test compile where they would stand', () => {
  const options = {
    extends: join(root, 'tsconfig.json'),
    // As if the files lay in the repository.
    compilerOptions: { rootDirs: [root, folder] },
    include: ['**/*.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));

  const { stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder],
    {
      encoding: 'utf8',
    },
  );

  expect(files.map(({ path }) => dirname(path))).toEqual(['lambda/checks', 'test/checks']);
  expect(stdout).toBe('');
});

test('the test of the page passes', async () => {
  const { outputFiles } = await build({
    entryPoints: [join(folder, files[1]?.path ?? '')],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    external: ['@jest/globals'],
    plugins: [
      {
        name: 'as if the files lay in the repository',
        setup({ onResolve }) {
          onResolve({ filter: /^\./ }, ({ path, importer }) => {
            const to = join(dirname(importer), path).replace(folder, root);
            const own = files.find((file) => join(root, file.path) === to);
            return { path: own ? join(folder, own.path) : to };
          });
        },
      },
    ],
  });
  const tests: { readonly name: string; readonly run: () => unknown }[] = [];
  const globals = { expect, test: (name: string, run: () => unknown) => tests.push({ name, run }) };

  new Function('require', '__dirname', outputFiles[0]?.text ?? '')(
    (name: string) => (name === '@jest/globals' ? globals : require(name)),
    join(root, 'test/support'),
  );

  expect(tests.length).toBeGreaterThan(1);
  for (const { run } of tests) run();
});
