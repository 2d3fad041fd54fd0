import type { Read } from '../aws/api.ts';
import type { PrivateZone, RouteTable, VpcEndpoint } from '../model/facts.ts';
import { knownValue } from '../network/hop.ts';
import { standsAbove } from '../network/private-zone.ts';
import { leadsToOtherNetwork } from '../network/route-table.ts';
import { allPages } from './answered.ts';
import { defineCollector } from './define.ts';
import { factOf } from './fact.ts';
import { hostsOfPull, namesInQuestion } from './pull-hosts.ts';

/**
 * The private hosted zones of the VPC that stand above a host of the pull: such a zone answers for all names under its own, and
 * never hands on to the public DNS. Asked for only where the text speaks of a name, or where a zone may lead to an endpoint.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
 */
export default defineCollector({
  fact: 'privateZones',
  needs: ['task', 'images', 'subnets'],
  uses: ['taskDefinition', 'routeTables', 'vpcEndpoints'],

  async collect({ task, images, subnets: [subnet] }, read, ask) {
    if (!subnet) return null;
    if (!namesInQuestion(task)) {
      const [tables, endpoints] = await Promise.all([ask('routeTables'), ask('vpcEndpoints')]);
      if (!mayLeadToEndpoint(knownValue(tables) ?? [], knownValue(endpoints) ?? [])) return null;
    }
    const hosts = hostsOfPull(task, images, await ask('taskDefinition'));
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
      if (!HostedZoneId || Owner?.OwningService || !hosts.some((host) => standsAbove(name, host))) return [];
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

/** Whether a private hosted zone may stand for endpoints: those of another VPC, or those here without private DNS. */
const mayLeadToEndpoint = (tables: readonly RouteTable[], endpoints: readonly VpcEndpoint[]): boolean =>
  tables.some(leadsToOtherNetwork) ||
  endpoints.some(({ type, privateDnsEnabled }) => /^interface$/i.test(type) && !privateDnsEnabled);

const recordNames = (HostedZoneId: string, read: Read): Promise<PrivateZone['recordNames']> =>
  factOf(async () => {
    // A page begins where the one before ended: at a name, a type, and which of several sets of both.
    const sets = await allPages('route53:ListResourceRecordSets', async (start) => {
      const [StartRecordName, StartRecordType, StartRecordIdentifier] = start ? JSON.parse(start) : [];
      const answer = await read('route53:ListResourceRecordSets', {
        HostedZoneId,
        MaxItems: 300,
        ...(StartRecordName && { StartRecordName }),
        ...(StartRecordType && { StartRecordType }),
        ...(StartRecordIdentifier && { StartRecordIdentifier }),
      });
      const { NextRecordName, NextRecordType, NextRecordIdentifier } = answer;
      const next = JSON.stringify([NextRecordName, NextRecordType, NextRecordIdentifier]);
      return { items: answer.ResourceRecordSets, next: answer.IsTruncated ? next : undefined };
    });
    const names = sets.flatMap(({ Name, Type }) =>
      Name && ['A', 'AAAA', 'CNAME'].includes(Type ?? '')
        ? [Name.replace(/\.$/, '').replace('\\052', '*').toLowerCase()]
        : [],
    );
    return [...new Set(names)];
  });
