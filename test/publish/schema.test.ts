import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020.js';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import { messageOf } from '../../lambda/publish/message.ts';
import { suspected, undiagnosed, unreadableMessage } from '../../lambda/publish/raw-report.ts';

const root = join(__dirname, '../..');
const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const now = new Date('2026-11-20T03:04:10Z');
const failure = {
  arn: 'arn:aws:ecs:eu-west-1:111122223333:task/prod/1',
  clusterArn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod',
  group: null,
  stoppedAt: null,
  images: [],
  text: 'CannotPullContainerError',
};
const about = {
  id: 'execution-role-not-assumable',
  cause: 'c',
  source: { title: 't', section: 's', url: 'https://example.com' },
};

/** The schema, but for fields that it does not name: subscribers let them pass, we do not. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return 'properties' in inner && inner['type'] === 'object'
    ? { ...inner, additionalProperties: false }
    : inner;
}

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true, validateFormats: false });
const validate = ajv.compile(closed(read('docs/diagnosis.schema.json')) as object);
const problemsOf = (document: unknown) => (validate(document) ? [] : validate.errors);

const scenarios = readdirSync(join(root, 'test/scenarios')).map(
  (name) => [name, read(`test/scenarios/${name}/diagnosis.json`)] as const,
);

test.each(scenarios)('the schema describes the diagnosis of %s', (_, diagnosis: Diagnosis) => {
  expect(problemsOf(diagnosis)).toEqual([]);
  expect(problemsOf(JSON.parse(messageOf(diagnosis).machine))).toEqual([]);
});

test('the schema describes what is told without a diagnosis', () => {
  const undecided = { status: 'undecided', because: 'b', resources: [], ask: 'a' } as const;

  expect(problemsOf(undiagnosed(failure, new Error('late'), now))).toEqual([]);
  expect(problemsOf(suspected(failure, about, undecided, now))).toEqual([]);
  expect(problemsOf(JSON.parse(unreadableMessage('text', 'no JSON', now).machine))).toEqual([]);
  expect(problemsOf({ schemaVersion: 1, conclusion: 'not-a-pull-failure', causes: [] })).toEqual([]);
});

test('the schema describes a diagnosis that was cut, and names what was', () => {
  const [, diagnosis] = scenarios[0] ?? [];
  const sent = JSON.parse(messageOf({ ...(diagnosis as Diagnosis), error: 'x'.repeat(300_000) }).machine);

  expect(problemsOf(sent)).toEqual([]);
  expect(sent.omitted).toEqual(['error']);
});

test('the schema refuses what is none', () => {
  expect(problemsOf({ ...scenarios[0]?.[1], schemaVersion: 2 })).not.toEqual([]);
  expect(problemsOf({ ...scenarios[0]?.[1], novelty: true })).not.toEqual([]);
});
