import { CallFailed } from '../aws/call-failed.ts';
import { defineCollector } from './define.ts';

/** The two DNS attributes of a VPC; one call each. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html */
export default defineCollector({
  fact: 'vpcDns',
  needs: ['subnets'],
  uses: ['vpcEndpoints'],

  async collect({ subnets: [subnet] }, read, ask) {
    if (!subnet) return { enableDnsSupport: true, enableDnsHostnames: null };
    const attribute = (Attribute: 'enableDnsSupport' | 'enableDnsHostnames') =>
      read('ec2:DescribeVpcAttribute', { VpcId: subnet.vpcId, Attribute });
    const { EnableDnsSupport } = await attribute('enableDnsSupport');
    const enableDnsSupport = EnableDnsSupport?.Value;
    if (enableDnsSupport === undefined)
      throw new CallFailed('ec2:DescribeVpcAttribute', 'EmptyAnswer', 'no-answer');

    // The other attribute matters to the private names of endpoints alone.
    const endpoints = await ask('vpcEndpoints');
    if (endpoints.status === 'known' && !endpoints.value.some(({ privateDnsEnabled }) => privateDnsEnabled))
      return { enableDnsSupport, enableDnsHostnames: null };
    const { EnableDnsHostnames } = await attribute('enableDnsHostnames');
    const enableDnsHostnames = EnableDnsHostnames?.Value;
    if (enableDnsHostnames === undefined)
      throw new CallFailed('ec2:DescribeVpcAttribute', 'EmptyAnswer', 'no-answer');
    return { enableDnsSupport, enableDnsHostnames };
  },
});
