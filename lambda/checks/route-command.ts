import { blank, command, inTurn, type Words, words } from '../command.ts';
import type { Command, Fix } from '../model/check.ts';
import type { CollectedFacts, Route, Subnet } from '../model/facts.ts';
import type { Path } from '../model/network.ts';
import { knownValue } from '../network/hop.ts';
import { publicSubnetNear, type WayOutFacts, wayOut } from '../network/way-out.ts';
import { isPrefixList, wrongDestinations } from '../network/wrong-routes.ts';
import { someOf } from './some-of.ts';
import { typescript } from './typescript.ts';

interface Lead {
  readonly region: string;
  /** Id of the route table. */
  readonly table: string | Words;
  /** Id of what its routes lead to so far; absent where no route is wrong, but one is missing. */
  readonly from?: string | undefined;
  /** Id of a gateway, or a placeholder in angle brackets. */
  readonly to: string | Words;
  readonly routeTables: CollectedFacts['routeTables'];
}

/**
 * The command that leads a route table to a gateway. A route that stands is replaced, for a table has one for each destination.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRoute.html
 */
export function routeCommand({ region, table, from, to, routeTables }: Lead): Words {
  const routes = routesIn({ table, routeTables });
  const gateway = isInternetGateway(String(to)) ? words`--gateway-id` : words`--nat-gateway-id`;
  return inTurn(
    wrongDestinations(routes, from).map((destination) => {
      const verb = routes.some((route) => route.destination === destination) ? 'replace' : 'create';
      return words`aws ec2 ${verb}-route --region ${region} --route-table-id ${table} ${flagOf(destination)} ${destination} ${gateway} ${to}`;
    }),
  );
}

/** The destinations that the command leads to a gateway, for a sentence. */
export const destinationsLed = ({ table, from, routeTables }: Omit<Lead, 'region' | 'to'>): string =>
  wrongDestinations(routesIn({ table, routeTables }), from)
    .map((one) => `\`${one}\``)
    .join(' and ');

const routesIn = ({ table, routeTables }: Pick<Lead, 'table' | 'routeTables'>): readonly Route[] =>
  knownValue(routeTables)?.find(({ routeTableId }) => routeTableId === table)?.routes ?? [];

/** Whether an id is one of an internet gateway, which leads out only what has a public address. */
const isInternetGateway = (id: string | null): boolean => /^igw-/.test(id ?? '');

/**
 * The command that creates a public NAT gateway in a subnet, and leads a route table to it.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html
 */
export const newNatCommand = (publicSubnet: string, { region, ...lead }: Omit<Lead, 'to'>): Words =>
  inTurn([
    words`address=$(aws ec2 allocate-address --region ${region} --domain vpc --query AllocationId --output text)`,
    words`nat=$(aws ec2 create-nat-gateway --region ${region} --subnet-id ${publicSubnet} --allocation-id $address --query NatGateway.NatGatewayId --output text)`,
    words`aws ec2 wait nat-gateway-available --region ${region} --nat-gateway-ids $nat`,
    routeCommand({ region, ...lead, to: words`$nat` }),
  ]);

interface Shared {
  /** Id of the route table that is led elsewhere. */
  readonly table: string | Words;
  /** Ids of the subnets that it is led elsewhere for. */
  readonly meant: readonly string[];
  readonly becomePublic: boolean;
}

/** Which other subnets have a route table and go where it is led, as a sentence to put behind another; empty where none does. */
export function goesFor(
  { table, meant, becomePublic }: Shared,
  { routeTables, vpcSubnets }: Pick<CollectedFacts, 'routeTables' | 'vpcSubnets'>,
): string {
  const tables = knownValue(routeTables) ?? [];
  const of = tables.find(({ routeTableId }) => routeTableId === table);
  if (!of) return '';
  const what = becomePublic ? 'become public' : 'are led there too';
  if (of.main && vpcSubnets.status === 'unknown')
    return `. It is the main table: subnets without a table of their own ${what}`;
  const associated = new Set(tables.flatMap(({ subnetIds }) => subnetIds));
  const implicit = of.main ? (knownValue(vpcSubnets) ?? []).map(({ subnetId }) => subnetId) : [];
  const others = [...of.subnetIds, ...implicit.filter((id) => !associated.has(id))].filter(
    (id) => !meant.includes(id),
  );
  if (others.length === 0) return '';
  return `. Other subnets have this table and ${what}: ${someOf(others)}`;
}

interface Led {
  readonly region: string;
  /** Id of the route table. */
  readonly table: string | Words;
  /** Id of what its routes lead to so far; absent where no route is wrong, but one is missing. */
  readonly from: string | undefined;
  readonly path: Path;
  /** Those that the task may run in. */
  readonly subnets: readonly Subnet[];
}

/** Where a route table is led: to what stands as a way out, or else to a NAT gateway that is created. */
export function leadOut(
  { region, table, from, path, subnets }: Led,
  facts: WayOutFacts & Pick<CollectedFacts, 'vpcSubnets'>,
): { readonly creates: string; readonly target: string; readonly also: string; readonly cli: Command } {
  const standing = wayOut(facts);
  const publicSubnet = standing ? null : publicSubnetNear(path.subnetId, facts);
  const lead = { region, table, from, routeTables: facts.routeTables };
  const meant = subnets.map(({ subnetId }) => subnetId);
  return {
    creates: standing
      ? ''
      : `Create a public NAT gateway in ${publicSubnet ? `the public subnet \`${publicSubnet}\`` : 'a public subnet'}, and `,
    target: standing ? `\`${standing}\`` : 'it',
    also: goesFor({ table, meant, becomePublic: isInternetGateway(standing) }, facts),
    cli: command`${
      publicSubnet
        ? newNatCommand(publicSubnet, lead)
        : routeCommand({ ...lead, to: standing ?? blank('new NAT gateway') })
    }`,
  };
}

/** Leads a route table out instead of to what gives no way, `called` by its id. */
export function otherWay(called: string, ...led: Parameters<typeof leadOut>): Fix {
  const [{ table }] = led;
  const { creates, target, also, cli } = leadOut(...led);
  return {
    do: `${creates}${creates ? 'let' : 'Let'} \`${table}\` lead to ${target} instead of \`${called}\`${also}`,
    cli,
    cdk: typescript`new ec2.Vpc(this, 'Vpc', { natGateways: 1 })`,
  };
}

/** A private address is behind no gateway to the internet, and the routes that lead there serve others: there is no command. */
export const towardsPrivateAddress = ({ destination }: Path, table: string | Words): Fix => ({
  do: `\`${destination.host}\` leads to a private address: let \`${table}\` route that address to the network it belongs to, or let the name lead to public addresses`,
});

const flagOf = (destination: string) =>
  isPrefixList(destination)
    ? words`--destination-prefix-list-id`
    : destination.includes(':')
      ? words`--destination-ipv6-cidr-block`
      : words`--destination-cidr-block`;
