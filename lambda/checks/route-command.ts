import type { Fix } from '../model/check.ts';
import type { CollectedFacts } from '../model/facts.ts';
import type { Path } from '../model/network.ts';
import { knownValue } from '../network/hop.ts';
import { isPrefixList, wrongDestinations } from '../network/wrong-routes.ts';

interface Lead {
  readonly region: string;
  /** Id of the route table. */
  readonly table: string;
  /** Id of what its routes lead to so far; absent where no route is wrong, but one is missing. */
  readonly from?: string;
  /** Id of a gateway, or a placeholder in angle brackets. */
  readonly to: string;
  readonly routeTables: CollectedFacts['routeTables'];
}

/**
 * The command that leads a route table to a gateway. A route that stands is replaced, for a table has one for each destination.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRoute.html
 */
export function routeCommand({ region, table, from, to, routeTables }: Lead): string {
  const routes = knownValue(routeTables)?.find(({ routeTableId }) => routeTableId === table)?.routes ?? [];
  const gateway = to.startsWith('igw-') ? '--gateway-id' : '--nat-gateway-id';
  return wrongDestinations(routes, from)
    .map((destination) => {
      const verb = routes.some((route) => route.destination === destination) ? 'replace' : 'create';
      return `aws ec2 ${verb}-route --region ${region} --route-table-id ${table} ${flagOf(destination)} ${destination} ${gateway} ${to}`;
    })
    .join(' && ');
}

/** A private address is behind no gateway to the internet, and the routes that lead there serve others: there is no command. */
export const towardsPrivateAddress = ({ destination }: Path, table: string): Fix => ({
  do: `\`${destination.host}\` leads to a private address: let \`${table}\` route that address to the network it belongs to, or let the name lead to public addresses`,
});

const flagOf = (destination: string) =>
  isPrefixList(destination)
    ? '--destination-prefix-list-id'
    : destination.includes(':')
      ? '--destination-ipv6-cidr-block'
      : '--destination-cidr-block';
