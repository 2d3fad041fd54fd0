import { CallFailed } from '../aws/call-failed.ts';
import { answered } from './answered.ts';
import { defineCollector } from './define.ts';

export default defineCollector({
  fact: 'vpc',
  needs: ['subnets'],

  async collect({ subnets: [subnet] }, read) {
    if (!subnet) return null;
    const { Vpcs } = await read('ec2:DescribeVpcs', { VpcIds: [subnet.vpcId] });
    const [vpc] = answered('ec2:DescribeVpcs', Vpcs);
    if (!vpc?.VpcId) throw new CallFailed('ec2:DescribeVpcs', 'EmptyAnswer', 'no-answer');
    const blocks = [vpc, ...(vpc.CidrBlockAssociationSet ?? [])].flatMap(({ CidrBlock }) => CidrBlock ?? []);
    return {
      vpcId: vpc.VpcId,
      ownerId: vpc.OwnerId ?? null,
      cidrBlocks: [...new Set(blocks)],
      dhcpOptionsId: vpc.DhcpOptionsId ?? null,
    };
  },
});
