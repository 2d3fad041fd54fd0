import { checks } from '../../lambda/checks/index.ts';
import { parsePullError } from '../../lambda/error-text/pull-error.ts';
import type { CheckFacts, Outcome } from '../../lambda/model/check.ts';
import type {
  CollectedFacts,
  ImageReference,
  Placement,
  Step,
  StoppedTask,
  Subnet,
} from '../../lambda/model/facts.ts';
import type { Hop, Path } from '../../lambda/model/network.ts';
import { refused } from './asking.ts';
import { snapshotOf } from './snapshots.ts';

/** The task whose connections these are. */
export const task = snapshotOf('healthy-nat-umbrella').facts.task.value;
export const placement: Placement = {
  interface: 'task',
  subnetIds: [],
  from: 'service',
  sourceAddress: null,
};

/** A hop that ends a connection, unless it is changed. */
export const hop = (check: string, change: Partial<Hop> = {}): Hop => ({
  at: 'rtb-0a1',
  is: 'route table',
  verdict: 'closed',
  because: '`rtb-0a1` leads nowhere',
  check,
  certainty: 'proven',
  resources: ['rtb-0a1'],
  ...change,
});

/** The way of one connection. */
export const path = (
  subnetId: string,
  step: Step,
  hops: readonly Hop[],
  change: Partial<Path> = {},
): Path => ({
  destination: { host: `${step}.example.com`, step, service: 'ecr.dkr', region: 'eu-west-1' },
  subnetId,
  addresses: 'public',
  hops,
  ...change,
});

interface Asked {
  readonly subnets?: readonly Partial<Subnet>[];
  readonly placement?: Placement | null;
  readonly task?: StoppedTask;
  readonly images?: readonly ImageReference[];
  /** The step that the text names. */
  readonly failed?: Step;
  /** What is known beside the paths: the rest nobody may read. */
  readonly uses?: Partial<CollectedFacts>;
}

/** What a check of the network says of these ways; without other subnets, from those that they begin in. */
export function askOfPaths(
  id: string,
  paths: readonly Path[],
  { uses, failed, ...given }: Asked = {},
): Outcome {
  const check = checks.find((one) => one.id === id);
  if (!check) throw new Error(`there is no check ${id}`);
  const begins = [...new Set(paths.map(({ subnetId }) => subnetId))].map((subnetId) => ({ subnetId }));
  const pullError = { ...parsePullError(''), step: failed ?? null };
  const facts = { pullError, task, images: [], placement, paths, subnets: begins, ...given };
  const unseen = Object.fromEntries((check.uses ?? []).map((name) => [name, refused]));
  return check.examine(facts as unknown as CheckFacts, { ...unseen, ...uses } as never);
}
