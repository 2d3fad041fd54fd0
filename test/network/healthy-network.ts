import type { CollectedFacts, Facts, Route, VpcEndpoint } from '../../lambda/model/facts.ts';
import healthy from '../scenarios/healthy-nat-umbrella/snapshot.json';

/** Where everything is. */
export const region = 'eu-west-1';
/** The prefix list of Amazon S3. */
export const s3List = 'pl-6da54004';
/** A prefix list of the account's own. */
export const ownList = 'pl-0own';
/** What there is in the VPC, by id. */
export const subnetIds = ['subnet-0task', 'subnet-0other', 'subnet-0public', 'subnet-0far'];
export const tableIds = ['rtb-0task', 'rtb-0main', 'rtb-0public'];
export const aclIds = ['acl-0task', 'acl-0other', 'acl-0public', 'acl-0far'];
export const groupIds = ['sg-0task', 'sg-0endpoints', 'sg-0default'];
/** The endpoints that there may be, and their services. */
export const endpoints = {
  'vpce-0api': 'ecr.api',
  'vpce-0dkr': 'ecr.dkr',
  'vpce-0dkr2': 'ecr.dkr',
  'vpce-0secrets': 'secretsmanager',
  'vpce-0s3': 's3',
  'vpce-0s3if': 's3',
} as const;
export type EndpointId = keyof typeof endpoints;
export const endpointIds = Object.keys(endpoints) as readonly EndpointId[];

/** Facts of a healthy task in a private subnet with a NAT gateway, and one thing of every kind for it to meet. */
export const base = furnished(healthy.facts as unknown as CollectedFacts);

function furnished(facts: CollectedFacts): Facts {
  const values = valuesOf(facts);
  const [acl, group, subnet] = [values.networkAcls[0], values.securityGroups[0], values.subnets[0]];
  if (!acl || !group || !subnet) throw new Error('the healthy scenario has no network');
  return {
    ...values,
    vpcDns: { enableDnsSupport: true, enableDnsHostnames: true },
    vpcSubnets: [
      ...values.vpcSubnets,
      { ...subnet, subnetId: 'subnet-0far', availabilityZone: 'eu-west-1b', cidrBlock: '100.64.1.0/24' },
    ],
    routeTables: values.routeTables.map((table) => ({
      ...table,
      routes: [...table.routes, route('100.64.0.0/16', 'local')],
    })),
    networkAcls: [...values.networkAcls, { ...acl, networkAclId: 'acl-0far', subnetIds: ['subnet-0far'] }],
    securityGroups: [
      ...values.securityGroups,
      {
        ...group,
        groupId: 'sg-0endpoints',
        groupName: 'endpoints',
        ingress: [{ protocol: 'tcp', ports: [443, 443], peer: 'sg-0task' }],
      },
    ],
    vpcEndpoints: [
      {
        vpcEndpointId: 'vpce-0firewall',
        serviceName: `com.amazonaws.vpce.${region}.vpce-svc-0a1`,
        serviceRegion: region,
        type: 'GatewayLoadBalancer',
        state: 'available',
        privateDnsEnabled: false,
        privateDnsOnlyForInboundResolver: false,
        subnetIds: ['subnet-0public'],
        securityGroupIds: [],
        routeTableIds: [],
        policy: null,
      },
    ],
    prefixLists: [
      ...values.prefixLists,
      { prefixListId: ownList, name: null, cidrBlocks: ['0.0.0.0/1', '128.0.0.0/1'] },
    ],
  };
}

/** The facts that are known, as values. */
export function valuesOf(facts: CollectedFacts): Facts {
  const known = Object.entries(facts).flatMap(([name, fact]) =>
    fact.status === 'known' ? [[name, fact.value] as const] : [],
  );
  return Object.fromEntries(known) as unknown as Facts;
}

/** A route as the facts hold it. */
export function route(
  destination: string,
  target: string,
  state: Route['state'] = 'active',
  propagated = false,
) {
  return { destination, target, state, origin: propagated ? 'EnableVgwRoutePropagation' : 'CreateRoute' };
}

const isPropagated = ({ origin }: Route) => origin === 'EnableVgwRoutePropagation';

/** Makes a network different. */
export type Change = (facts: Facts) => Facts;

/** Adds a route, or replaces the one for the same destination. */
export const withRoute =
  (id: string, added: Route): Change =>
  (facts) =>
    edit(facts, 'routeTables', 'routeTableId', id, ({ routes }) => ({
      routes: [
        ...routes.filter(
          (one) => one.destination !== added.destination || isPropagated(one) !== isPropagated(added),
        ),
        added,
      ],
    }));
/** Removes a route. */
export const withoutRoute =
  (id: string, destination: string): Change =>
  (facts) =>
    edit(facts, 'routeTables', 'routeTableId', id, ({ routes }) => ({
      routes: routes.filter((one) => one.destination !== destination),
    }));
/** Makes an endpoint, healthy but for the options, in place of the one with its id. */
export const withEndpoint =
  (id: EndpointId, options: Partial<VpcEndpoint> = {}): Change =>
  (facts) => {
    const isGateway = id === 'vpce-0s3';
    const made: VpcEndpoint = {
      vpcEndpointId: id,
      serviceName: `com.amazonaws.${options.serviceRegion ?? region}.${endpoints[id]}`,
      serviceRegion: region,
      type: isGateway ? 'Gateway' : 'Interface',
      state: 'available',
      privateDnsEnabled: !isGateway,
      privateDnsOnlyForInboundResolver: false,
      subnetIds: isGateway ? [] : ['subnet-0other'],
      securityGroupIds: isGateway ? [] : ['sg-0endpoints'],
      routeTableIds: isGateway ? ['rtb-0task'] : [],
      policy: null,
      ...options,
    };
    const { vpcEndpoints } = facts;
    return {
      ...facts,
      vpcEndpoints: [...vpcEndpoints.filter(({ vpcEndpointId }) => vpcEndpointId !== id), made],
    };
  };
/** Gives the task a public IP address, or takes it. */
export const withPublicIp =
  (publicIp: boolean): Change =>
  (facts) => ({ ...facts, publicIp });
/** Changes an item of one of the lists. */
export function edit<N extends keyof Facts, K extends string>(
  facts: Facts,
  list: N,
  key: K,
  id: string,
  change: (item: Item<N>) => Partial<Item<N>>,
): Facts {
  const items = facts[list] as unknown as readonly (Item<N> & Readonly<Record<K, string>>)[];
  return { ...facts, [list]: items.map((item) => (item[key] === id ? { ...item, ...change(item) } : item)) };
}
type Item<N extends keyof Facts> = Facts[N] extends readonly (infer T)[] ? T : never;
