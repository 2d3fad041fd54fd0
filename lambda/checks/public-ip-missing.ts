import { command } from '../command.ts';
import { knownValue } from '../network/hop.ts';
import { defineNetworkCheck } from './network-check.ts';
import { serviceOf } from './service-of.ts';
import { connectivityPage } from './sources.ts';
import { typescript } from './typescript.ts';

/** In a public subnet packets leave through an internet gateway, and that lets out only what has a public IP address. */
export default defineNetworkCheck({
  id: 'public-ip-missing',
  cause: 'The task is in a public subnet without a public IP address',
  source: connectivityPage('A task in a public subnet needs a public IP address'),

  uses: ['service'],

  ofTask: true,
  fixes: (_, { placement, task }, { service: asked }) => {
    if (placement?.interface === 'instance')
      return [
        {
          do: 'Launch the instances in a private subnet that routes to a NAT gateway, or give them public IP addresses',
          cdk: typescript`new autoscaling.AutoScalingGroup(this, "Asg", { vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }, ... })`,
        },
      ];
    const service = serviceOf(task);
    // The call replaces all three settings: what is not given is not kept.
    const network = knownValue(asked)?.network;
    const subnetIds = network?.subnetIds ?? ['<subnets>'];
    const groups = network?.securityGroupIds ?? ['<security groups>'];
    const settings = [
      `subnets=[${subnetIds.join(',')}]`,
      ...(groups.length > 0 ? [`securityGroups=[${groups.join(',')}]`] : []),
      'assignPublicIp=ENABLED',
    ];
    return [
      {
        do: `Give the tasks of \`${service}\` a public IP address (\`assignPublicIp: ENABLED\`)`,
        cli: command`aws ecs update-service --region ${task.region} --cluster ${task.clusterArn} --service ${service} --network-configuration ${`awsvpcConfiguration={${settings.join(',')}}`}`,
        cdk: typescript`new ecs.FargateService(this, 'Service', { ..., assignPublicIp: true })`,
      },
      {
        do: 'Or run them in a private subnet that routes to a NAT gateway',
        alternative: true,
        cdk: typescript`new ecs.FargateService(this, 'Service', { ..., vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } })`,
      },
    ];
  },
});
