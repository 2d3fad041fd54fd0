import { candidatesOf, leavesOpen, possibleSteps, rulesOut } from './error-text/pull-error.ts';
import type { Check, CheckSnapshot, Found, Result } from './model/check.ts';
import type { Diagnosis, Finding } from './model/diagnosis.ts';
import type { PullError, Snapshot } from './model/facts.ts';
import type { Mending, Path } from './model/network.ts';

interface Examined {
  readonly check: Check;
  readonly result: Result;
}

/** Sorts the results by two questions: is the cause present, and does it explain this error? */
export function judge(
  snapshot: Snapshot,
  facts: CheckSnapshot,
  examined: readonly Examined[],
  mending: Mending | null,
): Diagnosis {
  const task = snapshot.facts.task.value;
  const error = facts.pullError.value;
  const candidates = candidatesOf(error);
  const isOpen = leavesOpen(error);
  const explains = ({ check, result }: Examined) =>
    rulesOut(error, check.id)
      ? error.reached === 'end' && isBeyond(result, facts.paths.value)
      : (isOpen || candidates.includes(check.id)) && (result.status !== 'found' || fits(result, error));
  const explaining = examined.filter(explains);

  const rank = ({ check: { id } }: { check: { id: string } }) => {
    const position = candidates.indexOf(id);
    return position < 0 ? candidates.length + examined.findIndex(({ check }) => check.id === id) : position;
  };
  const byRank = (a: Finding, b: Finding) => rank(a) - rank(b);

  const present = findings(explaining, 'found');
  // Causes on the network stand together, where the likeliest of them would, in the order in which a packet meets them.
  const onTheWay = Math.min(...present.filter(({ hop }) => hop !== undefined).map(rank));
  const place = (cause: Finding<'found'>) => (cause.hop === undefined ? rank(cause) : onTheWay);
  const causes = present.toSorted(
    (a, b) =>
      Number(b.certainty === 'proven') - Number(a.certainty === 'proven') ||
      place(a) - place(b) ||
      (a.hop ?? 0) - (b.hop ?? 0) ||
      rank(a) - rank(b),
  );
  const suspects = [...findings(explaining, 'inconclusive'), ...findings(explaining, 'undecided')].toSorted(
    byRank,
  );
  const isExplained = causes.some(({ certainty }) => certainty === 'proven' || !isOpen);

  return {
    schemaVersion: 1,
    collectedAt: snapshot.collectedAt,
    stoppedAt: task.stoppedAt,
    taskArn: task.taskArn,
    clusterArn: task.clusterArn,
    group: task.group,
    images: facts.images.status === 'known' ? facts.images.value.map(({ text }) => text) : [],
    error: error.text,
    symptoms: error.symptoms,
    conclusion: isExplained ? 'explained' : causes.length + suspects.length > 0 ? 'suspected' : 'unexplained',
    paths: facts.paths.value,
    mending,
    causes,
    suspects,
    otherProblems: findings(
      examined.filter((one) => !explains(one)),
      'found',
    ),
    ruledOut: findings(explaining, 'ruled-out').toSorted(byRank),
    crashed: findings(examined, 'crashed'),
  };
}

/** Whether the failed step, and the kind of address that was dialled, allow a finding. */
function fits({ closes, addresses }: Found, error: PullError): boolean {
  if (!closes.some((step) => possibleSteps(error).includes(step))) return false;
  return addresses === undefined || error.addressKind === undefined || error.addressKind === addresses;
}

/** Whether a doubt is about what cannot be seen from here: a firewall there may let a connection be made, and end it. */
const isBeyond = (result: Result, paths: readonly Path[]): boolean =>
  result.status === 'undecided' &&
  paths.some(({ hops }) =>
    hops.some(({ is, hides, because }) => is === 'elsewhere' && !hides && because === result.because),
  );

const findings = <S extends Result['status']>(examined: readonly Examined[], status: S): Finding<S>[] =>
  examined.flatMap(({ check: { id, cause, source }, result }) =>
    hasStatus(result, status) ? [{ check: { id, cause, source }, ...result }] : [],
  );

const hasStatus = <S extends Result['status']>(
  result: Result,
  status: S,
): result is Extract<Result, { status: S }> => result.status === status;
