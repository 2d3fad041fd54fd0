import { command } from '../command.ts';
import type { Fix } from '../model/check.ts';
import { cannotPullPage } from './sources.ts';
import { defineTextCheck } from './text-check.ts';
import { typescript } from './typescript.ts';

/** Registries limit pulls by account or by IP address; all tasks behind one NAT gateway share one address. */
export default defineTextCheck({
  id: 'registry-rate-limit',
  cause: 'The registry refused the pull: the rate limit was reached',
  source: cannotPullPage(
    'toomanyrequests: You have reached your pull rate limit',
    '#container-pull-too-many-requests',
  ),
  symptoms: ['rate-limited'],
  certainty: 'proven',
  evidence: (_, image) => `The registry of \`${image}\` answered \`toomanyrequests\``,
  fixes: (_, image, task) => [
    {
      do: 'Pull through an Amazon ECR pull through cache rule, so that the upstream registry is asked once',
      cli: command`aws ecr create-pull-through-cache-rule --region ${task.region} --ecr-repository-prefix docker-hub --upstream-registry-url registry-1.docker.io --credential-arn <secret>`,
      cdk: typescript`new ecr.CfnPullThroughCacheRule(this, 'DockerHub', { ecrRepositoryPrefix: 'docker-hub', upstreamRegistryUrl: 'registry-1.docker.io', credentialArn })`,
    },
    ...(image?.ecr ? [] : [authenticate]),
  ],
});

const authenticate: Fix = {
  do: 'Or authenticate the pulls (`repositoryCredentials`), which raises the limit',
  alternative: true,
  cdk: typescript`ecs.ContainerImage.fromRegistry('acme/app', { credentials: secret })`,
};
