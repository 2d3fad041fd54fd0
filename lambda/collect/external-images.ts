import { leavesOpen, speakingSymptom } from '../error-text/pull-error.ts';
import type { ExternalImage } from '../model/facts.ts';
import { defineCollector, notRecorded } from './define.ts';
import { errorOf } from './error-of.ts';

/** Texts that leave in doubt whether the image is there, or who may have it. */
const ofTheImage = [
  'digest-not-found',
  'image-exists',
  'image-not-found',
  'manifest-forbidden',
  'no-basic-auth',
  'pull-access-denied',
  'registry-credentials-missing',
  'repository-not-found',
  'unauthorized',
];

/** The text that an index explains: which platforms there are. */
const ofThePlatform = 'platform-mismatch';

/** A task has at most this many containers. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const most = 10;

/**
 * What the registries of images outside Amazon ECR say of them. That is no call to AWS and no pull, and it is made only where
 * the text speaks of the image, or leaves the reason open.
 */
export default defineCollector({
  fact: 'externalImages',
  needs: ['task', 'images'],

  async collect({ task, images }, _read, _ask, askRegistry) {
    const outside = images.flatMap(({ registry, ecr, ...image }) =>
      registry !== null && ecr === null ? [{ ...image, registry }] : [],
    );
    if (outside.length === 0) return [];
    const error = errorOf(task);
    const symptom = speakingSymptom(error) ?? '';
    const wantsPlatforms = symptom === ofThePlatform || leavesOpen(error);
    if (!wantsPlatforms && !ofTheImage.includes(symptom)) return null;
    if (!askRegistry) return notRecorded('no registry was asked');
    return Promise.all(
      outside.slice(0, most).map(
        async ({ text, registry, repository, tag, digest }): Promise<ExternalImage> => ({
          image: text,
          answer: await askRegistry({ registry, repository, tag, digest }, wantsPlatforms),
        }),
      ),
    );
  },
});
