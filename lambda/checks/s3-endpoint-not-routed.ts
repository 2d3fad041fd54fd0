import { blank, command } from '../command.ts';
import { defineNetworkCheck } from './network-check.ts';
import { ecrEndpointsPage } from './sources.ts';
import { typescript } from './typescript.ts';

/** Layers come from Amazon S3, and a gateway endpoint serves only the route tables that it lists. */
export default defineNetworkCheck({
  id: 's3-endpoint-not-routed',
  cause: 'The S3 gateway endpoint is not on the route table',
  source: ecrEndpointsPage('Create the Amazon S3 gateway endpoint', '#ecr-setting-up-s3-gateway'),

  fixes: ([{ hop }], { task }) => {
    const [endpoint = blank('endpoint'), table = blank('route table')] = hop.resources;
    return [
      {
        do: `Add route table \`${table}\` to gateway endpoint \`${endpoint}\``,
        cli: command`aws ec2 modify-vpc-endpoint --region ${task.region} --vpc-endpoint-id ${endpoint} --add-route-table-ids ${table}`,
        cdk: typescript`vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3, subnets: [{ subnets }] })`,
      },
    ];
  },
});
