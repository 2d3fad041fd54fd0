import { blank, command, type Words } from '../command.ts';
import { leavesNamesOpen, speaksOfNames } from '../error-text/pull-error.ts';
import type { Outcome } from '../model/check.ts';
import type { PrivateZone, PullError, StoppedTask } from '../model/facts.ts';
import { asksAmazon } from '../network/dns-servers.ts';
import { knownValue } from '../network/hop.ts';
import { answersFor, unreadZone, zoneFor } from '../network/private-zone.ts';
import { defineCheck, everyStep, found, notApplicable, ruledOut, undecided } from './define.ts';
import { hopOfNames, ofNames } from './names-in-question.ts';
import { someOf } from './some-of.ts';

/** A private hosted zone answers for every name under its own: what it has no record for does not exist in the VPC. */
export default defineCheck({
  id: 'private-zone-shadows-registry',
  cause: 'A private hosted zone hides the registry from the VPC',
  source: {
    title: 'Amazon Route 53 Developer Guide',
    section: 'Considerations when working with a private hosted zone',
    url: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html',
  },
  needs: ['task', 'pullError', 'paths', 'privateZones'],
  uses: ['vpc', 'dhcpOptions'],

  examine({ task, pullError, paths, privateZones }, { vpc, dhcpOptions }) {
    if (!privateZones || !speaksOfNames(pullError)) return notApplicable('the text speaks of no name');
    // The zone that AWS makes for an endpoint is longer than any that stands above it.
    const outside = paths.filter(({ addresses }) => addresses !== 'private');
    return ofNames(pullError, outside, (host) =>
      shadowing(host, privateZones, {
        task,
        pullError,
        vpcId: knownValue(vpc)?.vpcId ?? blank('vpc'),
        asked: asksAmazon({ vpc, dhcpOptions }),
      }),
    );
  },
});

interface Asked {
  readonly task: StoppedTask;
  readonly pullError: PullError;
  readonly vpcId: string | Words;
  /** Whether the tasks are sure to ask the server that knows the zones. */
  readonly asked: boolean;
}

function shadowing(
  host: string,
  privateZones: readonly PrivateZone[],
  { task, pullError, vpcId, asked }: Asked,
): Outcome {
  const zone = zoneFor(host, privateZones);
  if (!zone) return ruledOut(`No private hosted zone of the VPC stands above \`${host}\``);
  if (zone.recordNames.status === 'unknown') {
    const { because, ask } = unreadZone(zone, zone.recordNames);
    return undecided(because, [zone.hostedZoneId], ask);
  }
  const hasRecord = answersFor(host, zone);
  // A zone that leads a name to an address may be meant to: only a text shows that it misleads.
  const missing = leavesNamesOpen(pullError) || pullError.symptoms.includes('name-not-resolved');
  if (hasRecord && missing)
    return ruledOut(`Private hosted zone \`${zone.name}\` has a record for \`${host}\``);
  const others =
    zone.recordNames.value.length > 0 ? `: it has records for ${someOf(zone.recordNames.value)}` : '';
  return found(hasRecord || !asked ? 'likely' : 'proven', {
    evidence: [
      hasRecord
        ? `Private hosted zone \`${zone.name}\` (\`${zone.hostedZoneId}\`) leads \`${host}\` to an address of its own`
        : `Private hosted zone \`${zone.name}\` (\`${zone.hostedZoneId}\`) answers for \`${host}\`, and has no record for it`,
    ],
    resources: [zone.hostedZoneId],
    closes: everyStep,
    hop: hopOfNames,
    fixes: [
      {
        do: `Give \`${zone.name}\` a record for \`${host}\`, or take the VPC away from the zone, if nobody in the VPC needs its other names${others}`,
        // What the other names are for nobody can see from here.
        cli: others
          ? command`aws route53 list-resource-record-sets --hosted-zone-id ${zone.hostedZoneId} --query 'ResourceRecordSets[].[Name,Type]' --output text`
          : command`aws route53 disassociate-vpc-from-hosted-zone --hosted-zone-id ${zone.hostedZoneId} --vpc VPCRegion=${task.region},VPCId=${vpcId}`,
      },
      { do: 'Make a zone only as wide as the names that it answers for' },
    ],
  });
}
