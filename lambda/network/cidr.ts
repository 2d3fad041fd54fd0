import ipaddr from 'ipaddr.js';

/** How much of one block of addresses another one holds. */
export type Cover = 'all' | 'part' | 'none';

/** All IPv4 addresses, in two halves: that is how a default route or rule may be split. */
export const everywhere = ['0.0.0.0/1', '128.0.0.0/1'] as const;

/** How much of `target` lies in `block`. A text that is no CIDR block holds nothing. */
export function covers(block: string, target: string): Cover {
  const outer = parse(block);
  const inner = parse(target);
  if (!outer || !inner || outer[0].kind() !== inner[0].kind()) return 'none';
  if (outer[1] <= inner[1]) return inner[0].match(outer[0], outer[1]) ? 'all' : 'none';
  return outer[0].match(inner[0], inner[1]) ? 'part' : 'none';
}

/** The number of leading bits that a block fixes: the longer, the more specific. */
export const prefixLength = (block: string): number => parse(block)?.[1] ?? -1;

/** Whether a block lies wholly in address space that is not routed on the internet. */
export const isPrivateBlock = (block: string): boolean =>
  reserved.some((one) => covers(one, block) === 'all');

// https://www.iana.org/assignments/iana-ipv4-special-registry/
const reserved = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
];

type Address = ReturnType<typeof ipaddr.parse>;

function parse(text: string): [Address, number] | null {
  const withLength = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
  return ipaddr.isValidCIDR(withLength) ? (ipaddr.parseCIDR(withLength) as [Address, number]) : null;
}
