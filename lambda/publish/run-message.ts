import type { Entry, Run } from '../model/remediation.ts';
import { tame } from '../render/hostile-text.ts';
import type { RunEvent, RunNews } from '../runs/news.ts';
import { clusterNamed, listMessage, nameOf } from './list-message.ts';
import type { Message } from './message.ts';

/** What is sent when a plan was applied, refused or taken back. Shape and meaning: `docs/messages.md`. */
export interface RemediationUpdate {
  readonly schemaVersion: 1;
  readonly conclusion: 'remediation';
  readonly sentAt: string;
  readonly accountId: string;
  readonly region: string;
  readonly check: string;
  /** The conversation that it belongs to. */
  readonly incident: { readonly id: string };
  readonly remediation: {
    readonly event: RunEvent;
    readonly id: string;
    readonly plan: string;
    readonly run: string | null;
    readonly status: Run['status'] | null;
    readonly by: string;
    readonly because: string | null;
    readonly steps: readonly {
      readonly does: string;
      readonly status: string | null;
      readonly before: Readonly<Record<string, string | boolean | null>> | null;
      readonly made: string | null;
    }[];
  };
  readonly causes: readonly [];
}

const titles: Readonly<Record<RunEvent, string>> = {
  applied: 'Changed',
  refused: 'Nothing was changed',
  takenBack: 'Taken back',
  stuck: 'A change could not be taken back',
  works: 'It works: tasks of the service run',
  stays: 'The changes stay, and the service was not seen to run',
};

/** The message about a plan that was approved, or was to be applied by itself. `undoCommand` takes a run back. */
export function runMessage(
  { event, plan, run, by, because, incident }: RunNews,
  now: Date,
  undoCommand: (run: string) => string,
): Message {
  const { accountId, region, remediation, remedies, clusterArn, group } = plan;
  const steps = plan.steps.map(({ does }, at) => ({ does, entry: run?.entries[at] }));
  const title = `${titles[event]} (${remediation})`;
  const isThere = event === 'applied' || event === 'works' || event === 'stays' || event === 'stuck';
  const facts = [
    ...steps.map(({ does, entry }) =>
      [
        tame(does, 400),
        ...(entry ? [tame(entry.status, 40)] : []),
        ...(entry?.before ? [`before: ${tame(stateText(entry.before), 300)}`] : []),
        ...(entry?.made ? [`made: \`${tame(entry.made, 200)}\``] : []),
        ...(entry?.because ? [tame(entry.because, 300)] : []),
      ].join('; '),
    ),
    ...(because ? [`Why: ${tame(because, 1_000)}`] : []),
    `Approved by: ${tame(run?.by ?? by, 500)}`,
    ...(event === 'takenBack' ? [`Taken back by: ${tame(by, 500)}`] : []),
    ...(event === 'stuck' ? [`To be taken back by: ${tame(by, 500)}`] : []),
    `\`${tame(group ?? 'no group', 300)}\` in cluster \`${clusterNamed(clusterArn)}\`, account \`${accountId}\`, \`${region}\``,
    `Plan \`${plan.id}\`${run ? `, run \`${run.id}\`` : ''}, incident \`${incident}\``,
    ...(event === 'applied' || event === 'works'
      ? ['Change your infrastructure code to match, or its next deployment takes this back']
      : []),
    ...(event === 'applied' && !group?.startsWith('service:')
      ? ['No service starts the task again: run it once more to see that it works']
      : []),
    ...(run && isThere ? [`To take it back: \`${undoCommand(run.id)}\``] : []),
  ];
  const who = tame(nameOf(group ?? 'a task'), 60);
  const update: RemediationUpdate = {
    schemaVersion: 1,
    conclusion: 'remediation',
    sentAt: now.toISOString(),
    accountId,
    region,
    check: remedies,
    incident: { id: incident },
    remediation: {
      event,
      id: remediation,
      plan: plan.id,
      run: run?.id ?? null,
      status: run?.status ?? null,
      by: tame(by, 500),
      because: because === null ? null : tame(because, 2_000),
      steps: steps.map(({ does, entry }) => ({
        does: tame(does, 1_000),
        status: entry?.status ?? null,
        before: entry?.before ?? null,
        made: entry?.made ?? null,
      })),
    },
    causes: [],
  };
  return listMessage({
    who,
    title,
    sign: event === 'works' || event === 'applied' ? ':wrench:' : ':warning:',
    facts,
    keywords: [remediation, `remediation-${event}`],
    incident,
    update,
    attributes: {
      conclusion: update.conclusion,
      event: `remediation-${event}`,
      incident,
      cluster: clusterNamed(clusterArn),
      group,
      check: remedies,
    },
  });
}

/** What there was, for people: `rule: none`. */
const stateText = (state: NonNullable<Entry['before']>) =>
  Object.entries(state)
    .map(([name, value]) => `${name}: ${value ?? 'none'}`)
    .join(', ');
