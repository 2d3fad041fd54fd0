import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { IncidentListing } from '../../lambda/incident/listing.ts';
import { widgetWith } from '../../lambda/widget.ts';
import { clientOf } from '../support/dynamodb.ts';
import { dynamodbUrl, incidentTable } from '../support/incident-table.ts';
import { incidentOf, openedAt } from '../support/incidents.ts';
import { sizeOf, startBundle } from './bundles.ts';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'widget-'));
const file = join(folder, 'index.js');
beforeAll(() => {
  execFileSync(process.execPath, ['scripts/bundle.mjs', 'widget', folder], { cwd: join(__dirname, '../..') });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the bundle answers over HTTP, in a process of its own. */
async function answerOf(table: string, event: object): Promise<{ result?: string; error?: string }> {
  const bundle = await startBundle(file, await dynamodbUrl(), table);
  try {
    return (await bundle.run(event)) as { result?: string };
  } finally {
    bundle.stop();
  }
}
/** The time at which it was read, which is that of the process. */
const timeless = (answer = '') => answer.replace(/, for [^<]*/g, '').replace(/Read <time[^/]*\/time>/, '');

test('the deployed bundle shows what the sources show, and reads the indexes to their end', async () => {
  const { name, put } = await incidentTable();
  // More than a page of the index has.
  const heldBack = Array.from({ length: 600 }, (_, n) => ({
    id: `victim ${n} ${'x'.repeat(1_900)}`,
    wake: 'y',
    wakeAt: n,
  }));
  for (let at = 0; at < heldBack.length; at += 50)
    await Promise.all(heldBack.slice(at, at + 50).map((victim) => put(victim)));
  await put({ ...incidentOf('nat-gateway-deleted'), wake: 'y', wakeAt: openedAt + 3_600_000 });
  const { openVictims: _, ...ended } = incidentOf('acl-denies-answers', {
    endedAt: openedAt,
    ended_fixed: 1,
  });
  await put({ ...ended, resolved: 'y' });

  const { result } = await answerOf(name, {});

  const widget = widgetWith(() => ({
    listing: new IncidentListing(name, client),
    now: () => openedAt,
  }));
  const client = clientOf(await dynamodbUrl());
  expect(timeless(result)).toBe(timeless(await widget({})));
  expect(result).toContain('The NAT gateway gives no way to the internet');
  expect(result).toContain('A network ACL blocks the connection');
  expect(result).toContain('<svg class="way"');
});

test('the deployed bundle knows an error by its name', async () => {
  const { result } = await answerOf('no-such-table', {});

  expect(result).toContain('The table of incidents, or one of its indexes, is not there.');
});

test('the deployed bundle is small', () => {
  expect(sizeOf(file)).toBeLessThan(200);
});
