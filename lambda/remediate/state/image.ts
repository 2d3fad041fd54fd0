import type { RemediationStep } from '../../model/remediation.ts';
import { consents, given, type Look, type Of, pages, type State } from './state.ts';

/** An image in Amazon ECR, and the storage class that a step gives it. */
export async function imageState(
  { undo }: RemediationStep,
  { input: { registryId, repositoryName, imageId } }: Of<'ecr:UpdateImageStorageClass'>,
  look: Look,
  region: string,
): Promise<State> {
  const { repositories } = await look(
    'ecr:DescribeRepositories',
    { registryId, repositoryNames: [repositoryName] },
    region,
  );
  const resourceArn = given('ecr:DescribeRepositories', repositories?.[0]?.repositoryArn);
  const [{ tags }, images] = await Promise.all([
    look('ecr:ListTagsForResource', { resourceArn }, region),
    pages(async (nextToken) => {
      const filter = { imageStatus: 'ANY' as const };
      const answer = await look(
        'ecr:DescribeImages',
        { registryId, repositoryName, filter, nextToken },
        region,
      );
      return { items: given('ecr:DescribeImages', answer.imageDetails), next: answer.nextToken };
    }),
  ]);
  const image = images.find(({ imageDigest }) => imageDigest === imageId.imageDigest);
  const status = image ? (image.imageStatus ?? 'ACTIVE') : null;
  return {
    resource: `${repositoryName}@${imageId.imageDigest}`,
    consents: consents(tags),
    isSo: status !== null && status !== 'ARCHIVED',
    made: undefined,
    before: { imageStatus: status },
    against: image ? null : `the image \`${imageId.imageDigest}\` is not in \`${repositoryName}\` any more`,
    againstUndo:
      status === 'ACTIVATING' ? 'the image is still being restored: undo it when that is done' : null,
    undo,
  };
}
