import type { Read } from '../../lambda/aws/api.ts';
import { CallFailed } from '../../lambda/aws/call-failed.ts';
import type { AskRegistry } from '../../lambda/collect/define.ts';
import type { RegistryAnswer } from '../../lambda/model/facts.ts';

/** A small account, in the words of the AWS APIs. Tests change a healthy one and see what is said of it. */
export interface Account {
  readonly accountId: string;
  readonly region: string;
  Vpc: Record<string, unknown>;
  EnableDnsSupport: boolean;
  EnableDnsHostnames: boolean;
  Subnets: Record<string, unknown>[];
  RouteTables: {
    RouteTableId: string;
    Associations: Record<string, unknown>[];
    Routes: Record<string, unknown>[];
  }[];
  NetworkAcls: {
    NetworkAclId: string;
    Associations: Record<string, unknown>[];
    Entries: Record<string, unknown>[];
  }[];
  SecurityGroups: {
    GroupId: string;
    GroupName: string;
    VpcId: string;
    IpPermissions: Record<string, unknown>[];
    IpPermissionsEgress: Record<string, unknown>[];
  }[];
  VpcEndpoints: Record<string, unknown>[];
  NatGateways: Record<string, unknown>[];
  InternetGateways: Record<string, unknown>[];
  DhcpOptions: {
    DhcpOptionsId: string;
    DhcpConfigurations: { Key: string; Values: { Value: string }[] }[];
  }[];
  PrefixListEntries: Record<string, string[]>;
  service: Record<string, unknown> | null;
  taskDefinition: Record<string, unknown>;
  containerInstance: Record<string, unknown> | null;
  instance: Record<string, unknown> | null;
  natInstances: Record<string, unknown>[];
  role: {
    Arn: string;
    RoleName: string;
    AssumeRolePolicyDocument: string;
    PermissionsBoundary?: { PermissionsBoundaryArn: string };
  } | null;
  /** Actions that the role may not do, with the simulation's decision. */
  denied: Record<
    string,
    {
      decision: 'implicitDeny' | 'explicitDeny';
      missing?: string[];
      boundary?: boolean;
      organizations?: boolean;
    }
  >;
  repositories: Record<string, Record<string, unknown>>;
  images: Record<
    string,
    {
      imageDigest: string;
      imageTags?: string[];
      imageSizeInBytes?: number;
      imagePushedAt?: Date;
      imageStatus?: string;
    }[]
  >;
  lifecyclePolicies: Record<string, string>;
  repositoryPolicies: Record<string, string>;
  registryPolicy: string | null;
  pullThroughCacheRules: Record<string, unknown>[];
  /** Private hosted zones of the VPC, with the names of their records. */
  privateZones: Record<string, string[]>;
  /** Rules of DNS Firewall, by rule group in the order of their associations. */
  dnsFirewall: Record<string, (Record<string, unknown> & { domains?: string[] })[]>;
  /** What registries outside Amazon ECR say, by `host/repository`. The others give no answer. */
  registries: Record<string, RegistryAnswer>;
  /** Calls that fail, with the error code. */
  refused: Record<string, string>;
}

const filtered = <T>(list: readonly T[]) => list;

/** Answers calls as AWS would, from the account; counts them. */
export function fakeAws(account: Account, calls: string[] = []): Read {
  const absent = (action: string, code: string) => {
    throw new CallFailed(action, code, 'refused');
  };
  const imagesOf = (action: string, name: string) =>
    account.images[name] ?? absent(action, 'RepositoryNotFoundException') ?? [];
  // biome-ignore lint/suspicious/noExplicitAny: inputs of forty calls; each is read by its own line
  const answers: Record<string, (input: any) => unknown> = {
    'sts:GetCallerIdentity': () => ({ Account: account.accountId }),
    'ec2:DescribeVpcs': () => ({ Vpcs: [account.Vpc] }),
    'ec2:DescribeVpcAttribute': ({ Attribute }) =>
      Attribute === 'enableDnsSupport'
        ? { EnableDnsSupport: { Value: account.EnableDnsSupport } }
        : { EnableDnsHostnames: { Value: account.EnableDnsHostnames } },
    'ec2:DescribeSubnets': ({ SubnetIds }) => ({
      Subnets: account.Subnets.filter(({ SubnetId }) => !SubnetIds || SubnetIds.includes(SubnetId)),
    }),
    'ec2:DescribeRouteTables': () => ({ RouteTables: filtered(account.RouteTables) }),
    'ec2:DescribeNetworkAcls': () => ({ NetworkAcls: account.NetworkAcls }),
    'ec2:DescribeSecurityGroups': () => ({ SecurityGroups: account.SecurityGroups }),
    'ec2:DescribeVpcEndpoints': () => ({ VpcEndpoints: account.VpcEndpoints }),
    'ec2:DescribeNatGateways': () => ({ NatGateways: account.NatGateways }),
    'ec2:DescribeInternetGateways': () => ({ InternetGateways: account.InternetGateways }),
    'ec2:DescribeDhcpOptions': () => ({ DhcpOptions: account.DhcpOptions }),
    'ec2:DescribePrefixLists': () => ({
      PrefixLists: [
        {
          PrefixListId: 'pl-6da54004',
          PrefixListName: `com.amazonaws.${account.region}.s3`,
          Cidrs: ['52.216.0.0/15', '3.5.0.0/19'],
        },
      ],
    }),
    'ec2:GetManagedPrefixListEntries': ({ PrefixListId }) => ({
      Entries: (account.PrefixListEntries[PrefixListId] ?? []).map((Cidr) => ({ Cidr })),
    }),
    'ec2:DescribeInstances': ({ InstanceIds }) => ({
      Reservations: (InstanceIds ? [account.instance] : account.natInstances).flatMap((one) =>
        one ? [{ Instances: [one] }] : [],
      ),
    }),
    'ecs:DescribeServices': () => ({ services: account.service ? [account.service] : [] }),
    'ecs:DescribeTaskDefinition': () => ({ taskDefinition: account.taskDefinition }),
    'ecs:DescribeContainerInstances': () => ({
      containerInstances: account.containerInstance ? [account.containerInstance] : [],
    }),
    'iam:GetRole': () =>
      account.role ? { Role: account.role } : absent('iam:GetRole', 'NoSuchEntityException'),
    'iam:GetInstanceProfile': () => ({ InstanceProfile: { Roles: account.role ? [account.role] : [] } }),
    'iam:SimulatePrincipalPolicy': ({ ActionNames, ResourceArns }) => ({
      EvaluationResults: ActionNames.flatMap((EvalActionName: string) =>
        ResourceArns.map((EvalResourceName: string) => {
          const denial = account.denied[EvalActionName];
          return {
            EvalActionName,
            EvalResourceName,
            EvalDecision: denial?.decision ?? 'allowed',
            MissingContextValues: denial?.missing ?? [],
            ...(denial?.boundary === undefined
              ? {}
              : { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: denial.boundary } }),
            ...(denial?.organizations === undefined
              ? {}
              : { OrganizationsDecisionDetail: { AllowedByOrganizations: denial.organizations } }),
          };
        }),
      ),
    }),
    // The policies that such a simulation comes from: one of the role, and one that is its boundary.
    'iam:ListAttachedRolePolicies': () => ({ AttachedPolicies: [] }),
    'iam:ListRolePolicies': () => ({ PolicyNames: ['pull'] }),
    'iam:GetRolePolicy': () => ({ PolicyDocument: policyOf(account, false) }),
    'iam:GetPolicy': () => ({ Policy: { DefaultVersionId: 'v1' } }),
    'iam:GetPolicyVersion': () => ({ PolicyVersion: { Document: policyOf(account, true) } }),
    'ecr:DescribeRepositories': ({ repositoryNames: [name] }) => ({
      repositories: [
        account.repositories[name] ?? absent('ecr:DescribeRepositories', 'RepositoryNotFoundException'),
      ],
    }),
    'ecr:DescribeImages': ({ repositoryName, imageIds }) => {
      const all = imagesOf('ecr:DescribeImages', repositoryName);
      if (!imageIds) return { imageDetails: all };
      const [{ imageTag, imageDigest }] = imageIds;
      const found = all.filter(
        (one) =>
          (one.imageStatus ?? 'ACTIVE') === 'ACTIVE' &&
          (imageDigest ? one.imageDigest === imageDigest : one.imageTags?.includes(imageTag)),
      );
      return found.length > 0
        ? { imageDetails: found }
        : absent('ecr:DescribeImages', 'ImageNotFoundException');
    },
    'ecr:GetLifecyclePolicy': ({ repositoryName }) => ({
      lifecyclePolicyText:
        account.lifecyclePolicies[repositoryName] ??
        absent('ecr:GetLifecyclePolicy', 'LifecyclePolicyNotFoundException'),
    }),
    'ecr:GetRepositoryPolicy': ({ repositoryName }) => ({
      policyText:
        account.repositoryPolicies[repositoryName] ??
        absent('ecr:GetRepositoryPolicy', 'RepositoryPolicyNotFoundException'),
    }),
    'ecr:GetRegistryPolicy': () =>
      account.registryPolicy
        ? { policyText: account.registryPolicy }
        : absent('ecr:GetRegistryPolicy', 'RegistryPolicyNotFoundException'),
    'route53:ListHostedZonesByVPC': () => ({
      HostedZoneSummaries: Object.keys(account.privateZones).map((Name, index) => ({
        HostedZoneId: `Z0${index}`,
        Name: `${Name}.`,
        Owner: { OwningAccount: account.accountId },
      })),
    }),
    'route53:ListResourceRecordSets': ({ HostedZoneId }) => ({
      ResourceRecordSets: (Object.values(account.privateZones)[Number(HostedZoneId.slice(1))] ?? []).map(
        (Name) => ({ Name: `${Name}.`, Type: 'A' }),
      ),
    }),
    // Priorities count backwards against the order of the answers: only the numbers decide.
    'route53resolver:ListFirewallRuleGroupAssociations': () => ({
      FirewallRuleGroupAssociations: Object.keys(account.dnsFirewall)
        .map((FirewallRuleGroupId, index) => ({ FirewallRuleGroupId, Priority: 101 + index }))
        .toReversed(),
    }),
    'route53resolver:ListFirewallRules': ({ FirewallRuleGroupId }) => ({
      FirewallRules: (account.dnsFirewall[FirewallRuleGroupId] ?? [])
        .map(({ domains: _, ...rule }, index) => ({
          Priority: 10 * (index + 1),
          FirewallDomainListId: `rslvr-fdl-${FirewallRuleGroupId.slice(-4)}${index}`,
          ...rule,
        }))
        .toReversed(),
    }),
    'route53resolver:ListFirewallDomains': ({ FirewallDomainListId: id }) => ({
      Domains:
        Object.entries(account.dnsFirewall).find(([group]) => id.includes(group.slice(-4)))?.[1][
          Number(id.at(-1))
        ]?.domains ?? absent('route53resolver:ListFirewallDomains', 'AccessDeniedException'),
    }),
    'ecr:DescribePullThroughCacheRules': () => ({ pullThroughCacheRules: account.pullThroughCacheRules }),
  };
  return (async (action: string, input: unknown, region = account.region) => {
    calls.push(action);
    const code = account.refused[action];
    if (code)
      throw new CallFailed(action, code, /Timeout|Unreadable|Empty/.test(code) ? 'no-answer' : 'refused');
    const answer = answers[action];
    if (!answer) throw new CallFailed(action, 'NotFaked', 'no-answer');
    // The repositories of the account are in its Region.
    if (
      action.startsWith('ecr:') &&
      region !== account.region &&
      action !== 'ecr:DescribePullThroughCacheRules'
    )
      return absent(
        action,
        action === 'ecr:GetRegistryPolicy'
          ? 'RegistryPolicyNotFoundException'
          : 'RepositoryNotFoundException',
      );
    return answer(input);
  }) as Read;
}

const pullActions = ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

function policyOf({ denied }: Account, isBoundary: boolean): string {
  const refuses = (action: string, decision: string) =>
    denied[action]?.decision === decision &&
    (denied[action]?.boundary === false) === isBoundary &&
    denied[action]?.organizations !== false;
  const statement = (Effect: string, Action: readonly string[]) =>
    Action.length > 0 ? [{ Effect, Action, Resource: '*' }] : [];
  const policy = {
    Version: '2012-10-17',
    Statement: [
      ...statement(
        'Allow',
        pullActions.filter((one) => !refuses(one, 'implicitDeny')),
      ),
      ...statement(
        'Deny',
        pullActions.filter((one) => refuses(one, 'explicitDeny')),
      ),
    ],
  };
  return encodeURIComponent(JSON.stringify(policy));
}

/** Answers as the registries of the world would. */
export const fakeRegistries =
  ({ registries }: Account): AskRegistry =>
  async ({ registry, repository }) =>
    registries[`${registry}/${repository}`] ?? {
      status: 'no-answer',
      because: `\`${registry}\` did not answer in time`,
    };
