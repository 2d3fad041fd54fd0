import { agentSource } from '../error-text/sources.ts';
import { defineTextCheck } from './text-check.ts';

/** The pull was under way and took longer than the agent waits. */
export default defineTextCheck({
  id: 'pull-timed-out',
  cause: 'The pull took too long and was given up',
  source: agentSource('agent/dockerclient/timeout.go'),
  symptoms: ['pull-timed-out'],
  certainty: 'likely',
  evidence: (_, image) => `The pull of \`${image}\` was given up because of its time limit`,
  fixes: () => [
    { do: 'Make the image smaller: fewer and smaller layers, a smaller base image, a multi-stage build' },
    {
      do: 'On Fargate, pull lazily with a SOCI index; on EC2, raise `ECS_IMAGE_PULL_INACTIVITY_TIMEOUT` and use faster disks',
    },
  ],
});
