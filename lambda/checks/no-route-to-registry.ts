import { wayOut } from '../network/way-out.ts';
import { defineNetworkCheck } from './network-check.ts';
import { routeCommand, towardsPrivateAddress } from './route-command.ts';
import { connectivityPage } from './sources.ts';

/** A task without a public IP address reaches a registry through a NAT gateway or through VPC endpoints; this subnet has neither. */
export default defineNetworkCheck({
  id: 'no-route-to-registry',
  cause: 'The subnet has no route to the registry',
  source: connectivityPage('Route table: 0.0.0.0/0 to an internet gateway or a NAT gateway'),

  uses: ['publicIp', 'internetGateways', 'natGateways', 'routeTables'],

  fixes: ([{ hop, path }], { task }, facts) => {
    const table = hop.at.startsWith('rtb-') ? hop.at : '<route table>';
    const gateway = wayOut(facts);
    const [, dead] = hop.resources;
    if (path.addresses === 'private')
      return [towardsPrivateAddress(path, hop.resources.find((id) => id.startsWith('rtb-')) ?? table)];
    return [
      {
        do: `Route the internet from \`${table}\` to ${gateway ? `\`${gateway}\`` : 'a NAT gateway in a public subnet'}`,
        cli: routeCommand({
          region: task.region,
          table,
          ...(dead && { from: dead }),
          to: gateway ?? '<nat gateway>',
          routeTables: facts.routeTables,
        }),
        cdk: "new ec2.Vpc(this, 'Vpc', { natGateways: 1 }) // subnets of type PRIVATE_WITH_EGRESS",
      },
      ...(path.destination.service
        ? [
            {
              do: 'Or create the VPC endpoints `ecr.api`, `ecr.dkr` (interface) and `s3` (gateway), and `logs` if the task logs to CloudWatch',
              alternative: true as const,
              cdk: "vpc.addInterfaceEndpoint('EcrApi', { service: ec2.InterfaceVpcEndpointAwsService.ECR });\nvpc.addInterfaceEndpoint('EcrDkr', { service: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER });\nvpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });",
            },
          ]
        : []),
    ];
  },
});
