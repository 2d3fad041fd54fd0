import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { commandsOf, documents } from '../support/document-commands.ts';

const root = join(__dirname, '../..');
const pages = readdirSync(join(root, 'docs/checks')).map((name) => `docs/checks/${name}`);

/** A line as a shell would hand it over: variables have values, and what the reader must fill in is filled in. */
const filledIn = (line: string) =>
  line
    .replaceAll(/\$(\w*ARN)\b/g, 'arn:aws:sns:eu-west-1:111122223333:name')
    .replaceAll(/\$(\w*URL)\b/g, 'https://example.com/111122223333/name')
    .replaceAll(/\$\(\(.*?\)\)\d*/g, '1790000000000')
    .replaceAll(/\$\w+/g, '111122223333')
    .replaceAll(/(--(?:rule-number|priority) )<[^<>]+>/g, '$1100')
    .replaceAll(/(-arn )<[^<>]+>/g, '$1arn:aws:secretsmanager:eu-west-1:111122223333:secret:name')
    // What would be read from there is not given here.
    .replaceAll('fileb:///dev/stdin', 'a-value')
    .replaceAll(/<[^<>]+>/g, 'a-value');

/** What AWS's own command line objects to, for each call in these lines; `null` where it would send a request. */
const objectionsTo = (lines: readonly string[]): [call: string, objection: string | null][] =>
  JSON.parse(
    execFileSync('python3', [join(__dirname, 'parse-commands.py')], {
      cwd: root,
      input: JSON.stringify(lines.map(filledIn)),
      encoding: 'utf8',
      env: { ...process.env, AWS_DEFAULT_REGION: 'eu-west-1', AWS_PAGER: '' },
    }),
  );

test("the parser is AWS's: it knows an option from a slip of the pen", () => {
  const answers = objectionsTo([
    'aws sts get-caller-identity | jq aws',
    'aws sts get-caller-identities',
    'while x=$(aws sns subscribe --topic-arn "$TOPIC_ARN" --protocoll email) && [ -n "$x" ]; do',
    'aws ec2 modify-vpc-endpoint --vpc-endpoint-id <id> --add-route-table-ids rtb-1 && aws ec2 modify-vpc-endpoint',
  ]);

  expect(answers.map(([, objection]) => objection)).toEqual([
    null,
    expect.stringContaining('get-caller-identit'),
    expect.stringContaining('--protocol'),
    null,
    expect.stringContaining('--vpc-endpoint-id'),
  ]);
});

test('every AWS command in the documentation is one that the AWS command line takes', () => {
  const answers = objectionsTo([...documents, ...pages].flatMap(commandsOf));

  expect(answers.length).toBeGreaterThan(100);
  expect(answers.filter(([, objection]) => objection !== null)).toEqual([]);
});

test('so is every AWS command that a report tells its reader to run', () => {
  const folder = join(root, 'test/scenarios');
  const fixes = readdirSync(folder).flatMap((name): string[] => {
    const { causes, suspects } = JSON.parse(readFileSync(join(folder, name, 'diagnosis.json'), 'utf8'));
    return [...causes, ...suspects].flatMap(({ fixes: all = [] }: { fixes?: { cli?: string }[] }) =>
      all.flatMap(({ cli }) => cli ?? []),
    );
  });

  const answers = objectionsTo([...new Set(fixes)]);

  expect(answers.length).toBeGreaterThan(30);
  expect(answers.filter(([, objection]) => objection !== null)).toEqual([]);
});
