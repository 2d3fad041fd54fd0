import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { documents } from '../support/document-commands.ts';
import { stoppedEvent, texts } from '../support/worlds.ts';
import { bundledProgram } from './program.ts';

const root = join(__dirname, '../..');
const names = [
  'diagnose',
  'preflight',
  'remediate',
  'undo',
  'explain',
  'replay',
  'anonymise',
  'checks',
  'demo',
];

let program: ReturnType<typeof bundledProgram>;
beforeAll(() => {
  program = bundledProgram();
  writeFileSync(
    join(program.folder, 'event.json'),
    JSON.stringify(stoppedEvent({ text: texts.tokenTimeout })),
  );
  copyFileSync(
    join(root, 'test/scenarios/nat-gateway-deleted/snapshot.json'),
    join(program.folder, 'incident.json'),
  );
  copyFileSync(join(program.folder, 'incident.json'), join(program.folder, 'anonymous.json'));
});
afterAll(() => program.remove());

/** The words of a command as a shell hands them over. */
const wordsOf = (line: string) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

test('the help lists every command', async () => {
  const { stdout } = await program.run(['--help']);

  expect([...stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name)).toEqual(names);
});

describe.each(names)('%s --help', (name) => {
  test('has examples, each of which the command takes as it stands', async () => {
    const { stdout } = await program.run([name, '--help']);
    const examples = stdout
      .split('\n')
      .filter((line) => / {2}(?:.* \| )?ecs-pull-doctor /.test(line) && !line.includes('Usage'));
    const own = examples.filter((line) => line.includes(`ecs-pull-doctor ${name}`) && !/^ {3,}/.test(line));

    expect(own.length).toBeGreaterThan(0);
    for (const line of own) {
      const [, command = ''] = /ecs-pull-doctor (.*?)(?: [<>] \S+)?$/.exec(line) ?? [];
      const stdin = line.includes('jsonl')
        ? '{"message":"CannotPullContainerError: x"}\n'
        : 'CannotPullContainerError: x';
      // Nobody answers there: whoever gets so far has taken the arguments.
      const env = { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' };

      const { code, stderr } = await program.run(wordsOf(command), { stdin, env });

      const isRefused =
        code === 2 &&
        !/no AWS credentials were found|could not be reached|journal|nobody can be asked here|no run to take back/.test(
          stderr,
        );
      expect([line, isRefused ? stderr : '']).toEqual([line, '']);
    }
  });
});

test('documents speak of commands and options that there are', async () => {
  const helps = Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, (await program.run([name, '--help'])).stdout] as const),
    ),
  );
  const wrong = documents.flatMap((document) =>
    [
      ...readFileSync(join(root, document), 'utf8').matchAll(
        /(?:ecs-pull-doctor|dist\/cli\.mjs|ecs-pull-doctor-[\d.]+\.tgz(?: ecs-pull-doctor)?) ([a-z]+)(?!-)((?: (?!`)[^\s`|>]+)*)/g,
      ),
    ].flatMap(([said, name = '', rest = '']) => {
      const help = helps[name];
      const unknown = [...rest.matchAll(/ (--(?!help\b)[a-z-]+)/g)].filter(
        ([, option]) => !help?.includes(option ?? ''),
      );
      // Prose goes on after the name of the program; a command stands in code.
      return (help === undefined && /dist\/cli\.mjs|\.tgz/.test(said)) || (help && unknown.length > 0)
        ? [said]
        : [];
    }),
  );

  expect(wrong).toEqual([]);
});
