import { defineNetworkCheck } from './network-check.ts';
import { fargateNetworking } from './sources.ts';
import { typescript } from './typescript.ts';

/** A subnet without IPv4 addresses reaches only hosts with IPv6 addresses, and the usual names of Amazon ECR have none. */
export default defineNetworkCheck({
  id: 'ipv6-only-subnet',
  cause: 'The subnet has IPv6 addresses only, the registry IPv4 only',
  source: fargateNetworking('IPv6-only mode'),

  ofTask: true,
  fixes: ([{ path }], { task }) => [
    {
      do: `Use the dual-stack host of the registry in the task definition: \`<account>.dkr-ecr.${path.destination.region ?? task.region}.on.aws\``,
      cdk: typescript`ecs.ContainerImage.fromRegistry('111122223333.dkr-ecr.eu-west-1.on.aws/web:v1')`,
    },
    { do: 'Or run the task in a dual-stack subnet that has a way out for IPv4', alternative: true },
  ],
});
