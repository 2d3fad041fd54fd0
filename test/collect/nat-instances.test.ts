import { expect, test } from '@jest/globals';
import type { Read } from '../../lambda/aws/api.ts';
import collector from '../../lambda/collect/nat-instances.ts';

const nat = (...checks: readonly boolean[]) => ({
  InstanceId: 'i-0nat',
  State: { Name: 'running' },
  SourceDestCheck: checks[0],
  NetworkInterfaces: checks.map((SourceDestCheck, index) => ({
    NetworkInterfaceId: `eni-0${index}`,
    SubnetId: 'subnet-0a1',
    SourceDestCheck,
    Groups: [{ GroupId: 'sg-0nat' }],
  })),
});
const stranger = { InstanceId: 'i-0web', NetworkInterfaces: [{ NetworkInterfaceId: 'eni-0web' }] };

/** What is collected for some routes, and what AWS was asked for. */
async function collected(routes: readonly object[], instances: readonly object[]) {
  const asked: unknown[] = [];
  const read = (async (_action: string, { Filters }: { Filters: unknown }) => {
    asked.push(Filters);
    return { Reservations: [{ Instances: instances }] };
  }) as unknown as Read;
  const facts = { subnets: [{ vpcId: 'vpc-0a1' }], routeTables: [{ routes }] };
  const found = await collector.collect(facts as never, read, undefined as never, null);
  return { asked, found };
}

test('nothing is asked where no route leads to an instance', async () => {
  expect(await collected([{ target: 'nat-0a1' }, { target: 'igw-0a1' }], [])).toEqual({
    asked: [],
    found: [],
  });
});

test.each([
  ['an instance by its id', { target: 'i-0nat' }, { Name: 'instance-id', Values: ['i-0nat'] }],
  [
    'that of an interface by its id too, where AWS names it',
    { target: 'eni-00', instanceId: 'i-0nat' },
    { Name: 'instance-id', Values: ['i-0nat'] },
  ],
  ['else among those of the VPC', { target: 'eni-00' }, { Name: 'vpc-id', Values: ['vpc-0a1'] }],
])('%s', async (_title, route, filter) => {
  const { asked, found } = await collected([route], [stranger, nat(true)]);

  expect(asked).toEqual([[filter]]);
  expect(found).toMatchObject([{ instanceId: 'i-0nat', interfaces: [{ sourceDestCheck: true }] }]);
});

test('of several interfaces each has a check of its own', async () => {
  const { found } = await collected([{ target: 'eni-01' }], [nat(false, true)]);

  expect(found).toMatchObject([{ interfaces: [{ sourceDestCheck: false }, { sourceDestCheck: true }] }]);
});
