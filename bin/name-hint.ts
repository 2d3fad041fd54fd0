import type { Read } from '../lambda/aws/api.ts';
import { CallFailed } from '../lambda/aws/call-failed.ts';
import { allPages } from '../lambda/collect/answered.ts';
import { nearest } from './suggest.ts';

/** In more clusters than this nobody is looked for who mistyped a name. */
const clusterLimit = 20;

/** What was probably meant by a cluster that is not there: `: did you mean --cluster prod?`, or nothing. */
export async function clusterHint(cluster: string, read: Read): Promise<string> {
  return meaning('--cluster', nearest(nameOf(cluster), await orNone(clusterNames(read))));
}

/** This many names are worth reading in an error. */
const shownNames = 8;

/** What was probably meant by a service that is not in its cluster: the same name in another one, the nearest in this one, or which there are. */
export async function serviceHint(cluster: string, named: string, read: Read): Promise<string> {
  const service = nameOf(named);
  const here = await orNone(serviceNames(cluster, read));
  if (here.includes(service)) return '';
  const others = (await orNone(clusterNames(read))).filter((name) => name !== nameOf(cluster));
  const holding = await Promise.all(
    others
      .slice(0, clusterLimit)
      .map(async (name) => ((await orNone(serviceNames(name, read))).includes(service) ? [name] : [])),
  );
  const [elsewhere] = holding.flat();
  if (elsewhere) return meaning('--cluster', elsewhere);
  return (
    meaning('--service', nearest(service, here)) || (here.length > 0 ? `: the cluster has ${some(here)}` : '')
  );
}

/** The names of the services of a cluster. */
export async function serviceNames(cluster: string, read: Read): Promise<readonly string[]> {
  const arns = await allPages('ecs:ListServices', async (nextToken) => {
    const answer = await read('ecs:ListServices', { cluster, maxResults: 100, nextToken });
    return { items: answer.serviceArns, next: answer.nextToken };
  });
  return arns.map(nameOf);
}

async function clusterNames(read: Read): Promise<readonly string[]> {
  const arns = await allPages('ecs:ListClusters', async (nextToken) => {
    const answer = await read('ecs:ListClusters', { nextToken });
    return { items: answer.clusterArns, next: answer.nextToken };
  });
  return arns.map(nameOf);
}

/** The last part of an ARN, or the name itself. */
const nameOf = (arn: string) => arn.split('/').at(-1) ?? arn;

/** A hint is worth a call, but not an error of its own. */
async function orNone(names: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await names;
  } catch (error) {
    if (error instanceof CallFailed) return [];
    throw error;
  }
}

const some = (names: readonly string[]) =>
  `${names.slice(0, shownNames).join(', ')}${names.length > shownNames ? ` and ${names.length - shownNames} more` : ''}`;

const meaning = (option: string, name: string | undefined) =>
  name === undefined ? '' : `: did you mean ${option} ${name}?`;
