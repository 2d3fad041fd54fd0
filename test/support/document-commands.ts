import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Documents whose commands are run, and who runs them; `test/readme.test.ts` leaves none out. */
export const documents = ['README.md', 'docs/deploying.md', 'CONTRIBUTING.md'] as const;
export const runners = {
  /** `.ci/run`, one by one. */
  ci: /^(?:npm (?:ci|test|run [\w:]+)|pip install -r \S+)$/,
  /** `test/emulator/readme.test.ts`. */
  commandLine: /^node dist\/cli\.mjs /,
  /** `test/stack-e2e/readme.test.ts`. */
  stack: /^(?:npx cdk|aws) /,
} as const;

/** Every command in the shell blocks of a document, in their order. */
export const commandsOf = (document: string): readonly string[] =>
  [...readFileSync(join(__dirname, '../..', document), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)]
    .flatMap(([, block = '']) => block.trim().split('\n'))
    .filter((line) => line !== '' && !line.startsWith('#'));
