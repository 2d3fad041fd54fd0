import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(__dirname, '../..');

/** What IAM calls a service, where the SDK's client has another name. */
const services: Readonly<Record<string, string>> = { eventbridge: 'events' };

/**
 * The IAM actions of all AWS calls in the sources that a program is made of: what it asks its reader for, and what it sends with
 * a client of its own.
 */
export async function callsOf(program: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [program],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outdir: 'unused',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const sources = Object.keys(metafile.inputs).map((file) => readFileSync(join(root, file), 'utf8'));
  return [...new Set(sources.flatMap((source) => [...asked(source), ...sent(source)]))].toSorted();
}

const asked = (source: string) =>
  [...source.matchAll(/\bread\(\s*'([a-z0-9]+:\w+)'/g)].map(([, action = '']) => action);

const sent = (source: string) =>
  [...source.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)].flatMap(
    ([, names = '', client = '']) =>
      [...names.matchAll(/\b(\w+)Command\b/g)].map(([, call]) => `${services[client] ?? client}:${call}`),
  );
