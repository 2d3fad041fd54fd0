import type { CollectedFacts } from '../model/facts.ts';
import { knownValue } from './hop.ts';

/** What the DNS servers of a VPC are told by. */
export type DnsServerFacts = Pick<CollectedFacts, 'dhcpOptions' | 'vpc'>;

interface DnsServers {
  /** Those that are not Amazon's; one that may be, if the blocks of the VPC are not known, is among them. */
  readonly custom: readonly string[];
  readonly amazon: readonly string[];
}

/** The DNS servers that the DHCP options name. */
export function dnsServersOf({ dhcpOptions, vpc }: DnsServerFacts): DnsServers {
  const servers = knownValue(dhcpOptions)?.domainNameServers ?? [];
  const [primary] = knownValue(vpc)?.cidrBlocks ?? [];
  const amazon = new Set([
    'AmazonProvidedDNS',
    '169.254.169.253',
    'fd00:ec2::253',
    ...(primary ? [secondAddress(primary)] : []),
  ]);
  return {
    custom: servers.filter((one) => !amazon.has(one)),
    amazon: servers.filter((one) => amazon.has(one)),
  };
}

/**
 * Whether all queries are sure to reach the Amazon DNS server, which knows the zones and rules of the VPC. DNS servers of one's own
 * may hand them on, or not.
 */
export const asksAmazon = (facts: DnsServerFacts): boolean =>
  facts.dhcpOptions.status === 'known' && dnsServersOf(facts).custom.length === 0;

/** The Amazon DNS server also answers at the base of the VPC's primary block plus two. https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html */
const secondAddress = (block: string) =>
  block.replace(/(\d+)\/\d+$/, (_, last: string) => String(Number(last) + 2));
