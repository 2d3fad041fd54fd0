import { blank } from '../command.ts';
import { tableIn } from '../network/hop.ts';
import { defineNetworkCheck } from './network-check.ts';
import { leadOut, towardsPrivateAddress } from './route-command.ts';
import { connectivityPage } from './sources.ts';
import { typescript } from './typescript.ts';

/** A task without a public IP address reaches a registry through a NAT gateway or through VPC endpoints; this subnet has neither. */
export default defineNetworkCheck({
  id: 'no-route-to-registry',
  cause: 'The subnet has no route to the registry',
  source: connectivityPage('Route table: 0.0.0.0/0 to an internet gateway or a NAT gateway'),

  uses: ['publicIp', 'internetGateways', 'natGateways', 'routeTables', 'vpcSubnets'],

  fixes: ([{ hop, path }], { task, subnets }, facts) => {
    const table = tableIn(hop) ?? blank('route table');
    if (path.addresses === 'private') return [towardsPrivateAddress(path, table)];
    const [, dead] = hop.resources;
    const led = leadOut({ region: task.region, table, from: dead, path, subnets }, facts);
    return [
      {
        do: `${led.creates}${led.creates ? 'route' : 'Route'} the internet from \`${table}\` to ${led.target}${led.also}`,
        cli: led.cli,
        cdk: typescript`new ec2.Vpc(this, 'Vpc', { natGateways: 1 }) // subnets of type PRIVATE_WITH_EGRESS`,
      },
      ...(path.destination.service
        ? [
            {
              do: 'Or create the VPC endpoints `ecr.api`, `ecr.dkr` (interface) and `s3` (gateway), and `logs` if the task logs to CloudWatch',
              alternative: true as const,
              cdk: typescript`vpc.addInterfaceEndpoint('EcrApi', { service: ec2.InterfaceVpcEndpointAwsService.ECR });\nvpc.addInterfaceEndpoint('EcrDkr', { service: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER });\nvpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });`,
            },
          ]
        : []),
    ];
  },
});
