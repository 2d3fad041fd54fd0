import { defineNetworkCheck } from './network-check.ts';
import { vpcGuide } from './sources.ts';

/** A network ACL keeps no state: it must let the connection out on 443 and the answers back in on the ephemeral ports. */
export default defineNetworkCheck({
  id: 'network-acl-blocks-registry',
  cause: 'A network ACL blocks the connection to the registry',
  source: vpcGuide('Custom network ACLs: ephemeral ports', 'custom-network-acl.html#nacl-ephemeral-ports'),

  fixes: (endings, { task }) =>
    [...new Map(endings.map(({ hop }) => [hop.because, hop])).values()].flatMap((hop) => {
      if (!hop.traffic) return [];
      const { direction, ports } = hop.traffic;
      const [from, to] = ports;
      const way = direction === 'in' ? 'ingress' : 'egress';
      return [
        {
          do: `Let TCP ports ${from}-${to} ${direction} in \`${hop.at}\`, in a rule before the one that denies`,
          cli: `aws ec2 create-network-acl-entry --region ${task.region} --network-acl-id ${hop.at} --${way} --rule-number <lower number> --protocol 6 --port-range From=${from},To=${to} --cidr-block 0.0.0.0/0 --rule-action allow`,
          cdk: `networkAcl.addEntry('Registry', { cidr: ec2.AclCidr.anyIpv4(), ruleNumber: 90, traffic: ec2.AclTraffic.tcpPortRange(${from}, ${to}), direction: ec2.TrafficDirection.${way.toUpperCase()} })`,
        },
      ];
    }),
});
