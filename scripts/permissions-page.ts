import type { ReadAction } from '../lambda/aws/actions.ts';

/** Why each call is made. */
const reasons: Readonly<Record<ReadAction, string>> = {
  'ec2:DescribeDhcpOptions': 'which DNS servers the VPC uses',
  'ec2:DescribeInstances': 'the network and the role of a container instance',
  'ec2:DescribeInternetGateways': 'whether the internet gateway is attached',
  'ec2:DescribeNatGateways': 'whether the NAT gateway exists, is public and available',
  'ec2:DescribeNetworkAcls': 'what the network ACLs of the subnets let through',
  'ec2:DescribePrefixLists': 'the addresses of Amazon S3, for rules that name its prefix list',
  'ec2:DescribeRouteTables': 'where the subnets send packets',
  'ec2:DescribeSecurityGroups': 'what the security groups of task and endpoints let through',
  'ec2:DescribeSubnets': "the subnets' addresses and zones",
  'ec2:DescribeVpcAttribute': 'whether the VPC resolves names',
  'ec2:DescribeVpcEndpoints': 'endpoints, their state, subnets, groups, policies and private DNS',
  'ec2:DescribeVpcs': "the VPC's addresses and its DHCP options",
  'ec2:GetManagedPrefixListEntries': 'the addresses in prefix lists that rules and routes name',
  'ecr:DescribeImages': 'whether the image is there, and in which state',
  'ecr:DescribePullThroughCacheRules': 'whether the repository is a cache of another registry',
  'ecr:DescribeRepositories': 'whether the repository is there, and which key encrypts it',
  'ecr:GetLifecyclePolicy': 'whether a rule would have removed the image',
  'ecr:GetRegistryPolicy': 'whether the policy of the registry denies the pull',
  'ecr:GetRepositoryPolicy': 'whether the policy of the repository denies or allows the pull',
  'ecs:DescribeContainerInstances': 'on which instance the task was placed',
  'ecs:DescribeServices': 'the network settings of the service, and whether it runs again',
  'ecs:DescribeTaskDefinition': 'images, roles, platform and names of secrets; never their values',
  'iam:GetInstanceProfile': 'the role of a container instance',
  'iam:GetPolicy':
    'which version of a managed policy of the role is in force, where AWS does not simulate them, or does not say which of them stops it',
  'iam:GetPolicyVersion': 'what that version allows and denies',
  'iam:GetRole': 'whether the role exists, and who may assume it',
  'iam:GetRolePolicy':
    'what an inline policy of the role allows and denies, where AWS does not simulate them, or does not say which of them stops it',
  'iam:ListAttachedRolePolicies':
    'the managed policies of the role, where AWS does not simulate them, or does not say which of them stops it',
  'iam:ListRolePolicies':
    'the inline policies of the role, where AWS does not simulate them, or does not say which of them stops it',
  'iam:SimulatePrincipalPolicy':
    'whether the role may pull, with its boundary and the policies of the organization',
  'route53:ListHostedZonesByVPC': 'private zones that answer for the names of the registry',
  'route53:ListResourceRecordSets': 'what those zones answer',
  'route53resolver:ListFirewallDomains': 'which names a DNS Firewall blocks',
  'route53resolver:ListFirewallRuleGroupAssociations': 'whether the VPC has a DNS Firewall',
  'route53resolver:ListFirewallRules': 'what its rules do',
  'sts:GetCallerIdentity': 'whose account this is: what belongs to another one cannot be seen whole',
  'ecs:DescribeTasks': 'the stopped task',
  'ecs:ListClusters': 'which name was meant, if there is no such cluster or service',
  'ecs:ListContainerInstances': '`preflight`: where a task of the launch type EC2 may be placed',
  'ecs:ListServices': '`preflight` of a whole cluster, and which name was meant',
  'ecs:ListTasks': 'the last stopped task of a service',
};

/** What is no longer found without a call: ids of checks. */
export type Lost = Readonly<Record<string, readonly string[]>>;

/** The table of docs/permissions.md. */
export const permissionsTable = (
  actions: readonly ReadAction[],
  lost: Lost,
  finders: readonly string[],
): string =>
  [
    '| Call | To see | Without it these causes are not found |',
    '| --- | --- | --- |',
    ...actions.map((action) => `| \`${action}\` | ${reasons[action]} | ${lostBy(action, lost, finders)} |`),
  ].join('\n');

function lostBy(action: ReadAction, lost: Lost, finders: readonly string[]): string {
  if (finders.includes(action)) return 'command line only; `--event` needs none of these';
  const ids = lost[action] ?? [];
  if (ids.length === 0) return 'none of the recorded ones; less is ruled out';
  const shown = ids.length > 6 ? ids.slice(0, 3) : ids;
  const links = shown.map((id) => `[${id}](checks/${id}.md)`).join(', ');
  return ids.length > shown.length ? `${ids.length} causes, such as ${links}` : links;
}
