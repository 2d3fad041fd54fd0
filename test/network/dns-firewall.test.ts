import { expect, test } from '@jest/globals';
import type { DnsFirewallRule } from '../../lambda/model/facts.ts';
import { rulingOn } from '../../lambda/network/dns-firewall.ts';
import { known, refused } from '../support/asking.ts';
import { firewallRule as rule } from '../support/firewall-rule.ts';

const allow = rule('ALLOW', known(['*.example.com']));
const block = rule('BLOCK', known(['*']));
const unseen = { allow: rule('ALLOW', refused), block: rule('BLOCK', refused) };

test.each<[string, readonly DnsFirewallRule[], string]>([
  ['there is no rule', [], 'nothing'],
  ['no rule fits', [rule('BLOCK', known(['*.example.org']))], 'nothing'],
  ['the first that fits blocks', [block, allow], 'block'],
  ['the first that fits allows', [allow], 'allow'],
  ['one that alerts lets through', [rule('ALERT', known(['*'])), rule('BLOCK', known([]))], 'allow'],
  ['one for other queries decides nothing', [{ ...block, queryType: 'AAAA' }], 'nothing'],
  ['one for these queries decides', [{ ...block, queryType: 'A' }], 'block'],
  ['one that may allow stands before one that blocks', [unseen.allow, block], 'unseen'],
  ['one that may block stands before one that allows', [unseen.block, allow], 'unseen'],
  ['one that may block stands alone', [unseen.block], 'unseen'],
  ['one that may allow stands alone', [unseen.allow], 'nothing'],
  ['one that may block stands before one that does', [unseen.block, block], 'block'],
  ['what nobody can read comes too late', [allow, unseen.block], 'allow'],
])('%s', (_, rules, does) => {
  expect(rulingOn('registry.example.com', rules)).toMatchObject({ does });
});

test('a name that is allowed may lead to one that is blocked, unless the rule trusts it', () => {
  expect(rulingOn('registry.example.com', [allow, block])).toMatchObject({
    entry: '*.example.com',
    next: { rule: block, entry: '*' },
  });
  for (const rules of [[{ ...allow, trustsRedirection: true }, block], [allow, allow], [allow]])
    expect(rulingOn('registry.example.com', rules)).not.toHaveProperty('next');
});
