import { command } from '../command.ts';
import { leavesOpen } from '../error-text/pull-error.ts';
import { defineCheck, found, notApplicable, ruledOut, undecided } from './define.ts';
import { containerOf, outsideEcr, pullsAsStranger, says } from './registry-answers.ts';
import { ecsGuide } from './sources.ts';
import { typescript } from './typescript.ts';

/** A registry outside Amazon ECR wants credentials, and those that the task definition gives are missing or wrong. */
export default defineCheck({
  id: 'registry-credentials-unusable',
  cause: 'The registry wants credentials that it was not given',
  source: ecsGuide('Using non-AWS container images in Amazon ECS', 'private-auth.html'),
  needs: ['task', 'pullError', 'images'],
  uses: ['taskDefinition', 'externalImages'],

  examine({ task, pullError, images }, { taskDefinition, externalImages }) {
    const outside = outsideEcr(images, externalImages);
    if (images.length > 0 && outside.length === 0)
      return notApplicable('all suspect images are in Amazon ECR');
    const shows = [
      'unauthorized',
      'registry-credentials-missing',
      'registry-credentials-malformed',
      'pull-access-denied',
    ].some((id) => pullError.symptoms.includes(id));
    // A stranger was refused, and the task pulls as one: whatever the text says, it cannot pull.
    const refused = outside.find(
      (asked) => says('denied')(asked) && pullsAsStranger(asked.image, taskDefinition, task),
    );
    const [suspect = null] = refused ? [refused] : outside;
    const name = suspect?.image.text ?? pullError.image ?? 'the image';
    if (!shows && !(refused && leavesOpen(pullError)))
      return leavesOpen(pullError)
        ? notApplicable('no error text says so')
        : ruledOut(`The text for \`${name}\` says something else`);
    if (suspect && says('not-found')(suspect)) return notApplicable('the registry does not have the image');

    const container = suspect && containerOf(suspect.image, taskDefinition);
    const credentials = container?.credentialsParameter;
    const registry = suspect?.image.registry;
    const isPublic = suspect !== null && says('found')(suspect);
    if (isPublic && !credentials)
      return undecided(
        `\`${registry}\` gives \`${name}\` to anybody now`,
        [name],
        'Start the task again; if it fails with the same text, look for credentials of the instance (`ECS_ENGINE_AUTH_DATA`)',
      );
    return found('likely', {
      evidence: [
        shows
          ? `The registry of \`${name}\` refused the pull for want of valid credentials`
          : `\`${registry}\` refuses \`${name}\` to whoever has no credentials; it is private, or not there`,
        ...(isPublic
          ? [`\`${registry}\` gives \`${name}\` to anybody, so it is the credentials that it refuses`]
          : []),
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
            ? `${isPublic ? 'Remove `repositoryCredentials`, or correct' : 'Correct'} the secret \`${credentials}\`: it must be JSON with \`username\` and \`password\`, and the registry must accept them`
            : 'Store the credentials as JSON with `username` and `password` in AWS Secrets Manager, and name the secret in `repositoryCredentials`',
          cli: command`aws secretsmanager create-secret --region ${task.region} --name registry-credentials --secret-string '{"username":"<user>","password":"<token>"}'`,
          cdk: typescript`ecs.ContainerImage.fromRegistry(${name}, { credentials: secret })`,
        },
      ],
    });
  },
});
