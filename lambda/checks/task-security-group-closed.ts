import { defineNetworkCheck } from './network-check.ts';
import { connectivityPage } from './sources.ts';

/** The security group on the interface that the pull leaves through lets nothing out on port 443. */
export default defineNetworkCheck({
  id: 'task-security-group-closed',
  cause: 'The security group lets nothing out to the registry',
  source: connectivityPage('The security group must allow outbound traffic on TCP port 443'),

  fixes: ([{ hop, path }], { task }) => {
    const group = hop.resources[0] ?? '<security group>';
    const to =
      path.addresses === 'private' ? '--source-group <security group of the endpoint>' : '--cidr 0.0.0.0/0';
    return [
      {
        do: `Allow TCP port 443 out of \`${group}\``,
        cli: `aws ec2 authorize-security-group-egress --region ${task.region} --group-id ${group} --protocol tcp --port 443 ${to}`,
        cdk: "securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'pull images')",
      },
    ];
  },
});
