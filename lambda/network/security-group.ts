import type { PrefixList, SecurityGroup, SecurityGroupRule } from '../model/facts.ts';
import { type Cover, coversTogether, isPrivateBlock } from './cidr.ts';

/** The other end of a connection, as a rule may name it. */
export interface Peer {
  /** Address blocks; a connection may go to any address of any of them. */
  readonly blocks: readonly string[];
  readonly groupIds: readonly string[];
}

/** How much of a peer some rules let through on TCP port 443; `unknown` where a prefix list could not be read. */
export function admits(
  rules: readonly SecurityGroupRule[],
  peer: Peer,
  prefixLists: readonly PrefixList[] | null,
): Cover | 'unknown' {
  const https = rules.filter((rule) => isFor(rule, 'tcp', 443));
  if (https.some((rule) => peer.groupIds.includes(rule.peer))) return 'all';

  // Where the peer's addresses are not known, only that nothing at all is let through is certain.
  if (peer.blocks.length === 0) return https.length === 0 ? 'none' : 'unknown';
  const unread = https.some((rule) => !blocksOf(rule.peer, prefixLists));
  const blocks = https.flatMap((rule) => blocksOf(rule.peer, prefixLists) ?? []);
  const verdicts = peer.blocks.map((block) => coverOf(blocks, block));
  if (verdicts.every((one) => one === 'all')) return 'all';
  if (unread) return 'unknown';
  return verdicts.every((one) => one === 'none') ? 'none' : 'part';
}

/** How much of a block several blocks hold together. Private addresses are no part of the internet: a rule for them lets nothing out. */
export const coverOf = (blocks: readonly string[], target: string): Cover =>
  coversTogether(
    blocks.filter((block) => !isPrivateBlock(block) || isPrivateBlock(target)),
    target,
  );

/** The blocks of the peer of a rule, if they are known. A group is no block, and holds none. */
export const blocksOf = (
  peer: string,
  prefixLists: readonly PrefixList[] | null,
): readonly string[] | undefined =>
  peer.startsWith('pl-')
    ? prefixLists?.find(({ prefixListId }) => prefixListId === peer)?.cidrBlocks
    : [peer];

/** Whether a rule is about a protocol and a port; protocols go by name or by number. */
export const isFor = (
  { protocol, ports }: SecurityGroupRule,
  wanted: keyof typeof numbers,
  port: number,
): boolean =>
  ['-1', wanted, numbers[wanted]].includes(protocol) && (!ports || (ports[0] <= port && port <= ports[1]));

const numbers = { tcp: '6', udp: '17' } as const;

/** The rules of all groups together, or the ids of the groups that could not be seen. */
export function rulesOf(
  ids: readonly string[],
  groups: readonly SecurityGroup[],
  direction: 'ingress' | 'egress',
): { readonly rules: readonly SecurityGroupRule[]; readonly unseen: readonly string[] } {
  const seen = ids.map((id) => ({ id, group: groups.find(({ groupId }) => groupId === id) }));
  return {
    rules: seen.flatMap(({ group }) => group?.[direction] ?? []),
    unseen: seen.flatMap(({ id, group }) => (group ? [] : [id])),
  };
}
