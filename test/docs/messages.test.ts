import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Incident } from '../../lambda/incident/items.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import { newsMessage } from '../../lambda/publish/incident-message.ts';
import { unreadableMessage } from '../../lambda/publish/raw-report.ts';

const root = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
/** The code words in the first cells of the table under a heading. */
const rowsOf = (heading: string): readonly (readonly string[])[] => {
  const [, section = ''] = read('docs/messages.md').split(`\n## ${heading}\n`);
  const [table = ''] = section.split('\n## ');
  return [...table.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = '']) =>
    [...cell.matchAll(/`([\w-]+)`/g)].map(([, word = '']) => word),
  );
};

const now = new Date('2026-11-20T03:04:10Z');
const diagnosis: Diagnosis = JSON.parse(read('test/scenarios/nat-gateway-deleted/diagnosis.json'));
const incident = {
  correlationId: '3f9a1c07be52',
  clusterArn: diagnosis.clusterArn,
  groupName: 'service:web',
  headline: 'The NAT gateway gives no way to the internet',
  openedAt: now.getTime(),
  endedFailures: 0,
  hitVictims: new Set(['victim 1']) as ReadonlySet<string>,
} as Incident;

test('the attributes in the documentation are those of the messages', () => {
  const messages = [
    newsMessage({ event: 'opened', incident, diagnosis }, now),
    unreadableMessage('text', 'no JSON', now),
  ];

  const sent = new Set(messages.flatMap(({ attributes }) => Object.keys(attributes)));

  expect(rowsOf('Attributes').flat().toSorted()).toEqual([...sent].toSorted());
});

test('the conclusions in the documentation are those of the schema', () => {
  const { $defs } = JSON.parse(read('docs/diagnosis.schema.json'));
  const published = [$defs.diagnosis, $defs.incidentUpdate, $defs.remediationUpdate, $defs.unreadableRecord];

  const conclusions = published.flatMap(
    ({ properties: { conclusion } }) => conclusion.enum ?? conclusion.const,
  );

  const documented = rowsOf('JSON').slice(1).flat();

  expect(documented.toSorted()).toEqual(conclusions.toSorted());
});
