import type { PrivateZone, Unknown } from '../model/facts.ts';
import { standsFor } from './dns-name.ts';
import { remedyFor, whyUnknown } from './hop.ts';

/** Whether a zone of this name answers for a host: it is the name of the host, or one above it. */
export const standsAbove = (name: string, host: string): boolean =>
  host === name || host.endsWith(`.${name}`);

/** The private hosted zone that answers for a host, alone: of those above it the one with the longest name. */
export const zoneFor = (host: string, zones: readonly PrivateZone[]): PrivateZone | undefined =>
  zones.filter(({ name }) => standsAbove(name, host)).toSorted((a, b) => b.name.length - a.name.length)[0];

/** Whether a zone has a record of that very name, or a wildcard of a level above it; `null` if its records are not known. */
export const answersFor = (host: string, { recordNames }: PrivateZone): boolean | null =>
  recordNames.status === 'known' ? recordNames.value.some((name) => standsFor(name, host)) : null;

/** What is said of a zone whose records could not be seen: the same wherever it is met, for it is one thing that is not known. */
export const unreadZone = (
  { name, hostedZoneId }: PrivateZone,
  records: Unknown,
): { readonly because: string; readonly ask: string } => ({
  because: `Private hosted zone \`${name}\` (\`${hostedZoneId}\`) answers for hosts of the pull, and its records could not be seen: ${whyUnknown(records)}`,
  ask: remedyFor(records),
});
