import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';

/** Where `npm run build` puts the functions: seen from the sources, and seen from the emitted files in the package. */
const places = ['../dist', '../..'];

/** The bundle of a function. It is built before synthesis, so that whoever uses the package needs no bundler. */
export function functionCode(name: 'lambda' | 'remediation' = 'lambda'): Code {
  const folder = places
    .map((place) => join(__dirname, place, name))
    .find((path) => existsSync(join(path, 'index.js')));
  if (folder === undefined)
    throw new Error(
      `the function is not built: run npm run build (looked for ${name}/index.js in ${places.join(' and ')})`,
    );
  return Code.fromAsset(folder);
}
