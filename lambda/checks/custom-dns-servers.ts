import { defineNetworkCheck } from './network-check.ts';
import { ecrEndpointsPage } from './sources.ts';

/** Only the Amazon DNS server knows the private names of endpoints: other servers must forward to it. */
export default defineNetworkCheck({
  id: 'custom-dns-servers',
  cause: 'The VPC uses DNS servers other than those of Amazon',
  source: ecrEndpointsPage('Considerations for Amazon ECR VPC endpoints', '#ecr-vpc-endpoint-considerations'),

  fixes: ([{ hop, path }], { task, subnets }) => {
    const { region } = task;
    const set = hop.resources.find((id) => id.startsWith('dopt-'));
    const vpc = subnets.find(({ subnetId }) => subnetId === path.subnetId)?.vpcId ?? '<vpc>';
    return [
      {
        do: `Let the DNS servers forward \`${path.destination.host}\` to the Amazon DNS server of the VPC (a Route 53 Resolver inbound endpoint)`,
      },
      {
        // Whoever looks up names of the user's own network in the VPC needs the servers that stand there now.
        do: `Or let the whole VPC use the Amazon DNS server, by DHCP options with \`AmazonProvidedDNS\`, where nobody needs names that only the other servers know${set ? `; what else \`${set}\` sets, such as a domain name, must be named too` : ''}. Tasks that start later use it`,
        cli: `options=$(aws ec2 create-dhcp-options --region ${region} --dhcp-configurations Key=domain-name-servers,Values=AmazonProvidedDNS --query DhcpOptions.DhcpOptionsId --output text) && aws ec2 associate-dhcp-options --region ${region} --dhcp-options-id $options --vpc-id ${vpc}`,
        cdk: "new ec2.CfnDHCPOptions(this, 'Dhcp', { domainNameServers: ['AmazonProvidedDNS'] })",
      },
    ];
  },
});
