import { subjectLine } from '../render/email.ts';
import { tame } from '../render/hostile-text.ts';
import { cut, escaped, marked } from '../render/slack-text.ts';
import { attributesOf, type Message } from './message.ts';

/** What a message is made of that says a few facts in a list. */
export interface Listed {
  readonly who: string;
  /** What the subject says after the name; the title, if it is the same. */
  readonly subject?: string;
  readonly title: string;
  /** An emoji of Slack. */
  readonly sign: string;
  readonly facts: readonly string[];
  readonly keywords: readonly string[];
  /** The conversation that it belongs to. */
  readonly incident: string;
  /** The JSON for programs. */
  readonly update: unknown;
  readonly attributes: Parameters<typeof attributesOf>[0];
}

/** The message, worded for each kind of subscriber. */
export const listMessage = ({
  who,
  title: said,
  subject = said,
  sign,
  facts: lines,
  keywords,
  incident,
  update,
  attributes,
}: Listed): Message => {
  const title = tame(said);
  const facts = lines.map((line) => tame(line));
  return {
    subject: subjectLine(who, subject),
    email: `${title.toUpperCase()}\n\n${facts.map((line) => `- ${line}`).join('\n')}\n`,
    machine: JSON.stringify(update),
    chat: JSON.stringify(
      {
        version: '1.0',
        source: 'custom',
        content: {
          textType: 'client-markdown',
          title: cut(`${sign} ${escaped(`${who}: ${title}`)}`, 230),
          description: cut(facts.map((line) => `• ${marked(line)}`).join('\n'), 7_900),
          keywords,
        },
        metadata: { threadId: incident, summary: cut(escaped(title), 200), eventType: 'ecs-pull-doctor' },
      },
      null,
      2,
    ),
    attributes: attributesOf(attributes),
  };
};

/** The name of a cluster, from its ARN. */
export const clusterNamed = (arn: string): string => tame(arn.split('/').at(-1) ?? '', 255);

/** The name of a service or family, from the group. */
export const nameOf = (group: string): string => group.replace(/^(?:service|family):/, '');
