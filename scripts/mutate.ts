// Mutation testing: breaks one condition after another and says which of them no test sees.
//   npm run mutate -- lambda/checks/image-not-found.ts [more files or folders]
// A mutant dies if a scenario's diagnosis changes, or else if one of the tests below fails: these
// run in a copy of the repository. `--scenarios` leaves them out.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { parseSync } from '@swc/core';
import { type BuildFailure, build } from 'esbuild';
import { equivalent } from './equivalent-mutants.ts';

/** Tests that a mutant must pass to survive, by the folder of what is mutated. */
const testsOf = (file: string): readonly string[] =>
  file.startsWith('lambda/checks/')
    ? ['test/checks']
    : /^lambda\/(?:policy|network)\//.test(file)
      ? [`test/${file.split('/')[1]}`, 'test/checks']
      : ['test/checks', 'test/catalogue', 'test/judge', 'test/preflight'];

interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
interface Node {
  readonly type: string;
  readonly span: { readonly start: number; readonly end: number };
  readonly [key: string]: unknown;
}

const opposite: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
};
const asks = ['filter', 'find', 'findIndex', 'some', 'every'];
const isText = ({ type }: Node) => type === 'StringLiteral' || type === 'TemplateLiteral';

/** Every way to break one condition of a source. A text that stands in for what is missing (`?? '<role>'`) is none. */
function mutantsOf(source: Buffer): readonly Mutant[] {
  const mutants: Mutant[] = [];
  const textOf = ({ span }: Node) => source.subarray(span.start - 1, span.end - 1).toString();
  const replace = ({ span }: Node, ...texts: readonly string[]) =>
    mutants.push(...texts.map((text) => ({ start: span.start - 1, end: span.end - 1, text })));
  const mutate = (node: Node) => {
    const { type, operator } = node as Node & { operator?: string };
    if (type === 'IfStatement' || type === 'ConditionalExpression')
      replace(node['test'] as Node, 'true', 'false');
    if (type === 'UnaryExpression' && operator === '!') replace(node, textOf(node['argument'] as Node));
    if (type === 'StringLiteral' && node['value'] === 'proven') replace(node, "'likely'");
    if (type === 'StringLiteral' && node['value'] === 'likely') replace(node, "'proven'");
    if (type === 'BinaryExpression') {
      const [left, right] = [node['left'] as Node, node['right'] as Node];
      if (operator === '&&' || operator === '||' || (operator === '??' && !isText(right)))
        replace(node, `(${textOf(left)})`, `(${textOf(right)})`);
      for (const other of opposite[operator ?? ''] ?? [])
        replace(node, `${textOf(left)} ${other} ${textOf(right)}`);
    }
    const callee = node['callee'] as (Node & { property?: Node }) | undefined;
    const method = String(callee?.property?.['value'] ?? '');
    const [first] = (node['arguments'] ?? []) as readonly { readonly expression: Node }[];
    if (type === 'CallExpression' && asks.includes(method) && first) {
      replace(first.expression, '() => true', '() => false');
      if (method === 'some') replace(callee?.property as Node, 'every');
      if (method === 'every') replace(callee?.property as Node, 'some');
    }
  };
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('type' in value && 'span' in value) mutate(value as Node);
    // Types are no conditions.
    if (!/^Ts(?!As|NonNull|Satisfies|Const)/.test(String((value as Node).type)))
      Object.values(value).forEach(walk);
  };
  walk(parseSync(source.toString(), { syntax: 'typescript', target: 'es2023' }));
  return mutants;
}

const root = join(__dirname, '..');
const scenarios = readdirSync(join(root, 'test/scenarios')).map((name) =>
  ['snapshot', 'diagnosis'].map((file) =>
    readFileSync(join(root, `test/scenarios/${name}/${file}.json`), 'utf8'),
  ),
);
const entry = `import { diagnose } from './lambda/diagnose.ts'; import { json } from './lambda/render/json.ts';
export const same = (all) => all.every(([snapshot, golden]) => json(diagnose(JSON.parse(snapshot))) === golden);`;
let mutated = { file: '', text: '' };

/** What diagnoses, in one script, with the mutant in the place of its file; `null` if that cannot even be parsed. */
async function bundle(): Promise<string | null> {
  try {
    const { outputFiles } = await build({
      stdin: { contents: entry, resolveDir: root },
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'bundle',
      logLevel: 'silent',
      plugins: [
        {
          name: 'mutant',
          setup: ({ onLoad }) =>
            onLoad({ filter: /\.ts$/ }, ({ path }) =>
              path === join(root, mutated.file) ? { contents: mutated.text, loader: 'ts' } : null,
            ),
        },
      ],
    });
    return outputFiles[0]?.text ?? null;
  } catch (error) {
    if (!(error as BuildFailure).errors?.length) throw error;
    return null;
  }
}

/** Whether every scenario is still diagnosed as it is written down; a mutant that throws or hangs does not. */
async function scenariosHold(): Promise<boolean> {
  const code = await bundle();
  if (code === null) return false;
  const worker = new Worker(
    `${code}; const { parentPort, workerData } = require('node:worker_threads'); parentPort.postMessage(bundle.same(workerData))`,
    { eval: true, workerData: scenarios },
  );
  const timer = setTimeout(() => void worker.terminate(), 20_000);
  return new Promise<boolean>((resolve) => {
    worker
      .once('message', resolve)
      .once('error', () => resolve(false))
      .once('exit', () => resolve(false));
  }).finally(() => clearTimeout(timer));
}

function testsHold(copy: string, { file, text }: typeof mutated): boolean {
  const original = readFileSync(join(copy, file));
  writeFileSync(join(copy, file), text);
  const { status } = spawnSync('npx', ['jest', '-i', '--bail', '--silent', ...testsOf(file)], { cwd: copy });
  writeFileSync(join(copy, file), original);
  return status === 0;
}

const filesIn = (path: string): readonly string[] =>
  statSync(join(root, path)).isDirectory()
    ? readdirSync(join(root, path)).flatMap((name) => filesIn(join(path, name)))
    : [path];

async function main(args: readonly string[]): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), 'mutate-'));
  for (const name of readdirSync(root).filter((one) => !/^(?:node_modules|\.git|cdk\.out)$/.test(one)))
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  if (!(await scenariosHold())) throw new Error('the scenarios differ before anything is broken: npm test');
  for (const file of args.filter((one) => !one.startsWith('--')).flatMap(filesIn)) {
    const source = readFileSync(join(root, file));
    const count = { mutants: 0, scenarios: 0, tests: 0, equivalent: 0, left: 0 };
    for (const { start, end, text } of mutantsOf(source)) {
      mutated = { file, text: `${source.subarray(0, start)}${text}${source.subarray(end)}` };
      const what = `${source.subarray(start, end)} → ${text}`.replaceAll(/\s+/g, ' ');
      count.mutants += 1;
      if (!(await scenariosHold())) count.scenarios += 1;
      else if (equivalent[file]?.[what]) count.equivalent += 1;
      else if (!args.includes('--scenarios') && !testsHold(copy, mutated)) count.tests += 1;
      else {
        count.left += 1;
        console.log(`${file}:${source.subarray(0, start).toString().split('\n').length}: ${what}`);
      }
    }
    console.log(`${file} ${JSON.stringify(count)}`);
  }
  rmSync(copy, { recursive: true });
  process.exitCode = 0;
}

process.exitCode = 1; // also if it ends before its end
void main(process.argv.slice(2));
