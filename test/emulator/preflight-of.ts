import { plannedByServices } from '../../bin/planned-tasks.ts';
import { awsReader } from '../../lambda/aws/api.ts';
import { collect } from '../../lambda/collect/collect.ts';
import type { Snapshot } from '../../lambda/model/facts.ts';
import type { Preflight } from '../../lambda/model/preflight.ts';
import { preflight } from '../../lambda/preflight.ts';
import { must } from './must.ts';
import type { World } from './world.ts';

/** From the name of a service to the result, with the real SDK. */
export async function preflightOf({ aws, name }: World): Promise<Preflight> {
  const read = awsReader({ region: aws.region, maxAttempts: 1 });
  const [planned] = await plannedByServices(name, name, { read, region: aws.region });
  const [first, ...others] = must(planned);
  const looked = (task: typeof first): Promise<Snapshot> => collect(task, read, new Date());
  return preflight([await looked(first), ...(await Promise.all(others.map(looked)))]);
}
