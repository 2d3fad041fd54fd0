import type { Change } from '../model/remediation.ts';
import { declined, defineRemediation } from './define.ts';

/** Restores the archived image that the task pulls. https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html */
export default defineRemediation({
  id: 'restore-archived-image',
  remedies: 'image-archived',
  does: 'Restores an archived image in Amazon ECR',
  byPersonOnly: false,
  needs: ['task', 'images', 'ecrImages'],

  plan({ task, images, ecrImages }) {
    const archived = ecrImages.flatMap((image) => {
      const manifest = image.manifest.status === 'known' ? image.manifest.value : null;
      const reference = images.find(({ text }) => text === image.image);
      return manifest?.status === 'ARCHIVED' && reference?.ecr
        ? [{ image, manifest, ecr: reference.ecr, repositoryName: reference.repository }]
        : [];
    });
    if (archived.length === 0) return declined('no image is archived that is not being restored already');
    const foreign = archived.find(({ ecr }) => ecr.accountId !== task.accountId);
    if (foreign) return declined(`\`${foreign.image.image}\` is in account \`${foreign.ecr.accountId}\``);
    return {
      status: 'ready',
      steps: archived.map(({ image, manifest, ecr, repositoryName }) => {
        const set = (targetStorageClass: 'STANDARD' | 'ARCHIVE'): Change => ({
          action: 'ecr:UpdateImageStorageClass',
          input: {
            registryId: ecr.accountId,
            repositoryName,
            imageId: { imageDigest: manifest.digest },
            targetStorageClass,
          },
        });
        return {
          does: `Restore \`${image.image}\`, which takes up to 20 minutes`,
          region: ecr.region,
          apply: set('STANDARD'),
          undo: set('ARCHIVE'),
        };
      }),
      touches: ['Whoever may pull the image can pull it again, and the lifecycle policy may expire it'],
      costs:
        'restoring is charged by the gigabyte, and the standard storage class costs more than the archive',
      model: {
        ecrImages: ecrImages.map((one) =>
          archived.some(({ image }) => image === one) && one.manifest.status === 'known' && one.manifest.value
            ? { ...one, manifest: { status: 'known', value: { ...one.manifest.value, status: 'ACTIVE' } } }
            : one,
        ),
      },
    };
  },
});
