import { command } from '../command.ts';
import { remedyFor, whyUnknown } from '../network/hop.ts';
import { defineCheck, found, notApplicable, ruledOut, undecided } from './define.ts';
import { isCached, perhapsCached } from './ecr-image-check.ts';
import { lifecycleAnswer, takenByLifecyclePolicy } from './lifecycle.ts';
import { ofRepository } from './of-repository.ts';
import { ecrGuide } from './sources.ts';
import { typescript } from './typescript.ts';

/** The image was there, and a lifecycle rule of the repository removes images like it. */
export default defineCheck({
  id: 'image-expired-by-lifecycle-policy',
  cause: 'A lifecycle rule of the repository removed the image',
  source: ecrGuide('Automate the cleanup of images by using lifecycle policies', 'LifecyclePolicies.html'),
  needs: ['task', 'images', 'ecrImages'],

  examine({ task, images, ecrImages }) {
    const missing = ecrImages.filter(
      (image) =>
        !isCached(image) &&
        image.manifest.status === 'known' &&
        image.manifest.value === null &&
        !(image.repositoryExists.status === 'known' && !image.repositoryExists.value),
    );
    if (missing.length === 0) return notApplicable('no suspect image is missing from its repository');
    const taken = missing.flatMap((image) => {
      const answer = takenByLifecyclePolicy(image, images, task.stoppedAt ?? '');
      return answer ? [{ image, rule: answer.rule }] : [];
    });
    if (taken.length === 0) {
      for (const { lifecyclePolicy, repositoryArn } of missing)
        if (lifecyclePolicy?.status === 'unknown')
          return undecided(
            `The lifecycle policy of \`${repositoryArn}\` could not be read: ${whyUnknown(lifecyclePolicy)}`,
            [repositoryArn],
            remedyFor(lifecyclePolicy),
          );
      for (const image of missing) {
        const answer = lifecycleAnswer(image, images, task.stoppedAt ?? '');
        if (answer && 'because' in answer)
          return undecided(
            `Whether the lifecycle policy of \`${image.repositoryArn}\` took \`${image.image}\` cannot be told: ${answer.because}`,
            [image.repositoryArn],
            `Look for \`PolicyExecutionEvent\` of \`${image.repositoryArn}\` in CloudTrail`,
          );
      }
      return ruledOut(
        ...missing.map(
          ({ repositoryArn }) => `No lifecycle rule of \`${repositoryArn}\` removes images like this one`,
        ),
      );
    }
    return found('likely', {
      evidence: [
        ...taken.flatMap(({ image, rule }) => [
          `\`${image.image}\` is not in \`${image.repositoryArn}\``,
          `Rule \`${rule.priority}\` of its lifecycle policy ${rule.says}`,
        ]),
        ...perhapsCached(taken.map(({ image }) => image)),
      ],
      resources: taken.flatMap(({ image }) => [image.image, image.repositoryArn]),
      closes: ['manifest', 'layers'],
      fixes: taken.slice(0, 1).flatMap(({ image, rule }) => [
        { do: 'Build and push the image again', cli: command`docker push ${image.image}` },
        {
          do: `Change rule \`${rule.priority}\` so that it keeps images that run: exclude their tags, or keep more of them`,
          cli: command`aws ecr get-lifecycle-policy ${ofRepository(image.repositoryArn)} --query lifecyclePolicyText --output text`,
          cdk: typescript`repository.addLifecycleRule({ tagPrefixList: ['tmp-'], maxImageCount: 10 })`,
        },
      ]),
    });
  },
});
