import { allPages } from './answered.ts';
import { defineCollector, ownedByOther } from './define.ts';

/** The internet gateways that are attached to the VPC. */
export default defineCollector({
  fact: 'internetGateways',
  needs: ['task', 'subnets'],

  async collect({ task, subnets: [subnet] }, read) {
    if (!subnet) return [];
    if (subnet.ownerId && subnet.ownerId !== task.accountId)
      return ownedByOther(subnet.ownerId, 'ec2:DescribeInternetGateways');
    const gateways = await allPages('ec2:DescribeInternetGateways', async (NextToken) => {
      const Filters = [{ Name: 'attachment.vpc-id', Values: [subnet.vpcId] }];
      const answer = await read('ec2:DescribeInternetGateways', { Filters, NextToken });
      return { items: answer.InternetGateways, next: answer.NextToken };
    });
    return gateways.flatMap(({ InternetGatewayId, Attachments = [] }) =>
      InternetGatewayId &&
      Attachments.some(({ VpcId, State }) => VpcId === subnet.vpcId && !/^detach/i.test(State ?? ''))
        ? [{ internetGatewayId: InternetGatewayId }]
        : [],
    );
  },
});
