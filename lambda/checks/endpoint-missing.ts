import { defineNetworkCheck } from './network-check.ts';
import { ecrEndpointsPage } from './sources.ts';

/** Without a way to the internet every connection of the pull needs an endpoint, and one of them is missing. */
export default defineNetworkCheck({
  id: 'endpoint-missing',
  cause: 'A VPC endpoint that the pull needs is missing',
  source: ecrEndpointsPage('Considerations for Amazon ECR VPC endpoints', '#ecr-vpc-endpoint-considerations'),

  fixes: (endings, { task }) => {
    const missing = [
      ...new Map(endings.map(({ hop, path }) => [hop.resources[1] ?? '', { hop, path }])).values(),
    ];
    return missing.map(({ hop, path }) => {
      const [vpc = '<vpc>', service = '<service>', table = '<route table>'] = hop.resources;
      if (path.destination.service === 's3')
        return {
          do: `Create the gateway endpoint for \`${service}\` on route table \`${table}\``,
          cli: `aws ec2 create-vpc-endpoint --region ${task.region} --vpc-id ${vpc} --vpc-endpoint-type Gateway --service-name ${service} --route-table-ids ${table}`,
          cdk: "vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 })",
        };
      const name =
        path.destination.service === 'ecr.dkr'
          ? 'ECR_DOCKER'
          : path.destination.service === 'ecr.api'
            ? 'ECR'
            : (path.destination.service ?? '').toUpperCase();
      return {
        do: `Create the interface endpoint for \`${service}\` with private DNS, and a security group that admits the tasks on TCP port 443`,
        cli: `aws ec2 create-vpc-endpoint --region ${task.region} --vpc-id ${vpc} --vpc-endpoint-type Interface --service-name ${service} --subnet-ids ${path.subnetId} --security-group-ids <security group> --private-dns-enabled`,
        cdk: `vpc.addInterfaceEndpoint('${name}', { service: ec2.InterfaceVpcEndpointAwsService.${name} })`,
      };
    });
  },
});
