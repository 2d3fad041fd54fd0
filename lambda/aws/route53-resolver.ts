import { ECRClient, type ECRClientConfig } from '@aws-sdk/client-ecr';
import { partition } from '@aws-sdk/core/client';
import { Command } from '@smithy/core/client';
import { getEndpointPlugin } from '@smithy/core/endpoints';
import type { EndpointV2, MetadataBearer, StaticOperationSchema, StaticStructureSchema } from '@smithy/types';

export interface FirewallRuleGroupAssociation {
  readonly FirewallRuleGroupId?: string;
  readonly Priority?: number;
}
export interface FirewallRule {
  readonly FirewallDomainListId?: string;
  readonly Priority?: number;
  readonly Action?: string;
  readonly BlockResponse?: string;
  readonly Qtype?: string;
  readonly FirewallDomainRedirectionAction?: string;
}
interface Page {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number;
}

/**
 * A client for the calls of Route 53 Resolver that are needed here. Its protocol is that of Amazon ECR (AWS JSON 1.1), so the client
 * of that service is given another name, target and host; `docs/decisions/` says why it is not the service's own.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_Operations_Amazon_Route_53_Resolver.html
 */
export const route53ResolverClient = (config: ECRClientConfig): ECRClient =>
  new ECRClient({
    ...config,
    serviceId: 'Route53Resolver',
    protocolSettings: {
      defaultNamespace: namespace,
      serviceTarget: 'Route53Resolver',
      version: '2018-04-01',
    },
    endpointProvider: ({ Region, Endpoint }): EndpointV2 => ({
      url: new URL(Endpoint ?? `https://route53resolver.${Region}.${partition(String(Region)).dnsSuffix}`),
      properties: {
        authSchemes: [
          { name: 'sigv4', signingName: 'route53resolver', signingRegion: String(Region), properties: {} },
        ],
      },
    }),
  });

const namespace = 'com.amazonaws.route53resolver';

const [text, integer, anything] = [0, 1, 15] as const;
const structure = (name: string, members: Record<string, typeof text | typeof integer | typeof anything>) =>
  [3, namespace, name, 0, Object.keys(members), Object.values(members)] satisfies StaticStructureSchema;

const endpointParameters = {
  Region: { type: 'builtInParams', name: 'region' },
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
} as const;

function command<I extends object, O extends object>(name: string, filter: string, list: string) {
  const schema: StaticOperationSchema = [
    9,
    namespace,
    name,
    0,
    structure(`${name}Request`, { [filter]: text, MaxResults: integer, NextToken: text }),
    structure(`${name}Response`, { [list]: anything, NextToken: text }),
  ];
  return Command.classBuilder<I, O & MetadataBearer, never, I, O & MetadataBearer>()
    .m((_, __, config) => [getEndpointPlugin(config, endpointParameters)])
    .s('Route53Resolver', name, {})
    .n('Route53ResolverClient', `${name}Command`)
    .sc(schema)
    .build();
}

export const ListFirewallRuleGroupAssociationsCommand = command<
  Page & { readonly VpcId: string },
  Page & { readonly FirewallRuleGroupAssociations?: readonly FirewallRuleGroupAssociation[] }
>('ListFirewallRuleGroupAssociations', 'VpcId', 'FirewallRuleGroupAssociations');

export const ListFirewallRulesCommand = command<
  Page & { readonly FirewallRuleGroupId: string },
  Page & { readonly FirewallRules?: readonly FirewallRule[] }
>('ListFirewallRules', 'FirewallRuleGroupId', 'FirewallRules');

export const ListFirewallDomainsCommand = command<
  Page & { readonly FirewallDomainListId: string },
  Page & { readonly Domains?: readonly string[] }
>('ListFirewallDomains', 'FirewallDomainListId', 'Domains');
