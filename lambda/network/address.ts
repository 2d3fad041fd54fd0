import ipaddr from 'ipaddr.js';
import { covers } from './cidr.ts';

/** Whether an IP address is one that only a VPC, or a network attached to it, has. */
export function isPrivate(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return (
    ['private', 'uniqueLocal', 'carrierGradeNat'].includes(ipaddr.parse(address).range()) ||
    covers('198.18.0.0/15', address) === 'all'
  );
}
