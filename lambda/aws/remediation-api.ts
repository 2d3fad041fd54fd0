import * as ec2 from '@aws-sdk/client-ec2';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as iam from '@aws-sdk/client-iam';
import * as sts from '@aws-sdk/client-sts';
import type { Change, ChangeAction } from '../model/remediation.ts';
import type { LookAction } from './actions.ts';
import { type Connection, callerOf, type Settings } from './caller.ts';

const clients = {
  ec2: (config: Settings) => new ec2.EC2Client(config),
  ecr: (config: Settings) => new ecr.ECRClient(config),
  ecs: (config: Settings) => new ecs.ECSClient(config),
  iam: (config: Settings) => new iam.IAMClient(config),
  sts: (config: Settings) => new sts.STSClient(config),
};

const looks = {
  'ec2:DescribeSecurityGroupRules': ec2.DescribeSecurityGroupRulesCommand,
  'ec2:DescribeSecurityGroups': ec2.DescribeSecurityGroupsCommand,
  'ecr:DescribeImages': ecr.DescribeImagesCommand,
  'ecr:DescribeRepositories': ecr.DescribeRepositoriesCommand,
  'ecr:ListTagsForResource': ecr.ListTagsForResourceCommand,
  'ecs:DescribeServices': ecs.DescribeServicesCommand,
  'iam:GetRole': iam.GetRoleCommand,
  'iam:ListAttachedRolePolicies': iam.ListAttachedRolePoliciesCommand,
  'sts:GetCallerIdentity': sts.GetCallerIdentityCommand,
} satisfies Record<LookAction, new (input: never) => unknown>;

const changes = {
  'ec2:AuthorizeSecurityGroupEgress': ec2.AuthorizeSecurityGroupEgressCommand,
  'ec2:AuthorizeSecurityGroupIngress': ec2.AuthorizeSecurityGroupIngressCommand,
  'ec2:RevokeSecurityGroupEgress': ec2.RevokeSecurityGroupEgressCommand,
  'ec2:RevokeSecurityGroupIngress': ec2.RevokeSecurityGroupIngressCommand,
  'ecr:UpdateImageStorageClass': ecr.UpdateImageStorageClassCommand,
  'ecs:UpdateService': ecs.UpdateServiceCommand,
  'iam:AttachRolePolicy': iam.AttachRolePolicyCommand,
  'iam:DetachRolePolicy': iam.DetachRolePolicyCommand,
} satisfies Record<ChangeAction, new (input: never) => unknown>;

type Looks = typeof looks;
type Output<A extends LookAction> =
  InstanceType<Looks[A]> extends {
    resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ output: infer O }>;
  }
    ? O
    : never;

/** Reads the state before a change, and whether its owner consents. */
export type Look = <A extends LookAction>(
  action: A,
  input: ConstructorParameters<Looks[A]>[0],
  region: string,
) => Promise<Output<A>>;

/** All that a remediation can do in an account. Both throw `CallFailed`. */
export interface Account {
  readonly look: Look;
  /** Sent once: a second try would answer "already so" where the first was ours. */
  readonly change: (change: Change, region: string) => Promise<unknown>;
}

/** A person may think between two calls, so without another word there is no limit for all of them. */
const noLimit = 24 * 60 * 60_000;

/** The account that the credentials belong to. */
export function awsAccount(connection: Connection): Account {
  const { budget = noLimit } = connection;
  const send = callerOf(changes, clients, { ...connection, budget, maxAttempts: 1 });
  return {
    look: callerOf(looks, clients, { ...connection, budget }) as Look,
    change: ({ action, input }, region) => send(action, input, region),
  };
}
