import { allPages, answered } from '../lambda/collect/answered.ts';
import { pullErrorText, taskFromDetail } from '../lambda/event.ts';
import type { StoppedTask } from '../lambda/model/facts.ts';
import { ask } from './ask.ts';
import type { Account } from './connect.ts';
import { serviceHint } from './name-hint.ts';
import { UsageError } from './usage-error.ts';

interface Which {
  readonly task?: string | undefined;
  readonly cluster?: string | undefined;
  readonly service?: string | undefined;
}

/** A command that takes an event as well says so: it is what helps where ECS does not know the task. */
type Also = 'or an event' | undefined;

/** Whether the user has named a task at all; asked before anything is called. */
export function checkWhich({ task, cluster, service }: Which, also?: Also): void {
  if (task !== undefined) {
    const arn = taskArn.exec(task);
    if (!arn && !/^[\w-]{8,64}$/.test(task))
      throw new UsageError(`'${task.slice(0, 200)}' is not the ARN or the id of a task`);
    if (!(cluster ?? arn?.[1]) && !arn)
      throw new UsageError('a task id needs its cluster: --cluster <name> --task <id>');
  } else if (cluster === undefined || service === undefined) {
    throw new UsageError(
      service !== undefined || cluster !== undefined
        ? 'name the task: --cluster <name> --service <name>, or --cluster <name> --task <id>'
        : `name the task: --task <ARN>, --cluster <name> --task <id>, ${also ? '' : 'or '}--cluster <name> --service <name>${also ? ', or --event <file>' : ''}`,
    );
  }
}

/** What can be done where the task itself cannot be asked for. */
const otherwise = (also: Also) =>
  also ? { otherwise: 'give the event with --event, which needs no such call' } : {};

/** The long form of the ARN holds the cluster. */
const taskArn = /^arn:[a-z0-9-]+:ecs:[a-z0-9-]+:\d{12}:task\/(?:([\w-]+)\/)?[\w-]+$/;

/** The task that the user means, as ECS knows it. */
export async function findTask(which: Which, account: Account, also?: Also): Promise<StoppedTask> {
  checkWhich(which, also);
  const { task, cluster = '', service = '' } = which;
  return task === undefined
    ? lastOfService(cluster, service, account, also)
    : theTask(task, which.cluster, account, also);
}

async function theTask(
  task: string,
  cluster: string | undefined,
  account: Account,
  also: Also,
): Promise<StoppedTask> {
  const inCluster = cluster ?? taskArn.exec(task)?.[1];
  const [found] = await ask(() => described(inCluster, [task], account), account, {
    cluster: inCluster,
    ...otherwise(also),
  });
  if (!found)
    throw new UsageError(
      `ECS does not know the task ${task.slice(0, 200)}${inCluster ? ` in cluster ${inCluster}` : ''}: it forgets a stopped task after an hour. Use ${also ? 'the event (--event), or ' : ''}the service (--service)`,
    );
  return taskFromDetail(found);
}

async function described(cluster: string | undefined, taskArns: readonly string[], { read }: Account) {
  const { tasks } = await read('ecs:DescribeTasks', { cluster, tasks: [...taskArns] });
  return answered('ecs:DescribeTasks', tasks);
}

async function lastOfService(
  cluster: string,
  service: string,
  account: Account,
  also: Also,
): Promise<StoppedTask> {
  const taskArns = await ask(
    () =>
      allPages('ecs:ListTasks', async (nextToken) => {
        const page = { cluster, serviceName: service, desiredStatus: 'STOPPED' as const, nextToken };
        const answer = await account.read('ecs:ListTasks', page);
        return { items: answer.taskArns, next: answer.nextToken };
      }),
    account,
    { cluster, service, ...otherwise(also) },
  );

  // The service may be given by its ARN; its tasks name it by its name.
  const group = `service:${service.split('/').at(-1)}`;
  const stopped: StoppedTask[] = [];
  // DescribeTasks takes up to a hundred at once.
  for (let from = 0; from < taskArns.length; from += 100) {
    const tasks = await ask(() => described(cluster, taskArns.slice(from, from + 100), account), account, {
      cluster,
      ...otherwise(also),
    });
    stopped.push(...tasks.map((task) => taskFromDetail(task)).filter((task) => task.group === group));
  }
  const newest = stopped.toSorted((a, b) => (b.stoppedAt ?? '').localeCompare(a.stoppedAt ?? ''));
  const failed = newest.find((task) => pullErrorText(task) !== null) ?? newest[0];
  if (!failed) {
    const hint = await serviceHint(cluster, service, account.read);
    throw new UsageError(
      `no stopped task in service ${service} of cluster ${cluster}${
        hint ||
        `: ECS forgets a stopped task after an hour. ${also ? 'Use the event (--event), or see' : 'See'} whether a new task could pull: ecs-pull-doctor preflight --cluster ${cluster} --service ${service}`
      }`,
    );
  }
  return failed;
}
