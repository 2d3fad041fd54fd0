/** Every AWS call made to collect facts, as its IAM action. The function's policy is this list. */
export const readActions = [
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeInstances',
  'ec2:DescribeInternetGateways',
  'ec2:DescribeNatGateways',
  'ec2:DescribeNetworkAcls',
  'ec2:DescribePrefixLists',
  'ec2:DescribeRouteTables',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcAttribute',
  'ec2:DescribeVpcEndpoints',
  'ec2:DescribeVpcs',
  'ec2:GetManagedPrefixListEntries',
  'ecr:DescribeImages',
  'ecr:DescribePullThroughCacheRules',
  'ecr:DescribeRepositories',
  'ecr:GetLifecyclePolicy',
  'ecr:GetRegistryPolicy',
  'ecr:GetRepositoryPolicy',
  'ecs:DescribeContainerInstances',
  'ecs:DescribeServices',
  'ecs:DescribeTaskDefinition',
  'iam:GetInstanceProfile',
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
  'iam:SimulatePrincipalPolicy',
  'route53:ListHostedZonesByVPC',
  'route53:ListResourceRecordSets',
  'route53resolver:ListFirewallDomains',
  'route53resolver:ListFirewallRuleGroupAssociations',
  'route53resolver:ListFirewallRules',
  'sts:GetCallerIdentity',
] as const;

/** Calls that find a task for the command line, whose policy has them too. The function is told of its task by an event. */
export const findActions = [
  'ecs:DescribeTasks',
  'ecs:ListClusters',
  'ecs:ListContainerInstances',
  'ecs:ListServices',
  'ecs:ListTasks',
] as const;

export type ReadAction = (typeof readActions)[number] | (typeof findActions)[number];

/** What a remediation reads, beside what a diagnosis does: the state before each change, and the owner's consent. */
export const lookActions = [
  'ec2:DescribeSecurityGroupRules',
  'ec2:DescribeSecurityGroups',
  'ecr:DescribeImages',
  'ecr:DescribeRepositories',
  'ecr:ListTagsForResource',
  'ecs:DescribeServices',
  'iam:GetRole',
  'iam:ListAttachedRolePolicies',
  'sts:GetCallerIdentity',
] as const;

/** Every change that a remediation can make or take back, by the remediation. */
export const changeActions = {
  'allow-https-egress': ['ec2:AuthorizeSecurityGroupEgress', 'ec2:RevokeSecurityGroupEgress'],
  'allow-endpoint-ingress': ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
  'attach-execution-role-policy': ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
  'assign-public-ip': ['ecs:UpdateService'],
  'restore-archived-image': ['ecr:UpdateImageStorageClass'],
} as const;

export type LookAction = (typeof lookActions)[number];
