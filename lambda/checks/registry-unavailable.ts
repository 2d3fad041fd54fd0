import { command } from '../command.ts';
import { fieldReport } from '../error-text/sources.ts';
import { defineTextCheck } from './text-check.ts';

/** The registry itself answered with an error of its own. */
export default defineTextCheck({
  id: 'registry-unavailable',
  cause: 'The registry answered with a server error',
  source: fieldReport('received unexpected HTTP status: 503 Service Unavailable'),
  symptoms: ['registry-server-error'],
  certainty: 'proven',
  evidence: ({ httpStatus }, image) =>
    `The registry of \`${image}\` answered with a server error${httpStatus ? ` (\`${httpStatus}\`)` : ''}`,
  fixes: () => [
    { do: 'Look at the status page of the registry and start the task again later' },
    {
      do: 'Keep the images of production in Amazon ECR of the same Region',
      cli: command`aws health describe-events --region us-east-1`,
    },
  ],
});
