import type { CollectedFacts, Facts } from '../../lambda/model/facts.ts';
import fc from '../support/fast-check.ts';
import {
  base,
  type Change,
  endpointIds,
  route,
  s3List,
  withEndpoint,
  withoutRoute,
  withPublicIp,
  withRoute,
} from './healthy-network.ts';
import { kinds } from './network-changes.ts';
import type { Network } from './packet-walk.ts';

const inOrder =
  (...changes: readonly Change[]): Change =>
  (facts) =>
    changes.reduce((before, change) => change(before), facts);

/** Healthy networks to begin with. */
const starts = {
  'NAT gateway': inOrder(),
  'public IP address': inOrder(withRoute('rtb-0task', route('0.0.0.0/0', 'igw-0a1')), withPublicIp(true)),
  PrivateLink: inOrder(
    withoutRoute('rtb-0task', '0.0.0.0/0'),
    ...endpointIds.filter((id) => !['vpce-0s3if', 'vpce-0dkr2'].includes(id)).map((id) => withEndpoint(id)),
  ),
} as const;

/** What AWS itself keeps in step, and what follows from where the task ran. */
function settled(facts: Facts): Facts {
  const gateways = facts.vpcEndpoints.filter(({ type }) => type === 'Gateway');
  const onInstance = facts.task.launchType !== 'FARGATE';
  // An instance is in one subnet.
  const ids = facts.placement?.subnetIds.slice(0, onInstance ? 1 : undefined) ?? [];
  const subnets = facts.vpcSubnets.filter(({ subnetId }) => ids.includes(subnetId));
  const [only] = subnets;
  const hasIPv4 = (id: string) =>
    facts.vpcSubnets.some(({ subnetId, cidrBlock }) => subnetId === id && cidrBlock);
  return {
    ...facts,
    subnets,
    placement: facts.placement && {
      interface: onInstance ? 'instance' : 'task',
      subnetIds: ids,
      from: onInstance ? 'instance' : subnets.length > 1 ? 'service' : facts.placement.from,
      sourceAddress: facts.placement.sourceAddress && (only?.cidrBlock?.replace('.0/24', '.77') ?? null),
    },
    vpcDns: facts.vpcDns && {
      ...facts.vpcDns,
      enableDnsHostnames: facts.vpcEndpoints.some(({ privateDnsEnabled }) => privateDnsEnabled)
        ? facts.vpcDns.enableDnsHostnames
        : null,
    },
    // NAT gateways and endpoints need subnets with IPv4 addresses.
    natGateways: facts.natGateways.map((one) => ({
      ...one,
      subnetId: one.subnetId && hasIPv4(one.subnetId) ? one.subnetId : one.subnetId && 'subnet-0public',
    })),
    vpcEndpoints: facts.vpcEndpoints.map((one) => {
      const standing = one.subnetIds.filter(hasIPv4);
      // A name leads to one endpoint only; that of one that is going, or never came, is free.
      const isTaken = facts.vpcEndpoints.some(
        ({ vpcEndpointId, serviceName, privateDnsEnabled, state }) =>
          vpcEndpointId < one.vpcEndpointId &&
          serviceName === one.serviceName &&
          privateDnsEnabled &&
          !['deleting', 'failed', 'rejected'].includes(state),
      );
      return {
        ...one,
        privateDnsEnabled: one.privateDnsEnabled && !isTaken,
        subnetIds: one.type === 'Gateway' || standing.length > 0 ? standing : ['subnet-0far'],
      };
    }),
    routeTables: facts.routeTables.map((table) => ({
      ...table,
      routes: [
        ...table.routes.filter(({ destination: to }) => to !== s3List),
        ...gateways
          .filter(({ routeTableIds }) => routeTableIds.includes(table.routeTableId))
          .map(({ vpcEndpointId }) => route(s3List, vpcEndpointId)),
      ],
    })),
  };
}

/** A healthy network and what is different from it: data, so that a counterexample can be read. */
export interface Recipe {
  readonly start: keyof typeof starts;
  readonly changes: readonly (readonly [kind: string, options: unknown])[];
}

/** Random recipes. A counterexample shrinks to the fewest changes. */
export const recipes: fc.Arbitrary<Recipe> = fc.record({
  start: fc.constantFrom(...(Object.keys(starts) as (keyof typeof starts)[])),
  changes: fc.array(
    fc.oneof(
      ...Object.entries(kinds).map(([name, { weight, options }]) => ({
        weight,
        arbitrary: options.map((chosen) => [name, chosen] as const),
      })),
    ),
    { maxLength: 7 },
  ),
});

/** The facts of a recipe, all of them known. */
export const factsOf = ({ start, changes }: Recipe): Facts & Network =>
  settled(inOrder(starts[start], ...changes.map(changeOf))(base));

function changeOf([name, options]: Recipe['changes'][number]): Change {
  const kind = kinds[name];
  if (!kind) throw new Error(`nothing is called ${name}, choose one of: ${Object.keys(kinds).join(', ')}`);
  return kind.change(options);
}

/** The facts as a snapshot holds them. */
export const collected = (facts: Facts): CollectedFacts =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, { status: 'known', value }]),
  ) as unknown as CollectedFacts;
