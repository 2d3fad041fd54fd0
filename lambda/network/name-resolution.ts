import type { VpcEndpoint } from '../model/facts.ts';
import type { Hop } from '../model/network.ts';
import { isPrivate } from './address.ts';
import { interfaceEndpointsFor } from './endpoints.ts';
import { atEndpoints, closed, knownValue, open, unseen } from './hop.ts';
import type { Walk } from './walk.ts';

/** What the name of a destination leads to. */
export type Name =
  | { readonly to: 'nowhere'; readonly hop: Hop }
  | { readonly to: 'endpoint'; readonly hop: Hop; readonly endpoint: VpcEndpoint }
  | {
      readonly to: 'internet';
      readonly hop: Hop;
      /** Whether we know that no endpoint answers for the name. */
      readonly known: boolean;
      /** An endpoint should answer and does not: the reason, as a closed hop. */
      readonly instead?: Hop;
    };

const is = 'name resolution';

/**
 * The private DNS of an endpoint needs its own switch, both DNS attributes of the VPC, and the Amazon DNS server.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
 */
export function resolve(way: Walk): Name {
  const { facts, subnet, destination, error, dialled } = way;
  const dns = knownValue(facts.vpcDns);
  const servers = customServers(way);
  const dhcp = knownValue(facts.dhcpOptions);
  const vpcDnsHop = { is, at: subnet.vpcId, check: 'vpc-dns-disabled', resources: [subnet.vpcId] } as const;
  const dhcpHop = {
    is,
    at: dhcp?.dhcpOptionsId ?? subnet.vpcId,
    check: 'custom-dns-servers',
    resources: dhcp ? [dhcp.dhcpOptionsId, subnet.vpcId] : [subnet.vpcId],
  } as const;
  const { host } = destination;

  if (dns && !dns.enableDnsSupport && !servers)
    return {
      to: 'nowhere',
      hop: closed(
        vpcDnsHop,
        `\`enableDnsSupport\` of \`${subnet.vpcId}\` is off, so the Amazon DNS server does not resolve \`${host}\``,
        dhcp ? 'proven' : 'likely',
      ),
    };
  const namesFail =
    error.symptoms.includes('name-not-resolved') && (error.host === undefined || error.host === host);
  if (servers && namesFail)
    return {
      to: 'nowhere',
      hop: closed(
        dhcpHop,
        `\`${dhcp?.dhcpOptionsId}\` names the DNS servers ${list(servers)}, and \`${host}\` was not resolved`,
        'likely',
      ),
    };

  if (facts.vpcEndpoints.status === 'unknown' && destination.service) {
    const where = { is, at: subnet.vpcId, check: 'endpoint-missing', resources: [subnet.vpcId] } as const;
    return {
      to: 'internet',
      known: false,
      hop: unseen(where, `The VPC endpoints of \`${subnet.vpcId}\``, facts.vpcEndpoints, atEndpoints),
    };
  }

  const endpoints = interfaceEndpointsFor(destination, knownValue(facts.vpcEndpoints) ?? []);
  const [endpoint] = endpoints.filter(
    (one) => one.state === 'available' && one.privateDnsEnabled && !one.privateDnsOnlyForInboundResolver,
  );
  const asPublic = publicName(way, servers);
  if (!endpoint) {
    const unavailable = endpoints.find(
      ({ state, privateDnsEnabled }) => state !== 'available' && privateDnsEnabled,
    );
    const mute = endpoints.find(
      ({ state, privateDnsEnabled }) => state === 'available' && !privateDnsEnabled,
    );
    const instead = unavailable
      ? closed(
          {
            is: 'VPC endpoint',
            at: unavailable.vpcEndpointId,
            check: 'endpoint-not-available',
            resources: [unavailable.vpcEndpointId],
          },
          `Endpoint \`${unavailable.vpcEndpointId}\` for \`${unavailable.serviceName}\` is \`${unavailable.state}\``,
        )
      : mute
        ? closed(
            {
              is,
              at: mute.vpcEndpointId,
              check: 'endpoint-private-dns-off',
              resources: [mute.vpcEndpointId, subnet.vpcId],
            },
            `Private DNS of endpoint \`${mute.vpcEndpointId}\` for \`${mute.serviceName}\` is off, so \`${host}\` leads to public addresses`,
          )
        : undefined;
    return { to: 'internet', known: true, hop: asPublic, ...(instead && { instead }) };
  }

  if (dialled && isPrivate(dialled))
    return {
      to: 'endpoint',
      endpoint,
      hop: open(dhcpHop, `\`${host}\` resolved to \`${dialled}\`, an address of an endpoint`),
    };
  if (dns?.enableDnsHostnames === false)
    return {
      to: 'internet',
      known: true,
      hop: asPublic,
      instead: closed(
        vpcDnsHop,
        `\`enableDnsHostnames\` of \`${subnet.vpcId}\` is off, so the private DNS of \`${endpoint.vpcEndpointId}\` has no effect`,
      ),
    };
  if (servers) {
    const evidence = `\`${dhcp?.dhcpOptionsId}\` names the DNS servers ${list(servers)}; unless they forward \`${host}\` to the Amazon DNS server, it does not lead to \`${endpoint.vpcEndpointId}\``;
    return {
      to: 'internet',
      known: true,
      hop: asPublic,
      instead: closed(
        dhcpHop,
        dialled ? `${evidence}, and the address dialled was the public \`${dialled}\`` : evidence,
        'likely',
      ),
    };
  }
  const reading = `\`${host}\` leads to \`${endpoint.vpcEndpointId}\` by its private DNS`;
  if (facts.vpcDns.status === 'unknown')
    return {
      to: 'endpoint',
      endpoint,
      hop: unseen(vpcDnsHop, `The DNS attributes of \`${subnet.vpcId}\``, facts.vpcDns),
    };
  if (facts.dhcpOptions.status === 'unknown')
    return {
      to: 'endpoint',
      endpoint,
      hop: unseen(dhcpHop, `The DHCP options of \`${subnet.vpcId}\``, facts.dhcpOptions),
    };
  return { to: 'endpoint', endpoint, hop: open(dhcpHop, reading) };
}

function publicName({ facts, subnet, destination }: Walk, servers: readonly string[] | null): Hop {
  const where = { is, at: subnet.vpcId, check: 'vpc-dns-disabled', resources: [subnet.vpcId] } as const;
  if (facts.vpcDns.status === 'unknown' && !servers)
    return unseen(where, `The DNS attributes of \`${subnet.vpcId}\``, facts.vpcDns);
  return open(where, `\`${subnet.vpcId}\` resolves names; \`${destination.host}\` leads to public addresses`);
}

/** The DNS servers of the DHCP options, if the Amazon DNS server is not among them. */
function customServers({ facts }: Walk): readonly string[] | null {
  const servers = knownValue(facts.dhcpOptions)?.domainNameServers ?? [];
  const blocks = knownValue(facts.vpc)?.cidrBlocks ?? [];
  const amazon = new Set([
    'AmazonProvidedDNS',
    '169.254.169.253',
    'fd00:ec2::253',
    ...blocks.map(secondAddress),
  ]);
  return servers.length > 0 && !servers.some((one) => amazon.has(one)) ? servers : null;
}

/** The Amazon DNS server also answers at the base of the VPC's block plus two. https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html */
const secondAddress = (block: string) =>
  block.replace(/(\d+)\/\d+$/, (_, last: string) => String(Number(last) + 2));

const list = (items: readonly string[]) => items.map((one) => `\`${one}\``).join(', ');
