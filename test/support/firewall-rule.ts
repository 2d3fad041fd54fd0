import type { DnsFirewallRule } from '../../lambda/model/facts.ts';

/** A rule of DNS Firewall for some names, unless it is changed. */
export const firewallRule = (
  action: DnsFirewallRule['action'],
  domains: DnsFirewallRule['domains'],
  change: Partial<DnsFirewallRule> = {},
): DnsFirewallRule => ({
  ruleGroupId: 'rslvr-frg-0a1',
  priority: null,
  action,
  blockResponse: null,
  queryType: null,
  domainListId: null,
  domains,
  trustsRedirection: false,
  ...change,
});
