import type { ImageReference } from '../model/facts.ts';
import { partitionOf } from '../network/partition.ts';
import { defineNetworkCheck } from './network-check.ts';
import { fargateNetworking } from './sources.ts';
import { typescript } from './typescript.ts';

/** A subnet without IPv4 addresses reaches only hosts with IPv6 addresses, and the usual names of Amazon ECR have none. */
export default defineNetworkCheck({
  id: 'ipv6-only-subnet',
  cause: 'The subnet has IPv6 addresses only, the registry IPv4 only',
  source: fargateNetworking('IPv6-only mode'),

  ofTask: true,
  fixes: (_endings, { images }) => {
    const hosts = images.flatMap((image) => {
      const host = dualStackHost(image);
      return host
        ? [
            {
              do: `Use the dual-stack host of the registry in the task definition: \`${host}\``,
              cdk: typescript`ecs.ContainerImage.fromRegistry(${image.text.replace(/^[^/]+/, host)})`,
            },
          ]
        : [];
    });
    const it = 'the task in a dual-stack subnet that has a way out for IPv4';
    return hosts.length > 0 ? [...hosts, { do: `Or run ${it}`, alternative: true }] : [{ do: `Run ${it}` }];
  },
});

/** https://docs.aws.amazon.com/general/latest/gr/ecr.html */
function dualStackHost({ ecr }: ImageReference): string | null {
  if (!ecr || ecr.dualStack) return null;
  return `${ecr.accountId}.dkr-ecr${ecr.fips ? '-fips' : ''}.${ecr.region}.on.${partitionOf(ecr.region).dualStackSuffix}`;
}
