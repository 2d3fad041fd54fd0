import { blank, command, inTurn, words } from '../command.ts';
import type { Outcome } from '../model/check.ts';
import type { CollectedFacts } from '../model/facts.ts';
import { type DnsServerFacts, dnsServersOf } from '../network/dns-servers.ts';
import { knownValue } from '../network/hop.ts';
import { defineCheck, undecided } from './define.ts';
import { defineNetworkCheck } from './network-check.ts';
import { ecrEndpointsPage } from './sources.ts';
import { typescript } from './typescript.ts';
import { type OwnedFix, ofGroup } from './vpc-owner.ts';

const ofHops = defineNetworkCheck({
  id: 'custom-dns-servers',
  cause: 'The VPC uses DNS servers other than those of Amazon',
  source: ecrEndpointsPage('Considerations for Amazon ECR VPC endpoints', '#ecr-vpc-endpoint-considerations'),

  uses: ['vpc', 'dhcpOptions', 'securityGroups'],

  fixes: ([{ hop, path }], { task: { region }, subnets }, facts) => {
    const servers = dnsServersOf(facts).custom;
    const set = knownValue(facts.dhcpOptions)?.dhcpOptionsId ?? blank('DHCP options');
    const vpc = subnets[0]?.vpcId ?? blank('vpc');
    return [
      letQueriesOut(hop.resources[0] ?? '', servers, region, facts) ?? {
        do: `Let the DNS servers forward \`${path.destination.host}\` to the Amazon DNS server of the VPC (a Route 53 Resolver inbound endpoint)`,
      },
      {
        // Whoever looks up names of the user's own network in the VPC needs the servers that stand there now.
        do: `Or let the whole VPC use the Amazon DNS server, by DHCP options with \`AmazonProvidedDNS\`, where nobody needs names that only the other servers know; what else \`${set}\` sets, such as a domain name, must be named too. Tasks that start later use it`,
        alternative: true,
        cli: command`options=$(aws ec2 create-dhcp-options --region ${region} --dhcp-configurations Key=domain-name-servers,Values=AmazonProvidedDNS --query DhcpOptions.DhcpOptionsId --output text) && aws ec2 associate-dhcp-options --region ${region} --dhcp-options-id $options --vpc-id ${vpc}`,
        cdk: typescript`new ec2.CfnDHCPOptions(this, 'Dhcp', { domainNameServers: ['AmazonProvidedDNS'] })`,
      },
    ];
  },
});

/** Where queries do not even get to the servers: a group or a network ACL stands first among the resources. */
function letQueriesOut(
  culprit: string,
  servers: readonly string[],
  region: string,
  facts: Pick<CollectedFacts, 'securityGroups'>,
): OwnedFix | null {
  const them = servers.map((one) => `\`${one}\``).join(', ');
  if (culprit.startsWith('acl-'))
    return {
      do: `Add an outbound rule to \`${culprit}\` that allows UDP and TCP port 53 to ${them}, and an inbound one that allows their answers on the ephemeral ports, before the rules that deny`,
    };
  if (!culprit.startsWith('sg-')) return null;
  const allow = (server: string, protocol: string) =>
    words`aws ec2 authorize-security-group-egress --region ${region} --group-id ${culprit} --protocol ${protocol} --port 53 --cidr ${server}/32`;
  return {
    ...ofGroup(culprit, facts),
    do: `Allow UDP and TCP port 53 out of \`${culprit}\` to ${them}`,
    cli: command`${inTurn(servers.flatMap((server) => [allow(server, 'udp'), allow(server, 'tcp')]))}`,
    cdk: typescript`securityGroup.addEgressRule(ec2.Peer.ipv4(${`${servers[0]}/32`}), ec2.Port.udp(53))`,
  };
}

/**
 * Only the Amazon DNS server knows the private names of endpoints: other servers must forward to it. Public names they may know or
 * not, and nothing in AWS shows it: where a text does not tell that a name was resolved, and nothing on the way ends the connections,
 * they are worth a look.
 */
export default defineCheck({
  id: ofHops.id,
  cause: ofHops.cause,
  source: ofHops.source,
  needs: ['pullError', 'task', 'images', 'placement', 'subnets', 'paths'],
  uses: ['vpc', 'dhcpOptions', 'securityGroups'],

  examine(facts, uses) {
    const outcome = ofHops.examine(facts as never, uses as never);
    const { pullError, paths } = facts;
    if (outcome.status === 'undecided') return outcome;
    const isShut = paths.some(({ hops }) => hops.some(({ verdict }) => verdict === 'closed'));
    const asked = paths.filter(
      ({ destination: { step } }) =>
        !pullError.answered?.includes(step) && (pullError.step === null || pullError.step === step),
    );
    const [first] = asked;
    if (!pullError.text || pullError.address || pullError.reached || isShut || !first) return outcome;
    return perhapsUnresolved(first.destination.host, uses) ?? outcome;
  },
});

function perhapsUnresolved(host: string, facts: DnsServerFacts): Outcome | null {
  const set = knownValue(facts.dhcpOptions);
  const servers = dnsServersOf(facts)
    .custom.map((one) => `\`${one}\``)
    .join(', ');
  if (!set || !servers) return null;
  return undecided(
    `\`${set.dhcpOptionsId}\` names the DNS servers ${servers}, and whether they resolve \`${host}\` cannot be seen from here`,
    [set.dhcpOptionsId],
    `Look \`${host}\` up at ${servers} from within the VPC`,
  );
}
