import { blank, command } from '../command.ts';
import { defineNetworkCheck } from './network-check.ts';
import { connectivityPage } from './sources.ts';
import { typescript } from './typescript.ts';
import { ofGroup } from './vpc-owner.ts';

/** The security group on the interface that the pull leaves through lets nothing out on port 443. */
export default defineNetworkCheck({
  id: 'task-security-group-closed',
  cause: 'The security group lets nothing out to the registry',
  source: connectivityPage('The security group must allow outbound traffic on TCP port 443'),

  uses: ['securityGroups'],

  ofTask: true,
  fixes: ([{ hop }], { task }, facts) => {
    const group = hop.resources[0] ?? blank('security group');
    return [
      {
        ...ofGroup(String(group), facts),
        do: `Allow TCP port 443 out of \`${group}\``,
        // To every address, for the endpoints of a pull are several, and Amazon S3 is none of the addresses of the VPC.
        cli: command`aws ec2 authorize-security-group-egress --region ${task.region} --group-id ${group} --protocol tcp --port 443 --cidr 0.0.0.0/0`,
        cdk: typescript`securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'pull images')`,
      },
    ];
  },
});
