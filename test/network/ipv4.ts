/** Whether a block holds an IPv4 address; no IPv6 block does. */
export function holds(block: string, address: string): boolean {
  const [first, last] = rangeOf(block);
  const number = numberOf(address);
  return first <= number && number <= last;
}

/** The number behind the slash. */
export const prefixLength = (block: string): number => Number(block.split('/')[1]);

/** The first address of a subnet that AWS gives away, the first ones of its upper half, and the last. */
export function hostsOf(block: string): readonly string[] {
  const [first, last] = rangeOf(block);
  return [first + 4, Math.ceil((first + last) / 2), last - 1].map(textOf);
}

const ranges = new Map<string, readonly [number, number]>();
function rangeOf(block: string): readonly [number, number] {
  const known = ranges.get(block);
  if (known) return known;
  const first = numberOf(block.split('/')[0] ?? '');
  const range = block.includes(':') ? ([1, 0] as const) : ([first, first + sizeOf(block) - 1] as const);
  ranges.set(block, range);
  return range;
}

const numbers = new Map<string, number>();
function numberOf(address: string): number {
  const known = numbers.get(address);
  if (known !== undefined) return known;
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  numbers.set(address, number);
  return number;
}

const sizeOf = (block: string) => 2 ** (32 - prefixLength(block));
const textOf = (address: number) =>
  [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');
