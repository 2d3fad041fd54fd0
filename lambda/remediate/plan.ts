import { createHash } from 'node:crypto';
import { diagnose } from '../diagnose.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Facts, Snapshot } from '../model/facts.ts';
import { gather } from '../model/gather.ts';
import type { Declined, Plan, Remediation } from '../model/remediation.ts';
import { declined } from './define.ts';
import { remediations } from './index.ts';

/** Minutes for which a plan may be approved. A failing service changes while people look at it. */
const validMinutes = 60;

/** What can be done about one cause. */
export type Planned = { readonly remediation: Remediation } & (
  | { readonly status: 'ready'; readonly plan: Plan }
  | Declined
);

/** A plan for each cause that a remediation is for, the likeliest first, or why there is none. */
export function plansFor(snapshot: Snapshot, diagnosis: Diagnosis): readonly Planned[] {
  return diagnosis.causes.flatMap(({ check }) =>
    remediations
      .filter(({ remedies }) => remedies === check.id)
      .map((remediation) => ({ remediation, ...planned(remediation, snapshot, diagnosis) })),
  );
}

function planned(
  remediation: Remediation,
  snapshot: Snapshot,
  diagnosis: Diagnosis,
): { readonly status: 'ready'; readonly plan: Plan } | Declined {
  const { values, missing } = gather<Facts, keyof Facts>(remediation.needs, snapshot.facts);
  if (missing[0])
    return declined(
      `\`${missing[0].fact}\` is not known${missing[0].action ? ` (\`${missing[0].action}\`: \`${missing[0].error}\`)` : ''}`,
    );
  const proposal = remediation.plan(values, diagnosis);
  if (proposal.status === 'declined') return proposal;
  if (proposal.steps.length === 0) return declined('there is nothing to change');

  const after = diagnose({ ...snapshot, facts: { ...snapshot.facts, ...known(proposal.model) } });
  const remains = [...after.causes, ...after.otherProblems].find(
    ({ check }) => check.id === remediation.remedies,
  );
  if (remains)
    return declined(`tried on the model it would not be enough: ${remains.check.cause.toLowerCase()} still`);

  const task = snapshot.facts.task.value;
  const { touches, costs } = proposal;
  // Two containers may name one image.
  const steps = [...new Map(proposal.steps.map((step) => [JSON.stringify(step.apply), step])).values()];
  const what = {
    remediation: remediation.id,
    remedies: remediation.remedies,
    accountId: task.accountId,
    region: task.region,
    clusterArn: task.clusterArn,
    group: task.group,
    deploymentId: task.startedBy,
    steps,
  };
  return {
    status: 'ready',
    plan: {
      schemaVersion: 1,
      id: createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 12),
      ...what,
      touches,
      costs,
      leaves: after.causes.map(({ check }) => check.cause),
      byPersonOnly: remediation.byPersonOnly,
      plannedAt: snapshot.collectedAt,
      expiresAt: new Date(Date.parse(snapshot.collectedAt) + validMinutes * 60_000).toISOString(),
    },
  };
}

const known = (facts: Partial<Facts>) =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, { status: 'known', value }]));
