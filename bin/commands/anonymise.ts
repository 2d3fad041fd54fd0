import { randomInt } from 'node:crypto';
import { anonymise as without } from '../../lambda/anonymise/anonymise.ts';
import { diagnose } from '../../lambda/diagnose.ts';
import { parse, withSnapshot } from '../input.ts';
import { UsageError } from '../usage-error.ts';
import type { Command } from './index.ts';

export const anonymise: Command = {
  summary: 'replace accounts, names, ids and addresses in a saved incident, to attach it to a report',
  help: `Usage: ecs-pull-doctor anonymise <snapshot.json> > anonymous.json

Account ids, names, resource ids and addresses are replaced; what was equal stays equal and what lay in a block lies in it,
so that the diagnosis stays the same. Read the result before you give it away.

  ecs-pull-doctor anonymise incident.json > anonymous.json
  ecs-pull-doctor replay anonymous.json
`,
  run(args) {
    const { positionals } = parse('anonymise', args, {});
    const [file, ...more] = positionals;
    if (!file || more.length > 0)
      throw new UsageError('anonymise takes one file: ecs-pull-doctor anonymise <snapshot.json>');
    const { anonymous, before, after } = withSnapshot(file, (snapshot) => {
      const anonymous = without(snapshot, randomInt(1, 0x7fff_ffff));
      const [before, after] = [snapshot, anonymous].map((one) =>
        diagnose(one).causes.map(({ check }) => check.id),
      );
      return { anonymous, before, after };
    });
    process.stdout.write(`${JSON.stringify(anonymous, null, 2)}\n`);
    if (String(before) !== String(after))
      process.stderr.write(
        `ecs-pull-doctor: without its names the incident leads to ${after?.[0] ?? 'no cause'} instead of ${before?.[0] ?? 'none'}; please say so in the report\n`,
      );
    return 0;
  },
};
