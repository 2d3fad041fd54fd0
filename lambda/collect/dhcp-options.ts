import { allPages } from './answered.ts';
import { defineCollector, ownedByOther } from './define.ts';

/** The DHCP options set of the VPC. Read without a filter, so that it need not wait for the VPC's own answer. */
export default defineCollector({
  fact: 'dhcpOptions',
  needs: ['task', 'subnets'],
  uses: ['vpc'],

  async collect({ task, subnets: [subnet] }, read, ask) {
    if (!subnet) return null;
    if (subnet.ownerId && subnet.ownerId !== task.accountId)
      return ownedByOther(subnet.ownerId, 'ec2:DescribeDhcpOptions');
    const [sets, vpc] = await Promise.all([
      allPages('ec2:DescribeDhcpOptions', async (NextToken) => {
        const answer = await read('ec2:DescribeDhcpOptions', { NextToken });
        return { items: answer.DhcpOptions, next: answer.NextToken };
      }),
      ask('vpc'),
    ]);
    if (vpc.status === 'unknown') return vpc;
    const dhcpOptionsId = vpc.value?.dhcpOptionsId;
    if (!dhcpOptionsId) return null;
    const set = sets.find((one) => one.DhcpOptionsId === dhcpOptionsId);
    if (!set) {
      // `default` stands for the set that AWS gives each Region; it is not always listed.
      if (dhcpOptionsId === 'default') return { dhcpOptionsId, domainNameServers: ['AmazonProvidedDNS'] };
      return {
        status: 'unknown',
        why: 'gone',
        action: 'ec2:DescribeDhcpOptions',
        error: `${dhcpOptionsId} is not listed`,
      };
    }
    const servers = set.DhcpConfigurations?.find(({ Key }) => Key === 'domain-name-servers')?.Values ?? [];
    return { dhcpOptionsId, domainNameServers: servers.flatMap(({ Value }) => (Value ? [Value] : [])) };
  },
});
