import { cannotPullPage } from './sources.ts';
import { defineTextCheck } from './text-check.ts';

const notFound = ['image-not-found', 'digest-not-found', 'repository-not-found', 'image-exists'];

/** A registry outside Amazon ECR does not have the image, or does not tell whether it has it. */
export default defineTextCheck({
  id: 'external-image-not-found',
  cause: 'The registry does not have the image',
  source: cannotPullPage(
    'CannotPullContainerError: pull image manifest has been retried',
    '#pull-request-image-tag',
  ),
  symptoms: [...notFound, 'pull-access-denied'],
  // Docker Hub gives one answer for a private repository and for one that does not exist.
  certainty: 'likely',
  applies: ({ ecr, registry }) => registry !== null && ecr === null,
  evidence: ({ symptoms }, image) =>
    notFound.some((id) => symptoms.includes(id))
      ? `The registry answered that it does not have \`${image}\``
      : `The registry denied access to \`${image}\`, which is also its answer for a repository that does not exist`,
  fixes: (_, image) => [
    {
      do: 'Check the name and the tag of the image for typing errors',
      cli: `docker manifest inspect ${image?.text ?? '<image>'}`,
    },
    { do: 'Copy the images of production to Amazon ECR, where nobody else can remove them' },
  ],
});
