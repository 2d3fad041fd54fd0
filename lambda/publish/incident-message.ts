import type { Incident, Outcome } from '../incident/items.ts';
import type { News, Totals } from '../incident/news.ts';
import { tame } from '../render/hostile-text.ts';
import { count, hit, outcomeWords, spell } from '../render/incident-words.ts';
import { clusterNamed, listMessage, nameOf } from './list-message.ts';
import { type Message, messageOf } from './message.ts';

/** What every message says of its incident. Shape and meaning: `docs/messages.md`. */
export interface IncidentNote {
  /** The same in every message, log line and thread of one incident. */
  readonly id: string;
  readonly event: News['event'];
  /** One sentence: the cause, or that none was found. */
  readonly headline: string;
  readonly openedAt: string;
  /** Failed tasks so far, each counted once. */
  readonly failures: number;
  /** Services, and families of tasks without a service, that were hit so far. */
  readonly victims: number;
  /** Those that fail now, at most 50. */
  readonly failing: readonly { readonly cluster: string; readonly group: string }[];
  /** How many ended in which way. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  readonly seconds: number;
}

/** What is sent when an incident goes on, or is over. */
export interface IncidentUpdate {
  readonly schemaVersion: 1;
  readonly conclusion: 'ongoing' | 'resolved';
  readonly sentAt: string;
  readonly accountId: string;
  readonly region: string;
  readonly check: string | null;
  readonly resource: string | null;
  readonly incident: IncidentNote;
  readonly causes: readonly [];
}

/** The message about something that happened to an incident. */
export function newsMessage(news: News, now: Date): Message {
  const { incident } = news;
  if ('diagnosis' in news)
    return messageOf(news.diagnosis, noteOf(news.event, incident, null, now), news.offer);
  const note = noteOf(news.event, incident, news.totals, now);
  const isOver = news.event === 'resolved';
  const lines = isOver ? resolved(note) : ongoing(note);
  const { headline } = note;
  const title = `${isOver ? 'Resolved' : 'Still failing'}: ${headline}`;
  const facts = [
    ...lines,
    ...(incident.resourceName ? [`What it was about: \`${tame(incident.resourceName, 300)}\``] : []),
    `Account \`${incident.accountId}\`, \`${incident.awsRegion}\``,
    `Incident \`${note.id}\`, opened ${note.openedAt}`,
  ];
  const who = tame(nameOf(incident.groupName), 60);
  const update: IncidentUpdate = {
    schemaVersion: 1,
    conclusion: isOver ? 'resolved' : 'ongoing',
    sentAt: now.toISOString(),
    accountId: incident.accountId,
    region: incident.awsRegion,
    check: incident.checkId,
    resource: incident.resourceName === null ? null : tame(incident.resourceName, 1_000),
    incident: note,
    causes: [],
  };
  return listMessage({
    who,
    title,
    subject: isOver
      ? `resolved after ${spell(note.seconds)}: ${headline}`
      : `still failing, ${count(note.failures, 'task')} so far: ${headline}`,
    sign: isOver ? ':large_green_circle:' : ':red_circle:',
    facts,
    keywords: [...(incident.checkId ? [incident.checkId] : []), update.conclusion],
    incident: note.id,
    update,
    attributes: {
      conclusion: update.conclusion,
      event: news.event,
      incident: note.id,
      // All whom it concerns, so that a subscription for one service hears of an incident that began with another.
      cluster: [...new Set([incident, ...news.totals.hit].map(({ clusterArn }) => clusterNamed(clusterArn)))],
      group: [...new Set([incident, ...news.totals.hit].map(({ groupName }) => tame(groupName, 255)))],
      check: incident.checkId,
    },
  });
}

function noteOf(event: News['event'], incident: Incident, totals: Totals | null, now: Date): IncidentNote {
  const first = { clusterArn: incident.clusterArn, groupName: incident.groupName };
  return {
    id: incident.correlationId,
    event,
    headline: tame(incident.headline, 200),
    openedAt: new Date(incident.openedAt).toISOString(),
    failures: totals?.failures ?? incident.endedFailures + 1,
    victims: totals?.victims ?? incident.hitVictims.size,
    failing: (totals?.failing ?? [first]).map(({ clusterArn, groupName }) => ({
      cluster: clusterNamed(clusterArn),
      group: tame(groupName, 255),
    })),
    outcomes: totals?.outcomes ?? {},
    seconds: Math.max(0, Math.round((now.getTime() - incident.openedAt) / 1_000)),
  };
}

const ongoing = (note: IncidentNote): string[] => [
  `${count(note.failures, 'failed task')} of ${hit(note.victims)} in ${spell(note.seconds)}`,
  `Failing now: ${listed(note.failing)}`,
  ...(Object.keys(note.outcomes).length > 0 ? [`Ended: ${ended(note)}`] : []),
];

const resolved = (note: IncidentNote): string[] => [
  `After ${spell(note.seconds)} and ${count(note.failures, 'failed task')} of ${hit(note.victims)}`,
  `How it ended: ${ended(note)}`,
];

const ended = ({ outcomes, victims }: IncidentNote): string =>
  (Object.entries(outcomes) as [Outcome, number][])
    .map(([outcome, times]) => (victims === 1 ? outcomeWords[outcome] : `${times} ${outcomeWords[outcome]}`))
    .join('; ') || 'nothing is known';

function listed(failing: IncidentNote['failing']): string {
  const shown = failing.slice(0, 10).map(({ cluster, group }) => `\`${group}\` in \`${cluster}\``);
  const more = failing.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
