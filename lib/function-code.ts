import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';

/** Where `npm run build` puts the function: seen from the sources, and seen from the emitted files in the package. */
const places = ['../dist/lambda', '../../lambda'];

/** The function's bundle. It is built before synthesis, so that whoever uses the package needs no bundler. */
export function functionCode(): Code {
  const folder = places
    .map((place) => join(__dirname, place))
    .find((path) => existsSync(join(path, 'index.js')));
  if (folder === undefined)
    throw new Error(
      `the function is not built: run npm run build (looked for index.js in ${places.join(' and ')})`,
    );
  return Code.fromAsset(folder);
}
