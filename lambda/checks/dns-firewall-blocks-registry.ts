import { blank, command } from '../command.ts';
import { leavesNamesOpen } from '../error-text/pull-error.ts';
import type { Outcome } from '../model/check.ts';
import type { DnsFirewallRule, StoppedTask } from '../model/facts.ts';
import { rulingOn } from '../network/dns-firewall.ts';
import { asksAmazon, type DnsServerFacts } from '../network/dns-servers.ts';
import { whyUnknown } from '../network/hop.ts';
import { defineCheck, everyStep, found, notApplicable, ruledOut, undecided } from './define.ts';
import { hopOfNames, ofNames } from './names-in-question.ts';
import { typescript } from './typescript.ts';

/** Route 53 Resolver DNS Firewall goes through its rules in order, and the first one that fits a name decides. */
export default defineCheck({
  id: 'dns-firewall-blocks-registry',
  cause: 'DNS Firewall blocks the name of the registry',
  source: {
    title: 'Amazon Route 53 Developer Guide',
    section: 'How Route 53 VPC Resolver DNS Firewall works',
    url: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-overview.html',
  },
  needs: ['task', 'pullError', 'paths', 'dnsFirewallRules'],
  uses: ['vpc', 'dhcpOptions'],

  examine({ task, pullError, paths, dnsFirewallRules }, servers) {
    if (!dnsFirewallRules) return notApplicable('the text speaks of no name');
    const misled = !leavesNamesOpen(pullError) && !pullError.symptoms.includes('name-not-resolved');
    return ofNames(pullError, paths, (host) =>
      firstRule(host, { rules: dnsFirewallRules, misled, task, servers }),
    );
  },
});

interface Firewall {
  readonly rules: readonly DnsFirewallRule[];
  /** The name led to somebody else, instead of nowhere. */
  readonly misled: boolean;
  readonly task: StoppedTask;
  readonly servers: DnsServerFacts;
}

/** What the first rule that fits a name does with it. */
function firstRule(host: string, { rules, misled, task, servers }: Firewall): Outcome {
  const ruling = rulingOn(host, rules);
  if (ruling.does === 'nothing') return ruledOut(`No rule of DNS Firewall in the VPC is for \`${host}\``);
  const { rule } = ruling;
  if (ruling.does === 'unseen')
    return undecided(
      `Whether a rule of \`${rule.ruleGroupId}\` (\`${rule.action}\`) is for \`${host}\` could not be seen: ${why(rule)}`,
      [rule.ruleGroupId],
      `Look for \`${host}\` in the query log of the Resolver, which names the rule; AWS shows nobody the entries of a list that it keeps itself`,
    );
  const { entry } = ruling;
  if (ruling.does === 'allow')
    return ruling.next
      ? undecided(
          `\`${rule.ruleGroupId}\` allows \`${host}\` (\`${entry}\`), but not the names that it leads to, and \`${ruling.next.rule.ruleGroupId}\` blocks \`${ruling.next.entry}\``,
          [rule.ruleGroupId, ruling.next.rule.ruleGroupId],
          'Look for blocked names in the query log of the Resolver, or let the rule trust the redirection (`TRUST_REDIRECTION_DOMAIN`)',
        )
      : ruledOut(`\`${rule.ruleGroupId}\` lets \`${host}\` through (\`${entry}\`)`);
  // A blocked name that leads to a host of its own must be answered with another name.
  if (misled && rule.blockResponse !== 'OVERRIDE')
    return ruledOut(`\`${rule.ruleGroupId}\` would leave \`${host}\` without an answer, and it had one`);
  const below = rule.priority === null ? 'lower than that of the rule' : `below ${rule.priority}`;
  return found(asksAmazon(servers) ? 'proven' : 'likely', {
    evidence: [
      `\`${rule.ruleGroupId}\` of DNS Firewall blocks \`${host}\`: its list \`${rule.domainListId}\` holds \`${entry}\`${rule.blockResponse ? `, and the answer is \`${rule.blockResponse}\`` : ''}`,
    ],
    resources: [rule.ruleGroupId, ...(rule.domainListId ? [rule.domainListId] : [])],
    closes: everyStep,
    hop: hopOfNames,
    fixes: [
      {
        do: 'Let a rule with a lower priority number allow the hosts of the pull, and the names that they lead to',
        cli: command`aws route53resolver create-firewall-rule --region ${task.region} --firewall-rule-group-id ${rule.ruleGroupId} --firewall-domain-list-id ${blank('list of the hosts')} --priority ${blank(below)} --action ALLOW --firewall-domain-redirection-action TRUST_REDIRECTION_DOMAIN --name image-pull`,
        cdk: typescript`new route53resolver.CfnFirewallDomainList(this, 'ImagePull', { domains: ['*.amazonaws.com'] })`,
      },
      ...(entry === '*' || !rule.domainListId
        ? []
        : [
            {
              do: `Or take \`${entry}\` out of the list`,
              alternative: true as const,
              cli: command`aws route53resolver update-firewall-domains --region ${task.region} --firewall-domain-list-id ${rule.domainListId} --operation REMOVE --domains ${entry}`,
            },
          ]),
    ],
  });
}

const why = ({ domains, domainListId }: DnsFirewallRule) =>
  domains.status === 'unknown' ? `${domainListId ? `\`${domainListId}\`: ` : ''}${whyUnknown(domains)}` : '';
