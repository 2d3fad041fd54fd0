import type { Preflight } from '../model/preflight.ts';
import { tame } from './hostile-text.ts';
import { type Markup, markup } from './markup.ts';
import { type Block, explained, section, suspected, tameFix, tried } from './outline.ts';
import { type Look, scribe } from './terminal.ts';
import { waysOf } from './way.ts';

export type RenderPreflight = (results: readonly Preflight[], look?: Look) => string;

/** Every format of `preflight` by its name. */
export const preflightFormats = { terminal, json, junit } satisfies Record<string, RenderPreflight>;

export type PreflightFormat = keyof typeof preflightFormats;

/** The results themselves, for programs. The fields are a contract. */
function json(results: readonly Preflight[]): string {
  return `${JSON.stringify({ schemaVersion: 1, ...counted(results), results }, null, 2)}\n`;
}

/** What several services have in common is said once, with the names of those that share it. */
function terminal(results: readonly Preflight[], look: Look = {}): string {
  const { block, drawing } = scribe(look);
  const order = ['blocked', 'undecided', 'clear'] as const;
  const drawn = ({ conclusion, paths }: Preflight, who: string) =>
    conclusion === 'clear' ? '' : drawing(waysOf({ paths, taskArn: who }));
  const alike = new Map<string, Preflight[]>();
  for (const result of order.flatMap((one) => results.filter(({ conclusion }) => conclusion === one))) {
    const ofItsOwn = result.conclusion === 'clear' ? `${result.clusterArn} ${result.group}` : '';
    const key = JSON.stringify([result.conclusion, ofItsOwn, drawn(result, ''), body(result, new Map())]);
    alike.set(key, [...(alike.get(key) ?? []), result]);
  }
  const said = new Map<string, string>();
  const shown = new Set<string>();
  const parts = [...alike.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const all = [first, ...others] as const;
    // A way that was drawn for others is not drawn again.
    const isNew = !shown.has(drawn(first, ''));
    shown.add(drawn(first, ''));
    const picture = isNew ? drawn(first, whoseOf(all)) : '';
    return [
      [...title(all).map(block), ...(picture ? [picture] : []), ...body(first, said).map(block)].join('\n\n'),
    ];
  });
  const { blocked, undecided, clear } = counted(results);
  const sum = `${results.length} looked at: ${blocked} blocked, ${undecided} undecided, ${clear} clear`;
  return `${[...parts, ...(results.length > 1 ? [sum] : [])].join('\n\n')}\n`;
}

const counted = (results: readonly Preflight[]) => {
  const count = (one: Preflight['conclusion']) =>
    results.filter(({ conclusion }) => conclusion === one).length;
  return { blocked: count('blocked'), undecided: count('undecided'), clear: count('clear') };
};

const nameOf = ({ group }: Preflight) => tame(group.replace(/^(?:service|family):/, ''), 300);

const titles = {
  blocked: ['cause', 'a new task could not pull its image'],
  undecided: ['suspect', 'whether a new task could pull its image is not decided'],
  clear: ['clear', 'nothing stands in the way of the pull'],
} as const;

/** More names than this stand below the title. */
const mostNames = 3;

const whoseOf = (alike: readonly Preflight[]) =>
  alike.length > mostNames ? `${alike.length} services` : alike.map(nameOf).join(', ');

/** Of which services the rest is said. */
function title(alike: readonly [Preflight, ...Preflight[]]): readonly Block[] {
  const [{ conclusion, passed, notApplicable }] = alike;
  const [tone, text] = titles[conclusion];
  const names = alike.map(nameOf);
  const checked = conclusion === 'clear' ? ` (${checks(passed.length, notApplicable.length)})` : '';
  return [
    { kind: 'title', tone, text: `${whoseOf(alike)}: ${text}${checked}` },
    ...(names.length > mostNames
      ? [{ kind: 'text', text: names.map((one) => `\`${one}\``).join(', ') } as const]
      : []),
  ];
}

/** What is said of a service or task definition, and in which order; `said` holds what was said of others before. */
function body(result: Preflight, said: Map<string, string>): readonly Block[] {
  const { conclusion, blocking, likely, unknown, passed, notApplicable, crashed, mending } = result;
  const findings = [...blocking, ...likely];
  const lastOnTheWay = findings.findLast(({ hop }) => hop !== undefined);
  return [
    ...findings.flatMap((finding): Block[] => {
      const blocks = explained(finding);
      const key = JSON.stringify([finding.check.id, blocks]);
      const before = said.get(key);
      said.set(key, before ?? nameOf(result));
      return [
        { kind: 'heading', text: finding.check.cause },
        ...(before === undefined ? blocks : [{ kind: 'text', text: `As for \`${before}\`, above` } as const]),
        // Only the way of the packets is tried, not a role or an image; and what else stays is each one's own.
        ...(finding === lastOnTheWay ? tried({ mending, causes: findings, otherProblems: [] }) : []),
      ];
    }),
    ...section('What could not be judged', 'suspect', suspected(unknown)),
    ...section(
      'Bugs of this tool: please report them',
      'other',
      crashed.map(({ check, error }) => `\`${check.id}\`: ${tame(error, 300)}`),
    ),
    ...(conclusion === 'clear'
      ? []
      : [{ kind: 'text', text: checks(passed.length, notApplicable.length) } as const]),
  ];
}

const checks = (passed: number, notApplicable: number) =>
  `${passed} checks passed, ${notApplicable} do not apply`;

/**
 * For pipelines that read test reports: a suite for each service, a case for each check. Only what is proven is a failure; what is
 * likely, unknown or does not apply is skipped, and says why. https://github.com/testmoapp/junitxml
 */
function junit(results: readonly Preflight[]): string {
  const suites = results.map(suiteOf);
  return `${
    markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="ecs-pull-doctor preflight" tests="${sum(suites, 'tests')}" failures="${sum(suites, 'failures')}" errors="${sum(suites, 'errors')}" skipped="${sum(suites, 'skipped')}">
${suites.map(({ text }) => text)}</testsuites>`.text
  }\n`;
}

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
  readonly text: Markup;
}

const sum = (suites: readonly Suite[], what: Exclude<keyof Suite, 'text'>) =>
  suites.reduce((total, suite) => total + suite[what], 0);

function suiteOf(result: Preflight): Suite {
  const { blocking, likely, unknown, passed, notApplicable, crashed, collectedAt, clusterArn } = result;
  const suite = `${tame(clusterArn.split('/').at(-1) ?? '', 300)}.${nameOf(result)}`;
  const testCase = ({ check }: { readonly check: { id: string; cause: string } }, inner: Markup | null) =>
    markup`    <testcase classname="${suite}" name="${check.id}: ${check.cause}">${inner}</testcase>\n`;
  const skipped = (why: string) => markup`<skipped message="${tame(why, 1_000)}"/>`;
  const cases = [
    ...blocking.map((one) =>
      testCase(
        one,
        markup`<failure message="${one.check.cause}" type="proven">${[
          ...one.evidence,
          ...one.fixes
            .map(tameFix)
            .flatMap(({ do: what, cli }) => [`Put it right: ${what}`, ...(cli ? [`$ ${cli}`] : [])]),
          one.check.source.url,
        ]
          .map((line) => tame(line, 1_200))
          .join('\n')}</failure>`,
      ),
    ),
    ...crashed.map((one) => testCase(one, markup`<error message="${tame(one.error, 1_000)}"/>`)),
    ...likely.map((one) => testCase(one, skipped(`likely, not proven: ${one.evidence.join('; ')}`))),
    ...unknown.map((one) => testCase(one, skipped(`not decided: ${suspected([one]).join('; ')}`))),
    ...notApplicable.map((one) => testCase(one, skipped(`does not apply: ${one.because}`))),
    ...passed.map((one) => testCase(one, null)),
  ];
  const counts = {
    tests: cases.length,
    failures: blocking.length,
    errors: crashed.length,
    skipped: likely.length + unknown.length + notApplicable.length,
  };
  return {
    ...counts,
    text: markup`  <testsuite name="${suite}" tests="${counts.tests}" failures="${counts.failures}" errors="${counts.errors}" skipped="${counts.skipped}" timestamp="${collectedAt}">
${cases}  </testsuite>\n`,
  };
}
