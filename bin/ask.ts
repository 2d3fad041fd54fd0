import { CallFailed } from '../lambda/aws/call-failed.ts';
import { type Account, noAnswer } from './connect.ts';
import { clusterHint, serviceHint } from './name-hint.ts';
import { UsageError } from './usage-error.ts';

/** Who is asked. */
export type Asked = Pick<Account, 'read' | 'region' | 'profile'>;

/** Nothing is named where nobody can be asked for names. */
type Where = Omit<Asked, 'read'> & Partial<Pick<Asked, 'read'>>;

/** What a call is about, for a message. */
interface About {
  readonly cluster?: string | undefined;
  readonly service?: string | undefined;
  readonly taskDefinition?: string | undefined;
  /** What can be done if the call is refused, beside allowing it. */
  readonly otherwise?: string;
}

/** Before there is a task there is nothing to look at: a call that fails here ends the run, with what to do. */
export async function ask<T>(call: () => Promise<T>, account: Where, about: About): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    throw new UsageError(await messageOf(error, account, about), { cause: error });
  }
}

async function messageOf(
  error: CallFailed,
  { read, region, profile }: Where,
  { cluster = '', service = '', taskDefinition, otherwise }: About,
): Promise<string> {
  switch (error.code) {
    case 'ClusterNotFoundException':
      return `there is no cluster ${cluster} in this account and Region${read ? await clusterHint(cluster, read) : ''}`;
    case 'ServiceNotFoundException':
      return `there is no service ${service} in cluster ${cluster}${read ? await serviceHint(cluster, service, read) : ''}`;
    default:
      // ECS has no error of its own for a task definition that it does not know.
      if (error.code === 'ClientException' && taskDefinition)
        return `there is no task definition ${taskDefinition.slice(0, 200)} in this account and Region`;
      return error.why === 'refused'
        ? `AWS refused ${error.action} (${error.code}): allow it${otherwise ? `, or ${otherwise}` : ''}`
        : noAnswer([error], region, profile);
  }
}
