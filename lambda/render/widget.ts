import type { Incident, Outcome, Victim } from '../incident/items.ts';
import { consoleLink, type Home } from './console-link.ts';
import { tame } from './hostile-text.ts';
import { count, hit, outcomeWords, spell } from './incident-words.ts';
import { Markup, markup } from './markup.ts';
import { identifier, link, sentence, sentenceWithoutLinks } from './page-text.ts';
import { drawnWays, summaryOf, type Way } from './way.ts';
import { waySvg } from './way-svg.ts';
import { widgetStyle } from './widget-style.ts';

/** What the dashboard says of itself. */
export interface WidgetContext {
  readonly theme: 'light' | 'dark';
  /** Pixels. */
  readonly width: number;
  /** Of the time zone that the dashboard shows, e.g. `+01:00`. */
  readonly offset: string;
}

/** An open incident, how it stands, and where its connections end. */
export interface ShownIncident {
  readonly incident: Incident;
  /** Failed tasks so far, and some services that fail; `null` if there are too many to add them up. */
  readonly failures: number | null;
  readonly failing: readonly Pick<Victim, 'clusterArn' | 'groupName'>[] | null;
  /** `null` if what was kept cannot be read. */
  readonly ways: readonly Way[] | null;
}

/** What could not be read, by the name of the error that AWS gave. */
export interface Problem {
  readonly problem: string;
}

/** What the widget shows. */
export interface WidgetContent {
  readonly open:
    | { readonly shown: readonly ShownIncident[]; readonly more: number; readonly isCut: boolean }
    | Problem;
  readonly resolved: readonly Incident[] | Problem;
  readonly now: number;
}

/**
 * Bytes of the answer. AWS Lambda takes 6 MB; what is longer than this nobody reads on a dashboard, and it makes it slow.
 * https://docs.aws.amazon.com/lambda/latest/dg/API_Invoke.html
 */
export const mostBytes = 250_000;
/** Drawings that are open; the others unfold. */
const mostUnfolded = 3;
/** Below this width everything stands in one column. */
const narrow = 480;

/**
 * The widget: open incidents with their ways, and the last resolved ones. No script, no `<use>` and no `<iframe>`: the
 * dashboard takes them out.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_security.html
 */
export function widgetHtml({ open, resolved, now }: WidgetContent, context: WidgetContext): string {
  const at = (time: number) => moment(time, context.offset);
  const ended = markup`<h2>Resolved lately</h2>${
    'problem' in resolved
      ? problemOf('The resolved incidents', resolved)
      : resolved.length > 0
        ? markup`<ul class="resolved">${resolved.map((incident) => resolvedItem(incident, at))}</ul>`
        : markup`<p class="none">None within the last 30 days.</p>`
  }`;
  const foot = markup`<p class="muted">Read ${at(now)}. Written by ecs-pull-doctor.</p>`;
  // A style at the very beginning may be taken for the head of a page, and be lost.
  const classes = [
    'epd cwdb-no-default-styles',
    ...(context.theme === 'dark' ? ['dark'] : []),
    ...(context.width < narrow ? ['narrow'] : []),
  ].join(' ');
  const whole = (opened: Markup) =>
    markup`<div class="${classes}"><style>${new Markup(widgetStyle)}</style>${opened}${ended}${foot}</div>`
      .text;
  if ('problem' in open)
    return whole(markup`<h2>Open incidents</h2>${problemOf('The open incidents', open)}`);

  const items: Markup[] = [];
  let room = mostBytes - Buffer.byteLength(whole(openSection([], 0, false)));
  for (const [index, shown] of open.shown.entries()) {
    const item = openItem(shown, index, now, at);
    room -= Buffer.byteLength(item.text);
    if (room < 0) break;
    items.push(item);
  }
  return whole(openSection(items, open.shown.length - items.length + open.more, open.isCut));
}

function openSection(items: readonly Markup[], hidden: number, isCut: boolean): Markup {
  const notShown = [
    ...(hidden > 0
      ? [`${hidden} more open ${hidden === 1 ? 'incident is' : 'incidents are'} not shown.`]
      : []),
    ...(isCut ? ['There are more entries in the table than were looked through: there may be more.'] : []),
  ];
  return markup`<h2>Open incidents <span class="count">${isCut ? 'at least ' : ''}${items.length + hidden}</span></h2>${
    items.length > 0 ? markup`<ul class="incidents">${items}</ul>` : null
  }${items.length + hidden === 0 && !isCut ? markup`<p class="none">No open incident.</p>` : null}${
    notShown.length > 0 ? markup`<p class="more">${notShown.join(' ')}</p>` : null
  }`;
}

type At = (time: number) => Markup;

function openItem(
  { incident, failures, failing, ways }: ShownIncident,
  index: number,
  now: number,
  at: At,
): Markup {
  const home = homeOf(incident);
  const failingNow = incident.openVictims?.size ?? 0;
  const hitSoFar = incident.hitVictims.size;
  const drawing = ways === null ? cannotDraw : waysOf(ways, index, home);
  return markup`<li class="incident${incident.conclusion === 'explained' ? '' : ' unsure'}"><div class="said"><h3>${tame(incident.headline, 300)}</h3><dl>${[
    row(
      'Since',
      markup`${at(incident.openedAt)}, for ${spell(Math.max(0, Math.round((now - incident.openedAt) / 1_000)))}`,
    ),
    row('Failed tasks', failed(incident, failures, at)),
    row(
      'Hit',
      markup`${hit(hitSoFar)}${failingNow === hitSoFar ? ', failing now' : `, ${failingNow} failing now`}: ${groupsOf(failing ?? [incident], failing === null ? failingNow : failing.length, home)}`,
    ),
    incident.resourceName === null ? null : row('About', identifier(tame(incident.resourceName, 300), home)),
    row('Check', incident.checkId === null ? markup`none explains it` : code(tame(incident.checkId, 100))),
    row('Incident', code(tame(incident.correlationId, 40))),
    incident.toldAt === undefined ? row('Told', markup`nobody yet, or not yet again`) : null,
  ]}</dl></div>${drawing ? markup`<div class="drawn">${drawing}</div>` : null}</li>`;
}

const cannotDraw = markup`<p class="muted">Where its connections end was kept in a way that cannot be read.</p>`;

function waysOf(ways: readonly Way[], index: number, home: Home): Markup | null {
  const { shown } = drawnWays(ways);
  if (shown.length === 0) return null;
  return markup`${shown.map(
    (way, at) =>
      markup`<details${index < mostUnfolded && at === 0 ? new Markup(' open') : null}><summary><span class="sign-${way.verdict}" aria-hidden="true">${way.verdict === 'closed' ? '✗' : '?'}</span> ${sentenceWithoutLinks(tame(summaryOf(way), 400))}</summary><figure>${waySvg(way, `epd-${index}-${at}`)}</figure>${linksOf(way, home)}</details>`,
  )}`;
}

/** What is in a drawing cannot be clicked: the thing where the way ends stands below it. */
function linksOf({ end }: Way, home: Home): Markup | null {
  const links = (end?.ids ?? []).flatMap((id) => (consoleLink(id, home) ? [identifier(id, home)] : []));
  return links.length > 0 ? markup`<p>In the console: ${listed(links)}</p>` : null;
}

const failed = (incident: Incident, failures: number | null, at: At): Markup =>
  failures !== null
    ? markup`${failures}`
    : markup`${incident.toldFailures}${incident.toldAt === undefined ? null : markup` when it was last told, ${at(incident.toldAt)}`}`;

/** Names for people, with the pages of the services. */
function groupsOf(
  groups: readonly Pick<Victim, 'clusterArn' | 'groupName'>[],
  all: number,
  home: Home,
): Markup {
  const shown = groups.slice(0, 5).map(({ clusterArn, groupName }) => {
    const [, service] = /^service:(.+)$/.exec(groupName) ?? [];
    const url = service
      ? consoleLink(`${clusterArn.replace(':cluster/', ':service/')}/${service}`, home)
      : null;
    const name = code(tame(groupName, 255));
    return markup`${url ? link(url, name) : name} in ${code(tame(clusterArn.split('/').at(-1) ?? '', 255))}`;
  });
  const more = all - shown.length;
  return markup`${listed(shown)}${more > 0 ? ` and ${more} more` : null}`;
}

function resolvedItem(incident: Incident, at: At): Markup {
  const home = homeOf(incident);
  const outcomes = Object.entries(outcomeWords).flatMap(([outcome, words]) => {
    const times = incident[`ended_${outcome as Outcome}`] ?? 0;
    return times > 0 ? [incident.hitVictims.size === 1 ? words : `${times} ${words}`] : [];
  });
  const { endedAt = incident.openedAt, openedAt } = incident;
  return markup`<li><strong>${tame(incident.headline, 300)}</strong>${
    incident.resourceName === null ? null : markup` (${identifier(tame(incident.resourceName, 300), home)})`
  }<br>${outcomes.join('; ') || 'How it ended is not known'}<br><span class="muted">Ended ${at(endedAt)}, after ${spell(Math.max(0, Math.round((endedAt - openedAt) / 1_000)))}: ${count(incident.endedFailures, 'failed task')} of ${hit(incident.hitVictims.size)}, first ${tame(incident.groupName, 255)} in ${tame(incident.clusterArn.split('/').at(-1) ?? '', 255)}</span></li>`;
}

const row = (name: string, value: Markup): Markup => markup`<dt>${name}</dt><dd>${value}</dd>`;

const code = (text: string): Markup => markup`<code>${text}</code>`;

const listed = (items: readonly Markup[]): Markup =>
  markup`${items.map((item, index) => markup`${index > 0 ? ', ' : ''}${item}`)}`;

/** The partition and Region of an incident. */
const homeOf = ({ clusterArn, awsRegion }: Incident): Home => ({
  partition: clusterArn.split(':')[1] ?? '',
  region: awsRegion,
});

/** A time in the time zone of the dashboard. */
function moment(time: number, offset: string): Markup {
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  const shift = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  const there = new Date(time + shift);
  // An item that holds no time must not keep the others from being shown.
  if (Number.isNaN(there.getTime())) return markup`at an unknown time`;
  const zone = shift === 0 ? 'UTC' : `UTC${offset}`;
  return markup`<time datetime="${new Date(time).toISOString()}">${there.toISOString().slice(0, 16).replace('T', ' ')} ${zone}</time>`;
}

/** What went wrong and what helps. Nobody must take it for an empty list. */
function problemOf(what: string, { problem }: Problem): Markup {
  const remedy = Object.hasOwn(remedies, problem) ? remedies[problem] : undefined;
  const noAnswer = `Amazon DynamoDB gave no answer (\`${tame(problem, 100)}\`). Refresh in a minute; the log of this widget's function says more.`;
  return markup`<div class="problem"><strong>${what} cannot be read. This does not mean that there are none.</strong><p>${sentence(remedy ?? noAnswer, nowhere)}</p></div>`;
}

const nowhere: Home = { partition: '', region: '' };

const deployAgain =
  'The table of incidents, or one of its indexes, is not there. Deploy the stack again; a new index takes some minutes.';
const remedies: Readonly<Record<string, string>> = {
  AccessDeniedException:
    'The role of this widget may not read the table of incidents. Deploy the stack again; if that does not help, look for a policy of your organization that denies `dynamodb:Query` or `dynamodb:BatchGetItem`.',
  ResourceNotFoundException: deployAgain,
  ValidationException: deployAgain,
};
