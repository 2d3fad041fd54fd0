import { parsePullError } from '../error-text/pull-error.ts';
import { withoutSecrets } from '../error-text/without-secrets.ts';
import type { Check, Result } from '../model/check.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import { tame } from '../render/hostile-text.ts';
import { escaped } from '../render/slack-text.ts';
import { attributesOf, type Message } from './message.ts';

/** A failure that could not be looked into: what ECS said about it, and about whom. */
export interface Failure {
  /** ARN of the task, or of the service if no task came to be. */
  readonly arn: string;
  readonly clusterArn: string;
  readonly group: string | null;
  readonly stoppedAt: string | null;
  readonly images: readonly string[];
  readonly text: string;
}

type About = Pick<Check, 'id' | 'cause' | 'source'>;
type With<S extends Result['status']> = Extract<Result, { status: S }>;

const diagnosing: About = {
  id: 'diagnosis',
  cause: 'The diagnosis did not finish',
  source: {
    title: 'Amazon ECS Developer Guide',
    section: 'Stopped task error messages',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html',
  },
};

/** A failure whose diagnosis went wrong: the raw text, and what went wrong. */
export const undiagnosed = (failure: Failure, error: unknown, now: Date): Diagnosis => ({
  ...textOnly(failure, now),
  crashed: [{ check: diagnosing, status: 'crashed', error: withoutSecrets(String(error)) }],
});

/** A failure about which only its text is known, and the check that the text points to. */
export const suspected = (
  failure: Failure,
  about: About,
  result: With<'undecided'>,
  now: Date,
): Diagnosis => ({
  ...textOnly(failure, now),
  conclusion: 'suspected',
  suspects: [{ check: { id: about.id, cause: about.cause, source: about.source }, ...result }],
});

/** A failure about which only its text is known. */
export function textOnly({ arn, clusterArn, group, stoppedAt, images, text }: Failure, now: Date): Diagnosis {
  const error = withoutSecrets(text);
  return {
    schemaVersion: 1,
    collectedAt: now.toISOString(),
    stoppedAt,
    taskArn: arn,
    clusterArn,
    group,
    images,
    error,
    symptoms: parsePullError(error).symptoms,
    conclusion: 'unexplained',
    paths: [],
    mending: null,
    causes: [],
    suspects: [],
    otherProblems: [],
    ruledOut: [],
    crashed: [],
  };
}

/** What is sent about a record that is no event of a task or service. */
export interface UnreadableRecord {
  readonly schemaVersion: 1;
  readonly conclusion: 'unreadable';
  readonly collectedAt: string;
  readonly because: string;
  /** The texts of failures in it, or its beginning. */
  readonly error: string;
  readonly causes: readonly [];
}

/** The message about a record that cannot be read. */
export function unreadableMessage(raw: string, because: string, now: Date): Message {
  const record: UnreadableRecord = {
    schemaVersion: 1,
    conclusion: 'unreadable',
    collectedAt: now.toISOString(),
    because: tame(withoutSecrets(because), 500),
    error: tame(textIn(raw), 4_000),
    causes: [],
  };
  const title = 'A record of a failed pull could not be read';
  const said = `It says: ${record.error || '(nothing that could be shown)'}`;
  return {
    subject: title,
    email: `${title.toUpperCase()}\n\n${record.because}\n\n${said}\n\nIt has ${raw.length} characters, and is not kept: it may hold secrets.\n`,
    machine: JSON.stringify(record),
    chat: JSON.stringify({
      version: '1.0',
      source: 'custom',
      content: {
        textType: 'client-markdown',
        title: `:large_yellow_circle: ${title}`,
        description: escaped(`${record.because}\n\n${said}`),
      },
    }),
    attributes: attributesOf({ conclusion: record.conclusion }),
  };
}

/**
 * The texts of failures in a record. An event may hold environment values, and with them secrets, so of what looks like JSON
 * nothing else is shown, whole or broken.
 */
function textIn(raw: string): string {
  const beginning = raw.slice(0, 300_000);
  const reasons = [...beginning.matchAll(/"(?:stoppedReason|reason)"\s*:\s*"((?:[^"\\]|\\.){1,2000})/gi)].map(
    ([, text = '']) => text.replace(/\\(?:u[0-9a-f]{4}|.)/gi, ' '),
  );
  if (reasons.length > 0) return withoutSecrets(reasons.slice(0, 5).join(' / '));
  return /[{[]/.test(beginning) ? '' : withoutSecrets(beginning.slice(0, 2_000));
}
