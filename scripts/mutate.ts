// Mutation testing: breaks one condition at a time, and says which breaks no test would see.
//   npm run mutate -- lambda/checks/image-not-found.ts lambda/judge.ts
// A break is seen if the diagnosis of a scenario comes out otherwise than its golden file. Of what is left, `--jest` asks the
// tests of the checks; they take seconds for each.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { parseSync } from '@swc/core';
import { build } from 'esbuild';

interface Break {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const root = resolve(__dirname, '..');
const scenarios = readdirSync(join(root, 'test/scenarios')).map((name) => {
  const read = (file: string): string => readFileSync(join(root, 'test/scenarios', name, file), 'utf8');
  return { snapshot: read('snapshot.json'), golden: JSON.stringify(JSON.parse(read('diagnosis.json'))) };
});
const opposite: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  '&&': '||',
  '||': '&&',
};

/** Every way to break a condition of a source. Offsets are bytes, as swc counts them. */
function breaksOf(source: string): readonly Break[] {
  const bytes = Buffer.from(source);
  const textOf = ({ start, end }: { start: number; end: number }) => bytes.subarray(start, end).toString();
  const all: Break[] = [];
  const module = parseSync(source, { syntax: 'typescript', target: 'es2023' });
  // swc counts on over all that it has parsed, and begins with what is no comment.
  const base = module.span.start - (source.length - source.trimStart().length);
  const first = bytes.indexOf(Buffer.from(source.replace(/^(?:\s|\/\*[\s\S]*?\*\/|\/\/.*\n)*/, '')));
  const offset = base - first;
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const one of node) visit(one);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    // biome-ignore lint/suspicious/noExplicitAny: a tree of any shape
    const one = node as any;
    const at = (span: { start: number; end: number }) => ({
      start: span.start - offset,
      end: span.end - offset,
    });
    const add = (span: { start: number; end: number }, text: string) => all.push({ ...at(span), text });
    if (one.type === 'IfStatement' || one.type === 'ConditionalExpression') {
      const test = one.test.span ?? one.test.expression?.span;
      if (test) for (const value of ['true', 'false']) add(test, `(${value} as boolean)`);
    }
    if (one.type === 'BinaryExpression' && opposite[one.operator]) {
      const [left, right] = [at(one.left.span), at(one.right.span)];
      add(one.span, `(${textOf(left)}) ${opposite[one.operator]} (${textOf(right)})`);
    }
    if (one.type === 'UnaryExpression' && one.operator === '!')
      add(one.span, `!!${textOf(at(one.argument.span))}`);
    if (one.type === 'MemberExpression' && /^(?:some|every)$/.test(one.property.value ?? ''))
      add(one.property.span, one.property.value === 'some' ? 'every' : 'some');
    if (one.type === 'StringLiteral' && /^(?:proven|likely)$/.test(one.value))
      add(one.span, one.value === 'proven' ? "'likely'" : "'proven'");
    for (const [key, inner] of Object.entries(one)) if (key !== 'span') visit(inner);
  };
  visit(module.body);
  return all;
}

const applied = (source: string, { start, end, text }: Break): string => {
  const bytes = Buffer.from(source);
  return Buffer.concat([bytes.subarray(0, start), Buffer.from(text), bytes.subarray(end)]).toString();
};

/** Whether a scenario is diagnosed otherwise with another text in the place of one file. */
async function isSeen(file: string, text: string): Promise<boolean> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'lambda/diagnose.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'broken',
        setup: ({ onLoad }) =>
          onLoad({ filter: /\.ts$/ }, ({ path }) =>
            path === file ? { contents: text, loader: 'ts' } : undefined,
          ),
      },
    ],
  });
  const module = { exports: {} as { diagnose: (snapshot: unknown) => unknown } };
  new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '')(
    module,
    module.exports,
    createRequire(__filename),
  );
  return scenarios.some(({ snapshot, golden }) => {
    try {
      return JSON.stringify(module.exports.diagnose(JSON.parse(snapshot))) !== golden;
    } catch {
      // A program that throws is seen by every test.
      return true;
    }
  });
}

/** Whether the tests of the checks fail with another text in the place of one file. */
function isSeenByTests(file: string, source: string, text: string): boolean {
  writeFileSync(file, text);
  try {
    const tests = [
      'test/judge',
      'test/checks',
      'test/catalogue',
      'test/preflight',
      'test/mending',
      'test/policy',
      'test/network/laws',
    ];
    return spawnSync('npx', ['jest', '--bail', '--silent', ...tests], { cwd: root }).status !== 0;
  } finally {
    writeFileSync(file, source);
  }
}

async function main(args: readonly string[]): Promise<void> {
  const files = args.filter((one) => !one.startsWith('--'));
  if (files.length === 0) throw new Error('name the files to break, for example lambda/judge.ts');
  let [tried, seen] = [0, 0];
  for (const name of files) {
    const file = resolve(root, name);
    const source = readFileSync(file, 'utf8');
    for (const broken of breaksOf(source)) {
      const text = applied(source, broken);
      tried += 1;
      if ((await isSeen(file, text)) || (args.includes('--jest') && isSeenByTests(file, source, text))) {
        seen += 1;
        continue;
      }
      const line = Buffer.from(source).subarray(0, broken.start).toString().split('\n').length;
      const was = Buffer.from(source).subarray(broken.start, broken.end).toString().replaceAll(/\s+/g, ' ');
      console.log(`${name}:${line}: nobody sees \`${was}\` as \`${broken.text.replaceAll(/\s+/g, ' ')}\``);
    }
  }
  console.log(`${tried} conditions broken, ${seen} seen`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(String(error));
  process.exitCode = 2;
});
