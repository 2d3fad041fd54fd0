import { expect, test } from '@jest/globals';
import type { CollectedFacts, FactName } from '../../lambda/model/facts.ts';
import { collected, telling } from '../support/collected.ts';
import { texts } from '../support/worlds.ts';

/** The value of one fact where AWS answers one call so. */
async function told<N extends FactName>(
  fact: N,
  answers: Record<string, object>,
  scenario = 'healthy-nat-umbrella',
) {
  const { facts } = await collected(scenario, { answer: telling(answers) });
  const { status, ...rest } = facts[fact] as CollectedFacts[N] & { value?: unknown };
  return status === 'known' ? rest.value : rest;
}

const names = { stoppedReason: texts.noSuchHost };

test('what only the owner of a VPC sees is unknown in the account with which it is shared', async () => {
  const factsIn = async (OwnerId: string | undefined) => {
    const breaks = ({ Subnets }: { Subnets: Record<string, unknown>[] }) => {
      for (const one of Subnets) one['OwnerId'] = OwnerId;
    };
    return (await collected('healthy-privatelink-umbrella', { breaks, task: names })).facts;
  };
  const ofOwner = [
    'vpcEndpoints',
    'natGateways',
    'internetGateways',
    'dhcpOptions',
    'dnsFirewallRules',
  ] as const;
  const others = ['routeTables', 'networkAcls', 'securityGroups', 'subnets', 'vpcSubnets'] as const;
  const [shared, own, unsaid] = [
    await factsIn('444455556666'),
    await factsIn('111122223333'),
    await factsIn(undefined),
  ];

  for (const name of ofOwner) {
    expect(shared[name]).toMatchObject({
      why: 'owned-by-other',
      error: 'it belongs to account 444455556666',
    });
    expect([own[name].status, unsaid[name].status]).toStrictEqual(['known', 'known']);
  }
  for (const name of others) expect(shared[name].status).toBe('known');
});

test('of a machine outside of AWS no network is asked for', async () => {
  const { facts, calls } = await collected('healthy-nat-umbrella', {
    task: { ...names, launchType: 'EXTERNAL' },
  });

  expect(calls.filter((one) => /^(?:ec2|route53\w*):/.test(one))).toStrictEqual([]);
  expect(Object.values(facts).filter(({ status }) => status === 'unknown')).toStrictEqual([]);
});

test.each<[string, object, readonly string[]]>([
  ['attached', { VpcId: 'vpc-0a1', State: 'available' }, ['igw-0a1']],
  ['attached, as nobody denies', { VpcId: 'vpc-0a1' }, ['igw-0a1']],
  ['being detached', { VpcId: 'vpc-0a1', State: 'detaching' }, []],
  ['detached', { VpcId: 'vpc-0a1', State: 'detached' }, []],
  ['attached to another VPC', { VpcId: 'vpc-0b1', State: 'available' }, []],
])('an internet gateway that is %s', async (_, attachment, expected) => {
  const InternetGateways = [
    { InternetGatewayId: 'igw-0a1', Attachments: [attachment] },
    { InternetGatewayId: 'igw-0b1' },
    { Attachments: [attachment] },
  ];
  const gateways = await told('internetGateways', { 'ec2:DescribeInternetGateways': { InternetGateways } });

  expect(gateways).toStrictEqual(expected.map((internetGatewayId) => ({ internetGatewayId })));
});

test('NAT gateways are public unless AWS says otherwise, in whatever case', async () => {
  const NatGateways = [
    {
      NatGatewayId: 'nat-0a1',
      State: 'Deleted',
      FailureMessage: 'gone',
      ConnectivityType: 'private',
      SubnetId: 'a',
    },
    { NatGatewayId: 'nat-0b1', ConnectivityType: 'public', RouteTableId: 'rtb-0b1' },
    { State: 'available' },
  ];

  expect(await told('natGateways', { 'ec2:DescribeNatGateways': { NatGateways } })).toStrictEqual([
    {
      natGatewayId: 'nat-0a1',
      state: 'deleted',
      failureMessage: 'gone',
      connectivityType: 'private',
      subnetId: 'a',
    },
    {
      natGatewayId: 'nat-0b1',
      state: 'available',
      failureMessage: null,
      connectivityType: 'public',
      subnetId: null,
      routeTableId: 'rtb-0b1',
    },
  ]);
});

test('endpoints that are gone are left out, and what AWS does not say of one is as it is by default', async () => {
  const of = (change: object) => ({
    VpcEndpointId: 'vpce-0a1',
    ServiceName: 'com.amazonaws.eu-west-1.s3',
    ...change,
  });
  const VpcEndpoints = [
    of({}),
    of({
      VpcEndpointType: 'Gateway',
      State: 'PendingAcceptance',
      PrivateDnsEnabled: true,
      DnsOptions: { PrivateDnsOnlyForInboundResolverEndpoint: true },
      ServiceRegion: 'us-east-1',
      Groups: [{ GroupId: 'sg-0a1' }, {}],
      SubnetIds: ['a'],
      RouteTableIds: ['rtb-0a1'],
      PolicyDocument: '{}',
    }),
    of({ State: 'Deleted' }),
    of({ VpcEndpointId: undefined }),
    of({ ServiceName: undefined }),
  ];

  expect(await told('vpcEndpoints', { 'ec2:DescribeVpcEndpoints': { VpcEndpoints } })).toStrictEqual([
    {
      vpcEndpointId: 'vpce-0a1',
      serviceName: 'com.amazonaws.eu-west-1.s3',
      serviceRegion: null,
      type: 'Interface',
      state: 'available',
      privateDnsEnabled: false,
      privateDnsOnlyForInboundResolver: false,
      subnetIds: [],
      securityGroupIds: [],
      routeTableIds: [],
      policy: null,
    },
    {
      vpcEndpointId: 'vpce-0a1',
      serviceName: 'com.amazonaws.eu-west-1.s3',
      serviceRegion: 'us-east-1',
      type: 'Gateway',
      state: 'pendingacceptance',
      privateDnsEnabled: true,
      privateDnsOnlyForInboundResolver: true,
      subnetIds: ['a'],
      securityGroupIds: ['sg-0a1'],
      routeTableIds: ['rtb-0a1'],
      policy: '{}',
    },
  ]);
});

const world = { DestinationCidrBlock: '0.0.0.0/0', State: 'active', Origin: 'CreateRoute' };

test.each<[string, object, object | null]>([
  ['to a NAT gateway', { ...world, NatGatewayId: 'nat-0a1' }, { target: 'nat-0a1' }],
  ['to a transit gateway', { ...world, TransitGatewayId: 'tgw-0a1' }, { target: 'tgw-0a1' }],
  ['to another VPC', { ...world, VpcPeeringConnectionId: 'pcx-0a1' }, { target: 'pcx-0a1' }],
  ['to an internet gateway', { ...world, GatewayId: 'igw-0a1' }, { target: 'igw-0a1' }],
  ['for IPv6 alone', { ...world, EgressOnlyInternetGatewayId: 'eigw-0a1' }, { target: 'eigw-0a1' }],
  ['to an interface', { ...world, NetworkInterfaceId: 'eni-0a1' }, { target: 'eni-0a1' }],
  [
    'to the interface of an instance',
    { ...world, NetworkInterfaceId: 'eni-0a1', InstanceId: 'i-0a1' },
    { target: 'eni-0a1', instanceId: 'i-0a1' },
  ],
  ['to an instance', { ...world, InstanceId: 'i-0a1' }, { target: 'i-0a1' }],
  ['to an Outpost', { ...world, LocalGatewayId: 'lgw-0a1' }, { target: 'lgw-0a1' }],
  ['to a carrier', { ...world, CarrierGatewayId: 'cagw-0a1' }, { target: 'cagw-0a1' }],
  ['to a core network', { ...world, CoreNetworkArn: 'arn:0a1' }, { target: 'arn:0a1' }],
  ['to what is not known yet', { ...world, NewThingId: 'new-0a1' }, { target: 'unknown' }],
  [
    'to what is gone',
    { ...world, GatewayId: 'igw-0a1', State: 'blackhole' },
    { target: 'igw-0a1', state: 'blackhole' },
  ],
  [
    'that is filtered',
    { ...world, GatewayId: 'igw-0a1', State: 'filtered' },
    { target: 'igw-0a1', state: 'filtered' },
  ],
  [
    'of IPv6',
    { DestinationIpv6CidrBlock: '::/0', GatewayId: 'igw-0a1' },
    { destination: '::/0', target: 'igw-0a1', origin: null },
  ],
  [
    'of a prefix list',
    { ...world, DestinationCidrBlock: undefined, DestinationPrefixListId: 'pl-0a1', GatewayId: 'vpce-0a1' },
    { destination: 'pl-0a1', target: 'vpce-0a1' },
  ],
  ['of nothing', { GatewayId: 'igw-0a1' }, null],
])('a route %s', async (_, route, expected) => {
  const tables = {
    RouteTables: [
      { RouteTableId: 'rtb-0a1', Routes: [route], Associations: [{ Main: true }] },
      {
        RouteTableId: 'rtb-0b1',
        Associations: [
          { SubnetId: 'b', AssociationState: { State: 'associated' } },
          { SubnetId: 'c', AssociationState: { State: 'disassociated' } },
          { SubnetId: 'd' },
          { GatewayId: 'igw-0a1' },
        ],
      },
      { Routes: [route] },
    ],
  };
  const usual = { destination: '0.0.0.0/0', state: 'active', origin: 'CreateRoute' };

  expect(await told('routeTables', { 'ec2:DescribeRouteTables': tables })).toStrictEqual([
    {
      routeTableId: 'rtb-0a1',
      main: true,
      subnetIds: [],
      routes: expected ? [{ ...usual, ...expected }] : [],
    },
    { routeTableId: 'rtb-0b1', main: false, subnetIds: ['b', 'd'], routes: [] },
  ]);
});

test.each<[string, object, readonly object[]]>([
  [
    'for every kind of peer',
    {
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 444,
      IpRanges: [{ CidrIp: '10.0.0.0/16' }, {}],
      Ipv6Ranges: [{ CidrIpv6: '::/0' }],
      UserIdGroupPairs: [{ GroupId: 'sg-0b1' }],
      PrefixListIds: [{ PrefixListId: 'pl-0a1' }],
    },
    ['10.0.0.0/16', '::/0', 'sg-0b1', 'pl-0a1'].map((peer) => ({ protocol: 'tcp', ports: [443, 444], peer })),
  ],
  [
    'for all packets',
    { IpProtocol: '-1', FromPort: 0, ToPort: 0, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    [{ protocol: '-1', ports: null, peer: '0.0.0.0/0' }],
  ],
  [
    'for a protocol without ports',
    { IpProtocol: '50', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    [{ protocol: '50', ports: null, peer: '0.0.0.0/0' }],
  ],
  [
    'for ports from the first on',
    { IpProtocol: 'udp', FromPort: 0, ToPort: 53, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    [{ protocol: 'udp', ports: [0, 53], peer: '0.0.0.0/0' }],
  ],
  [
    'for all of ICMP',
    { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    [{ protocol: 'icmp', ports: null, peer: '0.0.0.0/0' }],
  ],
  [
    'for ports of which AWS tells the last alone',
    { IpProtocol: 'tcp', ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    [{ protocol: 'tcp', ports: null, peer: '0.0.0.0/0' }],
  ],
  [
    'for ports of which AWS tells the first alone',
    { IpProtocol: 'tcp', FromPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    [{ protocol: 'tcp', ports: null, peer: '0.0.0.0/0' }],
  ],
])('a rule of a security group %s', async (_, rule, expected) => {
  const SecurityGroups = [
    { GroupId: 'sg-0a1', GroupName: 'web', VpcId: 'vpc-0b1', IpPermissions: [rule] },
    { GroupId: 'sg-0b1', IpPermissionsEgress: [rule] },
    { IpPermissions: [rule] },
  ];

  expect(await told('securityGroups', { 'ec2:DescribeSecurityGroups': { SecurityGroups } })).toStrictEqual([
    { groupId: 'sg-0a1', groupName: 'web', vpcId: 'vpc-0b1', ingress: expected, egress: [] },
    { groupId: 'sg-0b1', groupName: '', vpcId: 'vpc-0a1', ingress: [], egress: expected },
  ]);
});

test('the rules of a network ACL stand in the order in which they are asked', async () => {
  const rule = (RuleNumber: number | undefined, change: object = {}) => ({
    RuleNumber,
    Egress: true,
    Protocol: '6',
    RuleAction: 'allow',
    CidrBlock: '0.0.0.0/0',
    ...change,
  });
  const NetworkAcls = [
    {
      NetworkAclId: 'acl-0a1',
      Associations: [{ SubnetId: 'a' }, {}],
      Entries: [
        rule(undefined, { RuleAction: 'deny', Egress: undefined, Protocol: undefined }),
        rule(200, { PortRange: { From: 0, To: 443 } }),
        rule(100, { PortRange: { From: 443 } }),
        rule(110, { PortRange: { To: 443 } }),
        rule(101, { CidrBlock: undefined, Ipv6CidrBlock: '::/0' }),
      ],
    },
    { NetworkAclId: 'acl-0b1' },
    {},
  ];
  const allows = { egress: true, protocol: '6', action: 'allow', cidrBlock: '0.0.0.0/0' };

  expect(await told('networkAcls', { 'ec2:DescribeNetworkAcls': { NetworkAcls } })).toStrictEqual([
    {
      networkAclId: 'acl-0a1',
      subnetIds: ['a'],
      entries: [
        { ...allows, ruleNumber: 100, ports: null },
        { ...allows, ruleNumber: 110, ports: null },
        { ...allows, ruleNumber: 200, ports: [0, 443] },
        {
          ruleNumber: 32_767,
          egress: false,
          protocol: '-1',
          action: 'deny',
          cidrBlock: '0.0.0.0/0',
          ports: null,
        },
      ],
    },
    { networkAclId: 'acl-0b1', subnetIds: [], entries: [] },
  ]);
});

const amazon = { dhcpOptionsId: 'default', domainNameServers: ['AmazonProvidedDNS'] };
const options = (...DhcpConfigurations: object[]) => [{ DhcpOptionsId: 'dopt-0a1', DhcpConfigurations }];

test.each<[string, string | undefined, readonly object[], unknown]>([
  [
    'that name servers',
    'dopt-0a1',
    options(
      { Key: 'domain-name', Values: [{ Value: 'corp' }] },
      { Key: 'domain-name-servers', Values: [{ Value: '10.0.0.9' }, {}] },
    ),
    { dhcpOptionsId: 'dopt-0a1', domainNameServers: ['10.0.0.9'] },
  ],
  ['that name none', 'dopt-0a1', options(), { dhcpOptionsId: 'dopt-0a1', domainNameServers: [] }],
  ['of the Region, which are not listed', 'default', [], amazon],
  [
    'that are not listed',
    'dopt-0a1',
    [],
    expect.objectContaining({ why: 'gone', error: 'dopt-0a1 is not listed' }),
  ],
  ['of a VPC without any', undefined, options(), null],
])('DHCP options %s', async (_, DhcpOptionsId, DhcpOptions, expected) => {
  const answers = {
    'ec2:DescribeVpcs': { Vpcs: [{ VpcId: 'vpc-0a1', CidrBlock: '10.0.0.0/16', DhcpOptionsId }] },
    'ec2:DescribeDhcpOptions': { DhcpOptions },
  };

  expect(await told('dhcpOptions', answers)).toStrictEqual(expected);
});

test('names of hosts matter in a VPC only to endpoints with private DNS', async () => {
  const { facts, calls } = await collected('healthy-nat-umbrella');
  const endpoints = await told('vpcDns', {}, 'healthy-privatelink-umbrella');
  const off = {
    'ec2:DescribeVpcAttribute': { EnableDnsSupport: { Value: false }, EnableDnsHostnames: { Value: false } },
  };

  expect(facts.vpcDns).toMatchObject({ value: { enableDnsSupport: true, enableDnsHostnames: null } });
  expect(calls.filter((one) => one === 'ec2:DescribeVpcAttribute')).toHaveLength(1);
  expect(endpoints).toStrictEqual({ enableDnsSupport: true, enableDnsHostnames: true });
  const gateway = {
    VpcEndpointId: 'vpce-0s3',
    ServiceName: 'com.amazonaws.eu-west-1.s3',
    VpcEndpointType: 'Gateway',
  };
  expect(await told('vpcDns', { 'ec2:DescribeVpcEndpoints': { VpcEndpoints: [gateway] } })).toMatchObject({
    enableDnsHostnames: null,
  });
  const half = { 'ec2:DescribeVpcAttribute': { EnableDnsSupport: { Value: true } } };
  expect(await told('vpcDns', half, 'healthy-privatelink-umbrella')).toMatchObject({ error: 'EmptyAnswer' });
  expect(await told('vpcDns', off, 'healthy-privatelink-umbrella')).toStrictEqual({
    enableDnsSupport: false,
    enableDnsHostnames: false,
  });
});

test('subnets that AWS does not find are gone', async () => {
  const gone = { status: 'unknown', why: 'gone', error: 'InvalidSubnetID.NotFound' };
  const none = await collected('healthy-nat-umbrella', {
    answer: telling({ 'ec2:DescribeSubnets': { Subnets: [{ VpcId: 'vpc-0a1' }, { SubnetId: 'a' }] } }),
  });
  const notFound = await collected('healthy-nat-umbrella', {
    breaks: ({ refused }) => {
      refused['ec2:DescribeSubnets'] = 'InvalidSubnetID.NotFound';
    },
  });

  expect(none.facts.subnets).toMatchObject(gone);
  expect(notFound.facts.subnets).toMatchObject(gone);
});

const eni = (DeviceIndex: number, change: object = {}) => ({
  Attachment: { DeviceIndex },
  SubnetId: `subnet-of-${DeviceIndex}`,
  PrivateIpAddress: `10.0.${DeviceIndex}.20`,
  Groups: [{ GroupId: `sg-of-${DeviceIndex}` }, {}],
  Association: { PublicIp: `52.95.${DeviceIndex}.9` },
  ...change,
});
const bare = {
  InstanceId: 'i-0a1',
  VpcId: 'vpc-0a1',
  SubnetId: 'subnet-0task',
  SecurityGroups: [{ GroupId: 'sg-0a1' }],
};
const ofBare = {
  instanceId: 'i-0a1',
  vpcId: 'vpc-0a1',
  subnetId: 'subnet-0task',
  securityGroupIds: ['sg-0a1'],
  privateIpAddress: null,
  publicIpAddress: null,
  instanceProfileArn: null,
};
const goneInstance = { why: 'gone', error: 'InvalidInstanceID.NotFound' };
const terminated = expect.objectContaining(goneInstance);

test.each<[string, object, unknown]>([
  [
    'pulls through its first interface',
    { ...bare, NetworkInterfaces: [eni(1), eni(0)] },
    {
      ...ofBare,
      subnetId: 'subnet-of-0',
      securityGroupIds: ['sg-of-0'],
      privateIpAddress: '10.0.0.20',
      publicIpAddress: '52.95.0.9',
    },
  ],
  [
    'whose interfaces are not told',
    { ...bare, PrivateIpAddress: '10.0.1.20', PublicIpAddress: '52.95.1.9' },
    { ...ofBare, privateIpAddress: '10.0.1.20', publicIpAddress: '52.95.1.9' },
  ],
  ['of which little is told', bare, ofBare],
  ['that is terminated', { InstanceId: 'i-0a1', SecurityGroups: [] }, terminated],
  ['without a VPC', { ...bare, VpcId: undefined }, terminated],
  ['without a subnet', { ...bare, SubnetId: undefined }, terminated],
  ['without groups', { ...bare, SecurityGroups: undefined }, terminated],
  ['without an id', { ...bare, InstanceId: undefined }, terminated],
])('an instance %s', async (_, instance, expected) => {
  const answers = { 'ec2:DescribeInstances': { Reservations: [{ Instances: [instance] }] } };

  expect(await told('instance', answers, 'healthy-ec2')).toStrictEqual(expected);
});

test('an instance or a container instance that AWS does not know is gone', async () => {
  const { facts } = await collected('healthy-ec2', {
    breaks: ({ refused }) => {
      refused['ec2:DescribeInstances'] = 'InvalidInstanceID.NotFound';
    },
  });

  expect(facts.instance).toStrictEqual({
    ...goneInstance,
    status: 'unknown',
    action: 'ec2:DescribeInstances',
  });
  expect(
    await told(
      'containerInstance',
      { 'ecs:DescribeContainerInstances': { containerInstances: [] } },
      'healthy-ec2',
    ),
  ).toMatchObject({ why: 'gone', error: 'MISSING' });
});

const standing = (id: string, Name: string | undefined, more: object = {}) => ({
  HostedZoneId: id,
  Name,
  ...more,
});

test.each<[string, object, readonly string[]]>([
  ['above a host of the pull', standing('Z1', 'dkr.ecr.eu-west-1.amazonaws.com.'), ['Z1']],
  ['above all of AWS, in another case', standing('Z1', 'AmazonAWS.com.'), ['Z1']],
  ['elsewhere', standing('Z1', 'corp.example.com.'), []],
  ['beside the name', standing('Z1', 'r.eu-west-1.amazonaws.com.'), []],
  [
    'that a service has made for an endpoint',
    standing('Z1', 'dkr.ecr.eu-west-1.amazonaws.com.', { Owner: { OwningService: 'vpce.amazonaws.com' } }),
    [],
  ],
  ['that AWS does not name', standing('Z1', undefined), []],
])('of the private zones of a VPC one %s', async (_, zone, expected) => {
  const HostedZoneSummaries = [zone, { Name: 'amazonaws.com.' }];
  const answer = telling({
    'route53:ListHostedZonesByVPC': { HostedZoneSummaries },
    'route53:ListResourceRecordSets': { ResourceRecordSets: [] },
  });
  const { facts } = await collected('healthy-nat-umbrella', { answer, task: names });

  expect(facts.privateZones).toMatchObject({ value: expected.map((hostedZoneId) => ({ hostedZoneId })) });
});

test('the records of a zone are those that lead a name somewhere', async () => {
  const ResourceRecordSets = [
    { Name: 'a.amazonaws.com.', Type: 'A' },
    { Name: 'A.amazonaws.com.', Type: 'AAAA' },
    { Name: '\\052.c.amazonaws.com.', Type: 'CNAME' },
    { Name: 'amazonaws.com.', Type: 'NS' },
    { Name: 't.amazonaws.com.', Type: 'TXT' },
    { Type: 'A' },
    { Name: 'x.amazonaws.com.' },
  ];
  const answer = telling({
    'route53:ListHostedZonesByVPC': { HostedZoneSummaries: [standing('Z1', 'amazonaws.com.')] },
    'route53:ListResourceRecordSets': { ResourceRecordSets },
  });
  const { facts } = await collected('healthy-nat-umbrella', { answer, task: names });

  expect(facts.privateZones).toMatchObject({
    value: [{ recordNames: { value: ['a.amazonaws.com', '*.c.amazonaws.com'] } }],
  });
});

test.each<[string, string, Record<string, object>, boolean]>([
  ['the text speaks of a name', texts.noSuchHost, {}, true],
  ['the text speaks of something else', texts.notFound, {}, false],
  [
    'a route leads to another network',
    texts.notFound,
    {
      'ec2:DescribeRouteTables': {
        RouteTables: [
          {
            RouteTableId: 'rtb-0a1',
            Routes: [{ DestinationCidrBlock: '10.9.0.0/16', TransitGatewayId: 'tgw-0a1' }],
          },
        ],
      },
    },
    true,
  ],
  ...(
    [
      ['stands without private DNS', 'Interface', false, true],
      ['stands without private DNS, in another case', 'interface', false, true],
      ['stands with private DNS', 'Interface', true, false],
      ['has no names', 'Gateway', false, false],
    ] as const
  ).map(
    ([title, VpcEndpointType, PrivateDnsEnabled, expected]): [
      string,
      string,
      Record<string, object>,
      boolean,
    ] => [
      `an endpoint ${title}`,
      texts.notFound,
      {
        'ec2:DescribeVpcEndpoints': {
          VpcEndpoints: [
            {
              VpcEndpointId: 'vpce-0a1',
              ServiceName: 'com.amazonaws.eu-west-1.s3',
              VpcEndpointType,
              PrivateDnsEnabled,
            },
          ],
        },
      },
      expected,
    ],
  ),
])('private zones are asked for where %s', async (_, stoppedReason, answers, expected) => {
  const { facts, calls } = await collected('healthy-nat-umbrella', {
    answer: telling(answers),
    task: { stoppedReason },
  });

  expect(calls.includes('route53:ListHostedZonesByVPC')).toBe(expected);
  expect(facts.privateZones).toStrictEqual({ status: 'known', value: expected ? [] : null });
});

test('DNS Firewall is asked for where the text speaks of a name', async () => {
  const asked = async (stoppedReason: string) => {
    const { facts, calls } = await collected('healthy-nat-umbrella', { task: { stoppedReason } });
    return [calls.some((one) => one.startsWith('route53resolver:')), facts.dnsFirewallRules];
  };

  expect(await asked(texts.noSuchHost)).toStrictEqual([true, { status: 'known', value: [] }]);
  expect(await asked(texts.notFound)).toStrictEqual([false, { status: 'known', value: null }]);
});

test('the rules of DNS Firewall stand in the order in which they are asked', async () => {
  const answers = {
    'route53resolver:ListFirewallRuleGroupAssociations': {
      FirewallRuleGroupAssociations: [
        { FirewallRuleGroupId: 'rslvr-frg-0b1', Priority: 200 },
        { Priority: 1 },
        { FirewallRuleGroupId: 'rslvr-frg-0a1', Priority: 100 },
        { FirewallRuleGroupId: 'rslvr-frg-0c1' },
      ],
    },
    'route53resolver:ListFirewallRules': {
      FirewallRules: [
        { Priority: 20, Action: 'ALERT', FirewallDomainListId: 'rslvr-fdl-0a1', Qtype: 'A' },
        { Priority: 10, Action: 'BLOCK', BlockResponse: 'NODATA' },
        {
          Priority: 30,
          Action: 'ALLOW',
          FirewallDomainListId: 'rslvr-fdl-0a1',
          FirewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN',
        },
        { Action: 'WHATEVER' },
      ],
    },
    'route53resolver:ListFirewallDomains': {
      Domains: [
        '*.Dkr.Ecr.eu-west-1.amazonaws.com.',
        'corp.example.com',
        '111122223333.dkr.ecr.eu-west-1.amazonaws.com',
      ],
    },
  };
  const { facts } = await collected('healthy-nat-umbrella', { answer: telling(answers), task: names });
  const of = (ruleGroupId: string) =>
    [
      { priority: null, action: 'ALLOW', blockResponse: null, domains: { status: 'unknown' } },
      { priority: 10, action: 'BLOCK', blockResponse: 'NODATA', queryType: null, domainListId: null },
      {
        priority: 20,
        action: 'ALERT',
        queryType: 'A',
        trustsRedirection: false,
        domains: {
          value: ['*.dkr.ecr.eu-west-1.amazonaws.com', '111122223333.dkr.ecr.eu-west-1.amazonaws.com'],
        },
      },
      { priority: 30, action: 'ALLOW', domainListId: 'rslvr-fdl-0a1', trustsRedirection: true },
    ].map((one) => ({ ...one, ruleGroupId }));

  expect(facts.dnsFirewallRules).toMatchObject({
    value: ['rslvr-frg-0c1', 'rslvr-frg-0a1', 'rslvr-frg-0b1'].flatMap(of),
  });
});

test('prefix lists that routes and groups name are read once, but for those of AWS', async () => {
  const asked: unknown[] = [];
  const RouteTables = [
    {
      RouteTableId: 'rtb-0a1',
      Routes: ['pl-0corp', 'pl-6da54004'].map((DestinationPrefixListId) => ({
        DestinationPrefixListId,
        GatewayId: 'vpce-0a1',
      })),
    },
  ];
  const rule = (PrefixListId: string) => ({ IpProtocol: '-1', PrefixListIds: [{ PrefixListId }] });
  const SecurityGroups = [
    {
      GroupId: 'sg-0task',
      IpPermissions: [rule('pl-0in')],
      IpPermissionsEgress: [rule('pl-0corp'), rule('pl-0out')],
    },
  ];
  const usual = telling({
    'ec2:DescribeRouteTables': { RouteTables },
    'ec2:DescribeSecurityGroups': { SecurityGroups },
    'ec2:GetManagedPrefixListEntries': { Entries: [{ Cidr: '10.9.0.0/16' }, {}] },
  });
  const { facts } = await collected('healthy-nat-umbrella', {
    answer: (action, input, asAws) => {
      if (action === 'ec2:GetManagedPrefixListEntries') asked.push(input['PrefixListId']);
      return usual(action, input, asAws);
    },
  });

  expect(asked).toStrictEqual(['pl-0corp', 'pl-0in', 'pl-0out']);
  expect(facts.prefixLists).toMatchObject({
    value: [
      { prefixListId: 'pl-6da54004', name: 'com.amazonaws.eu-west-1.s3' },
      ...asked.map((prefixListId) => ({ prefixListId, name: null, cidrBlocks: ['10.9.0.0/16'] })),
    ],
  });
});

test('credentials of another account tell nothing of the network of the task', async () => {
  const { facts } = await collected('healthy-nat-umbrella', {
    answer: telling({ 'sts:GetCallerIdentity': { Account: '444455556666' } }),
  });
  const error =
    'the task runs in account 111122223333, and the credentials are those of account 444455556666';

  expect(facts.routeTables).toStrictEqual({ status: 'unknown', why: 'owned-by-other', error });
  for (const name of ['task', 'images', 'caller', 'ecrImages', 'externalImages'] as const)
    expect(facts[name]).not.toMatchObject({ error });
});
