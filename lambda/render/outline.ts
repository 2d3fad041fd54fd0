import { longestCommand } from '../command.ts';
import type { Fix } from '../model/check.ts';
import type { Diagnosis, Finding } from '../model/diagnosis.ts';
import type { Mending } from '../model/network.ts';
import type { Offer } from '../model/remediation.ts';
import { tame } from './hostile-text.ts';
import { offerBlocks } from './offer.ts';

/** What a reader is told, in order. The renderers only decide how it looks. */
export type Block =
  | { readonly kind: 'title'; readonly text: string; readonly tone: 'cause' | 'suspect' | 'none' | 'clear' }
  /** `under`: it belongs to the heading before it. */
  | { readonly kind: 'heading'; readonly text: string; readonly under?: true }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'list';
      readonly items: readonly string[];
      readonly about: 'where' | 'evidence' | 'suspect' | 'other' | 'ruled-out';
    }
  | { readonly kind: 'fix'; readonly fix: Fix; readonly number: number }
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string };

/** One sentence: the cause, or that none was found. */
export function headline({ causes, suspects }: Diagnosis): string {
  const [cause] = causes;
  if (cause) return cause.certainty === 'proven' ? cause.check.cause : `Probably: ${cause.check.cause}`;
  const [suspect] = suspects;
  return suspect ? 'The cause could not be seen from here' : 'No cause was found';
}

/** What is said, and in which order: the cause, its evidence, the fix, then what could not be seen and what was ruled out. */
export function outline(diagnosis: Diagnosis, offer: Offer | null = null): readonly Block[] {
  const { causes, suspects, ruledOut, crashed } = diagnosis;
  const [first, ...others] = causes;
  const { inTheWay, beside } = problemsOf(diagnosis);
  const blocks: readonly Block[] = [
    {
      kind: 'title',
      text: headline(diagnosis),
      tone: first ? 'cause' : suspects.length > 0 ? 'suspect' : 'none',
    },
    { kind: 'list', about: 'where', items: where(diagnosis) },
    { kind: 'quote', text: tame(diagnosis.error, 1_500) },
    ...(first ? explained(first) : []),
    ...others.flatMap((cause): Block[] => [
      {
        kind: 'heading',
        text:
          first?.hop !== undefined && cause.hop !== undefined
            ? `Behind it: ${cause.check.cause}`
            : `Also: ${cause.check.cause}`,
      },
      ...under(explained(cause)),
    ]),
    ...tried(diagnosis),
    ...inTheWay.flatMap((problem): Block[] => [
      { kind: 'heading', text: `In the way of the next pull: ${problem.check.cause}` },
      ...under(explained(problem)),
    ]),
    ...(offer ? offerBlocks(offer) : []),
    ...section('What could not be judged', 'suspect', suspected(suspects)),
    ...section(
      'Also found, but not the reason for this error',
      'other',
      beside.map(({ check, evidence }) => `${check.cause}: ${tame(evidence[0] ?? '', 400)}`),
    ),
    ...section(
      'Ruled out',
      'ruled-out',
      ruledOut.map(({ check, evidence }) => `Not: ${lower(check.cause)}. ${tame(evidence[0] ?? '', 300)}`),
    ),
    ...section(
      'Bugs of this tool: please report them',
      'other',
      crashed.map(({ check, error }) => `\`${check.id}\`: ${tame(error, 300)}`),
    ),
  ];
  return blocks.map(tamed);
}

/** What is no hop comes after all that a packet meets. */
const behindTheWay = 1_000;

/** More of them than this are told in a line each. */
const mostInTheWay = 3;

/**
 * What was found beside the causes. An error names one thing, and what else is proven to stop a pull stops the next one: it is told
 * with what mends it, so that one look mends all.
 */
export function problemsOf({ otherProblems }: Pick<Diagnosis, 'otherProblems'>): {
  readonly inTheWay: readonly Finding<'found'>[];
  readonly beside: readonly Finding<'found'>[];
} {
  const inTheWay = otherProblems
    .filter(({ certainty, closes }) => certainty === 'proven' && closes.length > 0)
    .toSorted((a, b) => (a.hop ?? behindTheWay) - (b.hop ?? behindTheWay))
    .slice(0, mostInTheWay);
  return { inTheWay, beside: otherProblems.filter((one) => !inTheWay.includes(one)) };
}

/** The blocks of a finding below a heading of its own. */
const under = (blocks: readonly Block[]): Block[] =>
  blocks.map((block) => (block.kind === 'heading' ? { ...block, under: true } : block));

/** A block as it is printed: whatever its texts are made of, they are on one line and without control characters. */
export function tamed(block: Block): Block {
  switch (block.kind) {
    case 'fix':
      return { ...block, fix: tameFix(block.fix) };
    case 'list':
      return { ...block, items: block.items.map((item) => tame(item)) };
    default:
      return { ...block, text: tame(block.text, 8_000) };
  }
}

/**
 * Whether the changes open the way, as far as the model shows, and what else was found that they leave as it is. Only where the
 * network is the cause.
 */
export function tried({
  mending,
  causes,
  otherProblems,
}: Pick<Diagnosis, 'mending' | 'causes' | 'otherProblems'>): Block[] {
  if (!mending || !causes.some(({ hop }) => hop !== undefined)) return [];
  const { changes } = mending;
  if (changes.length === 0) return [];
  const costs = [...new Set(changes.flatMap((change) => change.costs ?? []))];
  const paid = costs.length > 0 ? ` It costs: ${costs.join('; ')}.` : '';
  const left = leftBy(mending, [...causes, ...otherProblems]);
  const stays = left ? ` ${left}` : '';
  if (changes.length === 1)
    return [{ kind: 'text', text: `Tried on the model: ${whatItDoes(mending)}.${paid}${stays}` }];
  return [
    { kind: 'heading', text: `Tried on the model: ${whatItDoes(mending)}` },
    {
      kind: 'list',
      about: 'evidence',
      items: [
        ...changes.map(({ does, costs: cost }) => `${does}${cost ? ` (${cost})` : ''}`),
        ...(left ? [left] : []),
      ],
    },
  ];
}

function whatItDoes({ changes, opens, unseen }: Mending): string {
  const [what, s] = changes.length === 1 ? ['this', 's'] : [`these ${changes.length} changes together`, ''];
  if (opens) return `${what} open${s} every connection${s && ' of the pull'}`;
  if (unseen)
    return `${what} open${s} all of the way that can be seen, and some of it cannot be seen from here`;
  return changes.length === 1
    ? 'this alone does not open every connection of the pull'
    : `these ${changes.length} changes alone do not open every connection of the pull`;
}

/** What was found that no change of a plan touches: the plan opens the way, and the pull fails all the same. */
export function leftBy({ changes }: Mending, findings: readonly Finding<'found'>[]): string | null {
  const left = findings.filter(
    ({ hop, check }) => hop === undefined && !changes.some((change) => change.check === check.id),
  );
  if (left.length === 0) return null;
  const causes = left.slice(0, 3).map(({ check }) => lower(check.cause));
  const more = left.length > causes.length ? `; and ${left.length - causes.length} more` : '';
  return `What else was found stays: ${causes.join('; ')}${more}.`;
}

function where({ taskArn, clusterArn, group, images, stoppedAt, collectedAt }: Diagnosis): readonly string[] {
  const [, , , region, account] = taskArn.split(':');
  return [
    `${group ? `\`${tame(group, 300)}\` in cluster` : 'Cluster'} \`${tame(clusterArn.split('/').at(-1) ?? clusterArn, 300)}\`, account \`${account}\`, \`${region}\``,
    `Task \`${tame(taskArn.split('/').at(-1) ?? taskArn, 300)}\`${stoppedAt ? `, stopped ${stoppedAt}` : ''}, looked at ${collectedAt}`,
    ...images.map((image) => `Image \`${tame(image, 300)}\``),
  ];
}

/** The evidence of a cause, and the ways out. */
export const explained = ({ check, certainty, evidence, fixes }: Finding<'found'>): Block[] => [
  {
    kind: 'list',
    about: 'evidence',
    items: [
      ...evidence.map((line) => tame(line, 600)),
      ...(certainty === 'likely'
        ? ['Likely, not proven: something that cannot be seen from here decides']
        : []),
    ],
  },
  ...(fixes.length > 0 ? [{ kind: 'heading', text: 'Put it right' } as const] : []),
  ...fixes.map((fix, index): Block => ({ kind: 'fix', fix: tameFix(fix), number: index + 1 })),
  { kind: 'link', text: `${check.source.title}: ${check.source.section}`, url: check.source.url },
];

/** A fix as it is shown. */
export const tameFix = ({ do: what, alternative, cli, cdk }: Fix): Fix => ({
  do: tame(what, 600),
  ...(alternative && { alternative }),
  // Half a command, or one that comes out changed, would be pasted all the same.
  ...(cli && tame(cli, longestCommand) === cli && { cli }),
  ...(cdk?.split('\n').every((line) => tame(line) === line) && { cdk }),
});

/** Suspects that share a reason are one line: what could not be seen, what to do about it, and what stays open. */
export function suspected(suspects: readonly Finding<'inconclusive' | 'undecided'>[]): readonly string[] {
  const causes = new Map<string, string[]>();
  for (const finding of suspects) {
    const why = reasonOf(finding);
    causes.set(why, [...(causes.get(why) ?? []), finding.check.cause]);
  }
  return [...causes].map(([why, open]) => {
    const shown = open.slice(0, 4).map((cause) => lower(cause));
    return `${why}. Not ruled out: ${shown.join('; ')}${open.length > shown.length ? `; and ${open.length - shown.length} more` : ''}`;
  });
}

function reasonOf(finding: Finding<'inconclusive' | 'undecided'>): string {
  if (finding.status === 'undecided') return `${tame(finding.because, 400)}. ${tame(finding.ask, 300)}`;
  const [missing] = finding.missing;
  if (!missing) return 'A fact is missing';
  const why = tame(missing.error ?? missing.why, 200);
  if (!missing.action) return why;
  return missing.why === 'refused'
    ? `AWS refused \`${missing.action}\` (\`${why}\`): allow it and look again`
    : `\`${missing.action}\` gave no usable answer (${why})`;
}

const lower = (text: string) =>
  /^[A-Z][a-z ]/.test(text) ? `${text.charAt(0).toLowerCase()}${text.slice(1)}` : text;

/** A heading with a list, or nothing if the list is empty. */
export const section = (
  heading: string,
  about: Extract<Block, { kind: 'list' }>['about'],
  items: readonly string[],
): Block[] =>
  items.length === 0
    ? []
    : [
        { kind: 'heading', text: heading },
        { kind: 'list', about, items },
      ];
