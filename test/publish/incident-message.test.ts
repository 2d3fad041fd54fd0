import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020.js';
import type { Incident } from '../../lambda/incident/items.ts';
import type { News, Totals } from '../../lambda/incident/news.ts';
import { newsMessage } from '../../lambda/publish/incident-message.ts';
import { body } from '../../lambda/publish/message.ts';
import { spell } from '../../lambda/render/incident-words.ts';
import { anyText } from '../support/any-text.ts';
import fc from '../support/fast-check.ts';
import { expectGolden } from '../support/golden.ts';

const root = join(__dirname, '../..');
const opened = Date.parse('2026-11-20T03:04:10Z');
const incident: Incident = {
  id: 'incident 111122223333 eu-west-1 nat-gateway-unusable nat-0123456789abcdef0',
  correlationId: '3f9a1c07be52',
  accountId: '111122223333',
  awsRegion: 'eu-west-1',
  clusterArn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod',
  groupName: 'service:web',
  headline: 'The NAT gateway gives no way to the internet',
  conclusion: 'explained',
  checkId: 'nat-gateway-unusable',
  resourceName: 'nat-0123456789abcdef0',
  openedAt: opened,
  updates: 0,
  toldFailures: 1,
  toldVictims: 1,
  hitVictims: new Set(['victim 1']),
  endedFailures: 0,
};
const group = (name: string) => ({ clusterArn: incident.clusterArn, groupName: name });
const totals: Totals = {
  failures: 37,
  victims: 12,
  failing: ['service:web', 'service:api', 'family:nightly'].map(group),
  hit: ['service:web', 'service:api', 'family:nightly', 'service:over'].map(group),
  outcomes: { fixed: 8, givenUp: 1 },
};
const updated: News = { event: 'updated', incident, totals };
const resolved: News = {
  event: 'resolved',
  incident,
  totals: { ...totals, failing: [], outcomes: { fixed: 10, rolledBack: 1, givenUp: 1 } },
};
const later = (minutes: number) => new Date(opened + minutes * 60_000);

const validate = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false }).compile(
  JSON.parse(readFileSync(join(root, 'docs/diagnosis.schema.json'), 'utf8')),
);

describe.each([
  ['updated', updated, later(10)],
  ['resolved', resolved, later(125)],
] as const)('an incident that is %s', (name, news, now) => {
  const message = newsMessage(news, now);

  test('reads as its golden files', () => {
    const file = (ending: string) => join(root, 'test/publish/incident', `${name}.${ending}`);
    expectGolden(file('txt'), `Subject: ${message.subject}\n\n${message.email}`);
    expectGolden(file('chat.json'), `${message.chat}\n`);
  });

  test('is described by the schema', () => {
    expect(validate(JSON.parse(message.machine)) ? [] : validate.errors).toEqual([]);
  });

  test('stands in the thread of the incident', () => {
    expect(JSON.parse(message.chat).metadata.threadId).toBe(incident.correlationId);
  });
});

test('a subscription for one service hears of an incident that began with another', () => {
  expect(newsMessage(updated, later(10)).attributes).toEqual({
    conclusion: 'ongoing',
    event: 'updated',
    incident: incident.correlationId,
    cluster: 'prod',
    // Those that are over too: who heard of the trouble hears how it ends.
    group: ['service:web', 'service:api', 'family:nightly', 'service:over'],
    check: 'nat-gateway-unusable',
  });
});

test.each([
  ['fixed', /fixed/],
  ['replaced', /replaced/],
  ['rolledBack', /rolled back/],
  ['givenUp', /given up/],
  ['otherCause', /another reason/],
  ['quiet', /nothing proves that it works/],
] as const)('%s is said in words of its own', (outcome, words) => {
  const news: News = {
    event: 'resolved',
    incident,
    totals: { ...totals, failing: [], outcomes: { [outcome]: 1 } },
  };
  const { email } = newsMessage(news, later(1));

  expect(email).toMatch(words);
});

test.each([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min'],
  [125 * 60, '2 h 5 min'],
  [86_400 + 59, '1 d'],
  [90_061, '1 d 1 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(spell(seconds)).toBe(text);
});

test('whatever the names and texts are, every medium takes the message and nobody is pinged', () => {
  const text = fc.oneof(
    anyText(300),
    fc.constantFrom(
      '<!channel>',
      '<@U1>',
      '`',
      '\n\nRESOLVED',
      '\ud83d',
      'x'.repeat(5_000),
      '&'.repeat(3_000),
    ),
  );
  fc.assert(
    fc.property(text, text, fc.array(text, { maxLength: 50 }), (headline, resourceName, names) => {
      const news: News = {
        ...updated,
        incident: { ...incident, headline, resourceName, groupName: names[0] ?? '' },
        totals: { ...totals, failing: names.map(group) },
      };
      const message = newsMessage(news, later(3));
      const { content, metadata } = JSON.parse(message.chat);

      expect(message.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
      expect(message.email.split('\n\n')).toHaveLength(2);
      expect(content.title.length).toBeLessThanOrEqual(250);
      expect(content.description.length).toBeLessThanOrEqual(8_000);
      expect([content.title, content.description, metadata.summary].join()).not.toMatch(/[<>]/);
      expect(content.title + content.description).not.toMatch(/&(?!amp;|lt;|gt;)/);
      const attributes = Object.values(message.attributes).flat().join('').length;
      expect(Buffer.byteLength(body(message)) + 3 * attributes).toBeLessThan(262_144);
      expect(validate(JSON.parse(message.machine))).toBe(true);
    }),
    { numRuns: 100 },
  );
});
