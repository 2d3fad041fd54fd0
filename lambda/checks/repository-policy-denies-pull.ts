import { command, words } from '../command.ts';
import type { EcrImage } from '../model/facts.ts';
import { knownValue, remedyFor, whyUnknown } from '../network/hop.ts';
import { requestSource } from '../network/request-source.ts';
import { decide, type PolicyRequest } from '../policy/decide.ts';
import { timeOf } from '../policy/request.ts';
import { defineCheck, found, notApplicable, ruledOut, undecided } from './define.ts';
import { ofRepository } from './of-repository.ts';
import { policyFix } from './policy-fix.ts';
import { ecrGuide } from './sources.ts';
import { typescript } from './typescript.ts';

const actions = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** The repository's own policy denies the pull or, in another account, does not allow it. */
export default defineCheck({
  id: 'repository-policy-denies-pull',
  cause: "The repository's policy does not allow the pull",
  source: ecrGuide('Private repository policies in Amazon ECR', 'repository-policies.html'),
  needs: ['task', 'pullError', 'images', 'paths'],
  uses: ['pullingRole', 'ecrImages', 'subnets'],

  examine({ task, pullError, images, paths }, { pullingRole, ecrImages, subnets }) {
    const { deniedAction, deniedBy, deniedExplicitly } = pullError;
    const said =
      deniedBy === 'resource-based policy' && deniedAction?.startsWith('ecr:') ? deniedAction : null;
    if (!said && images.length > 0 && !images.some(({ ecr }) => ecr))
      return notApplicable('no suspect image is in Amazon ECR');
    const role = (pullingRole.status === 'known' && pullingRole.value?.roleArn) || null;
    const principal = role ?? pullError.deniedPrincipal ?? `the tasks of account ${task.accountId}`;
    const list = ecrImages.status === 'known' ? ecrImages.value : [];
    const requestsOf = (image: EcrImage): readonly PolicyRequest[] =>
      actions.map((action) => ({
        action,
        resource: image.repositoryArn,
        principal: role ? { kind: 'role', arn: role, accountId: task.accountId } : { kind: 'unknown' },
        ...timeOf(task),
        ...requestSource(
          images.find(({ text }) => text === image.image)?.registry ?? null,
          paths,
          knownValue(subnets) ?? [],
        ),
      }));
    const answers = list.map((image) => {
      const foreign = image.repositoryArn.split(':')[4] !== task.accountId;
      if (image.repositoryPolicy.status === 'unknown') return { image, foreign, answer: null };
      const policy = image.repositoryPolicy.value;
      if (!policy)
        return {
          image,
          foreign,
          answer:
            foreign && image.repositoryExists.status === 'known' && image.repositoryExists.value
              ? ('denied' as const)
              : ('open' as const),
        };
      const decisions = requestsOf(image).map((request) => decide(policy, request));
      const explicit = decisions.some((one) => one.decision === 'denied' && one.explicit);
      const implicit = foreign && decisions.some((one) => one.decision === 'denied');
      const unsure = decisions.flatMap((one) =>
        one.decision === 'cannot-tell'
          ? [{ because: one.because }]
          : one.decision === 'denied' && one.perhapsExplicit !== undefined
            ? [{ because: one.perhapsExplicit }]
            : [],
      )[0];
      return {
        image,
        foreign,
        answer: explicit || implicit ? ('denied' as const) : unsure ? unsure : ('open' as const),
      };
    });
    const denied = answers.filter(({ answer }) => answer === 'denied').map(({ image }) => image);
    if (denied.length > 0 || said) {
      const resource =
        denied[0]?.repositoryArn ?? list[0]?.repositoryArn ?? images[0]?.text ?? 'the repository';
      const fixFor = (repository: string, image?: EcrImage) => {
        const owner = image?.repositoryArn.split(':')[4] ?? task.accountId;
        return policyFix({
          name: `the policy of \`${repository}\`${owner === task.accountId ? '' : `, which account \`${owner}\` owns`}`,
          to: `\`${principal}\``,
          // The id of a role that is deleted and made anew is another one; which roles of the account pull is for their own policies.
          grantee: `account \`${task.accountId}\`, whose own policies say which of its roles may pull`,
          ...(image?.repositoryPolicy.status === 'known' && { policy: image.repositoryPolicy.value }),
          allowance: {
            Principal: { AWS: `arn:${task.taskArn.split(':')[1]}:iam::${task.accountId}:root` },
            Action: actions,
          },
          requests: image ? requestsOf(image) : [],
          othersAllow: owner === task.accountId,
          read: command`aws ecr get-repository-policy ${ofRepository(repository)} --query policyText --output text`,
          write: words`aws ecr set-repository-policy ${ofRepository(repository)} --policy-text`,
          cdk: (statement) =>
            typescript`repository.addToResourcePolicy(iam.PolicyStatement.fromJson(${statement}))`,
        });
      };
      return found('proven', {
        evidence: [
          ...(said
            ? [
                `AWS refused \`${said}\` to \`${principal}\` ${deniedExplicitly ? `because of an explicit deny in the resource-based policy of \`${resource}\`` : `because no resource-based policy of \`${resource}\` allows it`}`,
              ]
            : []),
          ...denied.map(
            ({ repositoryArn }) => `The policy of \`${repositoryArn}\` does not let \`${principal}\` pull`,
          ),
        ],
        resources: [resource, ...denied.slice(1).map(({ repositoryArn }) => repositoryArn)],
        closes: ['manifest', 'layers'],
        fixes:
          denied.length > 0 ? denied.map((image) => fixFor(image.repositoryArn, image)) : [fixFor(resource)],
      });
    }
    if (ecrImages.status === 'unknown')
      return undecided(
        `The policy of the repository of \`${images[0]?.text}\` could not be read: ${whyUnknown(ecrImages)}`,
        [],
        remedyFor(ecrImages),
      );
    if (list.length === 0) return notApplicable('no suspect image is in Amazon ECR');
    for (const { image, foreign, answer } of answers) {
      if (image.repositoryPolicy.status === 'unknown')
        return undecided(
          `The policy of \`${image.repositoryArn}\` could not be read: ${whyUnknown(image.repositoryPolicy)}`,
          [image.repositoryArn],
          foreign
            ? `Ask the owner of account \`${image.repositoryArn.split(':')[4]}\` whether the policy of the repository allows \`${principal}\` to pull`
            : remedyFor(image.repositoryPolicy),
        );
      if (answer && typeof answer === 'object')
        return undecided(
          `The policy of \`${image.repositoryArn}\` cannot be judged: ${answer.because}`,
          [image.repositoryArn],
          `Check the policy of \`${image.repositoryArn}\``,
        );
    }
    return ruledOut(
      ...list
        .slice(0, 3)
        .map(({ repositoryArn }) => `The policy of \`${repositoryArn}\` does not stop the pull`),
    );
  },
});
