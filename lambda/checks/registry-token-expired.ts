import { ecrGuide } from './sources.ts';
import { defineTextCheck } from './text-check.ts';

/** A token for Amazon ECR is valid for twelve hours; one that was stored somewhere is older. */
export default defineTextCheck({
  id: 'registry-token-expired',
  cause: 'The authorization token for the registry has expired',
  source: ecrGuide('Using an authorization token', 'registry_auth.html#registry-auth-token'),
  symptoms: ['token-expired'],
  certainty: 'proven',
  evidence: (_, image) => `The registry of \`${image}\` refused an expired token`,
  fixes: () => [
    {
      do: 'Remove stored tokens for Amazon ECR (`ECS_ENGINE_AUTH_DATA`, `repositoryCredentials`): the agent asks for its own',
    },
    {
      do: 'On EC2, check that the clock of the instance is right (`chronyc tracking`) and that the agent is current',
    },
  ],
});
