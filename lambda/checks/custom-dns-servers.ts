import { defineNetworkCheck } from './network-check.ts';
import { ecrEndpointsPage } from './sources.ts';

/** Only the Amazon DNS server knows the private names of endpoints: other servers must forward to it. */
export default defineNetworkCheck({
  id: 'custom-dns-servers',
  cause: 'The VPC uses DNS servers other than those of Amazon',
  source: ecrEndpointsPage('Considerations for Amazon ECR VPC endpoints', '#ecr-vpc-endpoint-considerations'),

  fixes: ([{ hop, path }], { task }) => [
    {
      do: `Let the DNS servers forward \`${path.destination.host}\` to the Amazon DNS server of the VPC (a Route 53 Resolver inbound endpoint)`,
    },
    {
      do: 'Or use the Amazon DNS server in the VPC: a DHCP options set with `AmazonProvidedDNS`',
      alternative: true,
      cli: `aws ec2 associate-dhcp-options --region ${task.region} --dhcp-options-id <options set> --vpc-id ${hop.resources[1] ?? '<vpc>'}`,
      cdk: "new ec2.CfnDHCPOptions(this, 'Dhcp', { domainNameServers: ['AmazonProvidedDNS'] })",
    },
  ],
});
