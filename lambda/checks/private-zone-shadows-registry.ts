import type { PrivateZone } from '../model/facts.ts';
import { standsFor } from '../network/dns-name.ts';
import { remedyFor, whyUnknown } from '../network/hop.ts';
import { defineCheck, found, notApplicable, ruledOut, undecided } from './define.ts';

/** A private hosted zone answers for every name under its own: what it has no record for does not exist in the VPC. */
export default defineCheck({
  id: 'private-zone-shadows-registry',
  cause: 'A private hosted zone hides the registry from the VPC',
  source: {
    title: 'Amazon Route 53 Developer Guide',
    section: 'Considerations when working with a private hosted zone',
    url: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html',
  },
  needs: ['task', 'pullError', 'privateZones'],

  examine({ task, pullError, privateZones }) {
    if (!privateZones) return notApplicable('the text speaks of no name');
    const host = pullError.host;
    if (!host) return notApplicable('the text names no host');
    const above = privateZones.filter(({ name }) => host === name || host.endsWith(`.${name}`));
    // The zone with the longest name answers, alone.
    const [zone] = above.toSorted((a, b) => b.name.length - a.name.length);
    if (!zone) return ruledOut(`No private hosted zone of the VPC stands above \`${host}\``);
    if (zone.recordNames.status === 'unknown')
      return undecided(
        `Private hosted zone \`${zone.name}\` (\`${zone.hostedZoneId}\`) answers for \`${host}\`, and its records could not be seen: ${whyUnknown(zone.recordNames)}`,
        [zone.hostedZoneId],
        remedyFor(zone.recordNames),
      );
    const hasRecord = answers(host, zone);
    const missing = pullError.symptoms.includes('name-not-resolved');
    if (hasRecord && missing)
      return ruledOut(`Private hosted zone \`${zone.name}\` has a record for \`${host}\``);
    return found(hasRecord ? 'likely' : 'proven', {
      evidence: [
        hasRecord
          ? `Private hosted zone \`${zone.name}\` (\`${zone.hostedZoneId}\`) leads \`${host}\` to an address of its own`
          : `Private hosted zone \`${zone.name}\` (\`${zone.hostedZoneId}\`) answers for \`${host}\`, and has no record for it`,
      ],
      resources: [zone.hostedZoneId],
      closes: ['token', 'secrets', 'manifest', 'layers'],
      fixes: [
        {
          do: `Take the VPC away from \`${zone.name}\`, or give the zone a record for \`${host}\``,
          cli: `aws route53 disassociate-vpc-from-hosted-zone --hosted-zone-id ${zone.hostedZoneId} --vpc VPCRegion=${task.region},VPCId=<vpc>`,
        },
        { do: 'Make a zone only as wide as the names that it answers for' },
      ],
    });
  },
});

/** A record of that very name, or a wildcard of a level above it. */
const answers = (host: string, { recordNames }: PrivateZone): boolean =>
  recordNames.status === 'known' && recordNames.value.some((name) => standsFor(name, host));
