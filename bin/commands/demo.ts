import { collect } from '../../lambda/collect/collect.ts';
import { diagnose } from '../../lambda/diagnose.ts';
import { stoppedTask } from '../../lambda/event.ts';
import { formats } from '../../lambda/render/index.ts';
import { incidents } from '../demo/index.ts';
import { recordedAnswers } from '../demo/recorded-answers.ts';
import { formatOf, parse } from '../input.ts';
import { colourful, print } from '../output.ts';
import { unknownChoice } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';
import type { Command } from './index.ts';

export const demo: Command = {
  summary: 'bundled incidents through the whole program, with nothing but Node',
  help: `Usage: ecs-pull-doctor demo [name] [--format ${Object.keys(formats).join('|')}]

Each incident is an event and the answers that AWS gave; they go through the real collectors, checks and renderers.

${incidents.map(({ name, story }) => `  ${name.padEnd(24)} ${story}`).join('\n')}

  ecs-pull-doctor demo
  ecs-pull-doctor demo ${incidents[0]?.name} --format html > report.html
`,
  async run(args) {
    const { values, positionals } = parse('demo', args, { format: { type: 'string', short: 'f' } });
    const format = formatOf(values.format);
    const [name] = positionals;
    const chosen = incidents.filter((incident) => name === undefined || incident.name === name);
    if (chosen.length === 0)
      throw unknownChoice(
        'incident',
        name ?? '',
        incidents.map((incident) => incident.name),
      );
    if (format === 'html' && chosen.length > 1)
      throw new UsageError(
        `a page shows one incident; choose one: ${incidents.map((incident) => `demo ${incident.name} --format html`).join(', ')}`,
      );
    for (const { name: title, story, event, answers, collectedAt } of chosen) {
      if (format === 'terminal') {
        const line = `── ${title}: ${story} `;
        process.stdout.write(
          colourful(process.stdout)
            ? `\u001b[1m${line.padEnd(100, '─')}\u001b[0m\n\n`
            : `${line.padEnd(100, '─')}\n\n`,
        );
      }
      const task = stoppedTask(event);
      if (!task) throw new Error(`the bundled incident ${title} is no failed pull`);
      const snapshot = await collect(task, recordedAnswers(answers), new Date(collectedAt));
      print(diagnose(snapshot), format, snapshot);
      if (format === 'terminal') process.stdout.write('\n');
    }
    if (format === 'terminal' && name === undefined)
      process.stdout.write(
        'Try it on an account of yours: ecs-pull-doctor diagnose --cluster <name> --service <name>\n',
      );
    return 0;
  },
};
