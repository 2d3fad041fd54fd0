import { distance } from 'fastest-levenshtein';
import { command } from '../command.ts';
import type { Fix } from '../model/check.ts';
import type { StoppedTask } from '../model/facts.ts';
import { defineCheck, found, notApplicable, ruledOut } from './define.ts';
import { ecrGuide } from './sources.ts';
import { typescript } from './typescript.ts';

/** The host of the image looks like one of Amazon ECR and is none, so its name leads nowhere or to a stranger. */
export default defineCheck({
  id: 'registry-host-unknown',
  cause: 'The host of the image is no registry of Amazon ECR',
  source: ecrGuide('Private registry concepts', 'Registries.html'),
  needs: ['task', 'images', 'pullError'],

  examine({ task, images, pullError }) {
    const hosts = images.flatMap((image) =>
      image.registry && !image.ecr ? [{ image, host: image.registry }] : [],
    );
    const mistyped = hosts.filter(
      ({ host }) => /\b(?:dkr|ecr)\b|amazonaws|\.on\.aws$/i.test(host) && host !== 'public.ecr.aws',
    );
    // AWS has new Regions every year, so a Region that is written right is not said to be none: that its name leads nowhere is.
    const nowhere = images.filter(
      ({ registry, ecr }) =>
        ecr &&
        ecr.region !== task.region &&
        registry === pullError.host &&
        /no such host/i.test(pullError.text),
    );
    if (mistyped.length === 0 && nowhere.length > 0)
      return found('likely', {
        evidence: nowhere.map(({ text, ecr }) => {
          const near =
            distance(ecr?.region ?? '', task.region) <= 2 ? `; did you mean \`${task.region}\`?` : '';
          return `The host of \`${text}\` leads nowhere, and \`${ecr?.region}\` is not the Region of the task: it may be none of AWS's${near}`;
        }),
        resources: nowhere.map(({ text }) => text),
        closes: ['token', 'manifest', 'layers'],
        fixes: [takeFromEcr(task)],
      });
    if (mistyped.length === 0)
      return images.length === 0
        ? notApplicable('the event names no image')
        : ruledOut(
            ...images
              .slice(0, 3)
              .map(({ text }) => `The host of \`${text}\` is written as that of a registry`),
          );

    return found('proven', {
      evidence: mistyped.map(({ image, host }) => {
        const right = `${/^\d{12}/.exec(host)?.[0] ?? task.accountId}.dkr.ecr.${task.region}.amazonaws.com`;
        const near = distance(host, right) <= 6 ? `; did you mean \`${right}\`?` : '';
        return `\`${host}\` in \`${image.text}\` is not of the form \`<12 digits>.dkr.ecr.<region>.amazonaws.com\`${near}`;
      }),
      resources: mistyped.map(({ image }) => image.text),
      closes: ['token', 'manifest', 'layers'],
      fixes: [takeFromEcr(task)],
    });
  },
});

const takeFromEcr = ({ region }: StoppedTask): Fix => ({
  do: 'Take the URI of the repository from Amazon ECR',
  cli: command`aws ecr describe-repositories --region ${region} --query 'repositories[].repositoryUri'`,
  cdk: typescript`ecs.ContainerImage.fromEcrRepository(repository, 'v1')`,
});
