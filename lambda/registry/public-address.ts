import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Whether a text is an IP address that anybody on the internet may reach: global unicast, and none of the ranges set aside
 * for private networks, tunnels, translation or documentation. https://www.iana.org/assignments/iana-ipv6-special-registry/
 */
export function isPublicAddress(text: string): boolean {
  // `isIP` takes full notation only; the library would also read `0x7f.1`. A zone (`%eth0`) names an interface of ours.
  if (isIP(text) === 0 || text.includes('%')) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  // Of IPv6, IANA gives out 2000::/3 alone: the rest may mean anything, `::a.b.c.d` an IPv4 address.
  return address.kind() === 'ipv4' || address.match(globalUnicast);
}

const globalUnicast = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];
