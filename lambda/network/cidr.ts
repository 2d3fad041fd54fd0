import ipaddr from 'ipaddr.js';

/** How much of one block of addresses another one holds. */
export type Cover = 'all' | 'part' | 'none';

/** All IPv4 addresses, in two halves: that is how a default route or rule may be split. */
export const everywhere = ['0.0.0.0/1', '128.0.0.0/1'] as const;

/** How much of `target` lies in `block`. A text that is no CIDR block holds nothing. */
export function covers(block: string, target: string): Cover {
  const outer = parse(block);
  const inner = parse(target);
  return outer && inner ? holds(outer, inner) : 'none';
}

/** How much of `target` lies in several blocks together. */
export function coversTogether(blocks: readonly string[], target: string): Cover {
  const inner = parse(target);
  return inner
    ? holdTogether(
        blocks.flatMap((block) => parse(block) ?? []),
        inner,
      )
    : 'none';
}

function holds(outer: Block, inner: Block): Cover {
  if (outer.bytes !== inner.bytes) return 'none';
  if (inner.fixed.startsWith(outer.fixed)) return 'all';
  return outer.fixed.startsWith(inner.fixed) ? 'part' : 'none';
}

function holdTogether(blocks: readonly Block[], target: Block): Cover {
  const each = blocks.map((block) => holds(block, target));
  if (each.includes('all')) return 'all';
  const inside = blocks.filter((_, index) => each[index] === 'part');
  if (inside.length === 0) return 'none';
  const halves = ['0', '1'].map((bit) => ({ ...target, fixed: target.fixed + bit }));
  return halves.every((half) => holdTogether(inside, half) === 'all') ? 'all' : 'part';
}

/** The number of leading bits that a block fixes: the longer, the more specific. */
export const prefixLength = (block: string): number => parse(block)?.fixed.length ?? -1;

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
  /** The bits that every address of the block begins with, as a text of 0 and 1. */
  readonly fixed: string;
  /** The length of an address: 4 or 16. */
  readonly bytes: number;
}

/** A block as two blocks. */
export function halvesOf(block: string): readonly string[] {
  const { fixed, bytes } = parse(block) ?? { fixed: '', bytes: 4 };
  return ['0', '1'].map((bit) => `${addressOf(fixed + bit, bytes)}/${fixed.length + 1}`);
}

const addressOf = (bits: string, bytes: number) =>
  ipaddr
    .fromByteArray(
      [...Array(bytes).keys()].map((at) =>
        parseInt(bits.padEnd(8 * bytes, '0').slice(8 * at, 8 * at + 8), 2),
      ),
    )
    .toString();

// The same few blocks are compared over and over.
const parsed = new Map<string, Block | null>();
const mostParsed = 10_000;

function parse(text: string): Block | null {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const withLength = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
  const block = ipaddr.isValidCIDR(withLength) ? blockOf(...ipaddr.parseCIDR(withLength)) : null;
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(text, block);
  return block;
}

function blockOf(address: ipaddr.IPv4 | ipaddr.IPv6, length: number): Block {
  const bytes = address.toByteArray();
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return { fixed: bits.slice(0, length), bytes: bytes.length };
}
