import type { Fix } from '../model/check.ts';
import type { CollectedFacts, StoppedTask, Subnet } from '../model/facts.ts';
import { knownValue } from '../network/hop.ts';

/** A fix of something on the network, and the account whose resource it changes. */
export interface OwnedFix extends Fix {
  /** Absent: the owner of the VPC, or that of the task where a check is about what is the task's own. `null`: not known. */
  readonly account?: string | null;
}

/**
 * Fixes for what another account alone can change, said so. Where a VPC shares its subnets with the account of the task, its owner has
 * route tables, gateways, network ACLs and endpoints; instances and security groups belong to whoever made them.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html
 */
export function byOwner(
  fixes: readonly OwnedFix[],
  subnets: readonly Subnet[],
  { accountId }: StoppedTask,
  ofTask = false,
): readonly Fix[] {
  const vpcOwner = subnets.find(({ ownerId }) => ownerId !== accountId)?.ownerId ?? accountId;
  return fixes.map(({ account = ofTask ? accountId : vpcOwner, ...fix }) =>
    account === null || account === accountId
      ? fix
      : {
          ...fix,
          do: `${fix.do} (only account \`${account}\`, which ${account === vpcOwner ? 'owns the VPC and shares its subnets' : 'owns the security group'}, can do this)`,
        },
  );
}

/** Whose a security group is, as far as it was seen: an account sees its own, and those that another one shares with it. */
export function ofGroup(
  id: string,
  { securityGroups }: Pick<CollectedFacts, 'securityGroups'>,
): Pick<OwnedFix, 'account'> {
  const group = knownValue(securityGroups)?.find(({ groupId }) => groupId === id);
  return group ? { account: group.ownerId ?? null } : {};
}
