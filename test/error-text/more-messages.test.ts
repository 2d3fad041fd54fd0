import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { checks } from '../../lambda/checks/index.ts';
import { isPullFailure } from '../../lambda/error-text/is-pull-failure.ts';
import { candidatesOf, parsePullError } from '../../lambda/error-text/pull-error.ts';

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

const messages = readFileSync(`${__dirname}/more-messages.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Message);
const failures = messages.filter(({ causes }) => causes.length > 0);
const others = messages.filter(({ causes }) => causes.length === 0);

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

describe.each(failures)('$id, $kind', ({ message, causes, step }) => {
  test('is recognised, and its first candidate is the cause or a plausible one', () => {
    const [first] = candidatesOf(parsePullError(message));

    expect(isPullFailure(message)).toBe(true);
    expect(causes).toContain(first);
  });

  if (step !== undefined)
    test(`failed at the step: ${step}`, () => {
      expect(parsePullError(message).step).toBe(step);
    });
});

test.each(others)('$id, $kind, is not taken for a failed pull', ({ message }) => {
  expect(isPullFailure(message)).toBe(false);
});

test('every text, cut anywhere after its first words, stays what it is', () => {
  const lost = failures.flatMap(({ id, message }) => {
    const begin =
      /^(?:CannotPull\w*Error|DockerTimeoutError: Could not transition to \w+|ResourceInitializationError: unable to pull secrets or registry auth)/.exec(
        message,
      )?.[0].length;
    if (begin === undefined) return [];
    const cuts = Array.from({ length: 8 }, (_, part) =>
      message.slice(0, begin + Math.floor(((message.length - begin) * part) / 8)),
    );
    return cuts
      .filter((cut) => !isPullFailure(cut) || candidatesOf(parsePullError(cut)).length === 0)
      .map(() => id);
  });

  expect(lost).toEqual([]);
});
