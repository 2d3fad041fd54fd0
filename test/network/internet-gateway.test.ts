import { expect, test } from '@jest/globals';
import type { Subnet } from '../../lambda/model/facts.ts';
import { refused } from '../support/asking.ts';
import { type Edit, notOpen, pathIn, type Situation } from './hops.ts';

const start = 'public IP address';
const noAddress = ['public IP address', false] as const;
const onInstance = ['launch', 'EC2'] as const;
const service = 'arn:aws:ecs:eu-west-1:111122223333:service/prod/web';
const instance = { instance: () => ({ instanceId: 'i-0a1' }) };

const addressIn = (situation: Situation) =>
  pathIn({ start, ...situation })?.hops.find(({ is }) => is === 'public IP address');

test.each<[string, Situation, string, readonly string[]]>([
  [
    'a task of a service',
    {},
    '`assignPublicIp` is `DISABLED`, and `rtb-0task` of subnet `subnet-0task` routes to internet gateway `igw-0a1`',
    ['subnet-0task', service, 'rtb-0task', 'igw-0a1'],
  ],
  [
    'a task of none',
    { edit: { service: () => null } },
    '`assignPublicIp` is `DISABLED`, and `rtb-0task` of subnet `subnet-0task` routes to internet gateway `igw-0a1`',
    ['subnet-0task', 'rtb-0task', 'igw-0a1'],
  ],
  [
    'an instance, whoever runs tasks on it',
    { changes: [onInstance], edit: instance },
    'Instance `i-0a1` has no public IP address, and `rtb-0task` routes to internet gateway `igw-0a1`',
    ['subnet-0task', 'i-0a1', 'rtb-0task', 'igw-0a1'],
  ],
  [
    'a task with an interface of its own, whatever instance it is on',
    { edit: instance },
    '`assignPublicIp` is `DISABLED`, and `rtb-0task` of subnet `subnet-0task` routes to internet gateway `igw-0a1`',
    ['subnet-0task', service, 'rtb-0task', 'igw-0a1'],
  ],
])('without a public IP address, %s is named', (_, { changes = [], edit = {} }, because, resources) => {
  expect(addressIn({ changes: [noAddress, ...changes], edit })).toMatchObject({
    verdict: 'closed',
    certainty: 'proven',
    because,
    resources,
  });
});

test('who has a public IP address is named', () => {
  const becauseOf = (situation: Situation) => addressIn(situation)?.because;

  expect(becauseOf({})).toBe('The task in `subnet-0task` has a public IP address');
  expect(becauseOf({ changes: [onInstance], edit: instance })).toBe(
    'The instance in `subnet-0task` has a public IP address',
  );
});

test.each<[string, Edit, string]>([
  [
    'that nobody could see',
    { vpcSubnets: refused },
    'Whether VPC Block Public Access stops subnet `subnet-0public` could not be seen: AWS refused',
  ],
  [
    'that is not among those of the VPC',
    { vpcSubnets: (all: readonly Subnet[]) => all.filter(({ subnetId }) => subnetId !== 'subnet-0public') },
    'Subnet `subnet-0public` was not found, so whether VPC Block Public Access stops it is not known',
  ],
])('whether public access is blocked in the subnet of a NAT gateway %s is not known', (_, edit, because) => {
  const hops = pathIn({ edit })?.hops;

  expect(notOpen(hops)).toBe('unknown internet-access-blocked');
  expect(hops?.find(({ verdict }) => verdict === 'unknown')?.because).toContain(because);
});
