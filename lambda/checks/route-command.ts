import type { Fix } from '../model/check.ts';
import type { CollectedFacts } from '../model/facts.ts';
import type { Path } from '../model/network.ts';
import { isPrivateBlock } from '../network/cidr.ts';
import { knownValue } from '../network/hop.ts';

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
 * Routes to private networks stay as they are, wherever they lead: no registry lies there, and others may need them.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRoute.html
 */
export function routeCommand({ region, table, from, to, routeTables }: Lead): string {
  const routes = knownValue(routeTables)?.find(({ routeTableId }) => routeTableId === table)?.routes ?? [];
  const wrong = outwards(
    routes.filter(({ target }) => target === from).map(({ destination }) => destination),
  );
  const gateway = to.startsWith('igw-') ? '--gateway-id' : '--nat-gateway-id';
  return (wrong.length > 0 ? wrong : ['0.0.0.0/0'])
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

/** The public blocks; prefix lists, which may hold private ones, only where nothing else leads out. */
function outwards(destinations: readonly string[]): readonly string[] {
  const lists = destinations.filter((one) => one.startsWith('pl-'));
  const blocks = destinations.filter((one) => !lists.includes(one) && !isPrivateBlock(one));
  return blocks.length > 0 ? blocks : lists;
}

const flagOf = (destination: string) =>
  destination.startsWith('pl-')
    ? '--destination-prefix-list-id'
    : destination.includes(':')
      ? '--destination-ipv6-cidr-block'
      : '--destination-cidr-block';
