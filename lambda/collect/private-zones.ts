import type { Read } from '../aws/api.ts';
import { CallFailed } from '../aws/call-failed.ts';
import type { PrivateZone } from '../model/facts.ts';
import { allPages, answered } from './answered.ts';
import { defineCollector } from './define.ts';
import { hostsInQuestion } from './pull-hosts.ts';

/**
 * The private hosted zones of the VPC that stand above a host of the pull: such a zone answers for all names under its own, and
 * never hands on to the public DNS. Asked for only where the text speaks of a name.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
 */
export default defineCollector({
  fact: 'privateZones',
  needs: ['task', 'images', 'subnets'],

  async collect({ task, images, subnets: [subnet] }, read) {
    const hosts = hostsInQuestion(task, images);
    if (!subnet || hosts.length === 0) return null;
    const VPCRegion = task.region as 'us-east-1';
    const zones = await allPages('route53:ListHostedZonesByVPC', async (NextToken) => {
      const answer = await read('route53:ListHostedZonesByVPC', {
        VPCId: subnet.vpcId,
        VPCRegion,
        NextToken,
      });
      return { items: answer.HostedZoneSummaries, next: answer.NextToken };
    });
    const above = zones.flatMap(({ HostedZoneId, Name, Owner }) => {
      const name = Name?.replace(/\.$/, '').toLowerCase() ?? '';
      // The zones that AWS services make, for the private names of endpoints, are as they should be.
      if (
        !HostedZoneId ||
        Owner?.OwningService ||
        !hosts.some((host) => host === name || host.endsWith(`.${name}`))
      )
        return [];
      return [{ hostedZoneId: HostedZoneId, name }];
    });
    return Promise.all(
      above.map(
        async (zone): Promise<PrivateZone> => ({
          ...zone,
          recordNames: await recordNames(zone.hostedZoneId, read),
        }),
      ),
    );
  },
});

async function recordNames(HostedZoneId: string, read: Read): Promise<PrivateZone['recordNames']> {
  try {
    const { ResourceRecordSets } = await read('route53:ListResourceRecordSets', {
      HostedZoneId,
      MaxItems: 300,
    });
    const names = answered('route53:ListResourceRecordSets', ResourceRecordSets).flatMap(({ Name, Type }) =>
      Name && ['A', 'AAAA', 'CNAME'].includes(Type ?? '')
        ? [Name.replace(/\.$/, '').replace('\\052', '*').toLowerCase()]
        : [],
    );
    return { status: 'known', value: [...new Set(names)] };
  } catch (error) {
    if (error instanceof CallFailed)
      return { status: 'unknown', why: error.why, action: error.action, error: error.code };
    throw error;
  }
}
