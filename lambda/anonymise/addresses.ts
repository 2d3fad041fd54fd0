import ipaddr from 'ipaddr.js';

/**
 * A text with other IP addresses. Exclusive or keeps every "lies in"; the range that an address is of stays, so that a private
 * address stays private; the last byte stays too, since the Amazon DNS server is known by it.
 */
export const movedAddresses = (text: string, key: number): string =>
  text
    .replace(
      /(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?(?![\w.]*\d\.)/g,
      (all, address: string, length?: string) =>
        ipaddr.IPv4.isValidFourPartDecimal(address) ? moved(address, length, key) : all,
    )
    .replace(
      /(?<![\w.:])((?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4})(?:\/(\d{1,3}))?(?![\w.:])/gi,
      (all, address: string, length?: string) =>
        ipaddr.IPv6.isValid(address) ? moved(address, length, key) : all,
    );

function moved(address: string, length: string | undefined, key: number): string {
  const real = ipaddr.parse(address);
  const bytes = real.toByteArray();
  const bits = length === undefined ? bytes.length * 8 : Number(length);
  const keeps = real.kind() === 'ipv6' ? keptBitsOfIpv6(real as ipaddr.IPv6) : keptBits(real as ipaddr.IPv4);
  const changed = bytes.map((byte, index) => {
    const from = index * 8;
    if (index === bytes.length - 1) return byte & blockMask(bits - from);
    // Of each byte only the bits behind the kept ones change, and of a block none behind its length.
    return byte ^ (byteOf(key, index) & ~blockMask(keeps - from) & blockMask(bits - from) & 255);
  });
  const text = ipaddr.fromByteArray(changed).toString();
  return length === undefined ? text : `${text}/${length}`;
}

/** The first `bits` bits of a byte. */
const blockMask = (bits: number) => (bits <= 0 ? 0 : bits >= 8 ? 255 : 255 & (255 << (8 - bits)));

/** A byte for each place, never 0: no address stays as it is. */
const byteOf = (key: number, index: number) =>
  1 + ((Math.imul(key ^ (index * 0x9e37_79b1), 0x85eb_ca6b) >>> 8) % 255);

const keptBits = (address: ipaddr.IPv4): number =>
  ranges.find(([range]) => address.match(ipaddr.IPv4.parseCIDR(range)))?.[1] ?? 8;

const ranges: readonly (readonly [string, number])[] = [
  ['0.0.0.0/8', 32],
  ['10.0.0.0/8', 8],
  ['127.0.0.0/8', 32],
  ['128.0.0.0/32', 32],
  ['169.254.0.0/16', 32],
  ['172.16.0.0/12', 12],
  ['192.168.0.0/16', 16],
  ['100.64.0.0/10', 10],
  ['198.18.0.0/15', 15],
];

const keptBitsOfIpv6 = (address: ipaddr.IPv6): number =>
  address.match(ipaddr.IPv6.parseCIDR('fd00:ec2::/32')) || address.match(ipaddr.IPv6.parseCIDR('::/16'))
    ? 128
    : 16;
