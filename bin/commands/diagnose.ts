import { writeFileSync } from 'node:fs';
import { collect } from '../../lambda/collect/collect.ts';
import { diagnose as diagnoseSnapshot } from '../../lambda/diagnose.ts';
import { pullErrorText } from '../../lambda/event.ts';
import { askerOf } from '../../lambda/registry/asker.ts';
import { tame } from '../../lambda/render/hostile-text.ts';
import { formats } from '../../lambda/render/index.ts';
import { connect } from '../connect.ts';
import { failedTaskIn, stoppedReasonIn } from '../failure-input.ts';
import { checkWhich, findTask } from '../find-task.ts';
import { formatOf, mustBeWritable, parse, readJson } from '../input.ts';
import { givenNetwork, hostsOf } from '../options.ts';
import { print, printNoPullFailure, progress } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import type { Command } from './index.ts';

export const diagnose: Command = {
  summary: 'say why a stopped task could not pull its image, with your own credentials',
  help: `Usage: ecs-pull-doctor diagnose <which task> [options]

Which task:
  --task <ARN>                        a stopped task; ECS forgets it an hour after it stopped
  --cluster <name> --task <id>        the same, by its id
  --cluster <name> --service <name>   the last task of a service that stopped on a pull
  --event <file>|-                    an EventBridge event, as it is in the bus or in an archive; or what
                                      \`aws ecs describe-tasks\` or \`aws sqs receive-message\` has printed

Options:
  --format <name>            ${Object.keys(formats).join(', ')} (default: terminal)
  --save <file>              keep what was read, for \`replay\` and \`anonymise\`
  --subnets <ids>            where ECS recorded no network settings (a task without a service)
  --security-groups <ids>
  --assign-public-ip <ENABLED|DISABLED>
  --registries <hosts>       registries outside Amazon ECR that may be asked about an image, beside Docker Hub,
                             ghcr.io, quay.io and public.ecr.aws; no credentials are sent
  --no-registries            ask no registry outside Amazon ECR
  --region <name>            default: the task's own, else AWS_REGION or the profile's
  --profile <name>           default: AWS_PROFILE

It only reads. docs/permissions.json is the policy it needs; each call that is refused costs some checks, never the run.

  ecs-pull-doctor diagnose --cluster prod --service web
  ecs-pull-doctor diagnose --task arn:aws:ecs:eu-west-1:111122223333:task/prod/0123456789abcdef0123456789abcdef
  ecs-pull-doctor diagnose --event event.json --format json
  ecs-pull-doctor diagnose --cluster prod --service web --format html > report.html
`,
  async run(args) {
    const { values, positionals } = parse('diagnose', args, {
      task: { type: 'string', short: 't' },
      cluster: { type: 'string', short: 'c' },
      service: { type: 'string', short: 's' },
      event: { type: 'string', short: 'e' },
      format: { type: 'string', short: 'f' },
      save: { type: 'string' },
      subnets: { type: 'string' },
      'security-groups': { type: 'string' },
      'assign-public-ip': { type: 'string' },
      registries: { type: 'string' },
      'no-registries': { type: 'boolean' },
      region: { type: 'string' },
      profile: { type: 'string' },
    });
    if (positionals.length > 0)
      throw new UsageError(
        `diagnose does not take '${positionals[0]}'; see: ecs-pull-doctor diagnose --help`,
      );
    const format = formatOf(values.format);
    if (values.save !== undefined) mustBeWritable('--save', values.save);
    const network = givenNetwork(values);
    const askRegistry = values['no-registries'] ? undefined : askerOf(hostsOf(values.registries));
    // An event of another kind is recognised before any credentials are asked for.
    const event = values.event === undefined ? undefined : eventIn(values.event);
    const fromEvent = event === undefined ? undefined : failedTaskIn(event);
    if (fromEvent === null) {
      const reason = stoppedReasonIn(event);
      return printNoPullFailure(
        format,
        `This event reports no failed image pull${reason ? `: ${tame(reason)}` : '.'}`,
      );
    }

    if (!fromEvent) checkWhich(values, 'or an event');

    const line = progress();
    const account = await connect({
      region: fromEvent?.region ?? regionOf(values.task) ?? values.region,
      profile: values.profile,
      show: line.show,
    });
    try {
      const task = fromEvent ?? (await findTask(values, account, 'or an event'));
      if (pullErrorText(task) === null) {
        line.done();
        return printNoPullFailure(
          format,
          `Task ${task.taskArn} did not stop on a failed image pull: ${tame(task.stoppedReason) || 'it gives no reason'}`,
        );
      }
      const snapshot = await collect(
        network ? { ...task, givenNetwork: network } : task,
        account.read,
        new Date(),
        { askRegistry },
      );
      line.done();
      account.mustHaveAnswered();
      if (values.save !== undefined) writeFileSync(values.save, `${JSON.stringify(snapshot, null, 2)}\n`);
      return print(diagnoseSnapshot(snapshot), format, snapshot);
    } finally {
      line.done();
    }
  },
};

/** What is in the file of an event. */
function eventIn(file: string): unknown {
  const json = readJson(file);
  if (typeof json === 'object' && json !== null && 'facts' in json && 'collectedAt' in json)
    throw new UsageError(
      `'${file}' is a saved incident, not an event; try: ecs-pull-doctor replay ${file === '-' ? '<file>' : file}`,
    );
  return json;
}

const regionOf = (task: string | undefined) => /^arn:[a-z0-9-]+:ecs:([a-z0-9-]+):/.exec(task ?? '')?.[1];
