import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { typescript } from '../lambda/checks/typescript.ts';
import { blank, command, inTurn, words } from '../lambda/command.ts';
import fc from './support/fast-check.ts';

/** What a shell makes of a command line. */
const wordsOf = (line: string): readonly string[] =>
  execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

test('whatever stands in a value, a shell reads it as that one word', () => {
  const anything = fc
    .string({ unit: fc.constantFrom(...'ab=~ \'"`$(){}[]<>|&;*?!#\\\n\t-:/') })
    .filter((text) => !/^(?:-|fileb?:|https?:)/.test(text));

  fc.assert(
    fc.property(anything, anything, (one, other) => {
      expect(wordsOf(command`--name ${one} --values ${[one, other]} a=${other}`)).toEqual([
        '--name',
        one,
        '--values',
        one,
        other,
        `a=${other}`,
      ]);
    }),
    { numRuns: 100 },
  );
});

test.each(['-v', '--profile=other', 'file:///etc/passwd', 'fileb://key', 'https://example.com'])(
  'what a program would take for an option or a file is left to the reader: %s',
  (value) => {
    expect(command`aws iam get-role --role-name ${value}`).toBe('aws iam get-role --role-name <value>');
  },
);

test('a blank stays one wherever it stands, and a name that looks like one does not', () => {
  const region = words`--region ${'eu-west-1'}`;

  expect(command`${inTurn([words`a ${region}`, words`b ${blank('group')}`])} ${'<group>'}`).toBe(
    "a --region eu-west-1 && b <group> '<group>'",
  );
});

test('a value does not stand within quotes, which it could end', () => {
  expect(() => command`a '{"b":"${'c'}"}'`).toThrow('within quotes');
  expect(() => command`a "${'c'}"`).toThrow('within quotes');
  expect(command`a '{"b":1}' ${'c'}`).toBe(`a '{"b":1}' c`);
});

test('whatever stands in a value, TypeScript reads it as that text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...`a'"\`$\{}\\\n\u2028`) }), (text) => {
      expect(new Function(`return [${typescript`${text}, ${{ text }}, ${1}`}]`)()).toEqual([
        text,
        { text },
        1,
      ]);
    }),
  );
});
