import type { Diagnosis } from '../model/diagnosis.ts';
import type { Offer } from '../model/remediation.ts';
import { tame } from './hostile-text.ts';
import { type Block, headline, outline } from './outline.ts';

/** SNS refuses subjects of 100 characters and more, and such with line breaks. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export function emailSubject(diagnosis: Diagnosis): string {
  const who =
    diagnosis.group?.replace(/^(?:service|family):/, '') ?? diagnosis.clusterArn.split('/').at(-1) ?? '';
  return subjectLine(who, headline(diagnosis));
}

/** A subject as SNS takes it: printable ASCII, under 100 characters. A long name makes room for what is said of it. */
export function subjectLine(who: string, what: string): string {
  const said = plain(what);
  const name = plain(who);
  const room = Math.max(97 - said.length, 20);
  return `${name.length > room ? `${name.slice(0, room - 3)}...` : name}: ${said}`.slice(0, 99);
}

const plain = (text: string) =>
  tame(text)
    .replace(/[‘’]/g, "'")
    .replace(/…/g, '...')
    .replace(/[^\x20-\x7e]/g, '?');

/** Plain text that reads well on a phone: short lines of its own, at most five of what was ruled out. */
export const emailBody = (diagnosis: Diagnosis, offer: Offer | null = null): string =>
  `${outline(diagnosis, offer).map(asText).join('\n\n')}\n`;

/** Subject and text, as they are shown to people who try the tool. */
export const email = (diagnosis: Diagnosis): string =>
  `Subject: ${emailSubject(diagnosis)}\n\n${emailBody(diagnosis)}`;

const ruledOutLines = 5;

function asText(block: Block): string {
  switch (block.kind) {
    case 'title':
      return block.text.toUpperCase();
    case 'heading':
      return block.text.toUpperCase();
    case 'text':
      return block.text;
    case 'list': {
      const shown = block.about === 'ruled-out' ? block.items.slice(0, ruledOutLines) : block.items;
      const more = block.items.length - shown.length;
      return [...shown.map((item) => `- ${item}`), ...(more > 0 ? [`- and ${more} more`] : [])].join('\n');
    }
    case 'fix':
      return [
        `${block.number}. ${block.fix.do}`,
        ...(block.fix.cli ? [`CLI: ${block.fix.cli}`] : []),
        ...(block.fix.cdk ? [`CDK: ${block.fix.cdk}`] : []),
      ].join('\n');
    case 'quote':
      return `> ${block.text}`;
    case 'link':
      return `${block.text}\n${block.url}`;
  }
}
