import { fieldReport } from '../error-text/sources.ts';
import { defineTextCheck } from './text-check.ts';

/** A registry outside AWS has the image and knows who asks: a rule of its own forbids the pull. */
export default defineTextCheck({
  id: 'registry-forbids-pull',
  cause: 'A rule of the registry forbids the pull',
  source: fieldReport(
    'current image with "Pending" status of vulnerability scanning cannot be pulled due to configured policy',
    'https://github.com/docker/build-push-action/issues/639',
  ),
  symptoms: ['registry-rule'],
  certainty: 'proven',
  applies: ({ ecr }) => ecr === null,
  evidence: ({ host }, image) =>
    `${host ? `\`${host}\`` : 'The registry'} refuses \`${image}\` by a rule of its own, and says which in the text`,
  fixes: () => [
    {
      do: 'Ask who runs the registry to lift the rule that the text names: a scan that is pending or found something, a missing signature, a disabled account or namespace, an address that is not allowed',
    },
    {
      do: 'If the rule is about addresses, let the tasks leave through a NAT gateway with an Elastic IP address, and have that one allowed',
    },
    {
      do: 'Or keep a copy of the image in Amazon ECR and name that in the task definition',
      alternative: true,
    },
  ],
});
