import { command } from '../command.ts';
import { defineCheck, found, notApplicable, ruledOut, undecided } from './define.ts';
import { couldNotRead } from './ecr-image-check.ts';
import { ecrGuide } from './sources.ts';
import { typescript } from './typescript.ts';

/** The first pull through a cache imports the image, which needs permissions and an upstream that has it. */
export default defineCheck({
  id: 'pull-through-cache-cannot-import',
  cause: 'The pull-through cache could not import the image',
  source: ecrGuide('Troubleshooting pull through cache issues in Amazon ECR', 'error-pullthroughcache.html'),
  needs: ['task', 'pullError', 'images', 'ecrImages'],

  examine({ task, pullError, images, ecrImages }) {
    const cached = ecrImages.flatMap((image) =>
      image.pullThroughCacheRule.status === 'known' && image.pullThroughCacheRule.value
        ? [{ image, rule: image.pullThroughCacheRule.value }]
        : [],
    );
    if (cached.length === 0)
      return notApplicable('no suspect image is under the prefix of a pull-through cache rule');
    const [missing] = cached.filter(
      ({ image: { manifest } }) => manifest.status === 'known' && manifest.value === null,
    );
    if (!missing) {
      for (const { image } of cached)
        if (image.manifest.status === 'unknown') return couldNotRead(image, 'The image', image.manifest);
      return ruledOut(...cached.map(({ image }) => `\`${image.image}\` is in the cache`));
    }
    const { image, rule } = missing;
    const said = [
      'upstream-registry-failed',
      'image-not-found',
      'repository-not-found',
      'manifest-forbidden',
      'image-exists',
      'pull-access-denied',
      'ecr-access-denied',
      'digest-not-found',
    ].some((id) => pullError.symptoms.includes(id));
    const upstream = rule.upstreamUrl ?? rule.upstreamRegistry ?? 'the upstream registry';
    if (!said)
      return undecided(
        `\`${image.image}\` is not in the cache yet, which is normal before its first pull from \`${upstream}\``,
        [image.repositoryArn],
        `Check that \`${upstream}\` has the image and that the role may import it`,
      );

    const reference = images.find(({ text }) => text === image.image);
    const inFront = rule.prefix === 'ROOT' ? '' : rule.prefix.replace(/\/?$/, '/');
    const name = reference?.repository.slice(inFront.length);
    const official = /docker/.test(upstream) && name && !name.includes('/');
    return found('likely', {
      evidence: [
        `\`${image.image}\` is under the pull-through cache rule \`${rule.prefix}\` for \`${upstream}\`, and is not in the cache`,
        ...(official
          ? [`Official images of Docker Hub need \`library/\`: \`${inFront}library/${name}\``]
          : []),
      ],
      resources: [image.image, image.repositoryArn],
      closes: ['manifest', 'layers'],
      fixes: [
        {
          do: 'Allow `ecr:BatchImportUpstreamImage` and, where the repository is new, `ecr:CreateRepository` to the pulling role',
          cdk: typescript`role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'], resources: ['*'] }))`,
        },
        {
          do: `Check that \`${upstream}\` has the image, and that the credentials of the rule are valid`,
          cli: command`aws ecr validate-pull-through-cache-rule --region ${reference?.ecr?.region ?? task.region} --ecr-repository-prefix ${rule.prefix}`,
        },
      ],
    });
  },
});
