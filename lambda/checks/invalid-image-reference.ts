import { defineCheck, found, ruledOut } from './define.ts';
import { typescript } from './typescript.ts';

/** The text in the task definition is no image reference: no runtime can even ask for it. */
export default defineCheck({
  id: 'invalid-image-reference',
  cause: 'The image in the task definition is no valid reference',
  source: {
    title: 'distribution/reference',
    section: 'Grammar',
    url: 'https://github.com/distribution/reference/blob/main/reference.go',
  },
  needs: ['task', 'pullError', 'images'],

  examine({ task, pullError, images }) {
    const invalid = images.filter((image) => image.invalid !== null);
    const said = pullError.symptoms.includes('invalid-reference');
    if (invalid.length === 0 && !said)
      return ruledOut(
        ...images.slice(0, 3).map(({ text }) => `\`${text}\` is a valid image reference`),
        ...(images.length === 0 ? [`The event of \`${task.taskArn}\` names no image`] : []),
      );
    const names = invalid.length > 0 ? invalid.map(({ text }) => text) : images.map(({ text }) => text);
    return found('proven', {
      evidence:
        invalid.length > 0
          ? invalid.map(({ text, invalid: why }) => `\`${text}\` is no image reference: ${why}`)
          : [`The runtime refused \`${names[0] ?? 'the image'}\` as an image reference`],
      resources: [...names, ...(task.taskDefinitionArn ? [task.taskDefinitionArn] : [])],
      closes: ['manifest', 'token'],
      fixes: [
        {
          do: 'Write the image as `host/repository:tag` or `host/repository@sha256:…`: lower case, no spaces, no `https://`, one tag',
          cdk: typescript`ecs.ContainerImage.fromEcrRepository(repository, 'v1')`,
        },
      ],
    });
  },
});
