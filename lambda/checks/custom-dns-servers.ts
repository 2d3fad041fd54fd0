import type { Fix } from '../model/check.ts';
import { knownValue } from '../network/hop.ts';
import { defineNetworkCheck } from './network-check.ts';
import { ecrEndpointsPage } from './sources.ts';

/** Only the Amazon DNS server knows the private names of endpoints: other servers must forward to it, and queries must get to them. */
export default defineNetworkCheck({
  id: 'custom-dns-servers',
  cause: 'The VPC uses DNS servers other than those of Amazon',
  source: ecrEndpointsPage('Considerations for Amazon ECR VPC endpoints', '#ecr-vpc-endpoint-considerations'),

  uses: ['dhcpOptions'],

  fixes: ([{ hop, path }], { task: { region } }, { dhcpOptions }) => {
    const [culprit = ''] = hop.resources;
    const vpc = hop.resources.find((id) => id.startsWith('vpc-')) ?? '<vpc>';
    const amazons: Fix = {
      do: 'Or use the Amazon DNS server in the VPC: a DHCP options set with `AmazonProvidedDNS`',
      alternative: true,
      cli: `aws ec2 associate-dhcp-options --region ${region} --dhcp-options-id <options set> --vpc-id ${vpc}`,
      cdk: "new ec2.CfnDHCPOptions(this, 'Dhcp', { domainNameServers: ['AmazonProvidedDNS'] })",
    };
    const servers = knownValue(dhcpOptions)?.domainNameServers ?? [];
    const them = servers.map((one) => `\`${one}\``).join(', ') || 'the DNS servers';
    if (culprit.startsWith('sg-'))
      return [
        {
          do: `Allow UDP and TCP port 53 out of \`${culprit}\` to ${them}`,
          cli: servers
            .flatMap((server) =>
              ['udp', 'tcp'].map(
                (protocol) =>
                  `aws ec2 authorize-security-group-egress --region ${region} --group-id ${culprit} --protocol ${protocol} --port 53 --cidr ${server}/32`,
              ),
            )
            .join(' && '),
          cdk: `securityGroup.addEgressRule(ec2.Peer.ipv4('${servers[0]}/32'), ec2.Port.udp(53))`,
        },
        amazons,
      ];
    if (culprit.startsWith('acl-'))
      return [
        {
          do: `Let UDP and TCP port 53 out in \`${culprit}\` to ${them}, and their answers in on the ephemeral ports, in rules before the one that denies`,
        },
        amazons,
      ];
    return [
      {
        do: `Let the DNS servers forward \`${path.destination.host}\` to the Amazon DNS server of the VPC (a Route 53 Resolver inbound endpoint)`,
      },
      amazons,
    ];
  },
});
