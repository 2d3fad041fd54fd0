import { command } from '../command.ts';
import { defineCheck, found, notApplicable, ruledOut } from './define.ts';
import { couldNotRead, isCached, perhapsCached } from './ecr-image-check.ts';
import { takenByLifecyclePolicy } from './lifecycle.ts';
import { nearestTags } from './nearest-tags.ts';
import { cannotPullPage } from './sources.ts';
import { typescript } from './typescript.ts';

/** The repository is there, and the tag or digest that the task asks for is not in it. */
export default defineCheck({
  id: 'image-not-found',
  cause: 'The image tag or digest does not exist in the repository',
  source: cannotPullPage(
    'CannotPullContainerError: pull image manifest has been retried',
    '#pull-request-image-tag',
  ),
  needs: ['task', 'images', 'ecrImages'],

  examine({ task, images, ecrImages }) {
    const own = ecrImages.filter(
      (image) =>
        !isCached(image) && !(image.repositoryExists.status === 'known' && !image.repositoryExists.value),
    );
    if (own.length === 0)
      return notApplicable('no suspect image is in a repository of Amazon ECR that exists');
    const missing = own.filter(({ manifest }) => manifest.status === 'known' && manifest.value === null);
    // A lifecycle rule that took the image speaks for itself.
    const gone = missing.filter((image) => !takenByLifecyclePolicy(image, images, task.stoppedAt ?? ''));
    if (gone.length === 0) {
      for (const image of own)
        if (image.manifest.status === 'unknown') return couldNotRead(image, 'The image', image.manifest);
      if (missing.length > 0) return notApplicable('a lifecycle rule took the image');
      return ruledOut(...own.slice(0, 3).map(({ image }) => `\`${image}\` exists`));
    }
    const open = perhapsCached(gone);
    const evidence = gone.flatMap(({ image, repositoryArn, otherTags }) => {
      const { tag, digest } = images.find(({ text }) => text === image) ?? { tag: null, digest: null };
      const what = digest ? `no image with the digest \`${digest}\`` : `no image tagged \`${tag}\``;
      const others = otherTags?.status === 'known' ? otherTags.value : [];
      const near = tag ? nearestTags(tag, others) : [];
      const newest = others.slice(0, 3).map((one) => one.tag);
      return [
        `\`${repositoryArn}\` has ${what}`,
        ...(near.length > 0 ? [`Nearest tags: ${list(near)}`] : []),
        ...(newest.length > 0
          ? [`Newest tags: ${list(newest)}`]
          : otherTags?.status === 'known'
            ? [`\`${repositoryArn}\` has no tagged image at all`]
            : []),
      ];
    });
    return found(open.length > 0 ? 'likely' : 'proven', {
      evidence: [...evidence, ...open],
      resources: gone.flatMap(({ image, repositoryArn }) => [image, repositoryArn]),
      closes: ['manifest', 'layers'],
      fixes: gone.slice(0, 1).flatMap(({ image, otherTags }) => {
        const { tag, digest } = images.find(({ text }) => text === image) ?? {};
        const near = nearestTags(tag ?? '', otherTags?.status === 'known' ? otherTags.value : []);
        return [
          {
            do: near[0]
              ? `In the task definition, name an image that exists, such as the tag \`${near[0]}\``
              : 'In the task definition, name an image that exists',
            cdk: typescript`ecs.ContainerImage.fromEcrRepository(repository, ${near[0] ?? '<tag>'})`,
          },
          // A digest follows from what is pushed: it cannot be pushed to.
          digest
            ? { do: 'Or build and push the image, and name its new digest', alternative: true }
            : { do: 'Or build and push the image', alternative: true, cli: command`docker push ${image}` },
        ];
      }),
    });
  },
});

const list = (items: readonly string[]) => items.map((one) => `\`${one}\``).join(', ');
