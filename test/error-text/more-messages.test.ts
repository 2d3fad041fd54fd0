import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { checks } from '../../lambda/checks/index.ts';
import { isPullFailure } from '../../lambda/error-text/is-pull-failure.ts';
import { candidatesOf, parsePullError } from '../../lambda/error-text/pull-error.ts';
import { inTurn, whole } from '../support/whole.ts';

/**
 * Texts of the kinds that are in circulation: all generations of the agents and of Fargate, cut off, redacted, quoted by consoles
 * in several languages and by tools, and texts that are about something else.
 */
interface Message {
  readonly id: string;
  /** Where such a text comes from, e.g. `fargate`, `console-ja`, `cut-255`. */
  readonly kind: string;
  readonly message: string;
  /** Checks that may speak first; none for a text that is not about a pull. */
  readonly causes: readonly string[];
  readonly step?: string | null;
  /** Where a text of this kind was read. The others are made after such ones, of the words of AWS, Docker, containerd and Podman. */
  readonly seenAt?: string;
}

const messagesIn = (file: string) =>
  readFileSync(`${__dirname}/${file}`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Message);

/**
 * The second file holds texts as trackers, pages and code quote them, labelled before this program read them. What a daemon said
 * without Amazon ECS around stands there after the name of the error that the agent would give it.
 */
const messages = [...messagesIn('more-messages.jsonl'), ...messagesIn('reported-messages.jsonl')];
const failures = messages.filter(({ causes }) => causes.length > 0);
const others = messages.filter(({ causes }) => causes.length === 0);

const read = (message: string) => {
  const error = parsePullError(message);
  return { failure: isPullFailure(message), step: error.step, first: candidatesOf(error)[0] };
};

test('there are many, of many kinds, and none twice', () => {
  expect(failures.length).toBeGreaterThanOrEqual(150);
  expect(others.length).toBeGreaterThanOrEqual(50);
  expect(new Set(messages.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(30);
  expect(new Set(messages.map(({ message }) => message)).size).toBe(messages.length);
});

test('every cause is a check', () => {
  const ids = new Set(checks.map(({ id }) => id));

  expect(failures.flatMap(({ causes }) => causes).filter((id) => !ids.has(id))).toEqual([]);
});

test.each(failures)(
  '$id, $kind, is recognised; its first candidate is the cause or a plausible one; its step is the one that failed',
  ({ message, causes, step }) => {
    const { failure, first, step: said } = read(message);

    expect(failure).toBe(true);
    expect(causes).toContain(first);
    if (step !== undefined) expect(said).toBe(step);
  },
);

test.each(others)('$id, $kind, is not taken for a failed pull', ({ message }) => {
  expect(isPullFailure(message)).toBe(false);
});

const named =
  /(?<![\w-])CannotPull(?:ECR)?Container|ResourceInitializationError: unable to pull secrets|Could not transition to (?:pulled|pullBegin)/i;
const stride = whole ? 1 : 83;
/** Every fifth text, and for the next way of writing those that come after them. */
const some = (all: readonly Message[], way: string) => inTurn(all, 5, way.length);
const cutsOf = (message: string) =>
  Array.from({ length: Math.ceil(message.length / stride) }, (_, part) => message.slice(0, part * stride));
const asWritten = new Map(messages.map(({ message }) => [message, read(message)]));

test('every text, cut anywhere after its first words, stays what it is', () => {
  const wrong = failures.flatMap(({ id, message, step }) => {
    const full = asWritten.get(message)?.step;
    return cutsOf(message)
      .filter((cut) => named.test(cut))
      .map((cut) => read(cut))
      .filter(
        (cut) =>
          !cut.failure ||
          cut.first === undefined ||
          // The step may be open. `ref pull` is about layers and `denied` about the manifest, until more is said.
          (step !== undefined &&
            !/^(?:.*ref pull|.*daemon: denied)/s.test(message) &&
            ![full, null].includes(cut.step)),
      )
      .map(() => id);
  });

  expect([...new Set(wrong)]).toEqual([]);
});

test('a text whose last words are cut off still says why, unless they were the ones that did', () => {
  const cuts = failures.flatMap(({ message, causes }) =>
    [1, 2, 3, 5, 8, 12, 18, 25]
      .map((letters) => message.slice(0, -letters))
      // How far the connection got is said last, by some in three letters.
      .filter((cut) => cut.length > 45 && parsePullError(cut).reached === parsePullError(message).reached)
      .map((cut) => causes.includes(read(cut).first ?? '')),
  );

  expect(cuts.filter((right) => right).length / cuts.length).toBeGreaterThanOrEqual(0.93);
});

test('a text about something else, cut anywhere, is not taken for a failed pull', () => {
  const taken = others.filter(({ message }) =>
    cutsOf(message).some((cut) => isPullFailure(cut) && !/CannotPull\w*\s*$/.test(cut)),
  );

  expect(taken).toEqual([]);
});

describe.each<[string, (message: string) => string]>([
  ['each word on a line of its own', (message) => message.replace(/ /g, '\n')],
  ['lines of a mail', (message) => message.replace(/(.{1,60}) /g, '$1\r\n   ')],
  ['spaces that do not break', (message) => message.replace(/ /g, '\u00a0')],
  ['typographic quotes', (message) => message.replace(/"/g, '”').replace(/'/g, '’')],
  ['spaces before colons', (message) => message.replace(/: /g, ' : ')],
  ['JSON', (message) => JSON.stringify({ detail: { stoppedReason: message } })],
  ['JSON in JSON', (message) => JSON.stringify({ Cause: JSON.stringify({ StoppedReason: message }) })],
  ['HTML', (message) => message.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/'/g, '&#39;')],
  ['capitals', (message) => message.toUpperCase()],
  ['small letters', (message) => message.toLowerCase()],
  [
    'an event of a service within another',
    (message) =>
      `(service a) failed. Reason: (service pull-access-denied) was unable to place a task. Reason: ${message}`,
  ],
  ['other names', (message) => message.replace(/\/team\/\w+/g, '/team/secrets-manager-429-toomanyrequests')],
  ...[
    'cn-north-1.amazonaws.com.cn',
    'us-gov-west-1.amazonaws.com',
    'us-iso-east-1.c2s.ic.gov',
    'eusc-de-east-1.amazonaws.eu',
  ].map((host): [string, (message: string) => string] => [
    host,
    (message) => message.replace(/us-east-1\.amazonaws\.com/g, host),
  ]),
  ...['XXXXXXXXXXXX', '************', 'REDACTED', 'account_id', '123456789', '############'].map(
    (account): [string, (message: string) => string] => [
      `account ${account}`,
      (message) => message.replace(/\b\d{12}(?=\.dkr)/g, account),
    ],
  ),
  [
    'dual-stack hosts',
    (message) => message.replace(/dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?!\.)/g, 'dkr-ecr.$1.on.aws'),
  ],
])('written as %s', (way, write) => {
  test('every text says what it said', () => {
    // Where a tool has wrapped the lines within words, other lines are not to be had.
    const changed = some(messages, way).filter(({ message }) => {
      if (/[a-z]\n {2,}[a-z]/.test(message)) return false;
      const written = write(message);
      if (written === message) return false;
      const [before, after] = [asWritten.get(message), read(written)];
      return before?.failure
        ? JSON.stringify(before) !== JSON.stringify(after)
        : after.failure !== before?.failure;
    });

    expect(changed.map(({ id, message }) => [id, write(message).slice(0, 300)])).toEqual([]);
  });
});

/** After so many characters, in the middle of a word. */
const wrapped = (message: string, width: number, indent = '') =>
  (message.replace(/\s+/g, ' ').match(new RegExp(`.{1,${width}}`, 'gs')) ?? []).join(`\n${indent}`);

const reported = messagesIn('reported-messages.jsonl');

/** Those whose reading differs once they are written so. */
const readOtherwise = (write: (message: string) => string, of: readonly Message[]) =>
  of.filter(({ message }) => {
    const written = write(message);
    if (written === message) return false;
    const [before, after] = [asWritten.get(message), read(written)];
    return before?.failure
      ? before.first !== after.first || !after.failure
      : after.failure !== before?.failure;
  });

test.each<[string, (message: string) => string]>([
  [
    'an event of Amazon EventBridge',
    (message) =>
      JSON.stringify({
        'detail-type': 'ECS Task State Change',
        detail: { stopCode: 'TaskFailedToStart', stoppedReason: message, containers: [{ name: 'web' }] },
      }),
  ],
  [
    'CloudFormation',
    (message) =>
      `Resource handler returned message: "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered: ${message}'." (RequestToken: 256edf08-7afc-0783-a02f-4fd6be3a7e60, HandlerErrorCode: GeneralServiceException)`,
  ],
  [
    'Terraform, in colours',
    (message) =>
      `\u001b[31m╷\u001b[0m\n\u001b[31m│\u001b[0m \u001b[1m\u001b[31mError: \u001b[0mwaiting for ECS Service (web) update: ${message}\u001b[0m`,
  ],
  [
    'colours whose escape was lost',
    (message) => `[31m${message.replace(/\b(failed|denied)\b/g, '[1m$1[0m')}[0m`,
  ],
  ['a quote in a chat', (message) => `> ${message.replace(/(.{1,70}) /g, '$1\n> ')}`],
  [
    'a line of a log',
    (message) => `2026-05-01T10:00:00Z level=error msg=${JSON.stringify(message)} module=x.go`,
  ],
  ['a row of a table', (message) => `|  stoppedReason  |  ${message}  |`],
  ['Japanese punctuation', (message) => `停止理由：${message.replace(/: (?!:)/g, '：')}`],
  ['German quotes', (message) => `Grund für das Anhalten: „${message}“`],
  ['curly quotes', (message) => message.replace(/"([^"]*)"/g, '“$1”').replace(/'([^']*)'/g, '‘$1’')],
  [
    'HTML with numbers for characters',
    (message) =>
      `<td>${message
        .replace(/&/g, '&amp;')
        .replace(/["'/<>]/g, (one) => `&#x${one.charCodeAt(0).toString(16)};`)
        .replace(/ /g, '&nbsp;')}</td>`,
  ],
  ['a part of a URL', (message) => encodeURIComponent(message)],
  ['JSON with escaped slashes', (message) => JSON.stringify(message).replace(/\//g, '\\/')],
  ['soft hyphens', (message) => message.replace(/\//g, '/\u00ad')],
  ['an account without its number', (message) => message.replace(/\b\d{12}\b/g, '<account-id>')],
])('every reported text says what it said in %s', (way, write) => {
  expect(readOtherwise(write, some(reported, way)).map(({ id, message }) => [id, write(message)])).toEqual(
    [],
  );
});

test.each<[string, (message: string) => string]>([
  ['80 columns', (message) => wrapped(message, 80)],
  ['120 columns', (message) => wrapped(message, 120)],
  [
    'columns of AWS Copilot',
    (message) => `✘ Latest 1 task stopped reason\n  - [0a1b2c3d]: ${wrapped(message, 70, '    ')}`,
  ],
])('a text wrapped within words says what it said: %s', (_, write) => {
  const single = reported.filter(({ message }) => !/[a-z]\n {2,}[a-z]/.test(message));

  // In a text of two lines nothing tells a break within a name from one between names.
  expect(readOtherwise(write, single).length / single.length).toBeLessThanOrEqual(0.02);
});

test('a text whose cause stands within 255 characters may be cut there', () => {
  const rest = ` (RequestToken: ${'0a1b'.repeat(8)}) See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/${'x'.repeat(255)}`;
  const short = reported.filter(({ message }) => message.length <= 250);

  expect(readOtherwise((message) => `${(message + rest).slice(0, 255)}...`, short)).toEqual([]);
});
