import { longestCommand } from '../command.ts';
import type { Fix } from '../model/check.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Offer } from '../model/remediation.ts';
import { tame } from './hostile-text.ts';
import { type Block, headline, outline } from './outline.ts';
import { cut, escaped, marked } from './slack-text.ts';

/** Longest description that is read: 8,000 characters. https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html */
const limit = 8_000;

/**
 * A custom notification for Amazon Q Developer in chat applications, as JSON. Everything from outside is escaped, so that it can
 * neither mention people nor break the card. https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export function chat(
  diagnosis: Diagnosis,
  threadId = threadOf(diagnosis),
  offer: Offer | null = null,
): string {
  const who =
    diagnosis.group?.replace(/^(?:service|family):/, '') ?? diagnosis.clusterArn.split('/').at(-1) ?? '';
  const [first] = diagnosis.causes;
  const sign = first ? ':red_circle:' : ':large_yellow_circle:';
  const blocks = outline(diagnosis, offer);
  return JSON.stringify(
    {
      version: '1.0',
      source: 'custom',
      content: {
        textType: 'client-markdown',
        title: `${sign} ${cut(`${escaped(tame(who, 100))}: ${escaped(headline(diagnosis))}`, 230)}`,
        description: fitting(blocks.flatMap((block, index) => markdown(block, blocks.slice(index + 1)))),
        ...(first &&
          first.fixes.length > 0 && {
            nextSteps: first.fixes.slice(0, 3).map((fix) => cut(marked(tame(fix.do, 340)), 350)),
          }),
        keywords: [...(first ? [first.check.id] : []), diagnosis.conclusion],
      },
      metadata: { threadId, summary: cut(escaped(headline(diagnosis)), 200), eventType: 'ecs-pull-doctor' },
    },
    null,
    2,
  );
}

/** All that happens to one service stands in one thread. */
const threadOf = ({ clusterArn, group, taskArn }: Diagnosis) =>
  tame(`${clusterArn.split('/').at(-1)}/${group ?? taskArn}`, 250).replace(/[<>&]/g, '_');

/** `next`: the blocks that follow. */
function markdown(block: Block, next: readonly Block[]): string[] {
  switch (block.kind) {
    case 'title':
    case 'fix':
      return [];
    case 'heading':
      if (block.text !== 'Put it right') return [`*${escaped(block.text)}*`];
      // Those of the first cause stand under the card's own heading for next steps.
      return [...(block.under ? steps(fixesIn(next)) : []), ...commands(fixesIn(next))];
    case 'text':
      return [marked(block.text)];
    case 'list':
      return block.about === 'ruled-out'
        ? [
            block.items
              .slice(0, 5)
              .map((item) => `• ${marked(item)}`)
              .join('\n'),
          ]
        : [block.items.map((item) => `• ${marked(item)}`).join('\n')];
    case 'quote':
      return [`> ${cut(escaped(block.text).replace(/`/g, "'"), 1_000)}`];
    case 'link':
      return [`<${block.url}|${escaped(block.text).replace(/[|]/g, '/')}>`];
  }
}

/** The fixes at the beginning of what follows. */
function fixesIn(blocks: readonly Block[]): readonly Fix[] {
  const [first, ...more] = blocks;
  return first?.kind === 'fix' ? [first.fix, ...fixesIn(more)] : [];
}

const steps = (fixes: readonly Fix[]) => [
  fixes
    .slice(0, 3)
    .map((fix) => `• ${cut(marked(tame(fix.do, 340)), 350)}`)
    .join('\n'),
];

/**
 * The commands that are needed, as far as they fit, without other ways to the same end. One that would come out cut or
 * changed is left out: it would be pasted all the same.
 */
const commands = (fixes: readonly Fix[]) => {
  const [way, ...more] = fixes.filter(({ cli }) => cli);
  const all = way ? [way, ...more.filter((fix) => !fix.alternative)] : [];
  const lines: string[] = [];
  for (const { cli = '' } of all) {
    const line = escaped(cli);
    const isWhole = tame(cli, longestCommand) === cli && !cli.includes('`');
    if (isWhole && [...lines, line].join('\n').length <= 1_500) lines.push(line);
  }
  return lines.length > 0 ? [`\`\`\`${lines.join('\n')}\`\`\``] : [];
};

/** Whole parts up to the limit: a card that is too long is not shown at all. */
function fitting(parts: readonly string[]): string {
  let text = '';
  for (const part of parts) {
    if (text.length + part.length + 2 > limit) return `${text}\n\n…`.slice(0, limit);
    text = text ? `${text}\n\n${part}` : part;
  }
  return text;
}
