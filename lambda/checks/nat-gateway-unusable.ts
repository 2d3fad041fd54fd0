import { knownValue } from '../network/hop.ts';
import { tableOf } from '../network/route-table.ts';
import { isOfRegionalNat, publicSubnetNear, wayOut } from '../network/way-out.ts';
import { defineNetworkCheck } from './network-check.ts';
import {
  goesFor,
  isInternetGateway,
  newNat,
  newNatCommand,
  routeCommand,
  towardsPrivateAddress,
} from './route-command.ts';
import { vpcGuide } from './sources.ts';

/** The subnet's way to the internet is a NAT gateway that is gone, not ready, private, or itself without a way out. */
export default defineNetworkCheck({
  id: 'nat-gateway-unusable',
  cause: 'The NAT gateway gives no way to the internet',
  source: vpcGuide('Troubleshoot NAT gateways', 'nat-gateway-troubleshooting.html'),

  uses: ['publicIp', 'internetGateways', 'natGateways', 'routeTables', 'vpcSubnets'],

  fixes: ([{ hop, path }], { task, subnets }, facts) => {
    const [nat = hop.at, table = '<route table>'] = hop.resources;
    const { routeTables } = facts;
    const { region } = task;
    if (path.addresses === 'private') return [towardsPrivateAddress(path, table)];
    // In the subnets of the tasks a NAT gateway leads to itself: led to an internet gateway, the tasks would need public addresses.
    const among = tableOf(path.subnetId, knownValue(routeTables) ?? [])?.routeTableId === table;
    if (!among) {
      const to = knownValue(facts.internetGateways)?.[0]?.internetGatewayId;
      const meant = hop.resources.slice(2);
      return [
        {
          do: `Route \`0.0.0.0/0\` of the NAT gateway's own ${isOfRegionalNat(table, facts) ? `table \`${table}\`` : `subnet \`${hop.resources[2]}\``} to ${to ? `\`${to}\`` : 'an internet gateway'}${goesFor({ table, meant, becomePublic: true }, facts)}`,
          cli: routeCommand({ region, table, to: to ?? 'igw-<id>', routeTables }),
          cdk: "new ec2.Vpc(this, 'Vpc', { natGateways: 1 }) // puts NAT gateways into public subnets",
        },
      ];
    }
    const other = wayOut(facts);
    const publicSubnet = other ? null : publicSubnetNear(path.subnetId, facts);
    const lead = { region, table, from: nat, routeTables };
    const meant = subnets.map(({ subnetId }) => subnetId);
    const also = goesFor({ table, meant, becomePublic: isInternetGateway(other) }, facts);
    return [
      {
        do: other
          ? `Let \`${table}\` lead to \`${other}\` instead of \`${nat}\`${also}`
          : `Create ${newNat(publicSubnet)}, and let \`${table}\` lead to it instead of \`${nat}\`${also}`,
        cli: publicSubnet
          ? newNatCommand(publicSubnet, lead)
          : routeCommand({ ...lead, to: other ?? '<new NAT gateway>' }),
        cdk: "new ec2.Vpc(this, 'Vpc', { natGateways: 1 })",
      },
    ];
  },
});
