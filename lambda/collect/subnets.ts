import { CallFailed } from '../aws/call-failed.ts';
import { answered } from './answered.ts';
import { defineCollector } from './define.ts';
import { subnetOf } from './subnet-of.ts';

/** The subnets that the pull may have left from. */
export default defineCollector({
  fact: 'subnets',
  needs: ['placement'],

  async collect({ placement }, read) {
    if (!placement) return [];
    try {
      const { Subnets } = await read('ec2:DescribeSubnets', { SubnetIds: [...placement.subnetIds] });
      const subnets = answered('ec2:DescribeSubnets', Subnets).flatMap(subnetOf);
      if (subnets.length > 0) return subnets;
    } catch (error) {
      if (!(error instanceof CallFailed && error.code === 'InvalidSubnetID.NotFound')) throw error;
    }
    return {
      status: 'unknown',
      why: 'gone',
      action: 'ec2:DescribeSubnets',
      error: 'InvalidSubnetID.NotFound',
    };
  },
});
