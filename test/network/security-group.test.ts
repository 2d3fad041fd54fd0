import { expect, test } from '@jest/globals';
import type { SecurityGroupRule } from '../../lambda/model/facts.ts';
import { admits, rulesOf } from '../../lambda/network/security-group.ts';

const rule = (change: Partial<SecurityGroupRule> = {}): SecurityGroupRule => ({
  protocol: 'tcp',
  ports: [443, 443],
  peer: '0.0.0.0/0',
  ...change,
});
const lists = [
  { prefixListId: 'pl-0c3', name: null, cidrBlocks: ['52.1.0.0/17'] },
  { prefixListId: 'pl-0a1', name: null, cidrBlocks: ['52.0.0.0/8'] },
];
const admitted = (rules: readonly SecurityGroupRule[], ...blocks: readonly string[]) =>
  admits(rules, { blocks: blocks.length > 0 ? blocks : ['52.1.0.0/16'], groupIds: ['sg-0a1'] }, lists);

test.each<[string, readonly SecurityGroupRule[], string]>([
  ['no rule', [], 'none'],
  ['a rule for everybody', [rule()], 'all'],
  ['TCP by its number', [rule({ protocol: '6' })], 'all'],
  ['every protocol', [rule({ protocol: '-1', ports: null })], 'all'],
  ['UDP', [rule({ protocol: 'udp' })], 'none'],
  ['every port', [rule({ ports: null })], 'all'],
  ['a range that holds the port', [rule({ ports: [80, 500] })], 'all'],
  ['ports below', [rule({ ports: [80, 442] })], 'none'],
  ['ports above', [rule({ ports: [444, 500] })], 'none'],
  ['the group of the peer', [rule({ peer: 'sg-0a1' })], 'all'],
  ['another group', [rule({ peer: 'sg-0b2' })], 'none'],
  ['half of the addresses', [rule({ peer: '52.1.0.0/17' })], 'part'],
  ['both halves', [rule({ peer: '52.1.0.0/17' }), rule({ peer: '52.1.128.0/17' })], 'all'],
  ['a prefix list', [rule({ peer: 'pl-0a1' })], 'all'],
  [
    'a prefix list that holds some of the addresses, beside a rule for others',
    [rule({ peer: 'pl-0c3' }), rule({ peer: '3.0.0.0/8' })],
    'part',
  ],
  ['a prefix list that nobody could read', [rule({ peer: 'pl-0b2' })], 'unknown'],
  ['a prefix list that nobody could read, beside a rule', [rule({ peer: 'pl-0b2' }), rule()], 'all'],
  ['private addresses, which are no part of the internet', [rule({ peer: '10.0.0.0/8' })], 'none'],
])('%s', (_, rules, expected) => {
  expect(admitted(rules)).toBe(expected);
});

test('every block of a peer must be let through', () => {
  const rules = [rule({ peer: '52.0.0.0/8' })];

  expect(admitted(rules, '52.1.0.0/16', '3.0.0.0/8')).toBe('part');
  expect(admitted(rules, '52.1.0.0/16', '52.2.0.0/16')).toBe('all');
  expect(admitted(rules, '3.0.0.0/8', '4.0.0.0/8')).toBe('none');
});

test('private addresses are let through by rules for them, and by rules for everybody', () => {
  expect(admitted([rule({ peer: '10.0.0.0/8' })], '10.0.2.0/24')).toBe('all');
  expect(admitted([rule()], '10.0.2.0/24')).toBe('all');
  expect(admitted([rule({ peer: '10.0.0.0/8' })], '0.0.0.0/1')).toBe('none');
});

test('of a peer without known addresses only that nothing goes through is certain', () => {
  const asked = (...rules: readonly SecurityGroupRule[]) =>
    admits(rules, { blocks: [], groupIds: [] }, lists);

  expect([asked(), asked(rule())]).toEqual(['none', 'unknown']);
});

test('the rules of all groups count together, and groups that are not there are named', () => {
  const group = (groupId: string, egress: readonly SecurityGroupRule[]) => ({ groupId, egress, ingress: [] });
  const groups = [group('sg-0a1', [rule()]), group('sg-0b2', [rule({ peer: '10.0.0.0/8' })])] as never;

  expect(rulesOf(['sg-0a1', 'sg-0b2', 'sg-0gone'], groups, 'egress')).toStrictEqual({
    rules: [rule(), rule({ peer: '10.0.0.0/8' })],
    unseen: ['sg-0gone'],
  });
});
