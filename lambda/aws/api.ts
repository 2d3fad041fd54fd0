import * as ec2 from '@aws-sdk/client-ec2';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as iam from '@aws-sdk/client-iam';
import * as route53 from '@aws-sdk/client-route-53';
import * as sts from '@aws-sdk/client-sts';
import type { ReadAction } from './actions.ts';
import { type Connection, callerOf, type Settings } from './caller.ts';
import * as route53Resolver from './route53-resolver.ts';

const clients = {
  ec2: (config: Settings) => new ec2.EC2Client(config),
  ecr: (config: Settings) => new ecr.ECRClient(config),
  ecs: (config: Settings) => new ecs.ECSClient(config),
  iam: (config: Settings) => new iam.IAMClient(config),
  route53: (config: Settings) => new route53.Route53Client(config),
  route53resolver: (config: Settings) => route53Resolver.route53ResolverClient(config),
  sts: (config: Settings) => new sts.STSClient(config),
};

const commands = {
  'ec2:DescribeDhcpOptions': ec2.DescribeDhcpOptionsCommand,
  'ec2:DescribeInstances': ec2.DescribeInstancesCommand,
  'ec2:DescribeInternetGateways': ec2.DescribeInternetGatewaysCommand,
  'ec2:DescribeNatGateways': ec2.DescribeNatGatewaysCommand,
  'ec2:DescribeNetworkAcls': ec2.DescribeNetworkAclsCommand,
  'ec2:DescribePrefixLists': ec2.DescribePrefixListsCommand,
  'ec2:DescribeRouteTables': ec2.DescribeRouteTablesCommand,
  'ec2:DescribeSecurityGroups': ec2.DescribeSecurityGroupsCommand,
  'ec2:DescribeSubnets': ec2.DescribeSubnetsCommand,
  'ec2:DescribeVpcAttribute': ec2.DescribeVpcAttributeCommand,
  'ec2:DescribeVpcEndpoints': ec2.DescribeVpcEndpointsCommand,
  'ec2:DescribeVpcs': ec2.DescribeVpcsCommand,
  'ec2:GetManagedPrefixListEntries': ec2.GetManagedPrefixListEntriesCommand,
  'ecr:DescribeImages': ecr.DescribeImagesCommand,
  'ecr:DescribePullThroughCacheRules': ecr.DescribePullThroughCacheRulesCommand,
  'ecr:DescribeRepositories': ecr.DescribeRepositoriesCommand,
  'ecr:GetLifecyclePolicy': ecr.GetLifecyclePolicyCommand,
  'ecr:GetRegistryPolicy': ecr.GetRegistryPolicyCommand,
  'ecr:GetRepositoryPolicy': ecr.GetRepositoryPolicyCommand,
  'ecs:DescribeContainerInstances': ecs.DescribeContainerInstancesCommand,
  'ecs:DescribeServices': ecs.DescribeServicesCommand,
  'ecs:DescribeTaskDefinition': ecs.DescribeTaskDefinitionCommand,
  'ecs:DescribeTasks': ecs.DescribeTasksCommand,
  'ecs:ListClusters': ecs.ListClustersCommand,
  'ecs:ListContainerInstances': ecs.ListContainerInstancesCommand,
  'ecs:ListServices': ecs.ListServicesCommand,
  'ecs:ListTasks': ecs.ListTasksCommand,
  'iam:GetInstanceProfile': iam.GetInstanceProfileCommand,
  'iam:GetPolicy': iam.GetPolicyCommand,
  'iam:GetPolicyVersion': iam.GetPolicyVersionCommand,
  'iam:GetRole': iam.GetRoleCommand,
  'iam:GetRolePolicy': iam.GetRolePolicyCommand,
  'iam:ListAttachedRolePolicies': iam.ListAttachedRolePoliciesCommand,
  'iam:ListRolePolicies': iam.ListRolePoliciesCommand,
  'iam:SimulatePrincipalPolicy': iam.SimulatePrincipalPolicyCommand,
  'route53:ListHostedZonesByVPC': route53.ListHostedZonesByVPCCommand,
  'route53:ListResourceRecordSets': route53.ListResourceRecordSetsCommand,
  'route53resolver:ListFirewallDomains': route53Resolver.ListFirewallDomainsCommand,
  'route53resolver:ListFirewallRuleGroupAssociations':
    route53Resolver.ListFirewallRuleGroupAssociationsCommand,
  'route53resolver:ListFirewallRules': route53Resolver.ListFirewallRulesCommand,
  'sts:GetCallerIdentity': sts.GetCallerIdentityCommand,
} satisfies Record<ReadAction, new (input: never) => unknown>;

type Commands = typeof commands;

export type { Connection };
/** What a call takes, in the SDK's own type. */
export type Input<A extends ReadAction> = ConstructorParameters<Commands[A]>[0];
/** What a call answers, in the SDK's own type. */
export type Output<A extends ReadAction> =
  InstanceType<Commands[A]> extends {
    resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ output: infer O }>;
  }
    ? O
    : never;

/** Reads from AWS. Collectors receive this function and nothing else. `region` if it is not that of the task. */
export type Read = <A extends ReadAction>(action: A, input: Input<A>, region?: string) => Promise<Output<A>>;

/** A reader for one account and Region. A call that brings no usable answer, for whatever reason, throws `CallFailed`. */
export const awsReader = (connection: Connection): Read => callerOf(commands, clients, connection) as Read;
