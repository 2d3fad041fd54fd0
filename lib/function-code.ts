import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';

/** Where `npm run build` puts the functions: seen from the sources, and seen from the emitted files in the package. */
const places = ['../dist', '../..'];

/** `lambda` diagnoses, `remediation` makes changes, `widget` shows incidents on the dashboard. */
export type Bundle = 'lambda' | 'remediation' | 'widget';

/** The bundle of a function. It is built before synthesis, so that whoever uses the package needs no bundler. */
export function functionCode(bundle: Bundle): Code {
  const folders = places.map((place) => `${place}/${bundle}`);
  const folder = folders
    .map((place) => join(__dirname, place))
    .find((path) => existsSync(join(path, 'index.js')));
  if (folder === undefined)
    throw new Error(
      `the function is not built: run npm run build (looked for index.js in ${folders.join(' and ')})`,
    );
  return Code.fromAsset(folder);
}
