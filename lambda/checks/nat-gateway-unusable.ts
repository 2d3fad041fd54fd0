import { knownValue } from '../network/hop.ts';
import { tableOf } from '../network/route-table.ts';
import { wayOut } from '../network/way-out.ts';
import { defineNetworkCheck } from './network-check.ts';
import { routeCommand, towardsPrivateAddress } from './route-command.ts';
import { vpcGuide } from './sources.ts';

/** The subnet's way to the internet is a NAT gateway that is gone, not ready, private, or itself without a way out. */
export default defineNetworkCheck({
  id: 'nat-gateway-unusable',
  cause: 'The NAT gateway gives no way to the internet',
  source: vpcGuide('Troubleshoot NAT gateways', 'nat-gateway-troubleshooting.html'),

  uses: ['publicIp', 'internetGateways', 'natGateways', 'routeTables'],

  fixes: ([{ hop, path }], { task }, facts) => {
    const [nat = hop.at, table = '<route table>'] = hop.resources;
    const { routeTables } = facts;
    const { region } = task;
    if (path.addresses === 'private') return [towardsPrivateAddress(path, table)];
    // In the subnets of the tasks a NAT gateway leads to itself: led to an internet gateway, the tasks would need public addresses.
    const among = tableOf(path.subnetId, knownValue(routeTables) ?? [])?.routeTableId === table;
    if (hop.resources.length > 2 && !among) {
      const to = knownValue(facts.internetGateways)?.[0]?.internetGatewayId;
      return [
        {
          do: `Route \`0.0.0.0/0\` of the NAT gateway's own subnet \`${hop.resources[2]}\` to ${to ? `\`${to}\`` : 'an internet gateway'}`,
          cli: routeCommand({ region, table, to: to ?? 'igw-<id>', routeTables }),
          cdk: "new ec2.Vpc(this, 'Vpc', { natGateways: 1 }) // puts NAT gateways into public subnets",
        },
      ];
    }
    const other = wayOut(facts);
    return [
      {
        do: other
          ? `Let \`${table}\` lead to \`${other}\` instead of \`${nat}\``
          : `Create a public NAT gateway in a public subnet, and let \`${table}\` lead to it instead of \`${nat}\``,
        cli: routeCommand({ region, table, from: nat, to: other ?? '<new NAT gateway>', routeTables }),
        cdk: "new ec2.Vpc(this, 'Vpc', { natGateways: 1 })",
      },
    ];
  },
});
