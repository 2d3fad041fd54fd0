import ipaddr from 'ipaddr.js';

/** How much of one block of addresses another one holds. */
export type Cover = 'all' | 'part' | 'none';

/** All IPv4 addresses, in two halves: that is how a default route or rule may be split. */
export const everywhere = ['0.0.0.0/1', '128.0.0.0/1'] as const;

/** How much of `target` lies in `block`. A text that is no CIDR block holds nothing. */
export function covers(block: string, target: string): Cover {
  const outer = parse(block);
  const inner = parse(target);
  if (!outer || !inner || outer.bytes.length !== inner.bytes.length) return 'none';
  if (outer.length <= inner.length) return startsAlike(outer, inner, outer.length) ? 'all' : 'none';
  return startsAlike(inner, outer, inner.length) ? 'part' : 'none';
}

/** How much of `target` lies in several blocks together. */
export function coversTogether(blocks: readonly string[], target: string): Cover {
  const each = blocks.map((block) => covers(block, target));
  if (each.includes('all')) return 'all';
  const inside = blocks.filter((_, index) => each[index] === 'part');
  if (inside.length === 0) return 'none';
  return halvesOf(target).every((half) => coversTogether(inside, half) === 'all') ? 'all' : 'part';
}

/** The number of leading bits that a block fixes: the longer, the more specific. */
export const prefixLength = (block: string): number => parse(block)?.length ?? -1;

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
  // Meant for benchmarks, and used as a second block of a VPC.
  '198.18.0.0/15',
];

interface Block {
  readonly bytes: readonly number[];
  readonly length: number;
}

const startsAlike = (a: Block, b: Block, bits: number): boolean =>
  a.bytes.every((byte, index) => {
    const free = Math.min(8, Math.max(0, 8 * (index + 1) - bits));
    return byte >> free === (b.bytes[index] ?? 0) >> free;
  });

/** A block as two blocks. */
export function halvesOf(block: string): readonly string[] {
  const { bytes, length } = parse(block) ?? { bytes: [], length: 0 };
  const at = length >> 3;
  const upper = bytes.map((byte, index) => (index === at ? byte | (0x80 >> (length & 7)) : byte));
  const halves = [bytes.map((byte, index) => (index === at ? byte & ~(0x80 >> (length & 7)) : byte)), upper];
  return halves.map((half) => `${ipaddr.fromByteArray([...half])}/${length + 1}`);
}

// The same few blocks are compared over and over.
const parsed = new Map<string, Block | null>();
const mostParsed = 10_000;

function parse(text: string): Block | null {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const withLength = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
  const [address, length] = ipaddr.isValidCIDR(withLength) ? ipaddr.parseCIDR(withLength) : [null, 0];
  const block = address && { bytes: address.toByteArray(), length };
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(text, block);
  return block;
}
