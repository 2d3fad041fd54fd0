import { expect, test } from '@jest/globals';
import { subnetOf } from '../../lambda/collect/subnet-of.ts';

test('a subnet with DNS64 says so', () => {
  const subnet = { SubnetId: 'subnet-0a1', VpcId: 'vpc-0a1', Ipv6Native: true };

  expect(subnetOf({ ...subnet, EnableDns64: true })).toMatchObject([{ ipv6Native: true, dns64: true }]);
  for (const without of [subnet, { ...subnet, EnableDns64: false }])
    expect(subnetOf(without)[0]).not.toHaveProperty('dns64');
});
