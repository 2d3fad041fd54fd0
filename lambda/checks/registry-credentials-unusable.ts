import { leavesOpen } from '../error-text/pull-error.ts';
import { defineCheck, found, notApplicable, ruledOut } from './define.ts';
import { ecsGuide } from './sources.ts';

/** A registry outside Amazon ECR wants credentials, and those that the task definition gives are missing or wrong. */
export default defineCheck({
  id: 'registry-credentials-unusable',
  cause: 'The registry wants credentials that it was not given',
  source: ecsGuide('Using non-AWS container images in Amazon ECS', 'private-auth.html'),
  needs: ['task', 'pullError', 'images'],
  uses: ['taskDefinition'],

  examine({ pullError, images }, { taskDefinition }) {
    const outside = images.filter(({ ecr, registry }) => registry && !ecr);
    if (images.length > 0 && outside.length === 0)
      return notApplicable('all suspect images are in Amazon ECR');
    const shows = ['unauthorized', 'registry-credentials-missing', 'pull-access-denied'].find((id) =>
      pullError.symptoms.includes(id),
    );
    const name = outside[0]?.text ?? pullError.image ?? 'the image';
    if (!shows)
      return leavesOpen(pullError)
        ? notApplicable('the text does not say')
        : ruledOut(`The text for \`${name}\` says something else`);

    const container =
      taskDefinition.status === 'known'
        ? taskDefinition.value?.containers.find((one) => one.name === outside[0]?.container)
        : undefined;
    const credentials = container?.credentialsParameter;
    return found('likely', {
      evidence: [
        `The registry of \`${name}\` refused the pull for want of valid credentials`,
        ...(container
          ? [
              credentials
                ? `Container \`${container.name}\` uses the credentials in \`${credentials}\``
                : `Container \`${container.name}\` has no \`repositoryCredentials\``,
            ]
          : []),
      ],
      resources: [name, ...(credentials ? [credentials] : [])],
      closes: ['manifest', 'token', 'secrets'],
      fixes: [
        {
          do: credentials
            ? `Correct the secret \`${credentials}\`: it must be JSON with \`username\` and \`password\`, and the registry must accept them`
            : 'Store the credentials as JSON with `username` and `password` in AWS Secrets Manager, and name the secret in `repositoryCredentials`',
          cli: `aws secretsmanager create-secret --name registry-credentials --secret-string '{"username":"<user>","password":"<token>"}'`,
          cdk: `ecs.ContainerImage.fromRegistry('${name}', { credentials: secret })`,
        },
      ],
    });
  },
});
