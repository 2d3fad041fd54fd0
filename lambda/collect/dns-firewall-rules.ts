import type { Read } from '../aws/api.ts';
import type { DnsFirewallRule } from '../model/facts.ts';
import { standsFor } from '../network/dns-name.ts';
import { allPages } from './answered.ts';
import { defineCollector, ownedByOther } from './define.ts';
import { factOf } from './fact.ts';
import { hostsOfPull, namesInQuestion } from './pull-hosts.ts';

/**
 * The DNS Firewall rules that queries from the VPC meet: rule groups by the priority of their association, rules by their own.
 * Asked for only where the text speaks of a name. Lists may hold 100,000 names: kept are those that fit a host of the pull.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-overview.html
 */
export default defineCollector({
  fact: 'dnsFirewallRules',
  needs: ['task', 'images', 'subnets'],
  uses: ['taskDefinition'],

  async collect({ task, images, subnets: [subnet] }, read, ask) {
    if (!subnet || !namesInQuestion(task)) return null;
    const hosts = hostsOfPull(task, images, await ask('taskDefinition'));
    if (hosts.length === 0) return null;
    if (subnet.ownerId && subnet.ownerId !== task.accountId)
      return ownedByOther(subnet.ownerId, 'route53resolver:ListFirewallRuleGroupAssociations');
    const associations = await allPages(
      'route53resolver:ListFirewallRuleGroupAssociations',
      async (NextToken) => {
        const answer = await read('route53resolver:ListFirewallRuleGroupAssociations', {
          VpcId: subnet.vpcId,
          NextToken,
        });
        return { items: answer.FirewallRuleGroupAssociations, next: answer.NextToken };
      },
    );
    const groups = associations
      .toSorted(byPriority)
      .flatMap(({ FirewallRuleGroupId: id }) => (id ? [id] : []));
    return (await Promise.all(groups.map((id) => rulesOf(id, hosts, read)))).flat();
  },
});

const byPriority = (a: { readonly Priority?: number }, b: { readonly Priority?: number }) =>
  (a.Priority ?? 0) - (b.Priority ?? 0);

async function rulesOf(
  ruleGroupId: string,
  hosts: readonly string[],
  read: Read,
): Promise<readonly DnsFirewallRule[]> {
  const rules = await allPages('route53resolver:ListFirewallRules', async (NextToken) => {
    const answer = await read('route53resolver:ListFirewallRules', {
      FirewallRuleGroupId: ruleGroupId,
      NextToken,
    });
    return { items: answer.FirewallRules, next: answer.NextToken };
  });
  return Promise.all(
    rules.toSorted(byPriority).map(
      async (rule): Promise<DnsFirewallRule> => ({
        ruleGroupId,
        priority: rule.Priority ?? null,
        action: rule.Action === 'BLOCK' || rule.Action === 'ALERT' ? rule.Action : 'ALLOW',
        blockResponse: rule.BlockResponse ?? null,
        queryType: rule.Qtype ?? null,
        domainListId: rule.FirewallDomainListId ?? null,
        domains: await domainsOf(rule.FirewallDomainListId, hosts, read),
        trustsRedirection: rule.FirewallDomainRedirectionAction === 'TRUST_REDIRECTION_DOMAIN',
      }),
    ),
  );
}

/** The entries of a list that fit a host. AWS shows nobody those of a list that it keeps itself. */
async function domainsOf(
  id: string | undefined,
  hosts: readonly string[],
  read: Read,
): Promise<DnsFirewallRule['domains']> {
  if (!id) return { status: 'unknown', why: 'not-recorded', error: 'it goes by the look of a name' };
  return factOf(async () => {
    const domains = await allPages('route53resolver:ListFirewallDomains', async (NextToken) => {
      const answer = await read('route53resolver:ListFirewallDomains', {
        FirewallDomainListId: id,
        NextToken,
      });
      return { items: answer.Domains, next: answer.NextToken };
    });
    const names = domains.map((domain) => domain.replace(/\.$/, '').toLowerCase());
    return names.filter((name) => hosts.some((host) => standsFor(name, host)));
  });
}
