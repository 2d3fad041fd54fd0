import { checks } from '../lambda/checks/index.ts';
import { collectors } from '../lambda/collect/index.ts';
import { symptoms } from '../lambda/error-text/symptoms.ts';
import type { Check } from '../lambda/model/check.ts';

/** The text of a source file, by its path from the root of the repository. */
export type Source = (file: string) => string;

/** The sections of a page that are written by hand. */
export const headings = ['What you see', 'Why it happens', 'Confirm it yourself', 'Put it right'] as const;

const begin =
  '<!-- From here to the next comment the page is generated from the code: `npm test -- -u` writes it. -->';
const end = '<!-- From here on the page is written by hand. -->';

/** The areas of the catalogue, each named by the check that it begins with: the order of the registry says the rest. */
const areas: Readonly<Record<string, string>> = {
  'invalid-image-reference': 'Reference and image',
  'execution-role-missing': 'Authorisation',
  'ipv6-only-subnet': 'Network and DNS, in the order in which a packet meets them',
  'no-space-left': 'Disk',
  'registry-rate-limit': 'Registry',
};

/** The generated part of the page of a check: cause, source, error texts, facts and AWS calls. */
export function renderHead(check: Check, source: Source, networkFiles: readonly string[]): string {
  const texts = symptomsOf(check).map(
    ({ id, example, umbrella, candidates }) =>
      `| \`${id}\`${umbrella ? ', which leaves the reason open' : ''} | ${candidates.indexOf(check.id) + 1} of ${candidates.length} | ${code(example)} |`,
  );
  const facts = [
    ...check.needs.map((name) => ({ name, role: 'needed' })),
    ...(check.uses ?? []).map((name) => ({ name, role: 'used if known' })),
  ].map(({ name, role }) => `| \`${name}\` | ${role} | ${callsOf(name, source, networkFiles)} |`);
  return [
    begin,
    '',
    `# ${check.cause}`,
    '',
    `\`${check.id}\`. Source: [${escaped(`${check.source.title}: ${check.source.section}`)}](${check.source.url}). [All checks](README.md)`,
    '',
    ...folded(`Error texts that it explains (${texts.length})`, [
      '| Symptom | Place among its causes | A text of this kind |',
      '| --- | --- | --- |',
      ...texts,
    ]),
    ...folded('Facts that the check reads, and the AWS calls behind them', [
      '| Fact | | AWS calls |',
      '| --- | --- | --- |',
      ...facts,
    ]),
    end,
    '',
  ].join('\n');
}

/** A table that a reader opens when it is wanted: what it costs on a phone is one line. */
const folded = (summary: string, table: readonly string[]): readonly string[] => [
  '<details>',
  `<summary>${summary}</summary>`,
  '',
  ...table,
  '',
  '</details>',
  '',
];

/** A page with its head made anew; what is written by hand stays as it is. */
export function withHead(page: string, head: string): string {
  const at = page.indexOf(end);
  if (at < 0) throw new Error(`the page has no line ${end}`);
  return head + page.slice(at + end.length).replace(/^\n/, '');
}

/** The part of a page that is written by hand. */
export const bodyOf = (page: string): string => withHead(page, '');

/** The page of a check whose sections are still to be written. */
export const emptyPage = (head: string): string =>
  `${head}\n${headings.map((heading) => `## ${heading}\n`).join('\n')}`;

/** Why no page can be begun for an id, or `null` if one can. */
export function refusal(id: string | undefined, pages: readonly string[]): string | null {
  const bare = checks.map((check) => check.id).filter((one) => !pages.includes(one));
  const waiting =
    bare.length > 0 ? `without a page: ${bare.join(', ')}` : 'every check in the registry has a page';
  if (!id) return `name a check: npm run new-check -- <id> (${waiting})`;
  if (!checks.some((check) => check.id === id))
    return `'${id}' is not in lambda/checks/index.ts: add the check first (${waiting})`;
  return pages.includes(id) ? `docs/checks/${id}.md is there already: edit that` : null;
}

/** `docs/checks/README.md`: all checks by area. */
export function renderList(): string {
  const groups: { title: string; members: Check[] }[] = [];
  for (const check of checks) {
    const title = areas[check.id];
    if (title) groups.push({ title, members: [] });
    groups.at(-1)?.members.push(check);
  }
  const missing = Object.keys(areas).filter((id) => !checks.some((check) => check.id === id));
  if (missing.length > 0 || groups.flatMap(({ members }) => members).length < checks.length)
    throw new Error(`areas in scripts/check-page.ts begin with checks that are not first: ${missing}`);
  return [
    '<!-- Generated from the code: `npm test -- -u` writes it. -->',
    '',
    '# Checks',
    '',
    `${checks.length} causes of a failed image pull, each with a page of its own: what you see, why it happens, how to confirm it by hand and how to put it right.`,
    '',
    'Start from the error text: `ecs-pull-doctor explain "<text>"` names the checks that explain it, the likeliest first. Or start here. The number of symptoms says how many known error texts a cause can have.',
    '',
    'A page lists the facts its check reads and the AWS calls behind them. Without a needed fact the check is *inconclusive* and names the call that was refused; a fact marked *used if known* only sharpens the answer.',
    '',
    ...groups.flatMap(({ title, members }) => [
      `## ${title}`,
      '',
      '| Check | Cause | Symptoms |',
      '| --- | --- | ---: |',
      ...members.map(
        (check) => `| [\`${check.id}\`](${check.id}.md) | ${check.cause} | ${symptomsOf(check).length} |`,
      ),
      '',
    ]),
    '## Names in the examples',
    '',
    ...names.map(([what, name]) => `- ${what}: ${name}`),
    '',
    'Commands ask the Region of your profile. Amazon ECR must be asked in the Region of the image, which stands in its host: add `--region` where it differs. CDK lines are TypeScript for `aws-cdk-lib` version 2 and stand in the constructor of a stack.',
    '',
  ].join('\n');
}

const names = [
  ['Accounts', '`111122223333`, and `444455556666` for another one; Region `eu-west-1`'],
  ['Workload', 'cluster `prod`, service `web`, task definition `web`, container `web`'],
  ['Image', '`111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:v1`'],
  ['Network', '`vpc-0a1b`, `subnet-0a1b`, `rtb-0a1b`, `acl-0a1b`, `nat-0a1b`, `igw-0a1b`'],
  ['Security groups', '`sg-0a1b` of the task, `sg-0c2d` of the VPC endpoints'],
  ['VPC endpoints', '`vpce-0a1b`'],
  ['Task execution role', '`ecsTaskExecutionRole`'],
] as const;

/** What a check explains: the texts that list it as a cause, those that leave the reason open last. */
function symptomsOf({ id }: Check) {
  const mine = symptoms.filter(({ candidates }) => candidates.includes(id));
  return [...mine.filter(({ umbrella }) => !umbrella), ...mine.filter(({ umbrella }) => umbrella)];
}

type Name = Check['needs'][number];

function callsOf(name: Name, source: Source, networkFiles: readonly string[]): string {
  switch (name) {
    case 'task':
      return 'none: the event of the stopped task, or `ecs:DescribeTasks`';
    case 'pullError':
      return 'none: read from the text in `task`';
    case 'externalImages':
      return 'none: the registry itself is asked, without credentials';
    case 'paths': {
      const facts = networkFacts(source, networkFiles);
      return `the way of each connection, computed from ${list(facts)}: ${list(facts.flatMap((fact) => directCalls(fact, source)))}`;
    }
    default: {
      const calls = directCalls(name, source);
      if (calls.length > 0) return list(calls);
      const { needs, uses = [] } = collectors[name];
      return `none: made from ${list([...needs, ...uses])}`;
    }
  }
}

type Collected = keyof typeof collectors;

/** The facts that the path of a packet is computed from. */
function networkFacts(source: Source, files: readonly string[]): readonly Collected[] {
  const read = new Set(
    files.flatMap((file) => [...source(file).matchAll(/\bfacts\.(\w+)/g)].map(([, name]) => name)),
  );
  return (Object.keys(collectors) as Collected[]).filter((name) => read.has(name));
}

/** The AWS calls in the file of a collector. */
function directCalls(fact: Collected, source: Source): readonly string[] {
  const file = fact.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const calls = source(`lambda/collect/${file}.ts`).matchAll(/read\(\s*'([a-z0-9-]+:\w+)'/g);
  return [...calls].flatMap(([, action]) => action ?? []);
}

const list = (items: readonly string[]) =>
  [...new Set(items)].map((item) => `\`${item}\``).join(', ') || 'nothing';

const escaped = (text: string) => text.replaceAll('|', '\\|');

/** A text as code in a cell of a table. A backtick inside needs a longer fence. */
function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${escaped(text.replace(/\s+/g, ' '))}${fence}`;
}
