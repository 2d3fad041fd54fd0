import { allPages } from './answered.ts';
import { defineCollector } from './define.ts';
import { subnetOf } from './subnet-of.ts';

/** Every subnet of the VPC: NAT gateways and endpoints stand in some of them. */
export default defineCollector({
  fact: 'vpcSubnets',
  needs: ['subnets'],

  async collect({ subnets: [subnet] }, read) {
    if (!subnet) return [];
    const all = await allPages('ec2:DescribeSubnets', async (NextToken) => {
      const Filters = [{ Name: 'vpc-id', Values: [subnet.vpcId] }];
      const answer = await read('ec2:DescribeSubnets', { Filters, NextToken });
      return { items: answer.Subnets, next: answer.NextToken };
    });
    return all.flatMap(subnetOf);
  },
});
