import { blank, command, words } from '../command.ts';
import { knownValue } from '../network/hop.ts';
import { isOfRegionalNat, tableToMend } from '../network/way-out.ts';
import { defineNetworkCheck } from './network-check.ts';
import { destinationsLed, goesFor, otherWay, routeCommand, towardsPrivateAddress } from './route-command.ts';
import { vpcGuide } from './sources.ts';
import { typescript } from './typescript.ts';

/** The subnet's way to the internet is a NAT gateway that is gone, not ready, private, or itself without a way out. */
export default defineNetworkCheck({
  id: 'nat-gateway-unusable',
  cause: 'The NAT gateway gives no way to the internet',
  source: vpcGuide('Troubleshoot NAT gateways', 'nat-gateway-troubleshooting.html'),

  uses: ['publicIp', 'internetGateways', 'natGateways', 'routeTables', 'vpcSubnets'],

  fixes: ([{ hop, path }], { task, subnets }, facts) => {
    const [nat = hop.at] = hop.resources;
    const { routeTables } = facts;
    const tasks = subnets.map(({ subnetId }) => subnetId);
    const { table, isOwn } = tableToMend(hop, path, tasks, facts);
    const { region } = task;
    if (path.addresses === 'private' || table === undefined)
      return [towardsPrivateAddress(path, table ?? blank('route table'))];
    if (isOwn) {
      const own = isOfRegionalNat(table, facts) ? `table \`${table}\`` : `subnet \`${hop.resources[2]}\``;
      const to = knownValue(facts.internetGateways)?.[0]?.internetGatewayId;
      const meant = hop.resources.slice(2);
      const lead = { table, from: hop.ledTo, routeTables };
      return [
        {
          do: `Route ${destinationsLed(lead)} of the NAT gateway's own ${own} to ${to ? `\`${to}\`` : 'an internet gateway'}${goesFor({ table, meant, becomePublic: true }, facts)}`,
          cli: command`${routeCommand({ ...lead, region, to: to ?? words`igw-${blank('id')}` })}`,
          cdk: typescript`new ec2.Vpc(this, 'Vpc', { natGateways: 1 }) // puts NAT gateways into public subnets`,
        },
      ];
    }
    return [otherWay(nat, { region, table, from: nat, path, subnets }, facts)];
  },
});
