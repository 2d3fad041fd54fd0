import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** Documents whose commands are run or checked, and who does it; `test/readme.test.ts` leaves none out. */
export const documents: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  'docs/remediations/README.md',
];

export const runners = {
  /** `.ci/run`, one by one. */
  ci: /^(?:npm (?:ci|test|run (?!pictures)[\w:]+)|pip install -r \S+)$/,
  /** Whoever works on the program; there must be such a script, and such tests. */
  developer: /^(?:npm run pictures|npx jest \S+|npm run [\w:-]+ -- \S+|npm test -- -u)$/,
  /** `test/package/package.test.ts`, from the tarball. */
  tarball: /^(?:npm pack|npx --yes \S+\.tgz .*)$/,
  /** `test/emulator/readme.test.ts`. */
  commandLine: /^(?:node dist\/cli\.mjs|jq) /,
  /** Those of the README are run by `test/stack-e2e/readme.test.ts`, all others parsed by `test/stack-e2e/commands.test.ts`. */
  stack: /^(?:npx cdk|aws) /,
  /** Parts of longer pieces of shell: their AWS commands are parsed too, and `test/stack-e2e` runs those on dead letters. */
  shell: /^(?:while |done$|queue\(\) \{|\}$|to=\$\(queue|for from in )/,
} as const;

/** The shell blocks of a document, also those in a list, in their order. */
export const shellBlocksOf = (document: string): readonly string[] =>
  [...readFileSync(join(root, document), 'utf8').matchAll(/^( *)```sh\n([\s\S]*?)^ *```/gm)].map(
    ([, indent = '', block = '']) => block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );

/** Every command in the shell blocks of a document, in their order; a line that ends with a backslash goes on in the next. */
export const commandsOf = (document: string): readonly string[] =>
  shellBlocksOf(document)
    .flatMap((block) =>
      block
        .replaceAll(/(?:\\|&&)\n\s*/g, (end) => (end.startsWith('&&') ? '&& ' : ''))
        .trim()
        .split('\n'),
    )
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
