import { afterAll, expect, test } from '@jest/globals';
import { bundledProgram } from './program.ts';

const program = bundledProgram();
afterAll(program.remove);

const lines = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({ message: `CannotPullContainerError: context canceled ${index}` }),
  ).join('\n');

test.each([
  ['comes at once', 1, 0],
  ['comes later, as from the AWS CLI', 1, 1_500],
  ['is larger than a pipe holds', 20_000, 0],
])('a text on standard input that %s is read to its end', async (_, count, stdinAfter) => {
  const { code, stdout, stderr } = await program.run(['explain', '-', '--format', 'jsonl'], {
    stdin: lines(count),
    stdinAfter,
  });

  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(count);
});
