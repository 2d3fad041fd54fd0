import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checks } from '../../lambda/checks/index.ts';
import { emptyPage, headings, refusal, renderHead, renderList, withHead } from '../../scripts/check-page.ts';
import { expectGolden } from '../support/golden.ts';

const root = join(__dirname, '../..');
const folder = join(root, 'docs/checks');
const ids = checks.map(({ id }) => id);
const pages = readdirSync(folder)
  .filter((name) => name !== 'README.md')
  .map((name) => name.replace(/\.md$/, ''));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const pageOf = (id: string) => read(`docs/checks/${id}.md`);
const network = readdirSync(join(root, 'lambda/network')).map((name) => `lambda/network/${name}`);
const headOf = (check: (typeof checks)[number]) => renderHead(check, read, network);
const written = checks.filter(({ id }) => pages.includes(id));

test('every check has a page, and every page a check', () => {
  // A page is begun with npm run new-check -- <id>.
  expect(pages.toSorted()).toEqual(ids.toSorted());
});

test('the list of checks is the one that the registry makes', () => {
  expectGolden(join(folder, 'README.md'), renderList());
});

describe.each(written)('$id', (check) => {
  const page = pageOf(check.id);
  const sections = sectionsOf(page);

  test('has the head that the code makes', () => {
    expectGolden(join(folder, `${check.id}.md`), withHead(page, headOf(check)));
  });

  test('has the four sections in order and no other, none of them empty', () => {
    expect(sections.map(({ heading }) => heading)).toEqual([...headings]);
    expect(sections.filter(({ lines }) => lines.length === 0)).toEqual([]);
    expect(sections.find(({ heading }) => heading === 'Why it happens')?.lines.length).toBeGreaterThanOrEqual(
      3,
    );
  });

  test('says how to put it right in the console', () => {
    expect(sections.find(({ heading }) => heading === 'Put it right')?.lines.join('\n')).toMatch(/console/i);
  });

  test('has only links that lead somewhere', () => {
    const broken = [...withoutCode(page).matchAll(/\]\((?!https:)([^)\s]+)\)/g)].flatMap(([, to = '']) =>
      leads(to, check.id) ? [] : [to],
    );

    expect(broken).toEqual([]);
  });

  test('has code blocks of known kinds only, each with the commands that its kind allows', () => {
    const blocks = blocksOf(page);
    const shell = blocks.filter(({ kind }) => kind === 'sh').flatMap(({ text }) => commandsOf(text));
    const elsewhere = blocks.filter(({ kind }) => kind === 'console').flatMap(({ text }) => commandsOf(text));

    expect(blocks.filter(({ kind }) => !kinds.includes(kind))).toEqual([]);
    expect(shell.filter((command) => !isAwsCommand(command))).toEqual([]);
    expect(elsewhere.filter((command) => !tools.includes(command.split(' ')[0] ?? ''))).toEqual([]);
    for (const { text } of blocks.filter(({ kind }) => kind === 'json')) JSON.parse(text);
  });
});

test('the CDK lines compile against the version of aws-cdk-lib that we use', () => {
  const blocks = written.flatMap(({ id }) =>
    blocksOf(pageOf(id)).flatMap(({ kind, text }) => (kind === 'ts' ? [{ id, text }] : [])),
  );
  const place = mkdtempSync(join(tmpdir(), 'check-pages-'));
  for (const [index, { id, text }] of blocks.entries())
    writeFileSync(join(place, `${id}-${index}.ts`), programOf(text));
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify(compilerOptions));

  const compiler = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', place], {
    encoding: 'utf8',
  });
  rmSync(place, { recursive: true });

  expect(compiler.stdout).toBe('');
  expect(compiler.status).toBe(0);
}, 60_000);

test('a new page is begun with its head and four empty sections', () => {
  const [check] = checks;

  const page = check ? emptyPage(headOf(check)) : '';

  expect(page).toContain(`# ${check?.cause}\n`);
  expect(sectionsOf(page)).toEqual(headings.map((heading) => ({ heading, lines: [] })));
});

test('a page is begun only for a check of the registry that has none', () => {
  expect(refusal(undefined, ids)).toBe(
    'name a check: npm run new-check -- <id> (every check in the registry has a page)',
  );
  expect(refusal('no-such-check', ids.slice(1))).toBe(
    `'no-such-check' is not in lambda/checks/index.ts: add the check first (without a page: ${ids[0]})`,
  );
  expect(refusal('no-space-left', ids)).toBe('docs/checks/no-space-left.md is there already: edit that');
  expect(refusal('no-space-left', [])).toBeNull();
});

interface Section {
  readonly heading: string;
  readonly lines: readonly string[];
}

function sectionsOf(page: string): readonly Section[] {
  const [, ...parts] = withoutCode(page, ' code').split(/^## /m);
  return parts.map((part) => {
    const [heading = '', ...lines] = part.split('\n');
    return { heading, lines: lines.filter((line) => line.trim() !== '') };
  });
}

function blocksOf(page: string) {
  return [...page.matchAll(/^ *```(\w*)\n([\s\S]*?)^ *```$/gm)].map(([, kind = '', text = '']) => ({
    kind,
    text,
  }));
}

function withoutCode(page: string, instead = ''): string {
  return page.replace(/^ *```[\s\S]*?^ *```$/gm, instead);
}

/** The commands of a block: a line that ends with a backslash goes on in the next, and comments are none. */
const commandsOf = (text: string) =>
  text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

function leads(to: string, from: string): boolean {
  const [file, anchor] = to.split('#');
  const path = join(folder, file || `${from}.md`);
  if (!existsSync(path)) return false;
  const anchors = [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  return anchor === undefined || anchors.includes(anchor);
}

/** `sh` is the AWS command line and nothing else; `console` is what runs where images are built or containers run. */
const kinds = ['sh', 'console', 'ts', 'json', 'text'];
const tools = ['chronyc', 'curl', 'df', 'dig', 'docker', 'openssl', 'sudo'];

/** Operations of services for which we have no SDK client, and commands that only the command line has. */
const otherCommands = [
  'autoscaling terminate-instance-in-auto-scaling-group',
  'cloudtrail lookup-events',
  'ec2 wait',
  'kms cancel-key-deletion',
  'kms describe-key',
  'kms enable-key',
  'kms list-grants',
  'organizations describe-policy',
  'organizations list-policies-for-target',
  'organizations update-policy',
  'route53resolver create-firewall-domain-list',
  'route53resolver create-firewall-rule',
  'route53resolver create-resolver-endpoint',
  'route53resolver list-firewall-domains',
  'route53resolver list-firewall-rule-group-associations',
  'route53resolver list-firewall-rules',
  'route53resolver list-resolver-rule-associations',
  'route53resolver update-firewall-domains',
  'secretsmanager create-secret',
  'secretsmanager describe-secret',
  'secretsmanager put-secret-value',
  'secretsmanager restore-secret',
  'ssm describe-parameters',
];

/** The SDK has a file for each operation of a service, and the command line one command for each of them. */
const sdk = join(root, 'node_modules/@aws-sdk');
const sdkCommands = new Set(
  readdirSync(sdk)
    .filter((name) => name.startsWith('client-'))
    .flatMap((name) =>
      readdirSync(join(sdk, name, 'dist-types/commands')).map((file) =>
        `${name.slice('client-'.length)} ${file}`
          .replace('Command.d.ts', '')
          .replaceAll('-', '')
          .toLowerCase(),
      ),
    ),
);

function isAwsCommand(command: string): boolean {
  const name = /^aws ([a-z0-9]+ [a-z0-9-]+)(?: |$)/.exec(command)?.[1] ?? '';
  return otherCommands.includes(name) || sdkCommands.has(name.replaceAll('-', ''));
}

const modules = [
  'ec2',
  'ecr',
  'ecr-assets',
  'ecs',
  'iam',
  'kms',
  'organizations',
  'route53',
  'route53-targets',
  'route53resolver',
  'secretsmanager',
];

/** `ecr-assets` is imported as `ecrAssets`, `route53-targets` as `route53Targets`. */
const camelCase = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The lines of a block as they would stand in a stack, beside what a reader has there already. */
const programOf = (lines: string) => `
import * as cdk from 'aws-cdk-lib';
${modules.map((name) => `import * as ${camelCase(name)} from 'aws-cdk-lib/aws-${name}';`).join('\n')}
declare const vpc: ec2.Vpc;
declare const cluster: ecs.Cluster;
declare const service: ecs.FargateService;
declare const taskDefinition: ecs.FargateTaskDefinition;
declare const repository: ecr.Repository;
declare const taskGroup: ec2.SecurityGroup;
declare const endpointGroup: ec2.SecurityGroup;
declare const endpoint: ec2.InterfaceVpcEndpoint;
declare const s3Endpoint: ec2.GatewayVpcEndpoint;
declare const networkAcl: ec2.NetworkAcl;
declare const subnet: ec2.ISubnet;
declare const privateSubnets: ec2.ISubnet[];
declare const secret: secretsmanager.ISecret;
declare const key: kms.Key;
declare const executionRole: iam.Role;
export class Program extends cdk.Stack {
  constructor() {
    super();
    ${lines}
  }
}
`;

const compilerOptions = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: 'es2023',
    module: 'preserve',
    types: [],
    paths: {
      'aws-cdk-lib': [join(root, 'node_modules/aws-cdk-lib')],
      'aws-cdk-lib/*': [join(root, 'node_modules/aws-cdk-lib/*')],
    },
  },
};
