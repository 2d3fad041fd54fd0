import type { Diagnosis } from '../model/diagnosis.ts';
import type { Offer, Plan } from '../model/remediation.ts';
import { chat } from '../render/chat.ts';
import { emailBody, emailSubject } from '../render/email.ts';
import { tame } from '../render/hostile-text.ts';
import { fitting, shorten } from './fit.ts';
import type { IncidentNote } from './incident-message.ts';

/** What is told about one record, worded for each kind of subscriber. */
export interface Message {
  /** ASCII, under 100 characters. */
  readonly subject: string;
  readonly email: string;
  /** JSON for programs: see `docs/messages.md`. */
  readonly machine: string;
  /** The custom notification of Amazon Q Developer in chat applications. */
  readonly chat: string;
  /** For the filter policies of subscribers. */
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * SNS takes 262,144 bytes of body and attributes together, over all variants of a message. Some are left for the attributes.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
const bodyLimit = 262_144 - 4_096;
/** A mail that is longer is not read. */
const emailLimit = 48_000;

/** The message about a diagnosis, with a note on its incident if one is kept, and the plan that is offered if one is. */
export function messageOf(diagnosis: Diagnosis, note?: IncidentNote, offer: Offer | null = null): Message {
  const email = byWholeLines(emailBody(diagnosis, offer), emailLimit);
  const machine = JSON.stringify(
    fitting(
      {
        ...diagnosis,
        ...(note && { incident: note }),
        ...(offer && { plan: { ...offer.plan, approval: offer.approval, summary: summaryOf(offer.plan) } }),
      },
      (candidate) => bytes(body({ machine: JSON.stringify(candidate), email })) <= bodyLimit,
    ),
  );
  return {
    subject: emailSubject(diagnosis),
    email,
    machine,
    chat: chat(diagnosis, note?.id, offer),
    attributes: attributesOf({
      conclusion: diagnosis.conclusion,
      cluster: diagnosis.clusterArn.split('/').at(-1),
      group: diagnosis.group,
      check: diagnosis.causes[0]?.check.id,
      event: note?.event,
      incident: note?.id,
    }),
  };
}

/** What would be changed, in one line: approvers read it. */
const summaryOf = ({ steps }: Plan) =>
  tame(steps.map(({ does }) => does).join('; '), 1_000).replace(/[{}]/g, '_');

/** The body of a message with `MessageStructure` `json`: e-mail gets its text, and every other protocol the JSON. */
export const body = ({ machine, email }: Pick<Message, 'machine' | 'email'>): string =>
  JSON.stringify({ default: machine, email });

/** Attributes must not be empty; names from outside are tamed and cut. A list of one is that one. */
export const attributesOf = (
  values: Readonly<Record<string, string | readonly string[] | null | undefined>>,
): Message['attributes'] =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const texts = [value ?? ''].flat().flatMap((one) => tame(one, 256) || []);
      const [first, ...more] = texts;
      return first === undefined ? [] : [[name, more.length > 0 ? texts : first]];
    }),
  );

function byWholeLines(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = text.lastIndexOf('\n', limit);
  return `${end > 0 ? text.slice(0, end) : shorten(text, limit)}\n\n(The rest is left out; the JSON message has more.)\n`;
}

const bytes = (text: string) => Buffer.byteLength(text, 'utf8');
