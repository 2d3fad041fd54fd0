// Mutation testing: breaks one condition after another and says which of them no test sees.
//   npm run mutate -- lambda/checks/image-not-found.ts [more files or folders]
// A mutant dies if a test of its own file fails, or else if a scenario's diagnosis changes, or else if one of the tests
// below fails. `--scenarios` leaves all tests out, `--quick` the slow ones, which `NETWORKS=100` shortens.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { parseSync } from '@swc/core';
import { type BuildFailure, context } from 'esbuild';
import { equivalent } from './equivalent-mutants.ts';

const isSlow = (test: string) => /\/(?:laws|agreement|catalogue|preflight|mending)\./.test(test);

/** What a mutant is asked, in this order: lists of tests, and all scenarios. */
type Questions = readonly ('scenarios' | readonly string[])[];

const testsIn = (paths: readonly string[]): readonly string[] =>
  paths
    .filter((path) => existsSync(join(root, path)))
    .flatMap(filesIn)
    .filter((one) => one.endsWith('.test.ts'));

/** What a mutant must pass to survive: the tests of its own file, the scenarios, and the tests of its folder, the quick ones first. */
function questionsTo(file: string, args: readonly string[]): Questions {
  if (args.includes('--scenarios')) return ['scenarios'];
  const own = file.replace(/^lambda/, 'test').replace(/\.ts$/, '.test.ts');
  const folder = file.split('/')[1] ?? '';
  // A saved scenario has been collected: only its test collects it anew.
  const collects = folder === 'collect' || folder === 'registry';
  const near = collects ? [`test/${folder}`, 'test/scenarios.test.ts'] : [];
  const far = ['checks', 'policy', 'network'].includes(folder)
    ? ['test/checks', ...(folder === 'network' ? ['test/mending.test.ts'] : [])]
    : [
        'test/judge.test.ts',
        'test/preflight.test.ts',
        'test/preflight-placements.test.ts',
        'test/mending.test.ts',
        'test/catalogue.test.ts',
      ];
  const others = testsIn(collects ? [] : [...new Set([`test/${folder}`, ...far])]).filter(
    (one) => one !== own,
  );
  const slow = args.includes('--quick') ? [] : others.filter(isSlow);
  return [
    testsIn([own]),
    ...near.map((path) => testsIn([path]).filter((one) => one !== own)),
    ...(collects ? [] : ['scenarios' as const]),
    others.filter((one) => !isSlow(one)),
    slow,
  ].filter(({ length }) => length > 0);
}

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
const filesIn = (path: string): readonly string[] =>
  statSync(join(root, path)).isDirectory()
    ? readdirSync(join(root, path)).flatMap((name) => filesIn(join(path, name)))
    : [path];
const scenarios = readdirSync(join(root, 'test/scenarios')).map((name) =>
  ['snapshot', 'diagnosis'].map((file) =>
    readFileSync(join(root, `test/scenarios/${name}/${file}.json`), 'utf8'),
  ),
);
/** Names of the tests that have seen a mutant: what sees one of a file often sees the next. */
const seers: string[] = [];
let mutated = { file: '', text: '' };

const askScenarios = `
    const { diagnose } = require('./lambda/diagnose.ts');
    const { json } = require('./lambda/render/json.ts');
    for (const [at, [snapshot, golden]] of workerData.scenarios.entries())
      if (json(diagnose(JSON.parse(snapshot))) !== golden) return parentPort.postMessage({ at });`;
const askTests = (files: readonly string[]) => `
    Object.assign(globalThis, require('./scripts/small-jest.ts'));
    ${files.map((file) => `describe("", () => require("./${file}"));`).join(' ')}
    await require('./scripts/small-jest.ts').runTests(workerData.seers);`;

/** Asks one question after another, in a thread of its own; says so after each of them that holds. */
const entry = (questions: Questions) => `
  import { parentPort, workerData } from 'node:worker_threads';
  async function ask() {
    ${questions
      .map(
        (one) =>
          `{${one === 'scenarios' ? askScenarios : askTests(one)}}\n    parentPort.postMessage('hold');`,
      )
      .join('\n    ')}
  }
  void ask();`;

/** What says how many of the questions, in their order, hold with the mutant in the place of its file. */
async function judgeOf(questions: Questions) {
  const bundle = await context({
    stdin: { contents: entry(questions), resolveDir: root },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'iife', // else its functions would be global ones, as the tests' `test` is
    packages: 'external',
    alias: { '@jest/globals': join(root, 'scripts/small-jest.ts') },
    logLevel: 'silent',
    plugins: [
      {
        name: 'mutant',
        setup: ({ onLoad }) =>
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const text = path === join(root, mutated.file) ? mutated.text : readFileSync(path, 'utf8');
            const contents = text.replaceAll('__dirname', JSON.stringify(dirname(path)));
            return { contents, loader: 'ts' };
          }),
      },
    ],
  });
  const judge = async (milliseconds = 120_000): Promise<number> => {
    let code: string;
    try {
      code = (await bundle.rebuild()).outputFiles?.[0]?.text ?? '';
    } catch (error) {
      if (!(error as BuildFailure).errors?.length) throw error;
      return 0; // it cannot even be parsed
    }
    const worker = new Worker(code, {
      eval: true,
      workerData: { scenarios, seers },
      stdout: true,
      stderr: true,
    });
    let held = 0;
    let timer = setTimeout(() => void worker.terminate(), milliseconds);
    return new Promise<number>((resolve) => {
      worker
        .on('message', (message: 'hold' | { readonly at: number }) => {
          if (typeof message === 'object') return void scenarios.unshift(...scenarios.splice(message.at, 1));
          held += 1;
          clearTimeout(timer);
          timer = setTimeout(() => void worker.terminate(), milliseconds);
        })
        .once('error', ({ message }) => {
          seers.push(message);
          resolve(held);
        })
        .once('exit', () => resolve(held));
    }).finally(() => clearTimeout(timer));
  };
  return { judge, dispose: () => bundle.dispose() };
}

async function main(args: readonly string[]): Promise<void> {
  const files = args.filter((one) => !one.startsWith('--')).flatMap(filesIn);
  for (const file of files) {
    const questions = questionsTo(file, args);
    const { judge, dispose } = await judgeOf(questions);
    const holds = async () => {
      mutated = { file: '', text: '' };
      if ((await judge()) < questions.length)
        throw new Error('a scenario or a test fails with nothing broken: npm test');
    };
    const start = Date.now();
    await holds();
    const patience = 10_000 + 5 * (Date.now() - start); // a mutant may never come to an end
    await mutate(file, () => judge(patience), questions);
    await holds(); // in another order too
    await dispose();
  }
  process.exitCode = 0;
}

async function mutate(file: string, judge: () => Promise<number>, questions: Questions): Promise<void> {
  const source = readFileSync(join(root, file));
  const count = { mutants: 0, scenarios: 0, tests: 0, equivalent: 0, left: 0 };
  const listed = new Set(Object.keys(equivalent[file] ?? {}));
  for (const { start, end, text } of mutantsOf(source)) {
    mutated = { file, text: `${source.subarray(0, start)}${text}${source.subarray(end)}` };
    const what = `${source.subarray(start, end)} → ${text}`.replaceAll(/\s+/g, ' ');
    const sees = questions[await judge()];
    count.mutants += 1;
    if (sees) count[sees === 'scenarios' ? sees : 'tests'] += 1;
    else if (equivalent[file]?.[what]) {
      count.equivalent += 1;
      listed.delete(what);
    } else {
      count.left += 1;
      console.log(`${file}:${source.subarray(0, start).toString().split('\n').length}: ${what}`);
    }
  }
  for (const what of listed) console.log(`${file}: is seen, or is no more: ${what}`);
  console.log(`${file} ${JSON.stringify(count)}`);
}

process.exitCode = 1; // also if it ends before its end
void main(process.argv.slice(2));
