import { brokenPathsOf } from '../../lambda/incident/broken-paths.ts';
import type { Incident } from '../../lambda/incident/items.ts';
import { headline } from '../../lambda/render/outline.ts';
import { diagnosisOf } from './snapshots.ts';

export const openedAt = Date.parse('2026-11-20T03:04:10Z');

/** The incident that the diagnosis of a scenario opens, as the table has it. */
export function incidentOf(scenario: string, more: Partial<Incident> = {}): Incident {
  const diagnosis = diagnosisOf(scenario);
  const [cause] = diagnosis.causes;
  const brokenPaths = brokenPathsOf(diagnosis);
  return {
    id: `incident ${scenario}`,
    correlationId: '3f9a1c07be52',
    accountId: '111122223333',
    awsRegion: 'eu-west-1',
    clusterArn: diagnosis.clusterArn,
    groupName: diagnosis.group ?? 'service:web',
    headline: headline(diagnosis),
    conclusion: diagnosis.conclusion,
    checkId: cause?.check.id ?? null,
    resourceName: cause?.resources[0] ?? null,
    openedAt,
    toldAt: openedAt,
    updates: 0,
    toldFailures: 1,
    toldVictims: 1,
    openVictims: new Set(['victim 1']),
    hitVictims: new Set(['victim 1']),
    endedFailures: 0,
    ...(brokenPaths !== null && { brokenPaths }),
    ...more,
  };
}
