import { blank, command } from '../command.ts';
import { defineCheck, found, notApplicable, ruledOut } from './define.ts';
import { couldNotRead, isCached, perhapsCached } from './ecr-image-check.ts';
import { ecrGuide } from './sources.ts';
import { typescript } from './typescript.ts';

/** The registry of that account and Region has no repository of this name. */
export default defineCheck({
  id: 'repository-not-found',
  cause: 'The repository does not exist in Amazon ECR',
  source: ecrGuide('Troubleshooting Amazon ECR error messages', 'common-errors-docker.html'),
  needs: ['task', 'images', 'ecrImages'],

  examine({ images, ecrImages }) {
    const own = ecrImages.filter((image) => !isCached(image));
    if (own.length === 0)
      return notApplicable(
        ecrImages.length > 0
          ? 'a pull-through cache makes the repository'
          : 'no suspect image is in Amazon ECR',
      );
    const gone = own.filter(
      ({ repositoryExists }) => repositoryExists.status === 'known' && !repositoryExists.value,
    );
    if (gone.length === 0) {
      for (const image of own)
        if (image.repositoryExists.status === 'unknown')
          return couldNotRead(image, 'The repository', image.repositoryExists);
      return ruledOut(...own.slice(0, 3).map(({ repositoryArn }) => `\`${repositoryArn}\` exists`));
    }
    const open = perhapsCached(gone);
    const evidence = gone.flatMap((image) => {
      const ecr = images.find(({ text }) => text === image.image)?.ecr;
      const other = image.repositoryElsewhere?.status === 'known' ? image.repositoryElsewhere.value : null;
      return [
        `\`${image.repositoryArn}\` does not exist: account \`${ecr?.accountId}\` has no such repository in \`${ecr?.region}\``,
        ...(other ? [`There is one of that name: \`${other}\``] : []),
      ];
    });
    return found(open.length > 0 ? 'likely' : 'proven', {
      evidence: [...evidence, ...open],
      resources: gone.flatMap(({ repositoryArn, image }) => [repositoryArn, image]),
      closes: ['manifest', 'layers'],
      fixes: gone.slice(0, 1).flatMap((image) => {
        const { ecr, repository = blank('repository') } =
          images.find(({ text }) => text === image.image) ?? {};
        return [
          { do: `Check account, Region and name in \`${image.image}\`, and correct the task definition` },
          {
            do: 'Or create the repository and push the image',
            alternative: true,
            cli: command`aws ecr create-repository --region ${ecr?.region ?? blank('region')} --repository-name ${repository}`,
            cdk: typescript`new ecr.Repository(this, 'Repository', { repositoryName: ${String(repository)} })`,
          },
        ];
      }),
    });
  },
});
