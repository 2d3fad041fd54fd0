import type { SecurityGroupRule } from '../model/facts.ts';
import { covers } from './cidr.ts';
import { answerPorts } from './filters.ts';
import { knownValue } from './hop.ts';
import { aclOf, ask } from './network-acl.ts';
import { listsFor } from './public-addresses.ts';
import { blocksOf, isFor, rulesOf } from './security-group.ts';
import type { Walk } from './walk.ts';

/** What keeps every query from the DNS servers. */
export interface QueriesEnd {
  /** Security groups, or a network ACL. */
  readonly ids: readonly string[];
  /** Whether it is the way back that is closed. */
  readonly answers: boolean;
}

/**
 * Queries to DNS servers of one's own pass security groups and network ACLs, as those to the Amazon DNS server do not. A client
 * asks over UDP. `null`: they get through, or it cannot be seen whether they do.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/verify-connectivity.html
 */
export function queriesEnd(way: Walk, servers: readonly string[]): QueriesEnd | null {
  const { facts, subnet } = way;
  // IPv6 has rules of its own, which are not read.
  if (servers.some((one) => one.includes(':'))) return null;
  const ids = knownValue(facts.securityGroupIds) ?? [];
  const groups = rulesOf(ids, knownValue(facts.securityGroups) ?? [], 'egress');
  const isSeen = ids.length > 0 && groups.unseen.length === 0;
  if (isSeen && !servers.some((one) => groups.rules.some((rule) => mayLet(way, rule, one))))
    return { ids, answers: false };

  const acl = aclOf(subnet.subnetId, knownValue(facts.networkAcls) ?? []);
  const beside = servers.every((one) => subnet.cidrBlock && covers(subnet.cidrBlock, `${one}/32`) !== 'all');
  if (!acl || !beside) return null;
  const blocks = servers.map((one) => `${one}/32`);
  if (ask(acl, 'out', blocks, [53, 53], '17').verdict === 'deny')
    return { ids: [acl.networkAclId], answers: false };
  if (ask(acl, 'in', blocks, answerPorts(way), '17').verdict === 'deny')
    return { ids: [acl.networkAclId], answers: true };
  return null;
}

/** Whether a rule lets a query out to a server, or may: the members of a group, or of a list that could not be read, are not known. */
function mayLet(way: Walk, rule: SecurityGroupRule, server: string): boolean {
  if (!isFor(rule, 'udp', 53)) return false;
  if (rule.peer.startsWith('sg-')) return true;
  const blocks = blocksOf(rule.peer, listsFor(way, [`${server}/32`]));
  return !blocks || blocks.some((block) => covers(block, `${server}/32`) === 'all');
}
