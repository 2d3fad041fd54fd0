import { createInterface } from 'node:readline/promises';
import { awsAccount } from '../../lambda/aws/remediation-api.ts';
import { collect } from '../../lambda/collect/collect.ts';
import { diagnose } from '../../lambda/diagnose.ts';
import { pullErrorText } from '../../lambda/event.ts';
import type { StoppedTask } from '../../lambda/model/facts.ts';
import type { Plan } from '../../lambda/model/remediation.ts';
import { askerOf } from '../../lambda/registry/asker.ts';
import { commandOf } from '../../lambda/remediate/command.ts';
import { apply, objectionTo, Refused } from '../../lambda/remediate/execute.ts';
import { remediations } from '../../lambda/remediate/index.ts';
import { plansFor } from '../../lambda/remediate/plan.ts';
import { tame } from '../../lambda/render/hostile-text.ts';
import { byHandText, planText, runText } from '../../lambda/render/plan.ts';
import { connect } from '../connect.ts';
import { checkWhich, findTask } from '../find-task.ts';
import { parse } from '../input.ts';
import { type FileJournal, openJournal } from '../journal.ts';
import { progress } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import type { Command } from './index.ts';

/** Where runs are written down, if nothing else is said. */
export const defaultJournal = 'ecs-pull-doctor-journal.json';

export const remediate: Command = {
  summary: 'plan the change that puts it right, and make it if you approve',
  help: `Usage: ecs-pull-doctor remediate <which task> [options]

Which task: --task <ARN>, --cluster <name> --task <id>, or --cluster <name> --service <name>

Options:
  --apply             make the change, after asking; without it a plan is only shown
  --yes               do not ask
  --plan <id>         the plan to apply, as it was shown; it is refused when it has expired, or comes out otherwise now
  --journal <file>    where runs are written down (default: ${defaultJournal})
  --region <name>     default: the task's own, else AWS_REGION or the profile's
  --profile <name>    default: AWS_PROFILE

A resource is changed only if it has the tag ecs-pull-doctor:remediation = allow. docs/remediation-permissions.json is the
policy that this needs, beside that of \`diagnose\`. What can be changed, and taken back:

${remediations.map(({ id, does }) => `  ${id.padEnd(30)}${does}`).join('\n')}

Everything else is a plan for a person. Exit codes: 0 planned or applied, 1 nothing to apply or refused, 2 could not run.

  ecs-pull-doctor remediate --cluster prod --service web
  ecs-pull-doctor remediate --cluster prod --service web --apply
`,
  async run(args) {
    const { values, positionals } = parse('remediate', args, {
      task: { type: 'string', short: 't' },
      cluster: { type: 'string', short: 'c' },
      service: { type: 'string', short: 's' },
      apply: { type: 'boolean' },
      yes: { type: 'boolean' },
      plan: { type: 'string' },
      journal: { type: 'string' },
      region: { type: 'string' },
      profile: { type: 'string' },
    });
    if (positionals.length > 0)
      throw new UsageError(
        `remediate does not take '${positionals[0]}'; see: ecs-pull-doctor remediate --help`,
      );
    if (values.yes && !values.apply) throw new UsageError('--yes approves nothing without --apply');
    if (values.apply && !values.yes && !process.stdin.isTTY)
      throw new UsageError('nobody can be asked here: approve with --yes');
    checkWhich(values);

    const journal = openJournal(values.journal ?? defaultJournal);
    try {
      return await planAndApply(values, journal);
    } finally {
      journal.close();
    }
  },
};

interface Wish {
  readonly task?: string | undefined;
  readonly cluster?: string | undefined;
  readonly service?: string | undefined;
  readonly apply?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly plan?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

async function planAndApply(wish: Wish, journal: FileJournal): Promise<number> {
  const line = progress();
  const region = /^arn:[a-z0-9-]+:ecs:([a-z0-9-]+):/.exec(wish.task ?? '')?.[1] ?? wish.region;
  const open = () => connect({ region, profile: wish.profile, show: line.show });
  const look = async (task: StoppedTask) => {
    const { read, mustHaveAnswered } = await open();
    const snapshot = await collect(task, read, new Date(), { askRegistry: askerOf([]) });
    line.done();
    mustHaveAnswered();
    const diagnosis = diagnose(snapshot);
    return { diagnosis, planned: plansFor(snapshot, diagnosis) };
  };

  const task = await findTask(wish, await open());
  if (pullErrorText(task) === null) {
    line.done();
    return say(`Task ${tame(task.taskArn)} did not stop on a failed image pull.\n`, 1);
  }
  const { diagnosis, planned } = await look(task);
  const account = awsAccount({
    region: task.region,
    ...(wish.profile === undefined ? {} : { profile: wish.profile }),
  });
  const ready = planned.flatMap((one) => (one.status === 'ready' ? [one.plan] : []));
  const causeOf = ({ remedies }: Plan) =>
    diagnosis.causes.find(({ check }) => check.id === remedies)?.check.cause ?? '';
  for (const plan of ready) say(planText(plan, causeOf(plan), commandOf), 0);
  for (const one of planned)
    if (one.status === 'declined') say(`No plan for ${one.remediation.id}: ${tame(one.because)}\n`, 0);
  if (ready.length === 0) return say(byHandText(diagnosis), 1);

  const plan = chosen(ready, wish.plan, journal);
  try {
    const objection = await objectionTo(plan, { account });
    if (objection) throw new Refused(objection);
    if (!wish.apply) {
      journal.keep(ready, new Date());
      return say(`\nNothing is changed. To apply it: the same command with --apply --plan ${plan.id}\n`, 0);
    }
    if (!wish.yes && !(await approves(plan))) return say('Nothing is changed.\n', 1);
    const { Arn: by = 'unknown' } = await account.look('sts:GetCallerIdentity', {}, task.region);
    const again = async () =>
      (await look(task)).planned.flatMap((one) => (one.status === 'ready' ? [one.plan] : []));
    const run = await apply(plan, by, again, { account, journal, now: () => new Date() });
    say(`\n${runText(run)}`, 0);
    return run.status === 'applied' ? say(`  To take it back: ecs-pull-doctor undo ${run.id}\n`, 0) : 1;
  } catch (error) {
    if (error instanceof Refused) return say(`\nRefused, nothing is changed: ${tame(error.message)}\n`, 1);
    throw error;
  }
}

/** The plan that was approved by its id, as it was shown; else the first. */
function chosen(ready: readonly Plan[], id: string | undefined, journal: FileJournal): Plan {
  const plan =
    id === undefined
      ? ready[0]
      : (journal.plans.find((one) => one.id === id) ?? ready.find((one) => one.id === id));
  if (plan) return plan;
  throw new UsageError(`there is no plan '${id}' in this journal, and none now: look at the plans above`);
}

async function approves({ id }: Plan): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await terminal.question(`Apply plan ${id}? [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

function say(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}
