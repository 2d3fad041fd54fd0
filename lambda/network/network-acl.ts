import type { NetworkAcl, NetworkAclEntry } from '../model/facts.ts';
import { covers, halvesOf, isPrivateBlock } from './cidr.ts';

export type AclAnswer =
  | { readonly verdict: 'allow' }
  /** `rule` is the number of the rule that denies, the first one where several do; `*` if none matches. */
  | { readonly verdict: 'deny'; readonly rule: string }
  /** `rule` is there where that is so many of the ports that whole connections fail on them: again the first one that denies. */
  | { readonly verdict: 'part'; readonly rule?: string };

/** Ports from which Linux opens connections; NAT gateways use all above 1,023. https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports */
export const ephemeralPorts = {
  linux: [32_768, 60_999],
  windows: [49_152, 65_535],
  natGateway: [1_024, 65_535],
} as const;

/** A range of ports as a report names it: `port 443`, `ports 1024-65535`. */
export const nameOf = ([from, to]: readonly [number, number]): string =>
  from === to ? `port ${from}` : `ports ${from}-${to}`;

/** What AWS calls a rule for packets in this direction. */
export const nameOfRule = (direction: 'in' | 'out'): string =>
  direction === 'in' ? 'inbound rule' : 'outbound rule';

/** What an ACL says about packets of TCP, or of UDP, to or from some blocks on some ports: the first matching rule decides. */
export function ask(
  { entries }: NetworkAcl,
  direction: 'in' | 'out',
  blocks: readonly string[],
  ports: readonly [number, number],
  wanted: '6' | '17' = '6',
): AclAnswer {
  const rules = entries.filter(
    ({ egress, protocol }) => egress === (direction === 'out') && (protocol === '-1' || protocol === wanted),
  );
  // Ports are compared piecewise, so that two rules that meet in the middle of a range count together.
  const starts = [
    ports[0],
    ...rules.flatMap((rule) => (rule.ports ? [rule.ports[0], rule.ports[1] + 1] : [])),
  ];
  const pieces = [...new Set(starts)].filter((port) => ports[0] <= port && port <= ports[1]);
  const answers = blocks.flatMap((block) => pieces.flatMap((port) => decide(rules, block, port)));
  const denials = answers.filter((one) => one.verdict === 'deny');
  const [first] = denials.toSorted((a, b) => numberOf(a.rule) - numberOf(b.rule));
  if (first && denials.length === answers.length) return first;
  if (!first) return { verdict: 'allow' };
  // A port that no address may use is closed, whichever address it is.
  const ends = pieces.toSorted((a, b) => a - b);
  const closed = ends
    .filter((port) =>
      blocks.every((block) => decide(rules, block, port).every(({ verdict }) => verdict === 'deny')),
    )
    .reduce((sum, port) => sum + ((ends.find((next) => next > port) ?? ports[1] + 1) - port), 0);
  return closed >= enough * (ports[1] + 1 - ports[0])
    ? { verdict: 'part', rule: first.rule }
    : { verdict: 'part' };
}

/** A pull tries three times and more, each time from another port: with fewer closed ones it hardly ever fails. */
const enough = 1 / 4;

/** The number of a rule that denies; that of the last one of every ACL for `*`. */
export const numberOf = (rule: string): number => (rule === '*' ? 32_767 : Number(rule));

/** The answers for a block on one port; several, where rules divide the block. */
function decide(rules: readonly NetworkAclEntry[], block: string, port: number): readonly AclAnswer[] {
  for (const rule of rules) {
    if (rule.protocol !== '-1' && rule.ports && (port < rule.ports[0] || rule.ports[1] < port)) continue;
    // Private addresses are no part of the internet.
    if (isPrivateBlock(rule.cidrBlock) && !isPrivateBlock(block)) continue;
    const cover = covers(rule.cidrBlock, block);
    if (cover === 'none') continue;
    if (cover === 'part') return halvesOf(block).flatMap((half) => decide(rules, half, port));
    return rule.action === 'allow'
      ? [{ verdict: 'allow' }]
      : [{ verdict: 'deny', rule: rule.ruleNumber >= 32_767 ? '*' : String(rule.ruleNumber) }];
  }
  return [{ verdict: 'deny', rule: '*' }];
}

/** The ACL of a subnet: each subnet has exactly one. */
export const aclOf = (subnetId: string, acls: readonly NetworkAcl[]): NetworkAcl | undefined =>
  acls.find(({ subnetIds }) => subnetIds.includes(subnetId));
