import { expect, test } from '@jest/globals';
import type { NetworkAclEntry } from '../../lambda/model/facts.ts';
import { aclOf, ask, nameOf } from '../../lambda/network/network-acl.ts';

const rule = (action: 'allow' | 'deny', change: Partial<NetworkAclEntry> = {}): NetworkAclEntry => ({
  ruleNumber: 100,
  egress: true,
  protocol: '6',
  action,
  cidrBlock: '0.0.0.0/0',
  ports: [443, 443],
  ...change,
});
const last = rule('deny', { ruleNumber: 32_767, protocol: '-1', ports: null });
const everything = { protocol: '-1', ports: null };
const asked = (
  entries: readonly NetworkAclEntry[],
  block = '52.0.0.0/8',
  ports: readonly [number, number] = [443, 443],
) => {
  const answer = ask({ entries } as never, 'out', [block], ports);
  return answer.verdict === 'deny' ? `deny ${answer.rule}` : answer.verdict;
};

test.each<[string, readonly NetworkAclEntry[], string]>([
  ['no rule at all', [], 'deny *'],
  ['the last rule alone', [last], 'deny *'],
  ['a rule with the highest number of all', [rule('deny', { ruleNumber: 32_766 })], 'deny 32766'],
  ['a rule for the port', [rule('allow'), last], 'allow'],
  ['a rule for the port, for what comes in', [rule('allow', { egress: false }), last], 'deny *'],
  ['a rule for UDP', [rule('allow', { protocol: '17' }), last], 'deny *'],
  [
    'a rule for every protocol, whatever ports it names',
    [rule('allow', { ...everything, ports: [22, 22] })],
    'allow',
  ],
  ['a rule for every port of TCP', [rule('allow', { ports: null })], 'allow'],
  ['a rule for ports below', [rule('allow', { ports: [80, 442] }), last], 'deny *'],
  ['a rule for ports above', [rule('allow', { ports: [444, 500] }), last], 'deny *'],
  ['the first of two rules', [rule('deny'), rule('allow', { ruleNumber: 200 })], 'deny 100'],
  ['a rule for other addresses', [rule('allow', { cidrBlock: '3.0.0.0/8' }), last], 'deny *'],
  ['a rule for half of the addresses', [rule('allow', { cidrBlock: '52.0.0.0/9' }), last], 'part'],
])('%s', (_, entries, expected) => {
  expect(asked(entries)).toBe(expected);
});

test('private addresses are no part of the internet, and of their own network they are', () => {
  const rules = [rule('deny', { cidrBlock: '10.0.0.0/8' }), rule('allow', { ruleNumber: 200 })];

  expect(asked(rules, '0.0.0.0/0')).toBe('allow');
  expect(asked(rules, '10.1.0.0/16')).toBe('deny 100');
});

test('two rules that meet in the middle of a range count together', () => {
  const range = [1024, 65_535] as const;
  const lower = rule('allow', { ports: [1024, 40_000] });
  const upper = rule('allow', { ruleNumber: 200, ports: [40_001, 65_535] });

  expect(asked([lower, upper, last], '52.0.0.0/8', range)).toBe('allow');
  expect(asked([lower, last], '52.0.0.0/8', range)).toBe('part');
  expect(asked([upper, last], '52.0.0.0/8', range)).toBe('part');
  expect(asked([rule('allow', { ports: [65_535, 65_535] }), last], '52.0.0.0/8', range)).toBe('part');
});

test('what is closed in part names its rule where so many ports are closed that connections fail', () => {
  const answer = (from: number, to: number, more: Partial<NetworkAclEntry> = {}) =>
    ask(
      { entries: [rule('allow', { ports: [from, to], ...more }), last] } as never,
      'out',
      ['52.0.0.0/8'],
      [1024, 65_535],
    );

  // A NAT gateway opens connections from all of them, Linux from some.
  expect(answer(32_768, 60_999)).toEqual({ verdict: 'part', rule: '*' });
  expect(answer(17_151, 65_535)).toEqual({ verdict: 'part' });
  expect(answer(17_152, 65_535)).toEqual({ verdict: 'part', rule: '*' });
  // Half of the addresses: that is no matter of ports.
  expect(answer(1024, 65_535, { cidrBlock: '52.0.0.0/9' })).toEqual({ verdict: 'part' });
});

test('one port is no range', () => {
  expect([nameOf([443, 443]), nameOf([1024, 65_535])]).toEqual(['port 443', 'ports 1024-65535']);
});

test('the network ACL of a subnet is the one that is associated with it', () => {
  const acls = ['subnet-0a', 'subnet-0b'].map((id) => ({ networkAclId: id, subnetIds: [id], entries: [] }));

  expect(['subnet-0b', 'subnet-0c'].map((id) => aclOf(id, acls)?.networkAclId)).toEqual([
    'subnet-0b',
    undefined,
  ]);
});

test('no addresses are neither let through nor kept back', () => {
  expect(ask({ entries: [last] } as never, 'out', [], [443, 443]).verdict).not.toBe('deny');
});

test('where several rules deny, the first one is named', () => {
  const range = [1024, 65_535] as const;
  const one = rule('deny', { ruleNumber: 90, ports: [40_000, 65_535] });

  expect(asked([one, last], '52.0.0.0/8', range)).toBe('deny 90');
});
