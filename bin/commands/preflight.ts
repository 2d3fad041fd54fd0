import { collect } from '../../lambda/collect/collect.ts';
import { once } from '../../lambda/collect/once.ts';
import type { Snapshot } from '../../lambda/model/facts.ts';
import type { Preflight } from '../../lambda/model/preflight.ts';
import { preflight as preflightOf } from '../../lambda/preflight.ts';
import { askerOf } from '../../lambda/registry/asker.ts';
import { preflightFormats } from '../../lambda/render/preflight.ts';
import { connect } from '../connect.ts';
import { parse } from '../input.ts';
import { givenNetwork, hostsOf } from '../options.ts';
import { look, progress } from '../output.ts';
import { type Planned, plannedByServices, plannedByTaskDefinition } from '../planned-tasks.ts';
import { unknownChoice } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';
import type { Command } from './index.ts';

/** This many services are looked at together; AWS throttles who asks for more at once. */
const together = 4;

export const preflight: Command = {
  summary: 'say whether a new task could pull its images, before one fails',
  help: `Usage: ecs-pull-doctor preflight <what> [options]

What:
  --cluster <name> --service <name>     the next task of a service
  --cluster <name>                      the next task of every service: which could not start one now
  --task-definition <name[:revision]> --subnets <ids> [--security-groups <ids>] [--assign-public-ip ENABLED]
                                        a task on Fargate, before there is a service; --cluster if not default

Options:
  --format <name>            ${Object.keys(preflightFormats).join(', ')} (default: terminal)
  --strict                   fail on what is only likely, or could not be seen, too
  --registries <hosts>       registries outside Amazon ECR that may be asked about an image, beside Docker Hub,
                             ghcr.io, quay.io and public.ecr.aws; no credentials are sent
  --no-registries            ask no registry outside Amazon ECR
  --region <name>            default: AWS_REGION or the profile's
  --profile <name>           default: AWS_PROFILE

Every check runs on what AWS says now; those that read nothing but error texts do not apply. It only reads, with the policy in
docs/permissions.json; each call that is refused leaves something undecided, which is said, and fails nothing.

Exit codes: 0 nothing is proven to stop a pull, 1 something is, 2 could not run.

  ecs-pull-doctor preflight --cluster prod --service web
  ecs-pull-doctor preflight --cluster prod
  ecs-pull-doctor preflight --cluster prod --format junit > preflight.xml
  ecs-pull-doctor preflight --task-definition web:8 --subnets subnet-0a1,subnet-0b2 --security-groups sg-0a1
`,
  async run(args) {
    const { values, positionals } = parse('preflight', args, {
      cluster: { type: 'string', short: 'c' },
      service: { type: 'string', short: 's' },
      'task-definition': { type: 'string', short: 't' },
      format: { type: 'string', short: 'f' },
      strict: { type: 'boolean' },
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
        `preflight does not take '${positionals[0]}'; see: ecs-pull-doctor preflight --help`,
      );
    const render = renderer(values.format ?? 'terminal');
    const { cluster, service, 'task-definition': taskDefinition } = values;
    const network = givenNetwork(values);
    if (taskDefinition === undefined && cluster === undefined)
      throw new UsageError(
        'name a cluster (--cluster), with a service (--service), or a task definition (--task-definition)',
      );
    if (taskDefinition !== undefined && service !== undefined)
      throw new UsageError(
        '--service has a task definition of its own: give one of --service and --task-definition',
      );
    if (taskDefinition !== undefined && (network?.subnetIds.length ?? 0) === 0)
      throw new UsageError(
        'a task definition has no network settings: give --subnets and --security-groups too',
      );
    if (taskDefinition === undefined && network)
      throw new UsageError(
        '--subnets, --security-groups and --assign-public-ip go with --task-definition: a service has its own',
      );
    const askRegistry = values['no-registries'] ? undefined : askerOf(hostsOf(values.registries));

    const line = progress();
    let of = '';
    const connected = await connect({
      region: values.region,
      profile: values.profile,
      // Every call has a limit of its own; a cluster has many.
      budget: 15 * 60_000,
      show: (text) => line.show(`${of}${text}`),
    });
    // What services share (a VPC, a role, an image) is asked for once.
    const account = { ...connected, read: once(connected.read) };
    try {
      const planned =
        taskDefinition === undefined
          ? await plannedByServices(cluster ?? '', service, account)
          : network && [
              await plannedByTaskDefinition(
                taskDefinition,
                { cluster: cluster ?? 'default', network },
                account,
              ),
            ];
      const results: Preflight[] = [];
      const all = planned ?? [];
      for (let from = 0; from < all.length; from += together) {
        of = all.length > 1 ? `service ${from + 1} of ${all.length}: ` : '';
        results.push(
          ...(await Promise.all(
            all.slice(from, from + together).map(async ([first, ...others]: Planned) => {
              const looked = (task: Planned[0]): Promise<Snapshot> =>
                collect(task, account.read, new Date(), { askRegistry });
              return preflightOf([await looked(first), ...(await Promise.all(others.map(looked)))]);
            }),
          )),
        );
      }
      line.done();
      account.mustHaveAnswered();
      process.stdout.write(render(results, look()));
      const failing = values.strict ? ['blocked', 'undecided'] : ['blocked'];
      return results.some(({ conclusion }) => failing.includes(conclusion)) ? 1 : 0;
    } finally {
      line.done();
    }
  },
};

function renderer(format: string) {
  if (Object.hasOwn(preflightFormats, format))
    return preflightFormats[format as keyof typeof preflightFormats];
  throw unknownChoice('format', format, Object.keys(preflightFormats));
}
