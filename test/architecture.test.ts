import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';

/** What each folder may import, besides itself. `import type` is erased and does not count. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'lambda/model': [],
  'lambda/network': ['lambda/model', 'lambda/policy', 'lambda/image', 'ipaddr.js'],
  'lambda/policy': ['lambda/model', 'ipaddr.js', 'valibot'],
  'lambda/image': ['lambda/model', 'valibot'],
  'lambda/error-text': ['lambda/model', 'lambda/network/address.ts'],
  'lambda/checks': [
    'lambda/model',
    'lambda/network',
    'lambda/policy',
    'lambda/image',
    'lambda/error-text',
    'lambda/command.ts',
    'fastest-levenshtein',
  ],
  'lambda/examine.ts': ['lambda/model'],
  'lambda/judge.ts': ['lambda/model', 'lambda/error-text'],
  'lambda/diagnose.ts': [
    'lambda/checks',
    'lambda/examine.ts',
    'lambda/judge.ts',
    'lambda/network',
    'lambda/error-text',
    'lambda/event.ts',
  ],
  'lambda/preflight.ts': [
    'lambda/checks',
    'lambda/diagnose.ts',
    'lambda/examine.ts',
    'lambda/model',
    'lambda/network',
  ],
  'lambda/event.ts': ['lambda/model', 'lambda/error-text', 'valibot'],
  'lambda/anonymise': ['lambda/model', 'lambda/error-text', 'ipaddr.js'],
  'lambda/remediate': [
    'lambda/model',
    'lambda/network',
    'lambda/diagnose.ts',
    'lambda/command.ts',
    'lambda/aws/call-failed.ts',
    'node:crypto',
  ],
  'lambda/runs': ['lambda/model', 'lambda/remediate', 'lambda/aws/item-table.ts'],
  'lambda/registry': ['lambda/model', 'ipaddr.js', 'valibot', 'node:'],
  'lambda/render': ['lambda/model', 'lambda/command.ts'],
  'lambda/command.ts': [],
  'lambda/collect': [
    'lambda/model',
    // What is asked for depends on where names may lead.
    'lambda/network',
    // The policies of a role are read here where AWS does not simulate them.
    'lambda/policy',
    'lambda/image',
    'lambda/event.ts',
    'lambda/error-text',
    'lambda/aws/call-failed.ts',
  ],
  'lambda/aws': ['@aws-sdk', '@smithy/core'],
  'lambda/publish': [
    '@aws-sdk',
    'lambda/aws/within-time.ts',
    'lambda/model',
    'lambda/render',
    'lambda/error-text',
  ],
  'lambda/incident': [
    '@aws-sdk',
    'lambda/model',
    'lambda/aws/dynamodb.ts',
    'lambda/aws/item-table.ts',
    'lambda/aws/within-time.ts',
    'lambda/aws/call-failed.ts',
    'node:crypto',
  ],
  'lambda/record.ts': ['lambda/error-text', 'lambda/event.ts', 'lambda/incident', 'lambda/publish'],
  'lambda/handler.ts': ['lambda'],
  'lambda/remediation-handler.ts': ['lambda', 'valibot'],
  'lambda/widget.ts': ['lambda/aws/dynamodb.ts', 'lambda/incident', 'lambda/render'],
  lib: [
    'aws-cdk-lib',
    'constructs',
    'cdk-nag',
    'lambda/aws/actions.ts',
    'lambda/aws/remediation-policy.ts',
    'lambda/registry/host-name.ts',
    'lambda/render/console-link.ts',
    'node:',
  ],
  bin: ['aws-cdk-lib', 'cdk-nag', 'fastest-levenshtein', '@aws-sdk', 'valibot', 'lib', 'lambda', 'node:'],
};

const folderOf = (path: string) =>
  Object.keys(mayImport)
    .filter((folder) => path === folder || path.startsWith(`${folder}/`))
    .toSorted((a, b) => b.length - a.length)[0];

const valueImports = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)(?! type)[^;]*?from '([^']+)'/gm)].map(
    ([, to = '']) => (to.startsWith('.') ? normalize(join(dirname(file), to)) : to),
  );

const files = ['bin', 'lib', 'lambda'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, name)),
);

test.each(files)('%s imports only what its folder may', (file) => {
  const folder = folderOf(file);

  const allowed = folder === undefined ? [] : [folder, ...(mayImport[folder] ?? [])];
  const broken = valueImports(file).filter(
    (to) =>
      !allowed.some((prefix) => to === prefix || to.startsWith(prefix.endsWith(':') ? prefix : `${prefix}/`)),
  );

  expect(folder).toBeDefined();
  expect(broken).toEqual([]);
});

// The core decides from its arguments alone: no clock, no environment, no chance, no console.
const pure = files.filter((file) =>
  /^lambda\/(?!aws|publish|registry|handler|incident|remediation-handler|widget\.ts)/.test(file),
);

test.each(pure)('%s takes time, environment and chance as arguments', (file) => {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

  expect(text).not.toMatch(
    /\bprocess\.|\bnew Date\(\)|\bDate\.now\b|\bMath\.random\b|\bconsole\.\w+\(|\bsetTimeout\b/,
  );
});

/** A file and all that it loads. */
function closure(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (file.endsWith('.ts')) for (const to of valueImports(file)) closure(to, seen);
  return seen;
}
const opensConnections =
  /^(?:node:)?(?:https?|http2|net|tls|dgram|dns(?:\/promises)?|child_process)$|^@aws-sdk/;

test('outside the AWS SDK only the client of registries opens a connection, or resolves a name', () => {
  const connecting = files.filter((file) =>
    valueImports(file).some((to) => opensConnections.test(to) && !to.startsWith('@aws-sdk')),
  );

  expect(connecting).toContain('lambda/registry/request.ts');
  expect(connecting.filter((file) => !file.startsWith('lambda/registry/'))).toEqual([]);
});

test.each([
  'lambda/diagnose.ts',
  'bin/commands/replay.ts',
  'bin/commands/explain.ts',
  'bin/commands/anonymise.ts',
])('%s loads nothing that could ask anybody anything', (file) => {
  expect([...closure(file)].filter((to) => opensConnections.test(to))).toEqual([]);
});

test('nothing calls the fetch of the environment, which follows redirects and proxies', () => {
  expect(files.filter((file) => /(?<![.\w])fetch\(/.test(readFileSync(file, 'utf8')))).toEqual([]);
});
