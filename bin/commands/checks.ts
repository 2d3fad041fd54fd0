import { checks as catalogue } from '../../lambda/checks/index.ts';
import { parse } from '../input.ts';
import { unknownChoice } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';
import type { Command } from './index.ts';

export const checks: Command = {
  summary: 'list every cause that is looked for, with its documentation',
  help: `Usage: ecs-pull-doctor checks [--format text|json]

  ecs-pull-doctor checks
  ecs-pull-doctor checks --format json
`,
  run(args) {
    const { values, positionals } = parse('checks', args, { format: { type: 'string', short: 'f' } });
    if (positionals.length > 0)
      throw new UsageError(`checks does not take '${positionals[0]}'; see: ecs-pull-doctor checks --help`);
    const list = catalogue.map(({ id, cause, source }) => ({ id, cause, source }));
    if (values.format === 'json') process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
    else if (values.format === undefined || values.format === 'text') {
      const width = Math.max(...list.map(({ id }) => id.length));
      process.stdout.write(
        list
          .map(
            ({ id, cause, source }) => `${id.padEnd(width)}  ${cause}\n${' '.repeat(width)}  ${source.url}\n`,
          )
          .join(''),
      );
    } else throw unknownChoice('format', values.format, ['text', 'json']);
    return 0;
  },
};
