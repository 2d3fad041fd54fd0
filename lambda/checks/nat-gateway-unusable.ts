import { defineNetworkCheck } from './network-check.ts';
import { vpcGuide } from './sources.ts';

/** The subnet's way to the internet is a NAT gateway that is gone, not ready, private, or itself without a way out. */
export default defineNetworkCheck({
  id: 'nat-gateway-unusable',
  cause: 'The NAT gateway gives no way to the internet',
  source: vpcGuide('Troubleshoot NAT gateways', 'nat-gateway-troubleshooting.html'),

  fixes: ([{ hop }], { task }) => {
    const [nat = hop.at, table = '<route table>'] = hop.resources;
    if (hop.resources.length > 2)
      return [
        {
          do: `Route \`0.0.0.0/0\` of the NAT gateway's own subnet \`${hop.resources[2]}\` to an internet gateway`,
          cli: `aws ec2 create-route --region ${task.region} --route-table-id ${table} --destination-cidr-block 0.0.0.0/0 --gateway-id <internet gateway>`,
          cdk: "new ec2.Vpc(this, 'Vpc', { natGateways: 1 }) // puts NAT gateways into public subnets",
        },
      ];
    return [
      {
        do: `Create a public NAT gateway in a public subnet, and let \`${table}\` lead to it instead of \`${nat}\``,
        cli: `aws ec2 replace-route --region ${task.region} --route-table-id ${table} --destination-cidr-block 0.0.0.0/0 --nat-gateway-id <new NAT gateway>`,
        cdk: "new ec2.Vpc(this, 'Vpc', { natGateways: 1 })",
      },
    ];
  },
});
