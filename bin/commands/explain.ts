import { checks } from '../../lambda/checks/index.ts';
import { isPullFailure } from '../../lambda/error-text/is-pull-failure.ts';
import { candidatesOf, parsePullError } from '../../lambda/error-text/pull-error.ts';
import { symptoms } from '../../lambda/error-text/symptoms.ts';
import { tame } from '../../lambda/render/hostile-text.ts';
import { parse, readText } from '../input.ts';
import { unknownChoice } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';
import type { Command } from './index.ts';

/** More than three candidates help nobody. */
const candidateLimit = 3;

/** What a text means, as far as the text alone tells. */
function explanation(message: string) {
  const failure = isPullFailure(message);
  if (!failure) return { message, isPullFailure: false, step: null, symptoms: [], candidates: [] };
  const error = parsePullError(message);
  return {
    message,
    isPullFailure: true,
    step: error.step,
    symptoms: error.symptoms,
    candidates: candidatesOf(error).slice(0, candidateLimit),
  };
}

export const explain: Command = {
  summary: 'say what an error text means, with no AWS at all',
  help: `Usage: ecs-pull-doctor explain "<error text>" | - [--format text|json|jsonl]

Exit code 0 if the text is that of a failed pull, 1 if it is not.
With \`--format jsonl\` it reads one JSON object with a \`message\` per line from standard input, and answers one per line.

  ecs-pull-doctor explain "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref"
  aws ecs describe-tasks … --query 'tasks[0].stoppedReason' --output text | ecs-pull-doctor explain -
  ecs-pull-doctor explain - --format jsonl < messages.jsonl
`,
  run(args) {
    const { values, positionals } = parse('explain', args, { format: { type: 'string', short: 'f' } });
    const format = values.format ?? 'text';
    if (!['text', 'json', 'jsonl'].includes(format))
      throw unknownChoice('format', format, ['text', 'json', 'jsonl']);
    if (positionals.length === 0)
      throw new UsageError(
        'explain takes a text, or - for standard input: ecs-pull-doctor explain "CannotPullContainerError: …"',
      );
    const text = positionals[0] === '-' ? readText('-') : positionals.join(' ');
    if (format === 'jsonl') return lines(text);

    const answer = explanation(text.trim());
    if (text.trim() === '') throw new UsageError('the text is empty');
    process.stdout.write(format === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : asText(answer));
    return answer.isPullFailure ? 0 : 1;
  },
};

function lines(text: string): number {
  const rows = text.split('\n').filter((line) => line.trim() !== '');
  if (rows.length === 0)
    throw new UsageError('standard input is empty: expected one JSON object with a `message` per line');
  const answers = rows.map((line, index) => {
    try {
      const { message } = JSON.parse(line) as { message?: unknown };
      if (typeof message === 'string') return explanation(message);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    throw new UsageError(`line ${index + 1} is not a JSON object with a \`message\``);
  });
  process.stdout.write(answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''));
  return answers.every((answer) => answer.isPullFailure) ? 0 : 1;
}

function asText({
  isPullFailure: failure,
  step,
  symptoms: ids,
  candidates,
}: ReturnType<typeof explanation>): string {
  if (!failure) return 'This is not the text of a failed image pull.\n';
  const steps = {
    token: 'fetching the registry token',
    secrets: 'reading the secrets',
    manifest: 'asking for the manifest',
    layers: 'downloading the layers',
  };
  const known = symptoms.find(({ id }) => id === ids[0]);
  return `${[
    step ? `It failed while ${steps[step]}.` : 'The text does not say at which step it failed.',
    ...(known
      ? [
          `Known from: ${known.attestedBy.title}, "${tame(known.attestedBy.section, 120)}"`,
          `  ${known.attestedBy.url}`,
        ]
      : ['This text is new to us.']),
    'Likeliest causes:',
    ...candidates.map((id, index) => {
      const check = checks.find((one) => one.id === id);
      return `  ${index + 1}. ${check?.cause ?? id} (${id})`;
    }),
    'To know which, diagnose the task: ecs-pull-doctor diagnose --task <task ARN>',
  ].join('\n')}\n`;
}
