import { command } from '../command.ts';
import { knownValue, remedyFor, whyUnknown } from '../network/hop.ts';
import { requestSource } from '../network/request-source.ts';
import { decide } from '../policy/decide.ts';
import { timeOf } from '../policy/request.ts';
import { defineCheck, found, notApplicable, ruledOut, undecided } from './define.ts';
import { ecrGuide } from './sources.ts';
import { typescript } from './typescript.ts';

const actions = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** A registry has a policy of its own, which counts for all of its repositories. */
export default defineCheck({
  id: 'registry-policy-denies-pull',
  cause: 'The policy of the registry denies the pull',
  source: ecrGuide('Private registry permissions in Amazon ECR', 'registry-permissions.html'),
  needs: ['task', 'images', 'registryPolicy', 'paths'],
  uses: ['pullingRole', 'ecrImages', 'subnets'],

  examine({ task, images, registryPolicy, paths }, { pullingRole, ecrImages, subnets }) {
    const [image] = images.filter(({ ecr }) => ecr);
    if (!image?.ecr) return notApplicable('no suspect image is in Amazon ECR');
    const { accountId, region } = image.ecr;
    const registry = `${accountId}.dkr.ecr.${region}.amazonaws.com`;
    if (accountId !== task.accountId)
      return undecided(
        `The policy of registry \`${registry}\` belongs to account \`${accountId}\``,
        [registry],
        `Ask the owner of account \`${accountId}\` whether the policy of the registry denies \`ecr:BatchGetImage\``,
      );
    if (!registryPolicy) return ruledOut(`Registry \`${registry}\` has no policy`);

    const role = pullingRole.status === 'known' ? (pullingRole.value?.roleArn ?? null) : null;
    const repositories =
      ecrImages.status === 'known'
        ? ecrImages.value
            .map(({ repositoryArn }) => repositoryArn)
            .filter((arn) => arn.includes(`:${region}:${accountId}:`))
        : [];
    const decisions = repositories.flatMap((resource) =>
      actions.map((action) => ({
        action,
        resource,
        answer: decide(registryPolicy, {
          action,
          resource,
          principal: role ? { kind: 'role', arn: role, accountId: task.accountId } : { kind: 'unknown' },
          ...timeOf(task),
          ...requestSource(image.registry, paths, knownValue(subnets) ?? []),
        }),
      })),
    );
    // In one account the role's own policies allow: the registry's policy stops the pull only where it denies outright.
    const denied = decisions.flatMap(({ answer, ...asked }) =>
      answer.decision === 'denied' && answer.explicit ? [{ ...asked, by: answer.by }] : [],
    );
    if (denied.length > 0)
      return found('proven', {
        evidence: denied.map(
          ({ action, resource, by }) =>
            `The policy of registry \`${registry}\` denies \`${action}\` on \`${resource}\` (${by})`,
        ),
        resources: [registry, ...new Set(denied.map(({ resource }) => resource))],
        closes: ['manifest', 'layers'],
        fixes: [
          {
            do: `Change the registry's policy so that it does not deny ${[...new Set(denied.map(({ action }) => `\`${action}\``))].join(' and ')} to ${role ? `\`${role}\`` : 'the pulling role'}`,
            cli: command`aws ecr get-registry-policy --region ${region} --query policyText --output text`,
            cdk: typescript`new ecr.CfnRegistryPolicy(this, 'RegistryPolicy', { policyText })`,
          },
        ],
      });
    const [because] = decisions.flatMap(({ answer }) =>
      answer.decision === 'cannot-tell'
        ? [answer.because]
        : answer.decision === 'denied' && answer.perhapsExplicit !== undefined
          ? [answer.perhapsExplicit]
          : [],
    );
    if (because !== undefined)
      return undecided(
        `The policy of registry \`${registry}\` cannot be judged: ${because}`,
        [registry],
        `Check the policy of registry \`${registry}\``,
      );
    if (ecrImages.status === 'unknown')
      return undecided(
        `The repositories of \`${registry}\` could not be seen: ${whyUnknown(ecrImages)}`,
        [registry],
        remedyFor(ecrImages),
      );
    return ruledOut(`The policy of registry \`${registry}\` does not deny the pull`);
  },
});
