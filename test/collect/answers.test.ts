import { expect, test } from '@jest/globals';
import { CallFailed } from '../../lambda/aws/call-failed.ts';
import type { CollectedFacts } from '../../lambda/model/facts.ts';
import { type Answer, collected, telling } from '../support/collected.ts';

/** Left out where they are not known: what is asked of a missing image alone, and what only all policies of a role tell. */
const leftOut = ['otherTags', 'lifecyclePolicy', 'layers'];

/** Where two values differ, but for what is not known any more. */
function differences(before: unknown, after: unknown, at: string): readonly string[] {
  // Where one call says less, another may be asked.
  if (JSON.stringify(before) === JSON.stringify(after) || (before ?? null) === null) return [];
  if (typeof before !== 'object' || typeof after !== 'object' || !before || !after) return [at];
  if ((after as { status?: unknown }).status === 'unknown') return [];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !leftOut.includes(key),
  );
  return keys.flatMap((key) => differences(before[key as never], after[key as never], `${at}.${key}`));
}
const changed = (before: CollectedFacts, after: CollectedFacts) => differences(before, after, 'facts');

const varied = [
  'healthy-privatelink-umbrella',
  'ec2-instance-group-closed',
  'dns-firewall-blocks-all-but-a-list',
  'private-zone-without-record',
  'tag-missing',
  'role-limited-by-boundary',
  'nat-instance-group-closed',
  'healthy-pull-through-cache',
  'repository-key-disabled',
];

test.each(varied)('%s: an empty answer says nothing, least of all that there is nothing', async (name) => {
  const { facts, calls } = await collected(name);
  const wrong: string[] = [];
  for (const call of calls) {
    const { facts: after } = await collected(name, { answer: telling({ [call]: {} }) });
    wrong.push(...changed(facts, after).map((at) => `${call}: ${at}`));
  }

  expect(wrong).toEqual([]);
});

/** Gives the lists of an answer one item at a time, to whoever asks for the next page. */
const onePerPage: Answer = async (_, input, asAws) => {
  const answer = await asAws();
  const list = Object.entries(answer).find(([, value]) => Array.isArray(value) && value.length > 1);
  const token = ['NextToken', 'nextToken', 'Marker'].find((one) => one in input);
  if (!list || !token) return answer;
  const [key, items] = list as [string, readonly unknown[]];
  const at = Number(input[token] ?? 0);
  const next = at + 1 < items.length ? String(at + 1) : undefined;
  return { ...answer, [key]: items.slice(at, at + 1), [token]: next, IsTruncated: next !== undefined };
};

test.each(varied)('%s: a list is read to its last page', async (name) => {
  expect((await collected(name, { answer: onePerPage })).facts).toEqual((await collected(name)).facts);
});

test('a list that never ends is none', async () => {
  const answer = telling({ 'ec2:DescribeNatGateways': { NatGateways: [], NextToken: 'again' } });
  const { facts } = await collected('healthy-nat-umbrella', { answer });

  expect(facts.natGateways).toMatchObject({ status: 'unknown', error: 'RepeatedToken' });
});

test.each(varied)('%s: what AWS refuses is unknown, and says which call', async (name) => {
  const { facts, calls } = await collected(name);
  const wrong: string[] = [];
  for (const call of calls) {
    const { facts: after } = await collected(name, {
      answer: (action, _, asAws) => {
        if (action === call) throw new CallFailed(call, 'AccessDeniedException', 'refused');
        return asAws();
      },
    });
    wrong.push(...changed(facts, after).map((at) => `${call}: ${at}`));
    // In place of a simulation, the policies of the role are read.
    if (!call.startsWith('iam:') && !JSON.stringify(after).includes(`"action":"${call}"`))
      wrong.push(`${call} is not named`);
  }

  expect(wrong).toEqual([]);
});
