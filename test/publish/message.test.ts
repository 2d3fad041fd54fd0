import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import { body, messageOf } from '../../lambda/publish/message.ts';
import { emailBody } from '../../lambda/render/email.ts';
import { headline } from '../../lambda/render/outline.ts';
import { anyText } from '../support/any-text.ts';
import fc from '../support/fast-check.ts';
import { sampled } from '../support/whole.ts';

const read = (name: string): Diagnosis =>
  JSON.parse(readFileSync(join(__dirname, `../scenarios/${name}/diagnosis.json`), 'utf8'));
const diagnosis = read('nat-gateway-deleted');
const bytes = (text: string) => Buffer.byteLength(text, 'utf8');
const cause = diagnosis.causes[0] as Diagnosis['causes'][number];

describe('the message about a diagnosis', () => {
  const message = messageOf(diagnosis);

  test('is the diagnosis itself for programs, and readable text for e-mail', () => {
    expect(JSON.parse(message.machine)).toEqual(diagnosis);
    expect(message.email).toBe(emailBody(diagnosis));
    expect(JSON.parse(body(message))).toEqual({ default: message.machine, email: message.email });
  });

  test('has attributes for filter policies', () => {
    expect(message.attributes).toEqual({
      conclusion: 'explained',
      cluster: 'prod',
      group: 'service:web',
      check: 'nat-gateway-unusable',
    });
  });

  test('leaves out an attribute that has no value: Amazon SNS refuses empty ones', () => {
    expect(
      messageOf({ ...diagnosis, conclusion: 'unexplained', group: null, causes: [] }).attributes,
    ).toEqual({ conclusion: 'unexplained', cluster: 'prod' });
    expect(messageOf({ ...diagnosis, group: '\u0000\u202e' }).attributes).not.toHaveProperty('group');
  });

  test('is a custom notification in chat, in a thread for each service', () => {
    expect(JSON.parse(message.chat)).toMatchObject({
      version: '1.0',
      source: 'custom',
      metadata: { threadId: 'prod/service:web' },
    });
  });
});

describe('a message that is too long loses first what matters least', () => {
  const many = <T>(item: T, count: number) => Array.from({ length: count }, () => item);
  const sent = (change: Partial<Diagnosis>) => JSON.parse(messageOf({ ...diagnosis, ...change }).machine);

  test('the rest of a long error text', () => {
    const { omitted, error, causes, ruledOut } = sent({ error: 'ä'.repeat(200_000) });

    expect(omitted).toEqual(['error']);
    expect(error).toHaveLength(4_096);
    expect([causes, ruledOut]).toEqual([diagnosis.causes, diagnosis.ruledOut]);
  });

  test('then what was ruled out, and the paths', () => {
    const { omitted, causes, paths } = sent({
      paths: many(diagnosis.paths[0] as Diagnosis['paths'][number], 500),
    });

    expect(omitted).toEqual(['error', 'ruledOut', 'paths']);
    expect([causes, paths]).toEqual([diagnosis.causes, []]);
  });

  test('and at last all causes but the first, which is cut too', () => {
    const { omitted, causes } = sent({
      causes: many({ ...cause, evidence: many('x'.repeat(5_000), 50) }, 20),
    });

    expect(omitted.at(-1)).toBe('causes');
    expect(causes).toHaveLength(1);
    expect(causes[0].check.id).toBe(cause.check.id);
  });

  test('an e-mail ends after a whole line, and says so', () => {
    const { email } = messageOf({
      ...diagnosis,
      causes: many({ ...cause, evidence: many('`x` is closed', 300) }, 40),
    });

    expect(email.length).toBeLessThan(50_000);
    const [kept = '', note] = email.split('\n\n(');
    expect(note).toBe('The rest is left out; the JSON message has more.)\n');
    expect(
      emailBody({ ...diagnosis, causes: many({ ...cause, evidence: many('`x` is closed', 300) }, 40) }).split(
        '\n',
      ),
    ).toContain(kept.trimEnd().split('\n').at(-1));
  });
});

test.each(['n'.repeat(255), 'é'.repeat(255)])('a long name leaves the cause in the subject', (name) => {
  const { subject } = messageOf({ ...diagnosis, group: `service:${name}`, causes: [cause] });

  expect(subject).toMatch(/^(?:n+|\?+)\.\.\.: /);
  expect(subject.endsWith(`: ${headline({ ...diagnosis, causes: [cause] })}`)).toBe(true);
});

test('whatever comes from outside, Amazon SNS takes the message', () => {
  const text = fc.oneof(
    anyText(400),
    fc.constantFrom('<!channel>', '"'.repeat(90_000), '\ud83d', '\u0000'.repeat(70_000)),
  );
  fc.assert(
    fc.property(text, text, fc.array(text, { maxLength: 5 }), (error, group, evidence) => {
      const message = messageOf({
        ...diagnosis,
        error,
        group,
        images: evidence,
        causes: [{ ...cause, evidence }],
      });

      expect(bytes(body(message))).toBeLessThan(262_144 - 2_048);
      expect(bytes(message.chat)).toBeLessThan(262_144 - 2_048);
      expect(message.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
      expect(JSON.parse(message.chat).content.description.length).toBeLessThanOrEqual(8_000);
      for (const value of Object.values(message.attributes))
        expect([...value].every((one) => one >= ' ') && value.length > 0 && value.length <= 256).toBe(true);
    }),
    { numRuns: sampled(60) },
  );
});
