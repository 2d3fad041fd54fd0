import { stoppedTaskEvent } from './event.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults.ts';
import { must } from './must.ts';
import { namesFaults } from './names-faults.ts';
import { diagnoseEvent, readerOf, unansweredIn } from './product.ts';
import { buildWorld, type WorldKind } from './world.ts';

/** Two faults of one world by their names, the one that a packet meets first before the other. */
const pairs: readonly (readonly [WorldKind, string, string])[] = [
  [
    'private-nat',
    'the task group lets nothing out on port 443, towards the internet',
    'the NAT gateway is deleted and its route a blackhole',
  ],
  [
    'private-nat',
    'the network ACL denies port 443 on the way out, towards the internet',
    'the table of the subnet has no default route',
  ],
  [
    'private-nat',
    'the task group lets out to private addresses only',
    'the network ACL of the subnet of the NAT gateway lets nothing out',
  ],
  [
    'private-nat',
    'the subnet of the NAT gateway has no way out',
    'the network ACL denies the answers of the internet on their way in',
  ],
  // What stops a name is met before everything else, and is on no way of the packets.
  [
    'private-nat',
    'a private hosted zone without the record of the registry',
    'the table of the subnet has no default route',
  ],
  [
    'public',
    'a private hosted zone without the record of the registry',
    'a route to the internet gateway, and no public address',
  ],
  [
    'private-nat',
    'DNS Firewall allows a list without the registry, and blocks the rest',
    'the NAT gateway is deleted and its route a blackhole',
  ],
  [
    'privatelink',
    'DNS Firewall allows a list without the registry, and blocks the rest',
    'the group of the endpoints is closed',
  ],
  [
    'ec2',
    'the task group lets nothing out on port 443, towards the internet',
    'the subnet is on the main table, which has no default route',
  ],
  [
    'public',
    'the task group lets nothing out on port 443, towards the internet',
    'a route to the internet gateway, and no public address',
  ],
  ['public', 'the internet gateway is detached', 'a route to the internet gateway, and no public address'],
  [
    'public',
    'the internet gateway is detached',
    'the network ACL denies the answers of the internet on their way in',
  ],
  [
    'privatelink',
    'the task group lets nothing out on port 443, towards the endpoints',
    'the group of the endpoints is closed',
  ],
  ['privatelink', 'private DNS of the endpoint for ecr.api is off', 'the group of the endpoints is closed'],
  [
    'privatelink',
    'the group of the endpoints is closed',
    'the S3 endpoint is not on the table of the subnet',
  ],
  ['privatelink', 'no endpoint for ecr.api', 'the policy of the endpoint for s3 does not allow the pull'],
  [
    'platform-1.3.0',
    'private DNS of the endpoint for ecr.dkr is off',
    'the S3 endpoint is not on the table of the subnet',
  ],
];

const faultOf = (name: string): Fault => must([...faults, ...namesFaults].find((one) => one.name === name));
const checkOf = ({ check }: Fault) => must([check].flat()[0]);

describe.each(pairs)('%s: %s, and %s', (kind, first, second) => {
  const both = [faultOf(first), faultOf(second)] as const;

  test('both are said, in the order in which a packet meets them, and one plan mends both', async () => {
    const world = await buildWorld(kind);
    const culprits = [await both[0].break(world), await both[1].break(world)];
    const text = must(both[0].texts.find(({ worlds }) => worlds.includes(kind)));

    const answer = must(
      await diagnoseEvent(stoppedTaskEvent(world, text.of(world)), readerOf(world.aws.region)),
    );

    const { causes, otherProblems, crashed, mending } = answer.diagnosis;
    const said = [...causes, ...otherProblems];
    expect(unansweredIn(answer.snapshot)).toEqual([]);
    expect(crashed).toEqual([]);
    expect(said.map(({ check }) => check.id)).toEqual(both.map(checkOf));
    for (const [index, { resources }] of said.entries())
      expect([culprits[index]].flat()).toContain(resources[0]);
    expect([...new Set(mending?.changes.map(({ check }) => check))]).toEqual(both.map(checkOf));
    expect(mending?.opens).toBe(true);
  });
});
