import type { SecurityGroup, StoppedTask } from '../model/facts.ts';
import type { GroupPermission, RemediationStep } from '../model/remediation.ts';

/** By this a rule is known as made by one run, whatever became of the answer to the call. */
const Description = 'ecs-pull-doctor <run>';

const permission = (peer: string): GroupPermission => ({
  IpProtocol: 'tcp',
  FromPort: 443,
  ToPort: 443,
  ...(peer.startsWith('sg-')
    ? { UserIdGroupPairs: [{ GroupId: peer, Description }] }
    : peer.startsWith('pl-')
      ? { PrefixListIds: [{ PrefixListId: peer, Description }] }
      : { IpRanges: [{ CidrIp: peer, Description }] }),
});

/** Adds one rule for TCP port 443 to a group; taken back by the id of that rule. */
export const addRule = (
  region: string,
  GroupId: string,
  direction: 'Egress' | 'Ingress',
  peer: string,
): RemediationStep => ({
  does: `Allow TCP port 443 ${direction === 'Egress' ? `out of \`${GroupId}\` to` : `into \`${GroupId}\` from`} \`${peer}\``,
  region,
  apply: {
    action: `ec2:AuthorizeSecurityGroup${direction}`,
    input: { GroupId, IpPermissions: [permission(peer)] },
  },
  undo: {
    action: `ec2:RevokeSecurityGroup${direction}`,
    input: { GroupId, SecurityGroupRuleIds: ['<rule>'] },
  },
});

/** The groups as they would be with the rule. */
export const withRule = (
  groups: readonly SecurityGroup[],
  groupId: string,
  direction: 'egress' | 'ingress',
  peer: string,
): readonly SecurityGroup[] =>
  groups.map((one) =>
    one.groupId === groupId
      ? { ...one, [direction]: [...one[direction], { protocol: 'tcp', ports: [443, 443], peer }] }
      : one,
  );

/** Why rules cannot be added to these groups from the account of the task: an account may use a group that another one shares with it. */
export function ofOther(
  groupIds: readonly string[],
  groups: readonly SecurityGroup[],
  { accountId }: Pick<StoppedTask, 'accountId'>,
): string | null {
  const foreign = groups.find(
    ({ groupId, ownerId = accountId }) => groupIds.includes(groupId) && ownerId !== accountId,
  );
  return foreign
    ? `\`${foreign.groupId}\` belongs to account \`${foreign.ownerId}\`, which alone may change its rules`
    : null;
}
