import { parsePullError } from '../error-text/pull-error.ts';
import { pullErrorText } from '../event.ts';
import type { ImageReference, StoppedTask } from '../model/facts.ts';

/** Texts in which a name led to nothing, or to somebody else. */
const ofNames = ['name-not-resolved', 'certificate-untrusted'];

/** The hosts of the pull whose names are in question; none where the text speaks of no name. */
export function hostsInQuestion(task: StoppedTask, images: readonly ImageReference[]): readonly string[] {
  const error = parsePullError(pullErrorText(task) ?? '');
  if (!ofNames.some((id) => error.symptoms.includes(id))) return [];
  return [
    ...(error.host ? [error.host] : []),
    ...images.flatMap(({ registry, ecr }) => [
      ...(registry ? [registry] : []),
      ...(ecr ? [`api.ecr.${ecr.region}.amazonaws.com`, `s3.${ecr.region}.amazonaws.com`] : []),
    ]),
  ];
}
