import type { Read } from '../../lambda/aws/api.ts';
import { collect } from '../../lambda/collect/collect.ts';
import { stoppedTask } from '../../lambda/event.ts';
import type { StoppedTask } from '../../lambda/model/facts.ts';
import { type Account, fakeAws } from './account.ts';
import { scenarios } from './scenario-list.ts';

/** How AWS answers a call; `asAws` is what it answers in the scenario. */
export type Answer = (
  action: string,
  input: Record<string, unknown>,
  asAws: () => Promise<object>,
) => Promise<object>;

/** What is otherwise than in a scenario. */
export interface Change {
  readonly answer?: Answer;
  readonly breaks?: (account: Account) => void;
  readonly task?: Partial<StoppedTask>;
}

/** What is collected in a scenario where AWS answers otherwise, and which calls that takes. */
export async function collected(
  name: string,
  { answer = (_action, _input, asAws) => asAws(), breaks, task: change }: Change = {},
) {
  const scenario = scenarios.find((one) => one.name === name);
  const task = scenario && stoppedTask(scenario.event);
  if (!task) throw new Error(`there is no scenario ${name}`);
  const account = scenario.world();
  scenario.breaks?.(account);
  breaks?.(account);
  const calls: string[] = [];
  const aws = fakeAws(account, calls);
  const read = ((action: never, input: never, region: string) =>
    answer(action, input, () => aws(action, input, region) as Promise<object>)) as unknown as Read;
  const onBug = (fact: string, cause: unknown) => {
    throw new Error(`collecting ${fact} is broken`, { cause });
  };
  const { facts } = await collect({ ...task, ...change }, read, new Date(0), { onBug });
  return { facts, calls: [...new Set(calls)] };
}

/** AWS answers some calls so, and the others as ever. */
export const telling =
  (answers: Readonly<Record<string, object>>): Answer =>
  async (action, _, asAws) =>
    answers[action] ?? asAws();
