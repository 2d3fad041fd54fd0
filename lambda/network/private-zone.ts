import type { PrivateZone } from '../model/facts.ts';
import { standsFor } from './dns-name.ts';

/** The private hosted zone that answers for a host, alone: of those above it the one with the longest name. */
export const zoneFor = (host: string, zones: readonly PrivateZone[]): PrivateZone | undefined =>
  zones
    .filter(({ name }) => host === name || host.endsWith(`.${name}`))
    .toSorted((a, b) => b.name.length - a.name.length)[0];

/** Whether a zone has a record of that very name, or a wildcard of a level above it; `null` if its records are not known. */
export const answersFor = (host: string, { recordNames }: PrivateZone): boolean | null =>
  recordNames.status === 'known' ? recordNames.value.some((name) => standsFor(name, host)) : null;
