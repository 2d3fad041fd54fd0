import type { CollectedFacts, DnsFirewallRule, PullError } from '../model/facts.ts';
import type { Destination, Path } from '../model/network.ts';
import { rulingOn } from './dns-firewall.ts';
import { knownValue } from './hop.ts';
import { answersFor, zoneFor } from './private-zone.ts';

interface NameMend {
  readonly check: string;
  readonly does: string;
  readonly facts: CollectedFacts;
}

/** What the names of a pull meet before they are resolved, which the ways of the packets do not show. */
export interface Names {
  /** The change that lets the first name through that leads nowhere; `null`: none does. */
  readonly mend: NameMend | null;
  /** Whether something that may stop a name could not be seen. */
  readonly inDoubt: boolean;
}

/** Goes through the names of these paths, but for those that the text shows to have been resolved. */
export function namesOf(facts: CollectedFacts, error: PullError, paths: readonly Path[]): Names {
  const { privateZones, dnsFirewallRules } = facts;
  const asked = paths.filter(({ destination }) => !wasResolved(destination, error));
  const zones = knownValue(privateZones) ?? [];
  const rules = knownValue(dnsFirewallRules) ?? [];
  const seen = asked.map(({ destination: { host }, addresses }) => ({
    host,
    ruling: rulingOn(host, rules),
    // The zone that AWS makes for an endpoint is longer than any that stands above it.
    zone: addresses === 'private' ? undefined : zoneFor(host, zones),
  }));

  const blocked = seen.find(({ ruling }) => ruling.does === 'block');
  if (blocked?.ruling.does === 'block') {
    const { ruleGroupId } = blocked.ruling.rule;
    const allowing: DnsFirewallRule = {
      ruleGroupId,
      priority: null,
      action: 'ALLOW',
      blockResponse: null,
      queryType: null,
      domainListId: null,
      domains: { status: 'known', value: [...new Set(paths.map(({ destination: { host } }) => host))] },
      trustsRedirection: true,
    };
    const does = `Let \`${ruleGroupId}\` of DNS Firewall allow the hosts of the pull`;
    const mended = { status: 'known', value: [allowing, ...rules] } as const;
    return named('dns-firewall-blocks-registry', does, { ...facts, dnsFirewallRules: mended });
  }
  const shadowed = seen.find(({ host, zone }) => zone && answersFor(host, zone) === false);
  if (shadowed?.zone) {
    const { name, hostedZoneId } = shadowed.zone;
    const does = `Give \`${name}\` (\`${hostedZoneId}\`) a record for \`${shadowed.host}\`, or take the VPC away from it`;
    const mended = {
      status: 'known',
      value: zones.filter((one) => one.hostedZoneId !== hostedZoneId),
    } as const;
    return named('private-zone-shadows-registry', does, { ...facts, privateZones: mended });
  }
  const unread = seen.some(
    ({ ruling, zone }) =>
      ruling.does === 'unseen' ||
      // What an allowed name leads to may be blocked by another rule.
      (ruling.does === 'allow' && ruling.next) ||
      zone?.recordNames.status === 'unknown',
  );
  const unknown = privateZones.status === 'unknown' || dnsFirewallRules.status === 'unknown';
  return { mend: null, inDoubt: asked.length > 0 && (unread || unknown) };
}

const named = (check: string, does: string, facts: CollectedFacts): Names => ({
  mend: { check, does, facts },
  inDoubt: false,
});

/** An address was dialled for it, or its host answered. */
const wasResolved = ({ host, step }: Destination, error: PullError): boolean =>
  Boolean(error.answered?.includes(step)) ||
  (error.address !== undefined && (error.host === undefined ? error.step === step : error.host === host));
