import { candidatesOf, leavesOpen } from './error-text/pull-error.ts';
import type { Check, CheckSnapshot, Found, Result } from './model/check.ts';
import type { Diagnosis, Finding } from './model/diagnosis.ts';
import type { PullError, Snapshot, Step } from './model/facts.ts';
import type { Mending } from './model/network.ts';

interface Examined {
  readonly check: Check;
  readonly result: Result;
}

/** Whether a cause explains the text: it is named by it, left open by it, or excluded by it. */
type Relation = 'names' | 'leaves open' | 'excludes';

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
  const related = examined.map((one) => ({ ...one, relation: relationOf(one, error, candidates) }));
  const explaining = related.filter(({ relation }) => relation !== 'excludes');

  const rank = ({ check: { id } }: { check: { id: string } }) => {
    const position = candidates.indexOf(id);
    return position < 0 ? candidates.length + examined.findIndex(({ check }) => check.id === id) : position;
  };
  const isNamed = (finding: Finding) =>
    related.some(({ check, relation }) => check.id === finding.check.id && relation === 'names');
  const byRank = (a: Finding, b: Finding) => Number(isNamed(b)) - Number(isNamed(a)) || rank(a) - rank(b);

  const causes = findings(explaining, 'found').toSorted(
    (a, b) =>
      Number(isNamed(b)) - Number(isNamed(a)) ||
      Number(b.certainty === 'proven') - Number(a.certainty === 'proven') ||
      // Causes on the network stand in the order in which a packet meets them.
      (a.hop !== undefined && b.hop !== undefined ? a.hop - b.hop : 0) ||
      rank(a) - rank(b),
  );
  const suspects = [...findings(explaining, 'inconclusive'), ...findings(explaining, 'undecided')].toSorted(
    byRank,
  );
  const isExplained = causes.some((cause) => cause.certainty === 'proven' || isNamed(cause));

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
      related.filter(({ relation }) => relation === 'excludes'),
      'found',
    ),
    ruledOut: findings(explaining, 'ruled-out').toSorted(byRank),
    crashed: findings(related, 'crashed'),
  };
}

function relationOf({ check, result }: Examined, error: PullError, candidates: readonly string[]): Relation {
  if (result.status === 'found' && !fits(result, error)) return 'excludes';
  if (!leavesOpen(error)) return candidates.includes(check.id) ? 'names' : 'excludes';
  return 'leaves open';
}

/** Whether the failed step, and the kind of address that was dialled, allow a finding. */
function fits({ closes, addresses }: Found, error: PullError): boolean {
  if (!closes.some((step) => possibleSteps(error).includes(step))) return false;
  return addresses === undefined || error.addressKind === undefined || error.addressKind === addresses;
}

/** Before a task on Fargate pulls, it fetches the token and the secrets: that failing says nothing of the registry's other hosts. */
function possibleSteps({ step, text }: PullError): readonly Step[] {
  if (step) return [step];
  return /ResourceInitializationError/i.test(text)
    ? ['token', 'secrets']
    : ['token', 'secrets', 'manifest', 'layers'];
}

const findings = <S extends Result['status']>(examined: readonly Examined[], status: S): Finding<S>[] =>
  examined.flatMap(({ check: { id, cause, source }, result }) =>
    hasStatus(result, status) ? [{ check: { id, cause, source }, ...result }] : [],
  );

const hasStatus = <S extends Result['status']>(
  result: Result,
  status: S,
): result is Extract<Result, { status: S }> => result.status === status;
