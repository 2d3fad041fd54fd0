import type { DnsFirewallRule } from '../model/facts.ts';
import { standsFor } from './dns-name.ts';

/** What the rules of DNS Firewall do with a name. */
export type Ruling =
  | { readonly does: 'nothing' }
  /** A rule that nobody can read stands before the one that fits, and may decide otherwise. */
  | { readonly does: 'unseen'; readonly rule: DnsFirewallRule }
  | { readonly does: 'block'; readonly rule: DnsFirewallRule; readonly entry: string }
  | {
      readonly does: 'allow';
      readonly rule: DnsFirewallRule;
      readonly entry: string;
      /** Blocks the name too, and stops the names that it leads to, unless the first rule trusts them. */
      readonly next?: { readonly rule: DnsFirewallRule; readonly entry: string };
    };

/**
 * The rules go in order, and the first one that fits a name decides. What a pull asks for are addresses of IPv4.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-overview.html
 */
export function rulingOn(host: string, all: readonly DnsFirewallRule[]): Ruling {
  const rules = all.filter(({ queryType }) => queryType === null || queryType === 'A');
  const fitting = rules.flatMap((rule, at) => {
    const entry = entryFor(rule, host);
    return entry === undefined ? [] : [{ rule, entry, at }];
  });
  const [first, ...others] = fitting;
  const blocks = ({ action }: DnsFirewallRule) => action === 'BLOCK';
  const firstBlocks = first !== undefined && blocks(first.rule);
  const unseen = rules
    .slice(0, first?.at)
    .find((rule) => rule.domains.status === 'unknown' && blocks(rule) !== firstBlocks);
  if (unseen) return { does: 'unseen', rule: unseen };
  if (!first) return { does: 'nothing' };
  const { rule, entry } = first;
  if (firstBlocks) return { does: 'block', rule, entry };
  const next = rule.trustsRedirection ? undefined : others.find((one) => blocks(one.rule));
  return { does: 'allow', rule, entry, ...(next && { next }) };
}

const entryFor = ({ domains }: DnsFirewallRule, host: string) =>
  domains.status === 'known' ? domains.value.find((one) => standsFor(one, host)) : undefined;
