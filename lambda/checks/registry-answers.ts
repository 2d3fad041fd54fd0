import type {
  CollectedFacts,
  ContainerDefinition,
  ImageReference,
  RegistryAnswer,
  StoppedTask,
} from '../model/facts.ts';

/** An image outside Amazon ECR, and what its registry says of it; `null` if it was not asked. */
export interface Asked {
  readonly image: ImageReference;
  readonly answer: RegistryAnswer | null;
}

/** The suspect images outside Amazon ECR. */
export function outsideEcr(
  images: readonly ImageReference[],
  externalImages: CollectedFacts['externalImages'],
): readonly Asked[] {
  const answers = externalImages.status === 'known' ? (externalImages.value ?? []) : [];
  return images
    .filter(({ ecr, registry }) => registry !== null && ecr === null)
    .map((image) => ({
      image,
      answer: answers.find((one) => one.image === image.text)?.answer ?? null,
    }));
}

/** Whether the registry gave that answer. */
export const says = (status: RegistryAnswer['status']) => (asked: Asked) => asked.answer?.status === status;

/** The container that uses an image, as its task definition has it; `null` if that is not known. */
export const containerOf = (
  { container }: ImageReference,
  taskDefinition: CollectedFacts['taskDefinition'],
): ContainerDefinition | null =>
  taskDefinition.status === 'known'
    ? (taskDefinition.value?.containers.find(({ name }) => name === container) ?? null)
    : null;

/**
 * Whether the task pulls an image as a stranger would. An instance may have credentials of its own (`ECS_ENGINE_AUTH_DATA`),
 * which nobody sees from outside. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth-container-instances.html
 */
export const pullsAsStranger = (
  image: ImageReference,
  taskDefinition: CollectedFacts['taskDefinition'],
  { launchType }: StoppedTask,
): boolean => launchType === 'FARGATE' && containerOf(image, taskDefinition)?.credentialsParameter === null;
