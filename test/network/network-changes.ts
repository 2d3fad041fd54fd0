import type {
  NetworkAclEntry,
  PrivateZone,
  Route,
  SecurityGroupRule,
  Subnet,
} from '../../lambda/model/facts.ts';
import fc from '../support/fast-check.ts';
import {
  aclIds,
  base,
  type Change,
  edit,
  endpointIds,
  groupIds,
  ownList,
  region,
  route,
  s3List,
  subnetIds,
  tableIds,
  withEndpoint,
  withoutRoute,
  withPublicIp,
  withRoute,
} from './healthy-network.ts';
import { policies } from './packet-walk.ts';

/** It stands in no subnet, and AWS makes a table for it that leads to the internet gateway. */
function withRegionalNat(facts: Parameters<Change>[0], nat: object): ReturnType<Change> {
  const routeTableId = 'rtb-0regional';
  const table = {
    routeTableId,
    main: false,
    subnetIds: [],
    routes: [route('10.0.0.0/16', 'local'), route('0.0.0.0/0', 'igw-0a1')],
  };
  const regional = { ...nat, connectivityType: 'public' as const, routeTableId };
  const { routeTables, ...others } = edit(facts, 'natGateways', 'natGatewayId', 'nat-0a1', () => regional);
  const own = routeTables.filter((one) => one.routeTableId !== routeTableId);
  return { ...others, routeTables: [...own, table] };
}

const pick = fc.constantFrom;
/** A group of another VPC. */
const unseenGroup = 'sg-0unseen';
/** One of the user's own, and the names of that of Amazon. */
const dnsServers = ['10.0.0.53', 'AmazonProvidedDNS', '10.0.0.2', '169.254.169.253', 'fd00:ec2::253'];
const some = <T>(items: readonly T[]) => fc.subarray([...items], { minLength: 1 });
const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: pick(...others) });

const ports: fc.Arbitrary<readonly [number, number]> = mostly(
  [443, 443],
  [0, 65535],
  [80, 80],
  [440, 450],
  [1024, 65535],
  [32768, 60999],
  [32768, 61000],
  [49152, 65535],
  [1024, 32767],
  [50000, 50010],
);
const destination = mostly(
  '0.0.0.0/0',
  '0.0.0.0/1',
  '128.0.0.0/1',
  '52.0.0.0/8',
  '52.216.0.0/15',
  '52.216.0.0/16',
  '3.5.0.0/19',
  '10.0.0.0/8',
  '10.0.2.0/24',
  '10.0.0.0/16',
  '100.64.1.0/24',
  ownList,
  '::/0',
  '64:ff9b::/96',
);
const target = mostly(
  'nat-0a1',
  'igw-0a1',
  'nat-0gone',
  'igw-0gone',
  'tgw-0a1',
  'pcx-0a1',
  'vgw-0a1',
  'eni-0a1',
  'i-0a1',
  'vpce-0firewall',
  'lgw-0a1',
  'cagw-0a1',
  'eigw-0a1',
  'arn:aws:networkmanager::111122223333:core-network/core-network-0a1',
  'unknown',
);
const rule: fc.Arbitrary<SecurityGroupRule> = fc
  .record({
    protocol: mostly('tcp', '-1', '6', 'udp'),
    ports,
    peer: pick(
      '0.0.0.0/0',
      '0.0.0.0/1',
      '128.0.0.0/1',
      '52.0.0.0/8',
      '52.216.0.0/15',
      '10.0.0.0/8',
      '10.0.0.0/16',
      '10.0.1.0/24',
      '10.0.2.0/25',
      '10.0.2.128/25',
      '100.64.0.0/10',
      '::/0',
      s3List,
      ownList,
      ...groupIds,
      unseenGroup,
    ),
  })
  .map((one) => ({ ...one, ports: one.protocol === '-1' ? null : one.ports }));
const entry: fc.Arbitrary<NetworkAclEntry> = fc
  .record({
    ruleNumber: pick(10, 20, 90, 110, 200),
    egress: fc.boolean(),
    protocol: mostly('6', '-1', '17'),
    action: pick<NetworkAclEntry['action']>('allow', 'deny'),
    cidrBlock: mostly(
      '0.0.0.0/0',
      '10.0.0.0/8',
      '10.0.1.0/24',
      '10.0.2.128/25',
      '128.0.0.0/1',
      '52.0.0.0/8',
      '52.216.0.0/16',
      '100.64.0.0/16',
      '::/0',
    ),
    ports,
  })
  .map((one) => ({ ...one, ports: one.protocol === '-1' ? null : one.ports }));

const account = '111122223333';
const [usual] = base.images;
const images = {
  [region]: `${account}.dkr.ecr.${region}.amazonaws.com`,
  'us-east-1': `${account}.dkr.ecr.us-east-1.amazonaws.com`,
  'dual-stack': `${account}.dkr-ecr.${region}.on.aws`,
  'Docker Hub': 'docker.io',
  'own registry': 'registry.example.com',
} as const;
const launches = {
  'Fargate 1.4.0': { launchType: 'FARGATE', platformVersion: '1.4.0' },
  'Fargate 1.3.0': { launchType: 'FARGATE', platformVersion: '1.3.0' },
  'Fargate on Windows': { launchType: 'FARGATE', platformVersion: '1.0.0' },
  EC2: { launchType: 'EC2', containerInstanceArn: 'x' },
  'Managed Instances': { launchType: 'MANAGED_INSTANCES', containerInstanceArn: 'x' },
} as const;

const zone = (name: string, ...records: readonly string[]): PrivateZone => ({
  hostedZoneId: `Z0${name.replace(/[^a-z]/g, '').toUpperCase()}`,
  name,
  recordNames:
    records.length > 0
      ? { status: 'known', value: records }
      : { status: 'unknown', why: 'refused', action: 'route53:ListResourceRecordSets' },
});
/** They name the endpoints of another VPC, or anything else. */
const zones = [
  zone(`ecr.${region}.amazonaws.com`, `api.ecr.${region}.amazonaws.com`, `*.dkr.ecr.${region}.amazonaws.com`),
  zone('amazonaws.com', '*.amazonaws.com'),
  zone(`dkr.ecr.${region}.amazonaws.com`, `*.dkr.ecr.${region}.amazonaws.com`),
  zone(`${account}.dkr.ecr.${region}.amazonaws.com`, `${account}.dkr.ecr.${region}.amazonaws.com`),
  zone(`api.ecr.${region}.amazonaws.com`),
  zone(`s3.${region}.amazonaws.com`, `*.s3.${region}.amazonaws.com`),
  zone('on.aws', '*.on.aws'),
  zone('example.com', 'registry.example.com'),
];

interface Kind<T> {
  readonly weight: number;
  readonly options: fc.Arbitrary<T>;
  readonly change: (options: T) => Change;
}
const kind = <T>(weight: number, options: fc.Arbitrary<T>, change: (options: T) => Change) =>
  ({ weight, options, change }) as Kind<unknown>;

/** Everything that may be different from a healthy network. */
export const kinds: Readonly<Record<string, Kind<unknown>>> = {
  'route added': kind(
    7,
    fc.record({
      table: mostly('rtb-0task', ...tableIds),
      destination,
      target,
      state: mostly<Route['state']>('active', 'active', 'active', 'blackhole', 'filtered'),
      propagated: fc.boolean(),
    }),
    ({ table, destination: to, target: via, state, propagated }) => {
      const inside = ['10.0.2.0/24', '10.0.0.0/16', '100.64.1.0/24'].includes(to);
      const isVirtual = via.startsWith('vgw-');
      // Only an appliance or a NAT gateway can stand before a part of the VPC itself.
      const allowed = !inside || isVirtual || /^(?:eni|vpce|nat)-/.test(via) ? via : 'eni-0a1';
      const dead = /^(?:nat|igw)-0gone$/.test(allowed) ? 'blackhole' : state;
      return withRoute(table, route(to, allowed, dead, isVirtual && (propagated || inside)));
    },
  ),
  'route removed': kind(
    2,
    fc.record({ table: mostly('rtb-0task', ...tableIds), destination }),
    ({ table, destination: to }) => withoutRoute(table, to),
  ),
  'own prefix list': kind(
    2,
    fc.subarray(['0.0.0.0/1', '128.0.0.0/1', '52.0.0.0/8', '52.216.0.0/15', '10.0.2.0/24']),
    (cidrBlocks) => (facts) => edit(facts, 'prefixLists', 'prefixListId', ownList, () => ({ cidrBlocks })),
  ),
  'route table of a subnet': kind(
    1,
    fc.record({
      subnet: mostly('subnet-0task', ...subnetIds),
      table: pick(...tableIds, 'the main one'),
    }),
    ({ subnet, table }) =>
      (facts) => ({ ...facts, routeTables: moved(facts.routeTables, 'routeTableId', subnet, table) }),
  ),
  'main table': kind(1, pick(...tableIds), (id) => (facts) => ({
    ...facts,
    routeTables: facts.routeTables.map((one) => ({ ...one, main: one.routeTableId === id })),
  })),
  'network ACL': kind(
    5,
    fc.record({
      acl: mostly('acl-0task', ...aclIds),
      entries: fc.uniqueArray(entry, {
        maxLength: 4,
        selector: ({ ruleNumber, egress }) => `${ruleNumber} ${egress}`,
      }),
      keeps: mostly(true, false),
    }),
    ({ acl, entries, keeps }) =>
      (facts) =>
        edit(facts, 'networkAcls', 'networkAclId', acl, (one) => ({
          entries: [
            ...one.entries.filter(
              (old) =>
                old.ruleNumber === 32767 ||
                (keeps &&
                  entries.every((new_) => new_.ruleNumber !== old.ruleNumber || new_.egress !== old.egress)),
            ),
            ...entries,
          ].toSorted((a, b) => a.ruleNumber - b.ruleNumber),
        })),
  ),
  'network ACL of a subnet': kind(
    1,
    fc.record({ subnet: mostly('subnet-0task', ...subnetIds), acl: pick(...aclIds) }),
    ({ subnet, acl }) =>
      (facts) => ({ ...facts, networkAcls: moved(facts.networkAcls, 'networkAclId', subnet, acl) }),
  ),
  'security group': kind(
    5,
    fc.record({
      group: pick(...groupIds),
      way: pick('egress' as const, 'ingress' as const),
      rules: fc.array(rule, { maxLength: 3 }),
      keeps: fc.boolean(),
    }),
    ({ group, way, rules, keeps }) =>
      (facts) =>
        edit(facts, 'securityGroups', 'groupId', group, (one) => ({
          [way]: keeps ? [...one[way], ...rules] : rules,
        })),
  ),
  'groups of the task': kind(1, some([...groupIds, unseenGroup]), (securityGroupIds) => (facts) => ({
    ...facts,
    securityGroupIds,
  })),
  'NAT gateway': kind(
    2,
    fc.record({
      state: mostly('available', 'pending', 'failed', 'deleting', 'deleted'),
      connectivityType: mostly<'public' | 'private'>('public', 'private'),
      subnetId: mostly('subnet-0public', 'subnet-0task', 'subnet-0other', null),
    }),
    (nat) => (facts) =>
      nat.subnetId
        ? edit(facts, 'natGateways', 'natGatewayId', 'nat-0a1', () => nat)
        : withRegionalNat(facts, nat),
  ),
  'internet gateway detached': kind(1, fc.constant(null), () => (facts) => ({
    ...facts,
    internetGateways: [],
  })),
  'public IP address': kind(1, fc.boolean(), withPublicIp),
  'public access blocked': kind(
    2,
    fc.record({
      subnets: some(subnetIds),
      mode: pick<Subnet['internetGatewayBlockMode']>('off', 'block-bidirectional', 'block-ingress'),
    }),
    ({ subnets, mode }) =>
      (facts) =>
        subnets.reduce(
          (before, id) =>
            edit(before, 'vpcSubnets', 'subnetId', id, () => ({ internetGatewayBlockMode: mode })),
          facts,
        ),
  ),
  'IPv6 only': kind(
    1,
    mostly('subnet-0task', 'subnet-0other'),
    (id) => (facts) =>
      edit(facts, 'vpcSubnets', 'subnetId', id, () => ({ cidrBlock: null, ipv6Native: true })),
  ),
  'DNS of the VPC': kind(
    1,
    fc.record({ enableDnsSupport: mostly(true, false), enableDnsHostnames: fc.boolean() }),
    (vpcDns) => (facts) => ({ ...facts, vpcDns }),
  ),
  'DNS servers': kind(1, some(dnsServers), (domainNameServers) => (facts) => ({
    ...facts,
    dhcpOptions: { dhcpOptionsId: 'dopt-0a1', domainNameServers },
  })),
  'private zones': kind(2, fc.option(fc.subarray(zones, { maxLength: 3 })), (privateZones) => (facts) => ({
    ...facts,
    privateZones,
  })),
  endpoint: kind(
    6,
    fc.record({
      id: pick(...endpointIds),
      serviceRegion: mostly(region, 'us-east-1'),
      state: mostly(
        'available',
        'available',
        'pending',
        'pendingacceptance',
        'failed',
        'rejected',
        'deleting',
        'partial',
      ),
      privateDnsEnabled: mostly(true, false),
      inboundOnly: mostly(false, true),
      subnetIds: some(subnetIds),
      securityGroupIds: some([...groupIds, unseenGroup]),
      routeTableIds: fc.subarray([...tableIds]),
      policy: mostly(null, null, ...policies.keys()),
    }),
    ({ id, inboundOnly, routeTableIds, state, policy, ...options }) =>
      id === 'vpce-0s3'
        ? withEndpoint(id, {
            routeTableIds,
            policy,
            state: /acceptance|partial/.test(state) ? 'available' : state,
          })
        : withEndpoint(id, {
            ...options,
            state,
            policy: options.serviceRegion === region ? policy : null,
            privateDnsOnlyForInboundResolver: inboundOnly && id === 'vpce-0s3if' && options.privateDnsEnabled,
          }),
  ),
  'endpoint removed': kind(1, pick(...endpointIds), (id) => (facts) => ({
    ...facts,
    vpcEndpoints: facts.vpcEndpoints.filter(({ vpcEndpointId }) => vpcEndpointId !== id),
  })),
  place: kind(2, fc.record({ subnets: some(subnetIds), address: fc.boolean() }), (place) => (facts) => ({
    ...facts,
    placement: facts.placement && {
      ...facts.placement,
      subnetIds: place.subnets,
      from: 'service',
      sourceAddress: place.address && place.subnets.length === 1 ? 'known' : null,
    },
  })),
  launch: kind(2, pick(...(Object.keys(launches) as (keyof typeof launches)[])), (name) => (facts) => ({
    ...facts,
    task: { ...facts.task, ...launches[name] },
    taskDefinition: facts.taskDefinition && {
      ...facts.taskDefinition,
      operatingSystemFamily: name === 'Fargate on Windows' ? 'WINDOWS_SERVER_2022_CORE' : 'LINUX',
    },
  })),
  image: kind(1, pick(...(Object.keys(images) as (keyof typeof images)[])), (from) => (facts) => ({
    ...facts,
    images: usual
      ? [
          {
            ...usual,
            text: `${images[from]}/team/web:v1`,
            registry: images[from],
            ecr:
              from === 'Docker Hub' || from === 'own registry'
                ? null
                : {
                    accountId: account,
                    region: from === 'us-east-1' ? from : region,
                    fips: false,
                    dualStack: from === 'dual-stack',
                  },
          },
        ]
      : [],
  })),
  secret: kind(1, fc.constant(null), () => (facts) => ({
    ...facts,
    taskDefinition: facts.taskDefinition && {
      ...facts.taskDefinition,
      containers: facts.taskDefinition.containers.map((one) => ({
        ...one,
        secretArns: [`arn:aws:secretsmanager:${region}:${account}:secret:db-a1b2c3`],
      })),
    },
  })),
};

/** Associates a subnet with another item. */
const moved = <T extends { readonly subnetIds: readonly string[] }>(
  items: readonly T[],
  key: keyof T,
  subnet: string,
  to: string,
): readonly T[] =>
  items.map((one) => ({
    ...one,
    subnetIds: [...one.subnetIds.filter((id) => id !== subnet), ...(one[key] === to ? [subnet] : [])],
  }));
