import { blank, command } from '../command.ts';
import type { CollectedFacts } from '../model/facts.ts';
import { knownValue } from '../network/hop.ts';
import { nameOf, nameOfRule } from '../network/network-acl.ts';
import { defineNetworkCheck } from './network-check.ts';
import { vpcGuide } from './sources.ts';
import { typescript } from './typescript.ts';

/** A network ACL keeps no state: it must let the connection out on 443 and the answers back in on the ephemeral ports. */
export default defineNetworkCheck({
  id: 'network-acl-blocks-registry',
  cause: 'A network ACL blocks the connection to the registry',
  source: vpcGuide('Custom network ACLs: ephemeral ports', 'custom-network-acl.html#nacl-ephemeral-ports'),

  uses: ['networkAcls'],

  fixes: (endings, { task }, { networkAcls }) =>
    [...new Map(endings.map(({ hop }) => [hop.because, hop])).values()].flatMap((hop) => {
      if (hop.traffic?.rule === undefined) return [];
      const { direction, ports, rule } = hop.traffic;
      const [from, to] = ports;
      const way = direction === 'in' ? 'ingress' : 'egress';
      const number = numberBefore(rule, hop.at, direction, networkAcls);
      const added = `an ${nameOfRule(direction)} to \`${hop.at}\` that allows TCP ${nameOf(ports)}, before the one that denies`;
      if (number === null && networkAcls.status === 'known')
        return [
          {
            do: `Give the rule that denies a higher number, for none below it is free. Then add ${added}`,
          },
        ];
      return [
        {
          do: `Add ${added}`,
          cli: command`aws ec2 create-network-acl-entry --region ${task.region} --network-acl-id ${hop.at} --${way} --rule-number ${number ?? blank('lower number')} --protocol 6 --port-range From=${from},To=${to} --cidr-block 0.0.0.0/0 --rule-action allow`,
          cdk: {
            in: typescript`networkAcl.addEntry('Registry', { cidr: ec2.AclCidr.anyIpv4(), ruleNumber: ${number ?? 1}, traffic: ec2.AclTraffic.tcpPortRange(${from}, ${to}), direction: ec2.TrafficDirection.INGRESS })`,
            out: typescript`networkAcl.addEntry('Registry', { cidr: ec2.AclCidr.anyIpv4(), ruleNumber: ${number ?? 1}, traffic: ec2.AclTraffic.tcpPortRange(${from}, ${to}), direction: ec2.TrafficDirection.EGRESS })`,
          }[direction],
        },
      ];
    }),
});

/**
 * A number that no rule has, before the one that denies and after those that deny something else: they stay as strong as they
 * are. `null` where there is none, or the rules are not known.
 */
function numberBefore(
  rule: number,
  aclId: string,
  direction: 'in' | 'out',
  networkAcls: CollectedFacts['networkAcls'],
): number | null {
  const acl = knownValue(networkAcls)?.find(({ networkAclId }) => networkAclId === aclId);
  if (!acl) return null;
  const rules = acl.entries.filter(({ egress }) => egress === (direction === 'out'));
  const taken = new Set(rules.map(({ ruleNumber }) => ruleNumber));
  const denying = rules.filter(({ action, ruleNumber }) => action === 'deny' && ruleNumber < rule);
  const least = Math.max(0, ...denying.map(({ ruleNumber }) => ruleNumber)) + 1;
  for (let number = Math.min(usual, rule - 1); number >= least; number -= 1)
    if (!taken.has(number)) return number;
  for (let number = Math.max(usual, least); number < rule; number += 1) if (!taken.has(number)) return number;
  return null;
}

/** The number of the rule that AWS itself gives an ACL. */
const usual = 100;
