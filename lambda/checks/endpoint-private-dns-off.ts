import { command } from '../command.ts';
import { defineNetworkCheck } from './network-check.ts';
import { ecrEndpointsPage } from './sources.ts';
import { typescript } from './typescript.ts';

/** Without private DNS the name of the registry still leads to its public addresses, past the endpoint. */
export default defineNetworkCheck({
  id: 'endpoint-private-dns-off',
  cause: 'Private DNS of the VPC endpoint is off',
  source: ecrEndpointsPage('Create the VPC endpoints for Amazon ECR', '#ecr-setting-up-vpc-create'),

  fixes: ([{ hop }], { task }) => [
    {
      do: `Turn on private DNS of endpoint \`${hop.at}\``,
      cli: command`aws ec2 modify-vpc-endpoint --region ${task.region} --vpc-endpoint-id ${hop.at} --private-dns-enabled`,
      cdk: typescript`vpc.addInterfaceEndpoint('EcrDkr', { service: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER, privateDnsEnabled: true })`,
    },
  ],
});
