import type { GivenNetwork } from '../lambda/model/facts.ts';
import { isHostName } from '../lambda/registry/host-name.ts';
import { listOf } from './input.ts';
import { UsageError } from './usage-error.ts';

/** `--registries`: hosts outside Amazon ECR that may be asked. */
export function hostsOf(registries: string | undefined): readonly string[] {
  const hosts = listOf(registries);
  const wrong = hosts.find((host) => !isHostName(host.toLowerCase()));
  if (wrong !== undefined)
    throw new UsageError(`--registries takes names of hosts such as registry.example.com, not '${wrong}'`);
  return hosts;
}

/** The network settings that were given, or `null`. */
export function givenNetwork(values: {
  subnets?: string | undefined;
  'security-groups'?: string | undefined;
  'assign-public-ip'?: string | undefined;
}): GivenNetwork | null {
  const subnetIds = listOf(values.subnets);
  const groups = listOf(values['security-groups']);
  const publicIp = values['assign-public-ip']?.toUpperCase();
  if (publicIp !== undefined && !['ENABLED', 'DISABLED', 'TRUE', 'FALSE', 'YES', 'NO'].includes(publicIp))
    throw new UsageError(`--assign-public-ip takes ENABLED or DISABLED, not '${values['assign-public-ip']}'`);
  for (const [option, prefix, ids] of [
    ['--subnets', 'subnet-', subnetIds],
    ['--security-groups', 'sg-', groups],
  ] as const)
    for (const id of ids)
      if (!id.startsWith(prefix))
        throw new UsageError(`${option} takes ids that begin with ${prefix}, not '${id}'`);
  if (subnetIds.length === 0 && groups.length === 0 && publicIp === undefined) return null;
  return {
    subnetIds,
    securityGroupIds: groups.length > 0 ? groups : null,
    assignPublicIp: publicIp === undefined ? null : ['ENABLED', 'TRUE', 'YES'].includes(publicIp),
  };
}
