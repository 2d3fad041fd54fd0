import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** Builds the functions' bundles, if `npm run build` has not. */
export function buildFunctions(): void {
  for (const bundle of ['lambda', 'remediation', 'widget'])
    if (!existsSync(join(root, `dist/${bundle}/index.js`)))
      execFileSync(process.execPath, ['scripts/bundle.mjs', bundle, `dist/${bundle}`], { cwd: root });
}
