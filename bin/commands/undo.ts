import { awsAccount } from '../../lambda/aws/remediation-api.ts';
import type { Run } from '../../lambda/model/remediation.ts';
import { Refused, undo as undoRun } from '../../lambda/remediate/execute.ts';
import { tame } from '../../lambda/render/hostile-text.ts';
import { runText } from '../../lambda/render/plan.ts';
import { ask } from '../ask.ts';
import { parse } from '../input.ts';
import { openJournal } from '../journal.ts';
import { UsageError } from '../usage-error.ts';
import type { Command } from './index.ts';
import { defaultJournal } from './remediate.ts';

export const undo: Command = {
  summary: 'take back what `remediate --apply` has made, and nothing else',
  help: `Usage: ecs-pull-doctor undo [<run>] [--journal <file>] [--profile <name>]

Takes back what a run has made and what is there of it still, last step first. What was so before, and what others have
changed since, stays. May be repeated. Without <run>: the one run of the journal that is not taken back.

  ecs-pull-doctor undo
  ecs-pull-doctor undo 19ce68146365-20261120030410000 --journal journal.json
`,
  async run(args) {
    const { values, positionals } = parse('undo', args, {
      journal: { type: 'string' },
      profile: { type: 'string' },
    });
    const [id, ...more] = positionals;
    if (more.length > 0) throw new UsageError('undo takes one run: ecs-pull-doctor undo <run>');

    const file = values.journal ?? defaultJournal;
    const journal = openJournal(file);
    try {
      const run = runCalled(id, journal.runs, file);
      const { region, accountId } = run.plan;
      const account = awsAccount({
        region,
        ...(values.profile === undefined ? {} : { profile: values.profile }),
      });
      const { Account: own } = await ask(
        () => account.look('sts:GetCallerIdentity', {}, region),
        { region, profile: values.profile ?? process.env['AWS_PROFILE'] },
        {},
      );
      if (own !== accountId)
        throw new UsageError(`run ${run.id} is of account ${accountId}, and the credentials are of ${own}`);
      const done = await undoRun(run, { account, journal });
      process.stdout.write(runText(done));
      return done.status === 'undone' ? 0 : 1;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      process.stdout.write(`Refused, nothing is changed: ${tame(error.message)}\n`);
      return 1;
    } finally {
      journal.close();
    }
  },
};

function runCalled(id: string | undefined, runs: readonly Run[], file: string): Run {
  const open = runs.filter(({ status }) => status !== 'undone');
  const [run, ...others] = id === undefined ? open : runs.filter((one) => one.id === id);
  if (run && others.length === 0) return run;
  const names = open.map((one) => one.id).join(', ') || 'none';
  if (id === undefined && open.length === 0)
    throw new UsageError(
      `${file} holds no run to take back: remediate --apply writes one, into the file that --journal names`,
    );
  throw new UsageError(
    id === undefined
      ? `name the run to take back: ${names}`
      : `there is no run '${id}' in ${file}; to take back: ${names}`,
  );
}
