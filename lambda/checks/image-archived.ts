import { command } from '../command.ts';
import { defineCheck, found, notApplicable, ruledOut } from './define.ts';
import { couldNotRead } from './ecr-image-check.ts';
import { ofRepository } from './of-repository.ts';
import { ecrGuide } from './sources.ts';

/** An archived image is still listed, and cannot be pulled until it is restored. */
export default defineCheck({
  id: 'image-archived',
  cause: 'The image is archived in Amazon ECR',
  source: ecrGuide('Archiving an image', 'archive-image.html'),
  needs: ['task', 'ecrImages'],

  examine({ ecrImages }) {
    if (ecrImages.length === 0) return notApplicable('no suspect image is in Amazon ECR');
    const archived = ecrImages.flatMap((image) => {
      const manifest = image.manifest.status === 'known' ? image.manifest.value : null;
      return manifest && manifest.status !== 'ACTIVE' ? [{ image, manifest }] : [];
    });
    if (archived.length === 0) {
      for (const image of ecrImages)
        if (image.manifest.status === 'unknown') return couldNotRead(image, 'The status', image.manifest);
      return ruledOut(...ecrImages.slice(0, 3).map(({ image }) => `\`${image}\` is not archived`));
    }
    return found('proven', {
      evidence: archived.map(
        ({ image, manifest }) => `\`${image.image}\` has the status \`${manifest.status}\``,
      ),
      resources: archived.flatMap(({ image }) => [image.image, image.repositoryArn]),
      closes: ['manifest', 'layers'],
      fixes: archived.slice(0, 1).map(({ image, manifest }) => {
        return manifest.status === 'ACTIVATING'
          ? { do: 'Wait: the image is being restored, which takes up to 20 minutes' }
          : {
              do: 'Restore the image; that takes up to 20 minutes',
              cli: command`aws ecr update-image-storage-class ${ofRepository(image.repositoryArn)} --image-id imageDigest=${manifest.digest} --target-storage-class STANDARD`,
            };
      }),
    });
  },
});
