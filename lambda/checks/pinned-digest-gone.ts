import { command } from '../command.ts';
import { remedyFor, whyUnknown } from '../network/hop.ts';
import { defineCheck, found, notApplicable, ruledOut, undecided } from './define.ts';
import { isCached, perhapsCached } from './ecr-image-check.ts';
import { serviceOf } from './service-of.ts';
import { ecsGuide } from './sources.ts';

/** A service pins its tag to the digest of its first task; later tasks ask for that digest, also when the tag has moved on. */
export default defineCheck({
  id: 'pinned-digest-gone',
  cause: 'The digest that the service is pinned to is gone',
  source: ecsGuide(
    'Container image resolution',
    'deployment-type-ecs.html#deployment-container-image-stability',
  ),
  needs: ['task', 'images', 'ecrImages'],

  examine({ task, images, ecrImages }) {
    const pinned = ecrImages
      .filter((image) => !isCached(image))
      .flatMap((image) => (image.pinned ? [{ image, pinned: image.pinned }] : []));
    if (pinned.length === 0) return notApplicable('no digest was asked for beside the tag');
    const gone = pinned.filter(
      (one) =>
        one.pinned.manifest.status === 'known' &&
        one.pinned.manifest.value === null &&
        one.image.manifest.status === 'known' &&
        one.image.manifest.value !== null,
    );
    if (gone.length === 0) {
      for (const {
        image,
        pinned: { manifest },
      } of pinned)
        if (manifest.status === 'unknown')
          return undecided(
            `The digest that \`${image.image}\` is pinned to could not be read: ${whyUnknown(manifest)}`,
            [image.repositoryArn],
            remedyFor(manifest),
          );
      return ruledOut(
        ...pinned.map(
          (one) =>
            `\`${one.pinned.digest}\` of \`${one.image.image}\` is in the repository, or its tag is missing too`,
        ),
      );
    }
    const service = serviceOf(task);
    const open = perhapsCached(gone.map(({ image }) => image));
    return found(open.length > 0 ? 'likely' : 'proven', {
      evidence: [
        ...gone.flatMap(({ image, pinned: { digest } }) => [
          `The task asked for \`${digest}\`, and \`${image.repositoryArn}\` has no such image any more`,
          `The tag \`${images.find(({ text }) => text === image.image)?.tag}\` is there and leads to \`${image.manifest.status === 'known' ? image.manifest.value?.digest : ''}\``,
        ]),
        ...open,
      ],
      resources: gone.flatMap(({ image }) => [image.image, image.repositoryArn]),
      closes: ['manifest', 'layers'],
      fixes: [
        {
          do: 'Deploy the service anew, so that it resolves the tag again',
          cli: command`aws ecs update-service --region ${task.region} --cluster ${task.clusterArn} --service ${service} --force-new-deployment`,
        },
        {
          do: 'Keep the images of running services: do not expire untagged images, or give each build a tag of its own',
        },
      ],
    });
  },
});
