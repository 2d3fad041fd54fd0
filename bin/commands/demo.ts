import { diagnose } from '../../lambda/diagnose.ts';
import { formats } from '../../lambda/render/index.ts';
import { paragraph } from '../../lambda/render/terminal.ts';
import { type Incident, incidents } from '../demo/index.ts';
import { snapshotOf } from '../demo/snapshot.ts';
import { tour } from '../demo/tour.ts';
import { formatOf, parse } from '../input.ts';
import { colourful, look, print } from '../output.ts';
import { unknownChoice } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';
import type { Command } from './index.ts';

const list = `${incidents.map(({ name, story }) => `  ${name.padEnd(12)}${story}`).join('\n')}\n`;

export const demo: Command = {
  summary: 'a short tour of three incidents, with nothing but Node',
  help: `Usage: ecs-pull-doctor demo [name] [--format ${Object.keys(formats).join('|')}]
       ecs-pull-doctor demo --list

Without a name: a tour of three incidents. Each incident is an event and the answers that AWS gave; they go through the real
collectors, checks and renderers, and nothing leaves this machine.

${list}
  ecs-pull-doctor demo
  ecs-pull-doctor demo --list
  ecs-pull-doctor demo ${incidents[0]?.name}
  ecs-pull-doctor demo ${incidents[0]?.name} --format html > report.html
`,
  async run(args) {
    const { values, positionals } = parse('demo', args, {
      format: { type: 'string', short: 'f' },
      list: { type: 'boolean' },
    });
    const format = formatOf(values.format);
    const [name, ...more] = positionals;
    if (more.length > 0)
      throw new UsageError(
        `demo takes one incident, not also '${more[0]}'; see: ecs-pull-doctor demo --list`,
      );
    if (values.list) {
      process.stdout.write(list);
      return 0;
    }
    if (name !== undefined) {
      const snapshot = await snapshotOf(called(name));
      print(diagnose(snapshot), format, snapshot);
      return 0;
    }
    if (format !== 'terminal')
      throw new UsageError(
        `the tour is for the terminal; with --format ${format} choose one incident: ecs-pull-doctor demo ${incidents[0]?.name} --format ${format} (${incidents.map((one) => one.name).join(', ')})`,
      );
    await showTour();
    return 0;
  },
};

async function showTour(): Promise<void> {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  say(
    `${paragraph('A tour of three incidents: tasks that could not pull their image, and what is said of each.', look())}\n`,
  );
  for (const [index, { incident, notice }] of tour.entries()) {
    const chosen = called(incident);
    say(`${heading(`${index + 1} of ${tour.length}, ${incident}: ${chosen.story}`)}\n`);
    const snapshot = await snapshotOf(chosen);
    // A tour is short: what was ruled out is shown with the incident alone.
    say(formats.terminal({ ...diagnose(snapshot), ruledOut: [] }, look()));
    say(`${paragraph(notice, look(), 'noted')}\n`);
  }
  say(heading('Go on'));
  say(`
${[
  ['ecs-pull-doctor demo layers', 'the first one with all that was ruled out'],
  ['ecs-pull-doctor demo layers --format html > report.html', 'the same as a page that draws the way'],
  ['ecs-pull-doctor demo --list', 'the other incidents'],
  ['ecs-pull-doctor diagnose --cluster <name> --service <name>', 'a service of yours'],
  ['ecs-pull-doctor preflight --cluster <name>', 'every service of yours, before it fails'],
]
  .map(([command = '', what]) => `  ${command.padEnd(62)}${what}`)
  .join('\n')}
`);
  // Nobody has a command of that name who has installed nothing.
  if (process.env['npm_command'] === 'exec')
    say('  By npx: npx and the package, as just now, in the place of ecs-pull-doctor.\n');
  else if (process.argv[1]?.endsWith('.ts'))
    say('  In a clone: npm run build, and then node dist/cli.mjs in the place of ecs-pull-doctor.\n');
}

function heading(text: string): string {
  const line = `── ${text} `.padEnd(look().width ?? 100, '─');
  return colourful(process.stdout) ? `\u001b[1m${line}\u001b[0m` : line;
}

function called(name: string): Incident {
  const chosen = incidents.find((incident) => incident.name === name);
  if (chosen) return chosen;
  throw unknownChoice(
    'incident',
    name,
    incidents.map((incident) => incident.name),
  );
}
