import { command } from '../command.ts';
import { defineNetworkCheck } from './network-check.ts';
import { privateLinkPage } from './sources.ts';

/** The endpoint exists, and is not in the state `available`: it answers nothing. */
export default defineNetworkCheck({
  id: 'endpoint-not-available',
  cause: 'A VPC endpoint that the pull needs is not available',
  source: privateLinkPage('Create a VPC endpoint'),

  fixes: ([{ hop }], { task }) => [
    {
      do: `Look at the state of \`${hop.at}\`; accept it at its service, or create it again`,
      cli: command`aws ec2 describe-vpc-endpoints --region ${task.region} --vpc-endpoint-ids ${hop.at} --query 'VpcEndpoints[].[State,LastError]'`,
    },
  ],
});
