import ipaddr from 'ipaddr.js';
import { covers } from './cidr.ts';

/** Whether a text is an address of IPv4, whole and in four parts. */
export const isIpv4 = (text: string): boolean => ipaddr.IPv4.isValidFourPartDecimal(text);

/** Whether an IP address is one that only a VPC, or a network attached to it, has. */
export function isPrivate(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return (
    ['private', 'uniqueLocal', 'carrierGradeNat'].includes(ipaddr.parse(address).range()) ||
    covers('198.18.0.0/15', address) === 'all'
  );
}
