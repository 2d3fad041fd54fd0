import type { Source } from '../model/check.ts';

/** A section of "CannotPullContainer task errors" in the Amazon ECS Developer Guide. */
export const cannotPullPage = (section: string, anchor = ''): Source => ({
  title: 'CannotPullContainer task errors in Amazon ECS',
  section,
  url: `https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html${anchor}`,
});

/** A section of "ResourceInitializationError errors" in the Amazon ECS Developer Guide. */
export const resourceInitializationPage = (section: string, anchor = ''): Source => ({
  title: 'Troubleshooting Amazon ECS ResourceInitializationError errors',
  section,
  url: `https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html${anchor}`,
});

/** A file of the Amazon ECS container agent's source. */
export const agentSource = (file: string): Source => ({
  title: 'Amazon ECS container agent, source',
  section: file,
  url: `https://github.com/aws/amazon-ecs-agent/blob/8dfceca6cf380a83c3007349317566f2862f0673/${file}`,
});

/** A text that was read in the logs of several public repositories and that AWS does not document. */
export const fieldReport = (
  section: string,
  url = 'https://github.com/aws/containers-roadmap/issues',
): Source => ({
  title: 'Recorded incidents in public issue trackers',
  section,
  url,
});
