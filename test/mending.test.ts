import { describe, expect, test } from '@jest/globals';
import { collect } from '../lambda/collect/collect.ts';
import { diagnose } from '../lambda/diagnose.ts';
import { stoppedTask } from '../lambda/event.ts';
import { tried } from '../lambda/render/outline.ts';
import type { Account } from './support/account.ts';
import { fakeAws } from './support/account.ts';
import { type Scenario, scenarios } from './support/scenario-list.ts';
import { natInstanceWorld, natWorld, stoppedEvent, texts } from './support/worlds.ts';

async function diagnosisOf({ world, event }: Scenario, ...breaks: readonly ((account: Account) => void)[]) {
  const account = world();
  for (const one of breaks) one(account);
  const task = stoppedTask(event);
  if (!task) throw new Error('the event of a scenario must be a failed pull');
  return diagnose(await collect(task, fakeAws(account), new Date(0)));
}

const alone = ({ breaks }: Scenario) => breaks ?? (() => {});
const onNetwork = scenarios.filter(({ name }) =>
  /^(private-sub|main-table|nat-gateway|internet|public-sub|public-acc|task-group|acl-|ec2-|endpoint-|custom|vpc-dns)/.test(
    name,
  ),
);

describe.each(onNetwork)('$name', (scenario) => {
  test('is mended by one change, which opens every connection on the model', async () => {
    const { mending, causes } = await diagnosisOf(scenario, alone(scenario));

    expect(mending?.opens).toBe(true);
    expect(mending?.changes.map(({ check }) => check)).toEqual([causes[0]?.check.id]);
  });
});

describe.each(scenarios.filter(({ name }) => name.startsWith('nat-instance-')))('$name', (scenario) => {
  test('is mended by one change, behind which only the operating system of the instance is left', async () => {
    const { mending, causes } = await diagnosisOf(scenario, alone(scenario));

    // Where the text shows that another host has answered, it hands packets on.
    const handsOn = scenario.name === 'nat-instance-checks-destinations';
    expect(mending).toMatchObject(handsOn ? { opens: true } : { opens: false, unseen: true });
    expect(mending?.changes.map(({ check }) => check)).toEqual([causes[0]?.check.id]);
  });
});

describe.each([
  ['a NAT gateway', natWorld],
  ['a NAT instance', natInstanceWorld],
])('behind %s a route of its own that leads some addresses nowhere', (_, world) => {
  test('is the one that is led elsewhere, and none that leads out already', async () => {
    const event = stoppedEvent({ text: texts.manifestTimeout });
    const { mending, causes } = await diagnosisOf({ name: '', world, event } as never, (account) => {
      const table = account.RouteTables.find(({ RouteTableId }) => RouteTableId === 'rtb-0public');
      table?.Routes.push({
        DestinationCidrBlock: '52.0.0.0/8',
        VpcPeeringConnectionId: 'pcx-0a1',
        State: 'active',
      });
    });

    expect(mending).toMatchObject({
      changes: [{ does: 'Route `52.0.0.0/8` from `rtb-0public` to an internet gateway' }],
      opens: true,
    });
    expect(causes[0]?.fixes[0]).toMatchObject({
      do: expect.stringContaining('Route `52.0.0.0/8` of the '),
      cli: 'aws ec2 replace-route --region eu-west-1 --route-table-id rtb-0public --destination-cidr-block 52.0.0.0/8 --gateway-id igw-0a1',
    });
  });
});

/** What the one removes the other cannot break as well. */
function clash(first: Scenario, second: Scenario): boolean {
  const account = first.world();
  alone(first)(account);
  const broken = JSON.stringify(account.VpcEndpoints).length;
  return (
    /-missing$/.test(first.name) &&
    broken < JSON.stringify(first.world().VpcEndpoints).length &&
    /^endpoint-(?:pending|private|policy|for-layers-on)/.test(second.name)
  );
}

// Two things broken at once: each pair that one world can have.
const pairs = onNetwork.flatMap((first, index) =>
  onNetwork
    .slice(index + 1)
    .filter(
      (second) => second.world === first.world && second.culprit !== first.culprit && !clash(first, second),
    )
    .map((second) => [`${first.name} and ${second.name}`, first, second] as const),
);

test.each(pairs)('%s: one plan mends what the model can see of both', async (_, first, second) => {
  const { mending, causes, otherProblems } = await diagnosisOf(first, alone(first), alone(second));

  expect(mending?.changes.length).toBeGreaterThanOrEqual(1);
  expect(mending?.opens).toBe(true);
  expect([...causes, ...otherProblems].length).toBeGreaterThanOrEqual(1);
});

// What stops a name is on no way of the packets, and a plan that leaves it there opens nothing.
const zone =
  (name: string, ...records: string[]) =>
  (account: Account) => {
    account.privateZones = { ...account.privateZones, [name]: records };
  };
const firewall =
  (...rules: Account['dnsFirewall'][string]) =>
  (account: Account) => {
    account.dnsFirewall = { 'rslvr-frg-0a1': rules };
  };
const blockAll = { Action: 'BLOCK', BlockResponse: 'NODATA', domains: ['*.'] };
const dkr = 'dkr.ecr.eu-west-1.amazonaws.com';
const named = (name: string) => scenarios.find((one) => one.name === name) as Scenario;
/** A text that leaves open why the pull failed. */
const openly = (name: string): Scenario => ({ ...named(name), event: named('healthy-nat-umbrella').event });
const noRoute = openly('private-subnet-without-route');

test.each<[string, Scenario, (account: Account) => void, readonly string[], boolean]>([
  [
    'a zone beside a missing route',
    noRoute,
    zone(dkr),
    ['private-zone-shadows-registry', 'no-route-to-registry'],
    true,
  ],
  [
    'two zones, one behind the other',
    noRoute,
    (account) => {
      zone(dkr)(account);
      zone('amazonaws.com')(account);
    },
    ['private-zone-shadows-registry', 'private-zone-shadows-registry', 'no-route-to-registry'],
    true,
  ],
  [
    'DNS Firewall beside a NAT gateway that is gone',
    openly('nat-gateway-deleted'),
    firewall(blockAll),
    ['dns-firewall-blocks-registry', 'nat-gateway-unusable'],
    true,
  ],
  [
    'both beside a group that lets nothing out',
    openly('task-group-closed'),
    (account) => {
      zone(dkr)(account);
      firewall(blockAll)(account);
    },
    ['dns-firewall-blocks-registry', 'private-zone-shadows-registry', 'task-security-group-closed'],
    true,
  ],
  ['a zone with the record', noRoute, zone(dkr, `*.${dkr}`), ['no-route-to-registry'], false],
  ['a list that nobody can read', noRoute, firewall({ Action: 'BLOCK' }), ['no-route-to-registry'], false],
  [
    'a rule that blocks what an allowed name leads to',
    noRoute,
    firewall({ Action: 'ALLOW', domains: ['*.amazonaws.com.'] }, blockAll),
    ['no-route-to-registry'],
    false,
  ],
  [
    'zones that nobody may list',
    noRoute,
    (account) => {
      account.refused = { 'route53:ListHostedZonesByVPC': 'AccessDenied' };
    },
    ['no-route-to-registry'],
    false,
  ],
  [
    'a zone below which an endpoint has its own',
    openly('endpoint-group-closed'),
    zone('ecr.eu-west-1.amazonaws.com'),
    ['endpoint-security-group-closed'],
    true,
  ],
])('%s: the plan holds it, or opens nothing', async (_, scenario, breaks, checks, opens) => {
  const { mending } = await diagnosisOf(scenario, alone(scenario), breaks);

  expect(mending?.changes.map(({ check }) => check)).toEqual(checks);
  expect(mending?.opens).toBe(opens);
});

test('a name that was resolved is no matter of a plan, those of the other hosts are', async () => {
  const dialled = named('nat-gateway-deleted');
  const plan = async (...records: string[]) => {
    const account = dialled.world();
    alone(dialled)(account);
    const task = stoppedTask(dialled.event);
    if (!task) throw new Error('the event must be a failed pull');
    const snapshot = await collect(task, fakeAws(account), new Date(0));
    const privateZones = records.map((name) => ({
      hostedZoneId: `Z-${name}`,
      name,
      recordNames: { status: 'known' as const, value: [] },
    }));
    const facts = { ...snapshot.facts, privateZones: { status: 'known' as const, value: privateZones } };
    return diagnose({ ...snapshot, facts }).mending?.changes.map(({ check }) => check);
  };

  expect(await plan(dkr)).toEqual(['nat-gateway-unusable']);
  expect(await plan('s3.eu-west-1.amazonaws.com')).toEqual([
    'private-zone-shadows-registry',
    'nat-gateway-unusable',
  ]);
});

test('the plan changes the routes that the command changes, and those of a prefix list by themselves', async () => {
  const scenario = named('nat-gateway-deleted');
  const { mending, causes } = await diagnosisOf(scenario, alone(scenario), (account) => {
    const [routes] = account.RouteTables.filter(({ RouteTableId }) => RouteTableId === 'rtb-0task').map(
      (one) => one.Routes,
    );
    routes?.push({ DestinationPrefixListId: 'pl-0web', NatGatewayId: 'nat-0a1', State: 'active' });
    routes?.push({ DestinationCidrBlock: '10.9.0.0/16', NatGatewayId: 'nat-0a1', State: 'active' });
    account.PrefixListEntries = { 'pl-0web': ['52.0.0.0/8'] };
  });

  expect(causes[0]?.fixes[0]?.cli).toMatch(/replace-route [^&]* 0\.0\.0\.0\/0 [^&]*$/);
  expect(causes[0]?.fixes[0]?.cli).not.toMatch(/pl-0web|10\.9\./);
  expect(mending).toMatchObject({
    changes: [
      { does: expect.stringMatching(/^Route the internet from `rtb-0task`/) },
      { does: expect.stringMatching(/^Route `pl-0web` from `rtb-0task`/) },
    ],
    opens: true,
  });
});

test('the table of a regional NAT gateway is led to the internet gateway, and not the tasks', async () => {
  const scenario = named('nat-gateway-deleted');
  const { mending, causes } = await diagnosisOf(scenario, (account) => {
    const [nat] = account.NatGateways;
    if (nat) Object.assign(nat, { SubnetId: undefined, RouteTableId: 'rtb-0regional' });
    account.RouteTables.push({ RouteTableId: 'rtb-0regional', Associations: [], Routes: [] });
  });

  expect(causes.map(({ check, evidence }) => [check.id, evidence[0]])).toEqual([
    [
      'nat-gateway-unusable',
      'Regional NAT gateway `nat-0a1` has no route to an internet gateway (`rtb-0regional`)',
    ],
  ]);
  expect(causes[0]?.fixes[0]?.cli).toMatch(/--route-table-id rtb-0regional .* --gateway-id igw-0a1$/);
  expect(mending).toMatchObject({
    changes: [{ does: 'Route the internet from `rtb-0regional` to an internet gateway' }],
    opens: true,
  });
});

test('tasks beside their NAT gateway are led to another one, by the plan as by the command', async () => {
  const { mending, causes } = await diagnosisOf(named('nat-gateway-in-private-subnet'), (account) => {
    for (const nat of account.NatGateways) nat['SubnetId'] = 'subnet-0task';
  });

  expect(causes[0]?.fixes[0]?.do).toMatch(/^Create a public NAT gateway/);
  expect(mending).toMatchObject({
    changes: [{ does: 'Route the internet from `rtb-0task` to a public NAT gateway' }],
    opens: true,
  });
});

test('a VPC without an internet gateway needs one for its NAT gateway', async () => {
  const scenario = openly('nat-gateway-deleted');
  const { mending } = await diagnosisOf(scenario, alone(scenario), (account) => {
    account.InternetGateways = [];
  });

  expect(mending?.changes.map(({ does }) => does)).toEqual([
    'Attach an internet gateway to the VPC, and route the internet from `rtb-0task` to a public NAT gateway',
  ]);
});

test.each([
  ['dns-servers-behind-a-closed-group', /^Allow UDP and TCP port 53 out of `sg-0task`$/],
  [
    'dns-servers-behind-a-network-acl',
    /^Allow queries on port 53 by an outbound rule of `acl-0task`, and their answers by an inbound one/,
  ],
])('%s: the plan lets the queries out, as the fix does', async (name, does) => {
  const { mending } = await diagnosisOf(named(name), alone(named(name)));

  expect(mending).toMatchObject({ changes: [{ does: expect.stringMatching(does) }], opens: true });
});

test('what keeps the queries in is not all, where the servers do not know the names of endpoints', async () => {
  const unresolved = {
    ...named('custom-dns-servers'),
    event: named('dns-servers-behind-a-closed-group').event,
  };
  const { mending } = await diagnosisOf(unresolved, alone(unresolved), (account) => {
    for (const group of account.SecurityGroups)
      group.IpPermissionsEgress = [
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
      ];
  });

  expect(mending?.changes.map(({ does }) => does)).toEqual([
    expect.stringMatching(/^Allow UDP and TCP port 53 out/),
    expect.stringMatching(/^Forward/),
  ]);
  expect(mending?.opens).toBe(true);
});

test('what is no matter of the network stays, and is said to stay', async () => {
  const { mending, ...diagnosis } = await diagnosisOf(
    noRoute,
    alone(noRoute),
    alone(named('role-without-layers')),
    alone(named('image-archived')),
  );
  const said = tried({ mending, ...diagnosis });

  expect(mending?.opens).toBe(true);
  expect(JSON.stringify(said)).toMatch(
    /opens every connection of the pull.*What else was found stays: the image is archived in Amazon ECR; the role may not pull/,
  );
});

test('a healthy network needs no change', async () => {
  for (const scenario of scenarios.filter(({ name }) => name.startsWith('healthy-')))
    expect((await diagnosisOf(scenario, alone(scenario))).mending).toBeNull();
});
