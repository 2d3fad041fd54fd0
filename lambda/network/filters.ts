import type { SecurityGroupRule } from '../model/facts.ts';
import type { Hop, HopKind } from '../model/network.ts';
import { isPrivateBlock } from './cidr.ts';
import { closed, knownValue, open, unclear, unseen } from './hop.ts';
import { aclOf, ask, ephemeralPorts, nameOf, numberOf } from './network-acl.ts';
import { mayConcern } from './own-blocks.ts';
import { listsFor } from './public-addresses.ts';
import { admits, isFor, type Peer, rulesOf } from './security-group.ts';
import type { Walk } from './walk.ts';

/** The security groups of the interface the pull leaves through, on the way out. */
export function groupHop(way: Walk, peer: Peer, whither: string): Hop {
  const { facts, dialled, destination } = way;
  const where = (ids: readonly string[]) =>
    ({
      is: 'security group',
      at: ids.join(', ') || 'security groups',
      check: 'task-security-group-closed',
      resources: ids,
    }) as const;
  if (facts.securityGroupIds.status === 'unknown')
    return unseen(where([]), 'The security groups of the task', facts.securityGroupIds);
  const ids = facts.securityGroupIds.value;
  const groups = names(ids);
  if (facts.securityGroups.status === 'unknown')
    return unseen(where(ids), `The rules of ${groups}`, facts.securityGroups);

  const { rules, unseen: missing } = rulesOf(ids, facts.securityGroups.value, 'egress');
  const cover = admitsOut(way, rules, peer);
  if (cover === 'all') return open(where(ids), `${groups} ${lets(ids)} TCP port 443 out to ${whither}`);
  if (missing.length > 0)
    return unclear(
      where(ids),
      `Security group ${names(missing)} was not found in the VPC`,
      'Compare the groups of the service with those that exist',
    );
  // Who has which groups at a private address is known of endpoints that are shown, of nothing else.
  const mayBeEndpoint = !dialled && destination.service !== null && facts.vpcEndpoints.status === 'unknown';
  const mayHaveGroup =
    peer.groupIds.length === 0 &&
    (mayBeEndpoint || peer.blocks.some(isPrivateBlock)) &&
    rules.some((rule) => rule.peer.startsWith('sg-') && isFor(rule, 'tcp', 443));
  if (mayHaveGroup)
    return unclear(
      where(ids),
      `${groups} ${lets(ids)} TCP port 443 out to some groups, and whether ${whither} has one of them could not be seen`,
      `Check which security groups ${whither} has`,
    );
  if (cover === 'none')
    return closed(where(ids), `${groups} ${lets(ids)} nothing out on TCP port 443 to ${whither}`);
  return unclear(
    where(ids),
    cover === 'unknown'
      ? peer.blocks.length === 0
        ? `${groups} ${lets(ids)} TCP port 443 out to some addresses, and those of ${whither} could not be seen`
        : `A prefix list in the rules of ${groups} could not be read`
      : `${groups} ${lets(ids)} TCP port 443 out to only some addresses of ${whither}`,
    `Check that the egress rules of ${groups} hold every address of ${whither}`,
  );
}

/** How far egress rules let packets out to a peer, by those that may be about it. */
export function admitsOut(
  way: Walk,
  rules: readonly SecurityGroupRule[],
  peer: Peer,
): ReturnType<typeof admits> {
  const concerns = mayConcern(peer.blocks, way.facts);
  return admits(
    rules.filter((rule) => concerns(rule.peer)),
    peer,
    listsFor(way, peer.blocks),
  );
}

/** The ACL of a subnet, for packets of the connection in one direction. Both directions need rules: an ACL keeps no state. */
export function aclHop(
  { facts }: Walk,
  subnetId: string,
  direction: 'in' | 'out',
  blocks: readonly string[],
  ports: readonly [number, number],
  what: string,
): Hop {
  const where = (at: string) =>
    ({
      is: 'network ACL' as HopKind,
      at,
      check: 'network-acl-blocks-registry',
      resources: at === subnetId ? [subnetId] : [at, subnetId],
    }) as const;
  if (facts.networkAcls.status === 'unknown')
    return unseen(where(subnetId), `The network ACL of \`${subnetId}\``, facts.networkAcls);
  const acl = aclOf(subnetId, facts.networkAcls.value);
  if (!acl)
    return unclear(
      where(subnetId),
      `No network ACL of \`${subnetId}\` was found`,
      `Look at the network ACL of \`${subnetId}\``,
    );

  const concerns = mayConcern(blocks, facts);
  const entries = acl.entries.filter(({ cidrBlock }) => concerns(cidrBlock));
  const answer = ask({ ...acl, entries }, direction, blocks, ports);
  const range = nameOf(ports);
  switch (answer.verdict) {
    case 'allow':
      return open(where(acl.networkAclId), `\`${acl.networkAclId}\` lets ${what} ${direction} on ${range}`);
    case 'deny':
      return {
        ...closed(
          where(acl.networkAclId),
          `${direction === 'in' ? 'Inbound' : 'Outbound'} rule \`${answer.rule}\` of \`${acl.networkAclId}\` (subnet \`${subnetId}\`) denies ${what} on TCP ${range}`,
        ),
        traffic: { direction, ports, rule: numberOf(answer.rule) },
      };
    case 'part':
      return {
        ...unclear(
          where(acl.networkAclId),
          answer.rule === undefined
            ? `\`${acl.networkAclId}\` lets ${what} ${direction} only for some addresses or ports`
            : `\`${acl.networkAclId}\` (subnet \`${subnetId}\`) lets ${what} ${direction} only on some of TCP ${range}: connections on the others time out`,
          `Check that \`${acl.networkAclId}\` holds all addresses on TCP ${range}`,
        ),
        ...(answer.rule !== undefined && { traffic: { direction, ports, rule: numberOf(answer.rule) } }),
      };
  }
}

export const https = [443, 443] as const;

/** The ports that answers to the task come back to. */
export const answerPorts = ({ facts }: Walk): readonly [number, number] =>
  knownValue(facts.taskDefinition)?.operatingSystemFamily?.startsWith('WINDOWS')
    ? ephemeralPorts.windows
    : ephemeralPorts.linux;

/** The address blocks the task may have in a subnet: its own address if it is known. */
export function sourceBlocks({ facts, subnet }: Walk): readonly string[] {
  const address = knownValue(facts.placement)?.sourceAddress;
  if (address) return [`${address}/32`];
  return subnet.cidrBlock ? [subnet.cidrBlock] : [];
}

const names = (ids: readonly string[]) => ids.map((id) => `\`${id}\``).join(', ');

/** One group lets, two groups let. */
export const lets = (ids: readonly string[]): string => (ids.length === 1 ? 'lets' : 'let');
