import { expect, test } from '@jest/globals';
import check from '../../lambda/checks/dns-firewall-blocks-registry.ts';
import { parsePullError } from '../../lambda/error-text/pull-error.ts';
import type { CheckFacts } from '../../lambda/model/check.ts';
import type { CollectedFacts, DnsFirewallRule } from '../../lambda/model/facts.ts';
import { known, refused } from '../support/asking.ts';
import { texts } from '../support/worlds.ts';

const host = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const misled = `CannotPullContainerError: Error response from daemon: Get "https://${host}/v2/": tls: failed to verify certificate: x509: certificate is valid for sinkhole.example.com, not ${host}`;

const rule = (
  action: DnsFirewallRule['action'],
  domains: readonly string[] | null,
  more: Partial<DnsFirewallRule> = {},
): DnsFirewallRule => ({
  ruleGroupId: 'rslvr-frg-0a1',
  priority: 10,
  action,
  blockResponse: action === 'BLOCK' ? 'NODATA' : null,
  queryType: null,
  domainListId: 'rslvr-fdl-0a1',
  domains: domains
    ? { status: 'known', value: domains }
    : {
        status: 'unknown',
        why: 'refused',
        action: 'route53resolver:ListFirewallDomains',
        error: 'AccessDenied',
      },
  trustsRedirection: false,
  ...more,
});
const all = ['*'];
const trusting = { trustsRedirection: true };

const resolvers = (...domainNameServers: readonly string[]) =>
  known({ dhcpOptionsId: 'dopt-0a1', domainNameServers });

const vpc = known({ cidrBlocks: ['10.0.0.0/16'] });

function examine(
  dnsFirewallRules: readonly DnsFirewallRule[] | null,
  text = texts.noSuchHost,
  dhcpOptions: CollectedFacts['dhcpOptions'] = resolvers('AmazonProvidedDNS'),
) {
  const paths = [{ destination: { host } }];
  const facts = { task: { region: 'eu-west-1' }, pullError: parsePullError(text), paths, dnsFirewallRules };
  return check.examine(facts as unknown as CheckFacts, { dhcpOptions, vpc } as unknown as CollectedFacts);
}

test.each<[string, readonly DnsFirewallRule[], string]>([
  ['no rule at all', [], 'ruled-out'],
  ['the very name is blocked', [rule('BLOCK', [host])], 'found'],
  ['all names are blocked', [rule('BLOCK', all)], 'found'],
  ['another name is blocked', [rule('BLOCK', ['amazonaws.com', '*.example.com'])], 'ruled-out'],
  [
    'allowed before it is blocked',
    [rule('ALLOW', ['*.amazonaws.com'], trusting), rule('BLOCK', all)],
    'ruled-out',
  ],
  [
    'reported before it is blocked',
    [rule('ALERT', ['*.amazonaws.com'], trusting), rule('BLOCK', all)],
    'ruled-out',
  ],
  ['blocked before it is allowed', [rule('BLOCK', all), rule('ALLOW', ['*.amazonaws.com'])], 'found'],
  [
    'allowed, but not what it leads to',
    [rule('ALLOW', ['*.amazonaws.com']), rule('BLOCK', all)],
    'undecided',
  ],
  ['allowed, and nothing is blocked', [rule('ALLOW', ['*.amazonaws.com'])], 'ruled-out'],
  ['only addresses of IPv6 are blocked', [rule('BLOCK', all, { queryType: 'AAAA' })], 'ruled-out'],
  ['addresses of IPv4 are blocked', [rule('BLOCK', all, { queryType: 'A' })], 'found'],
  ['a list that nobody may read blocks', [rule('BLOCK', null)], 'undecided'],
  ['a list that nobody may read allows', [rule('ALLOW', null)], 'ruled-out'],
  ['allowed or not, nobody may read', [rule('ALLOW', null), rule('BLOCK', all)], 'undecided'],
  ['blocked by one list or by the next', [rule('BLOCK', null), rule('BLOCK', all)], 'found'],
  ['blocked perhaps, before it is allowed', [rule('BLOCK', null), rule('ALLOW', all, trusting)], 'undecided'],
  [
    'allowed before a list that nobody may read',
    [rule('ALLOW', all, trusting), rule('BLOCK', null)],
    'ruled-out',
  ],
])('%s', (_, rules, status) => {
  expect(examine(rules).status).toBe(status);
});

test('a name that led to somebody else was not left without an answer', () => {
  expect(examine([rule('BLOCK', all)], misled).status).toBe('ruled-out');
  expect(examine([rule('BLOCK', all, { blockResponse: 'OVERRIDE' })], misled).status).toBe('found');
});

test('before a task has failed no name has led anywhere', () => {
  expect(examine([rule('BLOCK', all)], '').status).toBe('found');
});

test.each<[string, CollectedFacts['dhcpOptions'], string]>([
  ['the Resolver', resolvers('AmazonProvidedDNS'), 'proven'],
  ['the Resolver by its address', resolvers('10.0.0.2', '169.254.169.253'), 'proven'],
  ['a server of one’s own', resolvers('10.0.0.53'), 'likely'],
  ['the Resolver or a server of one’s own', resolvers('AmazonProvidedDNS', '10.0.0.53'), 'likely'],
  ['the Resolver, the VPC naming no other', known(null), 'proven'],
  ['nobody knows whom', refused, 'likely'],
])('the name is asked of %s', (_, dhcpOptions, certainty) => {
  expect(examine([rule('BLOCK', all)], texts.noSuchHost, dhcpOptions)).toMatchObject({ certainty });
});

test('an entry that is no more than the name may also be taken out', () => {
  const fixes = (domains: readonly string[]) => {
    const outcome = examine([rule('BLOCK', domains)]);
    return outcome.status === 'found' ? outcome.fixes.length : 0;
  };

  expect([fixes([host]), fixes(all)]).toEqual([2, 1]);
});

test.each<[string, readonly DnsFirewallRule[], string]>([
  [
    'what is allowed, and another name is blocked',
    [rule('ALLOW', [host]), rule('BLOCK', ['example.com'])],
    'ruled-out',
  ],
  ['what is allowed, and then reported', [rule('ALLOW', [host]), rule('ALERT', all)], 'ruled-out'],
])('%s', (_, rules, status) => {
  expect(examine(rules).status).toBe(status);
});

test('it says what is known of a rule, and nothing of what is not', () => {
  const bare = rule('BLOCK', [host], { priority: null, blockResponse: null, domainListId: null });
  const text = JSON.stringify(examine([bare]));

  expect(examine([bare])).toMatchObject({ resources: ['rslvr-frg-0a1'], fixes: [{}] });
  expect(text).toContain('lower than that of the rule');
  expect(text).not.toContain('the answer is');
  expect(JSON.stringify(examine([rule('BLOCK', null, { domainListId: null })]))).toMatch(
    /could not be seen: AWS refused/,
  );
  expect(JSON.stringify(examine([rule('BLOCK', null)]))).toContain('could not be seen: `rslvr-fdl-0a1`: AWS');
});
