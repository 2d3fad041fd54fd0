import { ecsGuide } from './sources.ts';
import { defineTextCheck } from './text-check.ts';

/** The runtime of the instance goes through a proxy, and does not get past it. Nothing of that can be seen in AWS. */
export default defineTextCheck({
  id: 'proxy-blocks-registry',
  cause: 'The HTTP proxy of the instance stops the pull',
  source: ecsGuide('Using an HTTP proxy for Amazon ECS Linux container instances', 'http_proxy_config.html'),
  symptoms: ['proxy-failed'],
  certainty: 'proven',
  evidence: ({ host }, image) =>
    `The proxy that the instance uses for \`${host ?? image}\` did not let the connection through`,
  fixes: ({ host }) => [
    {
      do: 'See that the instance reaches the proxy (security group, network ACL, port), and that the proxy accepts its name and password',
    },
    {
      do: `Allow \`${host ?? 'the registry'}\` at the proxy, with the hosts that the layers come from`,
    },
    {
      do: 'Or let these hosts pass it by, if VPC endpoints serve them: `NO_PROXY` of Docker and of the ECS agent',
      alternative: true,
    },
  ],
});
