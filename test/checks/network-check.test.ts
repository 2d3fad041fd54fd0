import { expect, test } from '@jest/globals';
import { parseImageReference } from '../../lambda/image/reference.ts';
import type { Placement } from '../../lambda/model/facts.ts';
import type { Hop, Path } from '../../lambda/model/network.ts';
import { ask, known, linesOf, refused } from '../support/asking.ts';
import { askOfPaths, hop, path, placement, task } from '../support/paths.ts';

const asked = (
  check: string,
  paths: readonly Path[],
  subnetIds: readonly string[] = ['a'],
  where: Placement | null = placement,
) => askOfPaths(check, paths, { subnets: subnetIds.map((subnetId) => ({ subnetId })), placement: where });

const id = 'no-route-to-registry';
const closed = hop(id);
const open = hop(id, { verdict: 'open', because: '`rtb-0a1` leads to a NAT gateway' });
const unknown = hop(id, { verdict: 'unknown', because: '`rtb-0a1` leads to who knows' });
const hiding = hop('nat-gateway-unusable', {
  verdict: 'unknown',
  because: '`nat-0a1` could not be seen',
  hides: [id],
});
const likely = hop(id, { certainty: 'likely' });

test.each<[string, readonly Path[], readonly string[], string]>([
  ['closed from the one subnet', [path('a', 'manifest', [closed])], ['a'], 'found proven'],
  [
    'closed from one of two',
    [path('a', 'manifest', [closed]), path('b', 'manifest', [open])],
    ['a', 'b'],
    'found likely',
  ],
  [
    'closed from both',
    [path('a', 'manifest', [closed]), path('b', 'manifest', [closed])],
    ['a', 'b'],
    'found proven',
  ],
  [
    'closed from both, from one of them perhaps',
    [path('a', 'manifest', [closed]), path('b', 'manifest', [likely])],
    ['a', 'b'],
    'found likely',
  ],
  [
    'closed from both, but each for another step',
    [path('a', 'manifest', [closed]), path('b', 'layers', [closed])],
    ['a', 'b'],
    'found likely',
  ],
  [
    'closed from both for one step, from one of them for another too',
    [path('a', 'token', [closed]), path('a', 'manifest', [closed]), path('b', 'manifest', [closed])],
    ['a', 'b'],
    'found proven',
  ],
  ['open', [path('a', 'manifest', [open])], ['a'], 'ruled-out '],
  [
    'open for one, unknown for another',
    [path('a', 'manifest', [open]), path('a', 'layers', [unknown])],
    ['a'],
    'undecided ',
  ],
  [
    'open for one, hidden for another',
    [path('a', 'manifest', [open]), path('a', 'layers', [hiding])],
    ['a'],
    'undecided ',
  ],
  ['hidden', [path('a', 'manifest', [hiding])], ['a'], 'undecided '],
  [
    'closed for one, hidden for another',
    [path('a', 'manifest', [hiding]), path('a', 'layers', [closed])],
    ['a'],
    'found proven',
  ],
  ['another is closed', [path('a', 'manifest', [hop('nat-gateway-unusable')])], ['a'], 'not-applicable '],
])('%s', (_, paths, subnets, expected) => {
  const outcome = asked(id, paths, subnets);

  expect(`${outcome.status} ${'certainty' in outcome ? outcome.certainty : ''}`).toBe(expected);
});

test.each<[string, readonly Hop[], string]>([
  ['not known', [unknown], 'undecided'],
  ['hidden', [hiding], 'undecided'],
  ['open', [open], 'found'],
  ['closed too', [closed], 'found'],
])('what ends another connection hides no doubt about the one that failed: %s', (_, hops, expected) => {
  const paths = [path('a', 'manifest', hops), path('a', 'layers', [closed])];

  expect(askOfPaths(id, paths, { failed: 'manifest' }).status).toBe(expected);
  expect(askOfPaths(id, paths, { failed: 'layers' }).status).toBe('found');
});

test.each<[string, readonly Path[]]>([
  ['ends from another subnet', [path('a', 'manifest', [closed]), path('b', 'manifest', [unknown])]],
  ['is open, and a third is not known', [path('a', 'manifest', [open]), path('a', 'token', [unknown])]],
])('nor does a doubt hide what is known: the one that failed %s', (_, paths) => {
  const all = [...paths, path('a', 'layers', [closed])];

  expect(askOfPaths(id, all, { failed: 'manifest' }).status).toBe('found');
});

test('a task that pulls through no VPC of the account is no matter of the network', () => {
  expect(asked(id, [path('a', 'manifest', [closed])], ['a'], null).status).toBe('not-applicable');
});

test('in which of the subnets it is so is said only where it is not so in all', () => {
  const one = asked(id, [path('a', 'manifest', [closed]), path('b', 'manifest', [open])], ['a', 'b']);
  const all = asked(id, [path('a', 'manifest', [closed]), path('b', 'manifest', [closed])], ['a', 'b']);

  expect(linesOf(one)).toEqual([
    closed.because,
    'That holds for `a`, 1 of the 2 subnets the task may have run in',
  ]);
  expect(linesOf(all)).toEqual([closed.because]);
});

test('the first hop that is met, and the kind of address where there is one', () => {
  const ways = (...kinds: Path['addresses'][]) =>
    asked(
      id,
      kinds.map((addresses, at) =>
        path('a', 'manifest', [...Array(3 - at).fill(hop('x')), closed], { addresses }),
      ),
    );

  expect(ways('public', 'public')).toMatchObject({ hop: 2, addresses: 'public' });
  expect(ways('private')).toMatchObject({ hop: 3, addresses: 'private' });
  for (const mixed of [ways('public', 'private'), ways('unknown')])
    expect(mixed).not.toHaveProperty('addresses');
});

const fixesOf = (check: string, change: Partial<Hop>, way: Partial<Path> = {}, where?: Placement) => {
  const outcome = asked(check, [path('a', 'manifest', [hop(check, change)], way)], ['a'], where);
  return outcome.status === 'found' ? JSON.stringify(outcome.fixes) : '';
};
const host = { host: 'example.com', step: 'manifest' as const };

test('a fix names the thing that it is for, and a blank where nothing is known', () => {
  expect(fixesOf(id, { at: 'rtb-0a1' })).toContain('--route-table-id rtb-0a1');
  expect(fixesOf(id, { at: 'subnet-0a1', resources: ['subnet-0a1'] })).toContain(
    '--route-table-id <route table>',
  );
  expect(fixesOf('endpoint-security-group-closed', { resources: ['vpce-0a1', 'sg-0a1'] })).toContain(
    '--group-id sg-0a1',
  );
  expect(
    fixesOf('endpoint-missing', {}, { destination: { ...host, service: 'ecr.api', region: null } }),
  ).toContain('.ECR }');
  expect(
    fixesOf('endpoint-missing', {}, { destination: { ...host, service: 'kms', region: null } }),
  ).toContain('.KMS }');
  expect(fixesOf('network-acl-blocks-registry', {})).toBe('[]');
  expect(
    fixesOf('network-acl-blocks-registry', { traffic: { direction: 'in', ports: [443, 443], rule: 50 } }),
  ).toContain('ruleNumber: 1,');
  for (const attribute of ['enableDnsSupport', 'enableDnsHostnames']) {
    const fix = fixesOf('vpc-dns-disabled', { because: `\`${attribute}\` of \`vpc-0a1\` is off` });
    expect(fix).toContain(`Turn on \`${attribute}\``);
    expect(fix).toContain(
      attribute === 'enableDnsSupport' ? '--enable-dns-support' : '--enable-dns-hostnames',
    );
  }
});

test('what has IPv4 addresses only is asked for by the name that has others too, in each partition', () => {
  const fixFor = (...texts: string[]) => {
    const outcome = askOfPaths('ipv6-only-subnet', [path('a', 'manifest', [hop('ipv6-only-subnet')])], {
      images: texts.map((text) => parseImageReference(text)),
    });
    return outcome.status === 'found' ? outcome.fixes : [];
  };

  expect(
    fixFor('111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:v1', 'docker.io/acme/app').map(
      ({ cdk }) => cdk,
    ),
  ).toEqual([
    "ecs.ContainerImage.fromRegistry('111122223333.dkr-ecr.eu-west-1.on.aws/team/web:v1')",
    undefined,
  ]);
  expect(fixFor('111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com/web')[0]?.do).toContain(
    '`111122223333.dkr-ecr-fips.us-gov-west-1.on.aws`',
  );
  expect(fixFor('111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/web')[0]?.do).toContain(
    '`111122223333.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn`',
  );
  expect(fixFor('acme/app')).toEqual([{ do: expect.stringMatching(/^Run the task in/) }]);
});

test('who has no public address is the instance where that pulls, else the task of a service or of nobody', () => {
  expect(fixesOf('public-ip-missing', {}, {}, { ...placement, interface: 'instance' })).toContain(
    'Launch the instances',
  );
  expect(fixesOf('public-ip-missing', {})).toContain('--service web ');

  const ofNobody = askOfPaths('public-ip-missing', [path('a', 'manifest', [hop('public-ip-missing')])], {
    task: { ...task, group: 'family:web' },
  });
  expect(ofNobody).toMatchObject({
    fixes: [{ cli: expect.stringContaining('--service <service> ') }, {}],
  });
});

test.each([
  [50, /--rule-number 49 /],
  [2, /--rule-number 1 /],
  // No rule can stand before the first.
  [1, null],
])('a network ACL that denies in rule %i is mended by a rule before it', (ruleNumber, command) => {
  const result = ask('network-acl-blocks-registry', 'acl-denies-out', {
    networkAcls: (acls) =>
      acls.map((acl) => ({
        ...acl,
        entries: acl.entries.map((one) =>
          one.egress && one.action === 'deny' && one.ruleNumber < 32_767 ? { ...one, ruleNumber } : one,
        ),
      })),
  });

  const [fix] = result.status === 'found' ? result.fixes : [];
  if (command) expect(fix?.cli).toMatch(command);
  else expect(fix).toEqual({ do: expect.stringMatching(/^Give the rule that denies a higher number/) });
});

test('where a name leads to a private address no route to the internet is changed', () => {
  for (const check of [id, 'nat-gateway-unusable']) {
    const fix = fixesOf(check, { resources: ['rtb-0a1', 'igw-0a1'] }, { addresses: 'private' });
    expect(fix).toContain('leads to a private address');
    expect(fix).not.toContain('aws ec2');
  }
});

test('in a VPC that another account shares, who can make a change is said of each', () => {
  const fixesIn = (check: string, ownerId: string | null) => {
    const outcome = askOfPaths(check, [path('a', 'manifest', [hop(check)])], {
      subnets: [{ subnetId: 'a', ownerId }],
    });
    return outcome.status === 'found' ? outcome.fixes.map((fix) => fix.do) : [];
  };
  const byOwner = /only account `444455556666`, which owns the VPC/;

  for (const check of [id, 'nat-gateway-unusable', 'vpc-dns-disabled', 'endpoint-security-group-closed']) {
    expect(fixesIn(check, '444455556666')).not.toHaveLength(0);
    for (const fix of fixesIn(check, '444455556666')) expect(fix).toMatch(byOwner);
    for (const fix of fixesIn(check, task.accountId)) expect(fix).not.toMatch(byOwner);
    for (const fix of fixesIn(check, null)) expect(fix).not.toMatch(byOwner);
  }
  // Groups, services and images of the task are its own account's.
  for (const check of ['task-security-group-closed', 'public-ip-missing', 'ipv6-only-subnet'])
    for (const fix of fixesIn(check, '444455556666')) expect(fix).not.toMatch(byOwner);
});

const shared = '444455556666';
const groupOf = (ownerId?: string) => ({
  securityGroups: known([{ groupId: 'sg-0a1', ...(ownerId && { ownerId }) }]),
});
const theInstance = (state: string, sourceDestCheck = false) => ({
  natInstances: known([
    { instanceId: 'i-0a1', state, interfaces: [{ networkInterfaceId: 'eni-0a1', sourceDestCheck }] },
  ]),
});

// An account sees its own instances, and groups of its own or that another one shares with it.
test.each<[string, string, readonly string[], object, readonly (string | null)[]]>([
  ['a group of the owner', 'task-security-group-closed', ['sg-0a1'], groupOf(shared), [shared]],
  ['a group of a third', 'task-security-group-closed', ['sg-0a1'], groupOf('777788889999'), ['777788889999']],
  ['a group of the task', 'endpoint-security-group-closed', ['sg-0a1'], groupOf(task.accountId), [null]],
  ['a group of somebody', 'endpoint-security-group-closed', ['sg-0a1'], groupOf(), [null]],
  ['a group that is not seen', 'endpoint-security-group-closed', ['sg-0else'], groupOf(), [shared]],
  ['the group of an instance', 'nat-instance-unusable', ['sg-0a1', 'i-0a1'], groupOf(shared), [shared]],
  ['a stopped instance', 'nat-instance-unusable', ['i-0a1'], theInstance('stopped'), [null, shared]],
  ['what an instance checks', 'nat-instance-unusable', ['i-0a1'], theInstance('running', true), [null]],
  ['its address', 'nat-instance-unusable', ['i-0a1', 'x', 'igw-0a1'], theInstance('running'), [null]],
  [
    'its subnet',
    'nat-instance-unusable',
    ['i-0a1', 'rtb-0a1', 'subnet-0a1'],
    theInstance('running'),
    [shared],
  ],
  ['an instance that is gone', 'nat-instance-unusable', ['i-0a1'], theInstance('terminated'), [shared]],
  ['one that nobody could see', 'nat-instance-unusable', ['i-0a1'], {}, [null, shared]],
])(
  'in a VPC that another account shares, who can change it is said: %s',
  (_, check, resources, uses, owners) => {
    const closed = hop(check, { at: 'i-0a1', resources });
    const outcome = askOfPaths(check, [path('a', 'manifest', [closed])], {
      subnets: [{ subnetId: 'a', ownerId: shared }],
      uses: uses as never,
    });
    const fixes = outcome.status === 'found' ? outcome.fixes : [];

    expect(fixes.map((fix) => /only account `(\d+)`/.exec(fix.do)?.[1] ?? null)).toEqual(owners);
    expect(fixes.filter((fix) => 'account' in fix)).toEqual([]);
  },
);

test('in a VPC that another account shares, its owner has the DHCP options, and not the group before other DNS servers', () => {
  const outcome = ask('custom-dns-servers', 'dns-servers-behind-a-closed-group', {
    subnets: (all) => all.map((one) => ({ ...one, ownerId: shared })),
  });
  const fixes = outcome.status === 'found' ? outcome.fixes : [];

  expect(fixes.map((fix) => fix.do.includes(`only account \`${shared}\``))).toEqual([false, true]);
});

const subnet = (subnetId: string) => ({
  subnetId,
  cidrBlock: '10.0.0.0/24',
  internetGatewayBlockMode: 'off',
});
const tableOf = (id: string, subnetIds: readonly string[], target?: string) => ({
  routeTableId: id,
  main: false,
  subnetIds,
  routes: target ? [{ destination: '0.0.0.0/0', target, state: 'active', origin: 'CreateRoute' }] : [],
});
const natOk = { natGatewayId: 'nat-0ok', state: 'available', connectivityType: 'public', subnetId: 'public' };
const usual = {
  publicIp: known(false),
  internetGateways: known([{ internetGatewayId: 'igw-0a1' }]),
  natGateways: known([]),
  routeTables: known([tableOf('rtb-0a1', ['a', 'b']), tableOf('rtb-0public', ['public'], 'igw-0a1')]),
  vpcSubnets: known(['a', 'b', 'public'].map(subnet)),
};

test.each<[string, object, RegExp, RegExp]>([
  [
    'none, but a public subnet for a new one',
    {},
    /NAT gateway in the public subnet `public`, .*`rtb-0a1` .* are led there too: `b`$/,
    /--subnet-id public .*--route-table-id rtb-0a1 .*--nat-gateway-id \$nat$/,
  ],
  [
    'nothing public',
    { routeTables: known([tableOf('rtb-0a1', ['a'])]) },
    /NAT gateway in a public subnet, and/,
    /^aws ec2 create-route .*--nat-gateway-id <new NAT gateway>$/,
  ],
  [
    'another NAT gateway',
    { natGateways: known([natOk]) },
    /(?<!Create .*)`rtb-0a1` .*to `nat-0ok`.* are led there too: `b`$/,
    /^aws ec2 create-route .*--nat-gateway-id nat-0ok$/,
  ],
  [
    'the internet gateway, for a task with a public address',
    { publicIp: known(true) },
    /to `igw-0a1`.*Other subnets have this table and become public: `b`$/,
    /^aws ec2 create-route .*--gateway-id igw-0a1$/,
  ],
])('a table that leads nowhere is led to what stands: %s', (_, facts, what, command) => {
  for (const [check, resources] of [
    [id, ['rtb-0a1']],
    ['nat-gateway-unusable', ['nat-0bad', 'rtb-0a1']],
  ] as const) {
    const outcome = askOfPaths(check, [path('a', 'manifest', [hop(check, { resources })])], {
      uses: { ...usual, ...facts } as never,
    });
    const [fix] = outcome.status === 'found' ? outcome.fixes : [];

    expect(fix?.do).toMatch(what);
    expect(fix?.cli).toMatch(command);
  }
});

const eni = { networkInterfaceId: 'eni-0nat', sourceDestCheck: false };
const natInstance = (state: string, ...interfaces: readonly object[]) => ({
  natInstances: known([
    { instanceId: 'i-0other', state: 'running', interfaces: [] },
    { instanceId: 'i-0nat', state, interfaces },
  ]),
});
const leadingBy = (...routes: readonly object[]) => ({
  routeTables: known([{ ...tableOf('rtb-0a1', ['a']), routes }]),
});
const ofTasks = ['i-0nat', 'rtb-0a1'];

type AboutInstance = [string, readonly string[], object, readonly (readonly [RegExp, RegExp])[]];
const newNat = [
  /reate a public NAT gateway in the public subnet `public`, and let `rtb-0a1` lead to it instead of `i-0nat`$/,
  /create-nat-gateway .*--nat-gateway-id \$nat$/,
] as const;
const orNewNat = [/^Or create a public NAT gateway in the public subnet `public`/, newNat[1]] as const;

test.each<AboutInstance>([
  [
    'its group is closed',
    ['sg-0nat', 'i-0nat', 'rtb-0a1'],
    natInstance('running', eni),
    [
      [
        /^Let TCP port 443 from `10\.0\.1\.0\/24` into `sg-0nat`$/,
        /--group-id sg-0nat .*--cidr 10\.0\.1\.0\/24$/,
      ],
    ],
  ],
  ...['stopped', 'stopping'].map(
    (state): AboutInstance => [
      `it is ${state}`,
      ofTasks,
      natInstance(state, { ...eni, publicIpAddress: '52.0.0.9' }),
      [[/^Start instance `i-0nat`$/, /start-instances .*i-0nat$/], orNewNat],
    ],
  ),
  [
    'it is stopped, and has no address that stays with it',
    ofTasks,
    natInstance('stopped', eni),
    [
      [/^Start instance `i-0nat`, and see that it has a public IP address then$/, /start-instances /],
      orNewNat,
    ],
  ],
  [
    'it is starting',
    ofTasks,
    natInstance('pending', eni),
    [[/^Wait until instance `i-0nat` runs, and see /, /wait instance-running .*i-0nat$/]],
  ],
  [
    'it runs, and the route to it is dead',
    ofTasks,
    {
      ...natInstance('running', eni),
      ...leadingBy({ destination: '0.0.0.0/0', target: 'i-0nat', state: 'blackhole' }),
    },
    [[/^Create a public NAT gateway/, /replace-route [^&]* --nat-gateway-id <new NAT gateway>$/]],
  ],
  [
    'it is terminated, and a NAT gateway stands',
    ofTasks,
    { ...natInstance('terminated'), natGateways: known([natOk]) },
    [[/^Let `rtb-0a1` lead to `nat-0ok` instead of `i-0nat`$/, /--nat-gateway-id nat-0ok$/]],
  ],
  [
    'it is not known whether it runs',
    ofTasks,
    {},
    [[/^See whether the instance behind `i-0nat` runs/, /Name=instance-id,Values=i-0nat /], orNewNat],
  ],
  ['it is not there', ofTasks, { natInstances: known([]) }, [newNat]],
  [
    'a narrow route leads to an interface of it',
    ofTasks,
    {
      ...natInstance('terminated', { ...eni, networkInterfaceId: 'eni-0first' }, eni),
      ...leadingBy(
        { destination: '0.0.0.0/0', target: 'nat-0ok' },
        { destination: '52.0.0.0/8', target: 'eni-0nat' },
      ),
    },
    [[/^Create a public NAT/, /^aws ec2 replace-route [^&]* 52\.0\.0\.0\/8 [^&]*$/]],
  ],
  [
    'a narrow route names it with its interface',
    ofTasks,
    {
      ...natInstance('terminated'),
      ...leadingBy(
        { destination: '0.0.0.0/0', target: 'nat-0ok' },
        { destination: '52.0.0.0/8', target: 'eni-0gone', instanceId: 'i-0nat' },
      ),
    },
    [[/^Create a public NAT/, /^aws ec2 replace-route [^&]* 52\.0\.0\.0\/8 [^&]*$/]],
  ],
  [
    'it checks destinations',
    ofTasks,
    {
      ...natInstance('running', eni, { networkInterfaceId: 'eni-0second', sourceDestCheck: true }),
      ...leadingBy({ destination: '0.0.0.0/0', target: 'eni-0second' }),
    },
    [[/^Turn the source\/destination check of `i-0nat` off$/, /--network-interface-id eni-0second /]],
  ],
  [
    'its own subnet leads nowhere',
    ['i-0nat', 'rtb-0n', 'subnet-0n'],
    natInstance('running', eni),
    [[/own subnet `subnet-0n` to `igw-0a1`$/, /--route-table-id rtb-0n .*--gateway-id igw-0a1$/]],
  ],
  [
    'its own subnet leads nowhere, and no internet gateway is attached',
    ['i-0nat', 'rtb-0n', 'subnet-0n'],
    { ...natInstance('running', eni), internetGateways: known([]) },
    [[/own subnet `subnet-0n` to an internet gateway$/, /--gateway-id igw-<id>$/]],
  ],
  [
    'it has no public address',
    ['i-0nat', 'n', 'igw-0a1'],
    natInstance('running', eni),
    [[/^Give `i-0nat` a public IP address/, /--network-interface-id eni-0nat /]],
  ],
])('a NAT instance: %s', (_, resources, facts, expected) => {
  const closed = hop('nat-instance-unusable', { at: 'i-0nat', resources });
  const outcome = askOfPaths('nat-instance-unusable', [path('a', 'manifest', [closed])], {
    subnets: [{ subnetId: 'b' }, { subnetId: 'a', cidrBlock: '10.0.1.0/24' }],
    uses: { ...usual, ...facts } as never,
  });
  const fixes = outcome.status === 'found' ? outcome.fixes : [];

  expect(fixes).toHaveLength(expected.length);
  for (const [at, [what, command]] of expected.entries()) {
    expect(fixes[at]?.do).toMatch(what);
    expect(fixes[at]?.cli).toMatch(command);
    expect(Boolean(fixes[at]?.alternative)).toBe(at > 0);
  }
});

test('what a route leads to may be an interface of a NAT instance that nobody could see', () => {
  const closed = hop('nat-instance-unusable', { at: 'eni-0nat', resources: ['eni-0nat', 'rtb-0a1'] });
  const outcome = askOfPaths('nat-instance-unusable', [path('a', 'manifest', [closed])]);

  expect(outcome.status === 'found' ? outcome.fixes[0]?.cli : null).toContain(
    'Name=network-interface.network-interface-id,Values=eni-0nat ',
  );
});

test('a VPC has one internet gateway: where another one is attached, the table leads to that', () => {
  const scenario = 'internet-gateway-detached';
  const internetGateways = () => [{ internetGatewayId: 'igw-0b2' }];

  expect(ask(scenario, scenario, { internetGateways })).toMatchObject({
    fixes: [
      {
        do: expect.stringMatching(/^Let `rtb-0task` lead to `igw-0b2`/),
        cli: expect.stringMatching(
          /^aws ec2 replace-route .*rtb-0task .* 0\.0\.0\.0\/0 --gateway-id igw-0b2$/,
        ),
      },
    ],
  });
  expect(ask(scenario, scenario)).toMatchObject({
    fixes: [{ do: 'Attach internet gateway `igw-0a1` to the VPC' }],
  });
});

test('what leads a NAT gateway out is its own table, unless the tasks have it too', () => {
  const fixWhere = (subnetIds: readonly string[], facts: object = {}) => {
    const closed = hop('nat-gateway-unusable', { resources: ['nat-0a1', 'rtb-0a1', 'n'] });
    const routeTables = known([tableOf('rtb-0a1', subnetIds), tableOf('rtb-0b2', ['a'])]);
    const outcome = askOfPaths('nat-gateway-unusable', [path('a', 'manifest', [closed])], {
      subnets: ['a', 'b'].map((subnetId) => ({ subnetId })),
      uses: { ...usual, routeTables, ...facts } as never,
    });
    return outcome.status === 'found' ? outcome.fixes[0] : undefined;
  };
  const regional = { ...natOk, subnetId: null, routeTableId: 'rtb-0a1' };

  const zonal = { ...natOk, natGatewayId: 'nat-0a1', subnetId: 'n' };

  expect(
    fixWhere(['n'], { natGateways: known([{ ...regional, routeTableId: 'rtb-0other' }, zonal]) }),
  ).toMatchObject({
    do: "Route `0.0.0.0/0` of the NAT gateway's own subnet `n` to `igw-0a1`",
    cli: expect.stringMatching(/--gateway-id igw-0a1$/),
  });
  expect(fixWhere(['n'], { internetGateways: known([]) })).toMatchObject({
    do: expect.stringMatching(/ to an internet gateway$/),
    cli: expect.stringMatching(/--gateway-id igw-<id>$/),
  });
  expect(fixWhere([], { natGateways: known([zonal, regional]) })?.do).toContain(
    "NAT gateway's own table `rtb-0a1` to",
  );
  expect(fixWhere(['n', 'a'])?.cli).toMatch(/rtb-0a1 .*--nat-gateway-id <new NAT gateway>$/);
  // Another subnet that the tasks may run in has it: led is the table of the subnet that the packets left.
  expect(fixWhere(['n', 'b'])?.cli).toMatch(/rtb-0b2 .*--nat-gateway-id <new NAT gateway>$/);
});

test('the fix of a table whose default route is split names both halves', () => {
  const closed = hop('nat-gateway-unusable', { resources: ['nat-0a1', 'rtb-0a1', 'n'] });
  const halves = ['0.0.0.0/1', '128.0.0.0/1'].map((destination) => ({
    destination,
    target: 'nat-0b2',
    state: 'active',
    origin: null,
  }));
  const routeTables = known([{ routeTableId: 'rtb-0a1', main: false, subnetIds: ['n'], routes: halves }]);
  const outcome = askOfPaths('nat-gateway-unusable', [path('a', 'manifest', [closed])], {
    uses: { ...usual, routeTables } as never,
  });

  expect(outcome).toMatchObject({
    fixes: [{ do: expect.stringMatching(/^Route `0\.0\.0\.0\/1` and `128\.0\.0\.0\/1` of /) }],
  });
});

test('a NAT instance among the tasks is not led to the internet gateway together with them, and who else is led is said', () => {
  const fixWhere = (...subnetIds: string[]) => {
    const closed = hop('nat-instance-unusable', { at: 'i-0a1', resources: ['i-0a1', 'rtb-0a1', 'subnet-n'] });
    const routes = [{ destination: '0.0.0.0/0', target: 'eni-0a1', state: 'active', origin: null }];
    const interfaces = [{ networkInterfaceId: 'eni-0a1', subnetId: 'subnet-n', sourceDestCheck: false }];
    const outcome = askOfPaths('nat-instance-unusable', [path('a', 'manifest', [closed])], {
      subnets: ['a', 'b'].map((subnetId) => ({ subnetId })),
      uses: {
        routeTables: known([
          { routeTableId: 'rtb-0a1', main: false, subnetIds, routes },
          { routeTableId: 'rtb-0b2', main: false, subnetIds: ['a'], routes },
        ]),
        internetGateways: known([{ internetGatewayId: 'igw-0a1' }]),
        natInstances: known([{ instanceId: 'i-0a1', state: 'running', interfaces }]),
      } as never,
    });
    return outcome.status === 'found' ? outcome.fixes[0] : undefined;
  };

  expect(fixWhere('subnet-n')?.cli).toMatch(/ replace-route .* --gateway-id igw-0a1$/);
  expect(fixWhere('subnet-n', 'subnet-x')?.do).toMatch(/become public: `subnet-x`$/);
  expect(fixWhere('subnet-n', 'a')?.cli).toMatch(/ replace-route .* --nat-gateway-id <new NAT gateway>$/);
  expect(fixWhere('subnet-n', 'b')?.cli).toMatch(/rtb-0b2 .*--nat-gateway-id <new NAT gateway>$/);
  expect(fixWhere('subnet-n', 'a', 'subnet-x')?.do).toMatch(/are led there too: `subnet-n`, `subnet-x`$/);
});

test('a NAT instance that nobody could see may only have to be started', () => {
  const refusedToSee = ask('nat-instance-unusable', 'nat-instance-stopped', { natInstances: () => refused });

  expect(refusedToSee).toMatchObject({
    evidence: [expect.stringContaining('`eni-0nat`, which is a blackhole')],
    fixes: [
      { do: expect.stringMatching(/^See whether/), cli: expect.stringContaining('Values=eni-0nat ') },
      { do: expect.stringMatching(/^Or create a public NAT gateway/), alternative: true },
    ],
  });
});

test('of the interfaces of a NAT instance the one is changed that the route leads to', () => {
  const result = ask('nat-instance-unusable', 'nat-instance-checks-destinations', {
    natInstances: (instances) =>
      instances.map((one) => ({
        ...one,
        interfaces: [
          ...one.interfaces.map((own) => ({ ...own, networkInterfaceId: 'eni-0management' })),
          ...one.interfaces,
        ],
      })),
  });

  expect(result).toMatchObject({
    evidence: [expect.stringContaining('(`eni-0nat`) is on')],
    fixes: [{ cli: expect.stringContaining('--network-interface-id eni-0nat ') }],
  });
});

test.each<[string, number, readonly (readonly [number, 'allow' | 'deny'])[], number | null]>([
  ['by the last rule alone', 32_767, [[32_767, 'deny']], 100],
  [
    'by a rule',
    90,
    [
      [90, 'deny'],
      [32_767, 'deny'],
    ],
    89,
  ],
  [
    'by a rule behind one that denies something else',
    90,
    [
      [50, 'deny'],
      [90, 'deny'],
    ],
    89,
  ],
  [
    'by the last rule, behind one that denies something else',
    32_767,
    [
      [50, 'deny'],
      [32_767, 'deny'],
    ],
    100,
  ],
  [
    'by the last rule, behind a late one that denies something else',
    32_767,
    [
      [200, 'deny'],
      [201, 'allow'],
    ],
    202,
  ],
  [
    'by a rule right behind one that denies something else',
    51,
    [
      [50, 'deny'],
      [51, 'deny'],
    ],
    null,
  ],
  ['by the first number of all', 1, [[1, 'deny']], null],
  [
    'by the last rule, where the usual number is taken',
    32_767,
    [
      [100, 'allow'],
      [32_767, 'deny'],
    ],
    99,
  ],
])('the number of a rule that is let in, denied %s', (_, rule, rules, expected) => {
  const entries = [
    ...rules.map(([ruleNumber, action]) => ({ ruleNumber, action, egress: true })),
    // What comes in has numbers of its own.
    ...[expected ?? 1, rule - 1].map((ruleNumber) => ({ ruleNumber, action: 'deny', egress: false })),
  ];
  const denies = hop('network-acl-blocks-registry', {
    at: 'acl-0a1',
    traffic: { direction: 'out', ports: [443, 443], rule },
  });
  const networkAcls = known([{ networkAclId: 'acl-0a1', subnetIds: ['a'], entries }]);

  expect(
    askOfPaths(denies.check, [path('a', 'manifest', [denies])], { uses: { networkAcls } as never }),
  ).toMatchObject({
    fixes: [
      expected === null
        ? { do: expect.stringMatching(/^Give the rule that denies a higher number/) }
        : { cli: expect.stringContaining(`--rule-number ${expected} --protocol`) },
    ],
  });
});
