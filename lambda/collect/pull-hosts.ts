import { parsePullError, speaksOfNames } from '../error-text/pull-error.ts';
import { pullErrorText } from '../event.ts';
import type { ImageReference, StoppedTask } from '../model/facts.ts';
import { partitionOf } from '../network/partition.ts';

/** The hosts of the pull whose names are in question; none where the text speaks of no name. */
export const hostsInQuestion = (task: StoppedTask, images: readonly ImageReference[]): readonly string[] =>
  speaksOfNames(parsePullError(pullErrorText(task) ?? '')) ? hostsOfPull(task, images) : [];

/** The hosts that a pull connects to, and the one that the text names. */
export function hostsOfPull(task: StoppedTask, images: readonly ImageReference[]): readonly string[] {
  const { host } = parsePullError(pullErrorText(task) ?? '');
  return [
    ...(host ? [host] : []),
    ...images.flatMap(({ registry, ecr }) => [
      ...(registry ? [registry] : []),
      ...(ecr ? hostsOfRegion(ecr.region) : []),
    ]),
  ];
}

function hostsOfRegion(region: string): readonly string[] {
  const { suffix } = partitionOf(region);
  return [`api.ecr.${region}.${suffix}`, `prod-${region}-starport-layer-bucket.s3.${region}.${suffix}`];
}
