import type {
  CollectedFacts,
  Fact,
  FactName,
  Facts,
  NetworkAclEntry,
  Route,
  SecurityGroupRule,
  VpcEndpoint,
} from '../model/facts.ts';

/** A change to a fact that is unknown changes nothing: what cannot be seen cannot be tried. */
export const changed = <N extends FactName>(
  facts: CollectedFacts,
  name: N,
  change: (value: Facts[N]) => Facts[N],
): CollectedFacts => {
  const fact = facts[name] as Fact<Facts[N]>;
  return fact.status === 'known'
    ? { ...facts, [name]: { status: 'known', value: change(fact.value) } }
    : facts;
};

/** A group with one rule more. */
export const withRule = (
  facts: CollectedFacts,
  groupId: string,
  direction: 'ingress' | 'egress',
  rule: SecurityGroupRule,
) =>
  changed(facts, 'securityGroups', (groups) =>
    groups.map((one) => (one.groupId === groupId ? { ...one, [direction]: [...one[direction], rule] } : one)),
  );

/** A network ACL with entries before all others. */
export const withEntries = (
  facts: CollectedFacts,
  networkAclId: string,
  ...entries: readonly NetworkAclEntry[]
) =>
  changed(facts, 'networkAcls', (acls) =>
    acls.map((one) =>
      one.networkAclId === networkAclId ? { ...one, entries: [...entries, ...one.entries] } : one,
    ),
  );

/** An entry that allows TCP or UDP, for all addresses. */
export const allowing = (
  protocol: string,
  direction: 'in' | 'out',
  ports: readonly [number, number],
): NetworkAclEntry => ({
  ruleNumber: 1,
  egress: direction === 'out',
  protocol,
  action: 'allow',
  cidrBlock: '0.0.0.0/0',
  ports,
});

/** One endpoint changed. */
export const withEndpoint = (
  facts: CollectedFacts,
  id: string,
  change: (endpoint: VpcEndpoint) => VpcEndpoint,
) =>
  changed(facts, 'vpcEndpoints', (all) => all.map((one) => (one.vpcEndpointId === id ? change(one) : one)));

/** With an internet gateway that is attached. */
export const withGateway = (facts: CollectedFacts, internetGatewayId: string) =>
  changed(facts, 'internetGateways', (all) => [...all, { internetGatewayId }]);

/** Leads some destinations of a table to a gateway, whether it has routes for them yet or not. */
export const withRoutes = (
  facts: CollectedFacts,
  table: string,
  destinations: readonly string[],
  target: string,
) =>
  changed(facts, 'routeTables', (tables) =>
    tables.map((one) => {
      if (one.routeTableId !== table) return one;
      const led = destinations.map(
        (destination): Route => ({ destination, target, state: 'active', origin: 'CreateRoute' }),
      );
      return {
        ...one,
        routes: [...one.routes.filter(({ destination }) => !destinations.includes(destination)), ...led],
      };
    }),
  );

/** The routes to something lead there again. */
export const unblackholed = (facts: CollectedFacts, id: string) =>
  changed(facts, 'routeTables', (tables) =>
    tables.map((one) => ({
      ...one,
      routes: one.routes.map((route) =>
        route.target === id ? { ...route, state: 'active' as const } : route,
      ),
    })),
  );
