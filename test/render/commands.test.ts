import { expect, test } from '@jest/globals';
import { command } from '../../lambda/command.ts';
import { diagnose } from '../../lambda/diagnose.ts';
import type { Command, Fix } from '../../lambda/model/check.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import { formats } from '../../lambda/render/index.ts';
import { snapshotOf } from '../support/snapshots.ts';

const snapshot = snapshotOf('nat-gateway-deleted');

/** The report of an incident whose cause is mended by these commands. */
const report = (format: keyof typeof formats, ...commands: readonly string[]) =>
  reportWith(
    format,
    commands.map((cli) => ({ do: 'Do it', cli: cli as Command })),
  );

function reportWith(format: keyof typeof formats, fixes: readonly Fix[]): string {
  const diagnosis = diagnose(snapshot);
  const causes = diagnosis.causes.map((cause) => ({ ...cause, fixes }));
  return formats[format]({ ...diagnosis, causes } as Diagnosis, undefined, snapshot);
}

const short = 'aws iam get-role --role-name short';

test.each(Object.keys(formats).filter((format) => format !== 'json'))(
  'half a command is no command: %s',
  (format) => {
    const page = report(format as keyof typeof formats, `aws iam long '${'a'.repeat(1_500)}'`, short);

    const text = page.replace(/<[^>]*>/g, '');
    expect(text).toContain('--role-name short');
    expect(text).not.toContain('aws iam long');
  },
);

test('a chat shows no command that would end its code block, or that would come out with other quotes', () => {
  const description = JSON.parse(report('chat', "aws iam put-it '{`;rm -rf ~;`}'", short)).content
    .description;

  expect(description).toContain(short);
  expect(description).not.toContain('rm -rf');
});

test('a chat shows every command that is needed, and not those of other ways: no word of theirs tells which', () => {
  const { description } = JSON.parse(
    reportWith('chat', [
      { do: 'Do this', cli: command`aws first` },
      { do: 'Or else nothing works', cli: command`aws second` },
      { do: 'Use another one', alternative: true, cli: command`aws third` },
    ]),
  ).content;

  expect(description).toContain('aws first\naws second');
  expect(description).not.toContain('aws third');
});
