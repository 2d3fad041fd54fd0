import type { Fix } from '../model/check.ts';
import type { StoppedTask, Subnet } from '../model/facts.ts';

/**
 * Fixes for what only the owner of a VPC can change, said so where it shares its subnets with the account of the task: route
 * tables, gateways, network ACLs and endpoints. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html
 */
export function byOwner(
  fixes: readonly Fix[],
  subnets: readonly Subnet[],
  { accountId }: StoppedTask,
): readonly Fix[] {
  const owner = subnets.find(({ ownerId }) => ownerId !== accountId)?.ownerId;
  return owner
    ? fixes.map((fix) => ({
        ...fix,
        do: `${fix.do} (only account \`${owner}\`, which owns the VPC and shares its subnets, can do this)`,
      }))
    : fixes;
}
