import { diagnose } from '../../lambda/diagnose.ts';
import { formats } from '../../lambda/render/index.ts';
import { formatOf, parse, withSnapshot } from '../input.ts';
import { print } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import type { Command } from './index.ts';

export const replay: Command = {
  summary: 'diagnose a saved incident again, without AWS',
  help: `Usage: ecs-pull-doctor replay <snapshot.json> [--format ${Object.keys(formats).join('|')}]

Diagnoses what \`diagnose --save\` has written. Reads nothing but the file.

  ecs-pull-doctor replay incident.json
  ecs-pull-doctor replay incident.json --format email
  ecs-pull-doctor replay incident.json --format html > report.html
`,
  run(args) {
    const { values, positionals } = parse('replay', args, { format: { type: 'string', short: 'f' } });
    const [file, ...more] = positionals;
    if (!file || more.length > 0)
      throw new UsageError('replay takes one file: ecs-pull-doctor replay <snapshot.json>');
    const format = formatOf(values.format);
    return withSnapshot(file, (snapshot) => print(diagnose(snapshot), format, snapshot));
  },
};
