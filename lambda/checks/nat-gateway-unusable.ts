import { knownValue } from '../network/hop.ts';
import { tableOf } from '../network/route-table.ts';
import { isOfRegionalNat, isOwnOfNat } from '../network/way-out.ts';
import { defineNetworkCheck } from './network-check.ts';
import { destinationsLed, goesFor, otherWay, routeCommand, towardsPrivateAddress } from './route-command.ts';
import { vpcGuide } from './sources.ts';

/** The subnet's way to the internet is a NAT gateway that is gone, not ready, private, or itself without a way out. */
export default defineNetworkCheck({
  id: 'nat-gateway-unusable',
  cause: 'The NAT gateway gives no way to the internet',
  source: vpcGuide('Troubleshoot NAT gateways', 'nat-gateway-troubleshooting.html'),

  uses: ['publicIp', 'internetGateways', 'natGateways', 'routeTables', 'vpcSubnets'],

  fixes: ([{ hop, path }], { task, subnets }, facts) => {
    const [nat = hop.at, named = '<route table>'] = hop.resources;
    const { routeTables } = facts;
    const tasks = subnets.map(({ subnetId }) => subnetId);
    const isOwn = isOwnOfNat(hop, named, tasks, facts);
    // Where tasks have the gateway's own table too, it is theirs that is led elsewhere.
    const leading = tableOf(path.subnetId, knownValue(routeTables) ?? [])?.routeTableId;
    const table = isOwn ? named : (leading ?? named);
    const { region } = task;
    if (path.addresses === 'private') return [towardsPrivateAddress(path, table)];
    if (isOwn) {
      const own = isOfRegionalNat(table, facts) ? `table \`${table}\`` : `subnet \`${hop.resources[2]}\``;
      const to = knownValue(facts.internetGateways)?.[0]?.internetGatewayId;
      const meant = hop.resources.slice(2);
      return [
        {
          do: `Route ${destinationsLed({ table, routeTables })} of the NAT gateway's own ${own} to ${to ? `\`${to}\`` : 'an internet gateway'}${goesFor({ table, meant, becomePublic: true }, facts)}`,
          cli: routeCommand({ region, table, to: to ?? 'igw-<id>', routeTables }),
          cdk: "new ec2.Vpc(this, 'Vpc', { natGateways: 1 }) // puts NAT gateways into public subnets",
        },
      ];
    }
    return [otherWay(nat, { region, table, from: nat, path, subnets }, facts)];
  },
});
