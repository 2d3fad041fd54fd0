import type { ImageReference } from '../model/facts.ts';

/** The ARN of the Amazon ECR repository that an image is in. The partition is that of the task that pulls. */
export const repositoryArn = (
  { ecr, repository }: ImageReference,
  { taskArn }: { readonly taskArn: string },
): string =>
  `arn:${taskArn.split(':')[1] ?? 'aws'}:ecr:${ecr?.region}:${ecr?.accountId}:repository/${repository}`;
