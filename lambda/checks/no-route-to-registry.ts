import { defineNetworkCheck } from './network-check.ts';
import { connectivityPage } from './sources.ts';

/** A task without a public IP address reaches a registry through a NAT gateway or through VPC endpoints; this subnet has neither. */
export default defineNetworkCheck({
  id: 'no-route-to-registry',
  cause: 'The subnet has no route to the registry',
  source: connectivityPage('Route table: 0.0.0.0/0 to an internet gateway or a NAT gateway'),

  fixes: ([{ hop, path }], { task }) => {
    const table = hop.at.startsWith('rtb-') ? hop.at : '<route table>';
    return [
      {
        do: `Route \`0.0.0.0/0\` of \`${table}\` to a NAT gateway in a public subnet`,
        cli: `aws ec2 create-route --region ${task.region} --route-table-id ${table} --destination-cidr-block 0.0.0.0/0 --nat-gateway-id <nat gateway>`,
        cdk: "new ec2.Vpc(this, 'Vpc', { natGateways: 1 }) // subnets of type PRIVATE_WITH_EGRESS",
      },
      ...(path.destination.service
        ? [
            {
              do: 'Or create the VPC endpoints `ecr.api`, `ecr.dkr` (interface) and `s3` (gateway), and `logs` if the task logs to CloudWatch',
              cdk: "vpc.addInterfaceEndpoint('EcrApi', { service: ec2.InterfaceVpcEndpointAwsService.ECR });\nvpc.addInterfaceEndpoint('EcrDkr', { service: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER });\nvpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });",
            },
          ]
        : []),
    ];
  },
});
