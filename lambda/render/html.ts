import type { Fix } from '../model/check.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Snapshot } from '../model/facts.ts';
import { consoleLink, type Home } from './console-link.ts';
import { tame } from './hostile-text.ts';
import { Markup, markup } from './markup.ts';
import { type Block, headline, outline } from './outline.ts';
import { factsSection } from './page-facts.ts';
import { pageScript, pageScriptHash } from './page-script.ts';
import { pageStyle, pageStyleHash } from './page-style.ts';
import { link, sentence } from './page-text.ts';
import { waysSection } from './page-ways.ts';
import { waysOf } from './way.ts';

/** Nothing is loaded, nothing is sent, and nothing runs or styles but the two texts of ours. https://www.w3.org/TR/CSP3/ */
const policy = `default-src 'none'; style-src '${pageStyleHash}'; script-src '${pageScriptHash}'; base-uri 'none'; form-action 'none'`;

/** One page that needs no other file and no network. With the snapshot it also shows the facts. */
export function html(diagnosis: Diagnosis, snapshot?: Snapshot): string {
  const home = homeOf(diagnosis);
  const ways = waysOf(diagnosis);
  const drawing = waysSection(ways, home);
  const blocks = outline(diagnosis);
  const start = blocks.findIndex(({ kind }) => kind === 'quote') + 1;
  const said = sections(blocks.slice(start));
  const findings = said.filter((one) => !isRuledOut(one)).map((one) => sectionOf(one, home));
  const who =
    diagnosis.group?.replace(/^(?:service|family):/, '') ?? diagnosis.clusterArn.split('/').at(-1) ?? '';
  return `${
    markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${tame(who, 100)}: ${headline(diagnosis)}</title>
<style>${new Markup(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header>${blocks.slice(0, start).map((block) => inHeader(block, diagnosis, home))}</header>
<main id="report">${
      ways.some(({ verdict }) => verdict !== 'open')
        ? markup`<div class="columns">${drawing}<div>${findings}</div></div>`
        : markup`${findings}${drawing}`
    }${said.filter(isRuledOut).map((one) => ruledOutSection(one, home))}${snapshot ? factsSection(snapshot) : null}</main>
<footer><p>Written by ecs-pull-doctor from what AWS answered at <time datetime="${diagnosis.collectedAt}">${diagnosis.collectedAt}</time>. The configuration may have changed since the task stopped.</p></footer>
<div id="said" class="quiet" role="status"></div>
<script>${new Markup(pageScript)}</script>
</body>
</html>`.text
  }\n`;
}

/** The partition and Region of the task, from its ARN. */
function homeOf({ taskArn }: Diagnosis): Home {
  const [, partition = '', , region = ''] = taskArn.split(':');
  return { partition, region };
}

function inHeader(block: Block, diagnosis: Diagnosis, home: Home): Markup | null {
  switch (block.kind) {
    case 'title':
      return markup`<p class="badge ${block.tone}">${badge(block.tone, diagnosis.causes[0]?.certainty)}</p><h1>${block.text}</h1>`;
    case 'list':
      return markup`<ul class="where">${block.items.map((item) => markup`<li>${sentence(item, home)}</li>`)}<li>In the AWS console: ${consoleLinks(diagnosis, home)}</li></ul>`;
    case 'quote':
      return markup`<blockquote aria-label="What Amazon ECS said">${block.text}</blockquote>`;
    default:
      return null;
  }
}

const badge = (tone: Extract<Block, { kind: 'title' }>['tone'], certainty: string | undefined) =>
  ({
    cause: certainty === 'proven' ? 'Cause, proven by the facts' : 'Likely cause',
    suspect: 'Not decided',
    none: 'Nothing found',
    clear: 'Nothing stands in the way',
  })[tone];

function consoleLinks({ taskArn, clusterArn, group }: Diagnosis, home: Home): Markup {
  const [, service] = /^service:(.+)$/.exec(group ?? '') ?? [];
  const pages = [
    ['the task', taskArn],
    ...(service
      ? [['its service', `${clusterArn.replace(':cluster/', ':service/')}/${service}`] as const]
      : []),
    ['its cluster', clusterArn],
  ] as const;
  const links = pages.flatMap(([name, arn]) => {
    const url = consoleLink(arn, home);
    return url ? [link(url, name)] : [];
  });
  return markup`${links.map((one, index) => markup`${index > 0 ? ', ' : ''}${one}`)}`;
}

interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** A heading begins a section, but those under another one. What stands before the first is the evidence of the cause. */
function sections(blocks: readonly Block[]): readonly Section[] {
  const all: { heading: string; blocks: Block[] }[] = [];
  for (const block of blocks) {
    if (block.kind === 'heading' && !block.under) all.push({ heading: block.text, blocks: [] });
    else if (all.length === 0) all.push({ heading: 'Evidence', blocks: [block] });
    else all.at(-1)?.blocks.push(block);
  }
  return all;
}

function sectionOf({ heading, blocks }: Section, home: Home): Markup {
  const id = idOf(heading);
  return markup`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>${runs(blocks).map((run) => runOf(run, home))}</section>`;
}

const isRuledOut = ({ blocks }: Section) =>
  blocks.some((block) => block.kind === 'list' && block.about === 'ruled-out');

/** What was ruled out is long, and seldom read: it is folded. */
function ruledOutSection({ heading, blocks }: Section, home: Home): Markup {
  const id = idOf(heading);
  const count = blocks.reduce((sum, block) => sum + (block.kind === 'list' ? block.items.length : 0), 0);
  return markup`<section class="ruled-out" aria-labelledby="${id}"><details><summary><h2 id="${id}">${heading}</h2> <span class="count">${count}</span></summary>${runs(blocks).map((run) => runOf(run, home))}</details></section>`;
}

const idOf = (heading: string) => heading.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** Fixes that follow each other are one list. */
function runs(blocks: readonly Block[]): readonly (readonly [Block, ...Block[]])[] {
  const all: [Block, ...Block[]][] = [];
  for (const block of blocks) {
    const last = all.at(-1);
    if (last && block.kind === 'fix' && last[0].kind === 'fix') last.push(block);
    else all.push([block]);
  }
  return all;
}

function runOf([first, ...more]: readonly [Block, ...Block[]], home: Home): Markup {
  switch (first.kind) {
    case 'fix':
      return markup`<ol class="fixes">${[first, ...more].map((block) => (block.kind === 'fix' ? markup`<li>${fixOf(block.fix, home)}</li>` : null))}</ol>`;
    case 'title':
    case 'heading':
      return markup`<h3>${first.text}</h3>`;
    case 'text':
      return markup`<p class="tried">${sentence(first.text, home)}</p>`;
    case 'list':
      return markup`<ul>${first.items.map((item) => markup`<li>${sentence(item, home)}</li>`)}</ul>`;
    case 'quote':
      return markup`<blockquote>${first.text}</blockquote>`;
    case 'link':
      return markup`<p class="source">Documentation: ${link(first.url, first.text)}</p>`;
  }
}

const fixOf = ({ do: what, cli, cdk }: Fix, home: Home): Markup =>
  markup`<p>${sentence(what, home)}</p>${cli ? command('AWS CLI', cli) : null}${cdk ? command('AWS CDK', cdk) : null}`;

/** Lines break between words only: an option that is broken at its hyphens cannot be read. */
const command = (label: string, text: string) =>
  markup`<div class="command"><div class="bar"><span>${label}</span><button type="button" data-copy hidden aria-label="Copy the ${label} lines">Copy</button></div><pre>${text
    .split(/(\s+)/)
    .map((word, index) => (index % 2 === 0 ? markup`<span>${word}</span>` : word))}</pre></div>`;
