import type { Diagnosis } from '../model/diagnosis.ts';
import type { Plan, RemediationStep, Run } from '../model/remediation.ts';
import { tame } from './hostile-text.ts';
import { leftBy, problemsOf, tameFix } from './outline.ts';

/** A plan for a person who is to approve it. */
export function planText(
  plan: Plan,
  cause: string,
  commandOf: (change: RemediationStep['apply'], region: string) => string,
): string {
  return lines([
    `Plan ${plan.id}: ${plan.remediation}`,
    `  for: ${cause}`,
    `  account ${plan.accountId}, ${plan.region}, cluster ${plan.clusterArn}, ${plan.group ?? 'no group'}`,
    '',
    ...plan.steps.flatMap(({ does, region, apply, undo }, index) => [
      `  ${index + 1}. ${does}`,
      `     $ ${commandOf(apply, region)}`,
      '     and to take it back:',
      `     $ ${commandOf(undo, region)}`,
    ]),
    '',
    ...plan.touches.map((whom) => `  Touches: ${whom}`),
    `  Costs: ${plan.costs ?? 'nothing'}`,
    ...plan.leaves.map((cause) => `  Still there afterwards: ${cause}`),
    ...(plan.byPersonOnly ? ['  Only a person may approve this.'] : []),
    `  Expires ${plan.expiresAt}`,
  ]);
}

/** What is left to a person, where no remediation is for a cause, or it would not do. */
export function byHandText({ causes, otherProblems, mending }: Diagnosis): string {
  const { inTheWay } = problemsOf({ otherProblems });
  const left = mending && leftBy(mending, [...causes, ...otherProblems]);
  return lines([
    'Nothing here is changed by this program. Put it right by hand:',
    ...[...causes, ...inTheWay].flatMap(({ check, fixes }) => [
      '',
      `  ${check.cause}`,
      ...fixes
        .map(tameFix)
        .flatMap((fix) => [
          `  • ${fix.do}`,
          ...(fix.cli ? [`    $ ${fix.cli}`] : []),
          ...(fix.cdk ? [`    CDK ${fix.cdk}`] : []),
        ]),
    ]),
    ...(mending?.opens
      ? [
          '',
          '  Tried on the model, this opens every connection of the pull:',
          ...mending.changes.map(({ does, costs }) => `  • ${does}${costs ? ` (${costs})` : ''}`),
          ...(left ? [`  ${left}`] : []),
        ]
      : []),
  ]);
}

/** What became of a run: who, what, before and after. */
export function runText({ id, by, startedAt, status, because, plan, entries }: Run): string {
  return lines([
    `Run ${id}: ${status}`,
    `  ${plan.remediation}, approved by ${by} at ${startedAt}`,
    ...plan.steps.map(({ does }, index) => {
      const entry = entries[index];
      const before = entry?.before ? `; before: ${JSON.stringify(entry.before)}` : '';
      const made = entry?.made ? `; made: ${entry.made}` : '';
      return `  ${index + 1}. ${does}: ${entry?.status}${made}${before}${entry?.because ? `; ${entry.because}` : ''}`;
    }),
    ...(because ? [`  Because: ${because}`] : []),
    ...(status === 'applied'
      ? ['  Change your infrastructure code to match, or its next deployment takes this back.']
      : []),
  ]);
}

const lines = (all: readonly string[]) => `${all.map((one) => tame(one, 20_000)).join('\n')}\n`;
