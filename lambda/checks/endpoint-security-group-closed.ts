import { blank, command, words } from '../command.ts';
import { knownValue } from '../network/hop.ts';
import { defineNetworkCheck } from './network-check.ts';
import { ecrEndpointsPage } from './sources.ts';
import { typescript } from './typescript.ts';
import { ofGroup } from './vpc-owner.ts';

/** The interfaces of an endpoint have security groups of their own, and they must admit the task on port 443. */
export default defineNetworkCheck({
  id: 'endpoint-security-group-closed',
  cause: "The endpoint's security group does not admit the task",
  source: ecrEndpointsPage('Considerations for Amazon ECR VPC endpoints', '#ecr-vpc-endpoint-considerations'),

  uses: ['securityGroupIds', 'securityGroups'],

  fixes: ([{ hop, path }], { task, subnets }, { securityGroupIds, ...facts }) => {
    const from = knownValue(securityGroupIds)?.[0];
    const block = subnets.find(({ subnetId }) => subnetId === path.subnetId)?.cidrBlock;
    const source = from
      ? words`--source-group ${from}`
      : words`--cidr ${block ?? blank('block of the subnet')}`;
    const group = hop.resources.find((id) => id.startsWith('sg-')) ?? blank('security group');
    return [
      {
        ...ofGroup(String(group), facts),
        do: `Allow TCP port 443 into \`${group}\` from ${from ? `\`${from}\`, a security group of the task` : `the subnet \`${path.subnetId}\` of the task`}`,
        cli: command`aws ec2 authorize-security-group-ingress --region ${task.region} --group-id ${group} --protocol tcp --port 443 ${source}`,
        cdk: typescript`endpoint.connections.allowDefaultPortFrom(service)`,
      },
    ];
  },
});
