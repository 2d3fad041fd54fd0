import { expect, test } from '@jest/globals';
import { diagnose } from '../../lambda/diagnose.ts';
import { lookOf, summaryOf, type Way, waysOf } from '../../lambda/render/way.ts';
import { refused } from '../support/asking.ts';
import { diagnosisOf, snapshotNames, snapshotOf } from '../support/snapshots.ts';

const waysOfScenario = (name: string) => waysOf(diagnosisOf(name));
const drawn = ({ stops }: Way) => stops.map((stop) => `${stop.name}: ${lookOf(stop)}`);

test('connections that pass the same things are one way, which ends in red with what lies behind in grey', () => {
  const ways = waysOfScenario('nat-gateway-deleted');

  expect(ways.map(summaryOf)).toEqual(['Token, manifest and layers end at the NAT gateway `nat-0a1`']);
  expect(ways.map(drawn)).toEqual([
    [
      'Task: open',
      'Name resolution: open',
      'Security group: open',
      'Subnet and network ACL: open',
      'Route table: open',
      'NAT gateway: closed',
      'Registry hosts: skipped',
    ],
  ]);
});

test('connections through different endpoints are ways of their own', () => {
  const ways = waysOfScenario('endpoint-for-layers-on-another-table');

  expect(ways.map(summaryOf)).toEqual([
    'Token gets through',
    'Manifest gets through',
    'Layers end at the route table `rtb-0task`',
  ]);
});

test('what nobody can see is unknown, and so is whether the registry is reached', () => {
  const [way] = waysOfScenario('healthy-transit-gateway');

  expect(way && drawn(way).slice(-2)).toEqual(['Transit gateway: unknown', 'Registry hosts: unknown']);
});

test('a subnet that stands for what could not be seen, or is not there, is called no route table and no address', () => {
  const { facts, ...snapshot } = snapshotOf('healthy-nat-umbrella');
  const unseen = { ...snapshot, facts: { ...facts, routeTables: refused } };

  expect(waysOf(diagnose(unseen)).map(summaryOf)).toEqual([
    'Token, manifest and layers cannot be followed past the route table of the subnet `subnet-0task`',
  ]);
  expect(waysOfScenario('public-subnet-without-public-ip').map(summaryOf)).toEqual([
    'Token, manifest and layers end at the subnet `subnet-0task`, for want of a public IP address',
  ]);
});

test.each([
  ['vpc-dns-off', 'Token, manifest and layers end at name resolution (`vpc-0a1`)'],
  ['healthy-private-zone', 'Manifest cannot be followed past the private hosted zone `Z01`'],
  ['ipv6-only-subnet', 'Manifest and layers end at the subnet `subnet-0task`, because of its address family'],
  [
    'healthy-standalone-task',
    'Token, manifest and layers cannot be followed past the security groups of the task',
  ],
])('where a way ends is said as people say it: %s', (scenario, sentence) => {
  expect(waysOfScenario(scenario).map(summaryOf)).toContain(sentence);
});

test('what stands elsewhere is called by what it is', () => {
  const called = (at: string) => {
    const hop = {
      is: 'elsewhere',
      at,
      check: 'x',
      verdict: 'unknown',
      because: '',
      certainty: 'likely',
    } as const;
    const destination = { host: 'h', step: 'token', service: null, region: null } as const;
    const path = { destination, subnetId: 'subnet-0a1', addresses: 'public' } as const;
    const [way] = waysOf({ taskArn: 't', paths: [{ ...path, hops: [{ ...hop, resources: [at] }] }] });
    return way && summaryOf(way).replace(/.* past /, '');
  };

  expect(
    [
      'arn:aws:networkmanager::111122223333:core-network/core-network-0a1',
      'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7',
      'pcx-0a1',
      '10.0.7.7',
      'local',
    ].map(called),
  ).toEqual([
    'the core network `arn:aws:networkmanager::111122223333:core-network/core-network-0a1`',
    'the task definition `arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7`',
    'the peering connection `pcx-0a1`',
    'the host `10.0.7.7`',
    '`local`',
  ]);
});

test('an ACL that stops only the answers stands behind the registry, which was reached', () => {
  const [way] = waysOfScenario('acl-denies-answers');

  expect(way && drawn(way).slice(-2)).toEqual([
    'Registry hosts: open',
    'Network ACL for the answers: closed',
  ]);
});

test('the ACL of the subnet of a NAT gateway is not the NAT gateway', () => {
  const [way] = waysOfScenario('acl-of-nat-subnet');

  expect(way?.end).toMatchObject({ name: 'Network ACL', ids: ['acl-0public'] });
});

test.each(snapshotNames)(
  'in %s the drawing shows every closed and unknown hop, and no end that is none',
  (name) => {
    const { paths, taskArn } = diagnosisOf(name);

    const ways = waysOf({ paths, taskArn });

    const worst = (verdicts: readonly string[]) =>
      (['closed', 'unknown'] as const).find((one) => verdicts.includes(one)) ?? 'open';
    expect(ways.flatMap(({ destinations }) => destinations)).toHaveLength(paths.length);
    for (const path of paths) {
      const way = ways.find(
        ({ subnetId, destinations }) => subnetId === path.subnetId && destinations.includes(path.destination),
      );
      expect(way?.verdict).toBe(worst(path.hops.map(({ verdict }) => verdict)));
      for (const hop of path.hops.filter(({ verdict }) => verdict !== 'open'))
        expect(
          way?.stops.some((stop) => stop.hops.some(({ is, at }) => is === hop.is && at === hop.at)),
        ).toBe(true);
    }
  },
);
