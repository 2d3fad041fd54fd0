// Bundles with esbuild:
//   node scripts/bundle.mjs lambda <outdir>         one CommonJS file, index.js (`cdk.json` runs it before synthesis)
//   node scripts/bundle.mjs remediation <outdir>    the function that makes changes, in the same way
//   node scripts/bundle.mjs widget <outdir>         the function of the dashboard's widget, made likewise
//   node scripts/bundle.mjs lambda-plain <outdir>   the first without any of the tricks: a test holds the two together
//   node scripts/bundle.mjs cli <outdir>            ES modules with lazily loaded chunks, cli.mjs
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { trimSdk } from './trim-sdk.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const common = {
  bundle: true,
  platform: 'node',
  mainFields: ['module', 'main'],
  minifySyntax: true,
  minifyWhitespace: true, // the command line keeps its names: readable stack traces, and import time is the same
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [trimSdk(here('../lambda'), here('../bin'))],
};

const { version } = JSON.parse(await readFile(here('../package.json'), 'utf8'));

const lambda = { entryPoints: { index: here('../lambda/handler.ts') }, format: 'cjs', target: 'node24' };

const deployed = {
  ...lambda,
  // Names cost a third of the file. A crash is logged with the id of its check, and its snapshot replays from the sources.
  minifyIdentifiers: true,
  alias: {
    // In Lambda the credentials are always in the environment: leave out SSO, INI, process, IMDS...
    '@aws-sdk/credential-provider-node': here('lambda-credentials.mjs'),
    '@smithy/core/event-streams': here('no-event-streams.mjs'),
    '@aws-sdk/middleware-endpoint-discovery': here('no-endpoint-discovery.mjs'),
  },
};

const targets = {
  lambda: deployed,
  remediation: { ...deployed, entryPoints: { index: here('../lambda/remediation-handler.ts') } },
  widget: { ...deployed, entryPoints: { index: here('../lambda/widget.ts') } },
  'lambda-plain': {
    ...lambda,
    mainFields: ['main'],
    minifySyntax: false,
    minifyWhitespace: false,
    plugins: [],
  },
  cli: {
    entryPoints: { cli: here('../bin/cli.ts') },
    format: 'esm',
    splitting: true,
    target: 'node20',
    outExtension: { '.js': '.mjs' },
    define: { ECS_PULL_DOCTOR_VERSION: JSON.stringify(version) },
  },
};

const [name, outdir] = process.argv.slice(2);
if (!targets[name] || !outdir)
  throw new Error(`usage: bundle.mjs ${Object.keys(targets).join('|')} <outdir>`);
// Chunks have a hash in their name: those of earlier builds would stay, and be packed.
const old = (await readdir(outdir).catch(() => [])).filter((file) => /\.(?:mjs|js)$/.test(file));
await Promise.all(old.map((file) => rm(join(outdir, file), { force: true })));
await build({ ...common, ...targets[name], outdir });
