import type { Fault } from './fault.ts';
import { must } from './must.ts';
import {
  layersDenied,
  manifestDenied,
  noBoundary,
  noIdentityPolicy,
  roleUnusable,
  type Text,
  tokenDenied,
} from './texts.ts';
import { executionRolePolicy, instanceRolePolicy, trust } from './workload.ts';
import type { World } from './world.ts';

const worlds = ['public', 'privatelink', 'platform-1.3.0', 'ec2'] as const;
export const withExecutionRole = ['public', 'private-nat', 'privatelink', 'platform-1.3.0'] as const;

const pullActions = ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

const document = (Action: readonly string[], Resource = '*') =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });

/** Takes away the policy that a world's role was made with. */
export const detachPolicy = ({ aws, kind, name: RoleName }: World) =>
  aws.iam.detachRolePolicy({
    RoleName,
    PolicyArn: kind === 'ec2' ? instanceRolePolicy : executionRolePolicy,
  });

const without = (action: string, texts: readonly Text[]): Fault => ({
  name: `the role lacks ${action}`,
  worlds,
  break: async (world) => {
    await detachPolicy(world);
    const rest = [
      ...pullActions.filter((one) => one !== action),
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ];
    await world.aws.iam.putRolePolicy({
      RoleName: world.name,
      PolicyName: 'pull',
      PolicyDocument: document(rest),
    });
    return world.roleArn;
  },
  texts,
  check: 'execution-role-cannot-pull',
});

/** Gives the role of a world a permissions boundary that allows these actions. */
export async function limit({ aws, name }: World, actions: readonly string[]): Promise<void> {
  const { Policy } = await aws.iam.createPolicy({
    PolicyName: `${name}-limit`,
    PolicyDocument: document(actions),
  });
  await aws.iam.putRolePermissionsBoundary({ RoleName: name, PermissionsBoundary: must(Policy?.Arn) });
}

/** Faults of the role that pulls. */
export const roleFaults: readonly Fault[] = [
  {
    name: 'the role does not exist',
    worlds: withExecutionRole,
    break: async (world) => {
      await detachPolicy(world);
      await world.aws.iam.deleteRole({ RoleName: world.name });
      return world.roleArn;
    },
    texts: roleUnusable,
    check: 'execution-role-missing',
  },
  {
    name: 'the role has a path, and the task definition names none',
    worlds: ['public', 'private-nat'],
    break: async (world) => {
      const { aws, name: RoleName, roleArn } = world;
      await detachPolicy(world);
      await aws.iam.deleteRole({ RoleName });
      await aws.iam.createRole({
        RoleName,
        Path: '/service-role/',
        AssumeRolePolicyDocument: trust('ecs-tasks.amazonaws.com'),
      });
      await aws.iam.attachRolePolicy({ RoleName, PolicyArn: executionRolePolicy });
      return roleArn;
    },
    texts: roleUnusable,
    check: 'execution-role-missing',
    fix: ':role/service-role/',
  },
  without('ecr:GetAuthorizationToken', tokenDenied(noIdentityPolicy)),
  without('ecr:BatchGetImage', manifestDenied(noIdentityPolicy)),
  without('ecr:GetDownloadUrlForLayer', layersDenied(noIdentityPolicy)),
  {
    name: 'the role may pull from another repository only',
    worlds: ['private-nat', 'ec2'],
    break: async (world) => {
      await detachPolicy(world);
      const put = (PolicyName: string, PolicyDocument: string) =>
        world.aws.iam.putRolePolicy({ RoleName: world.name, PolicyName, PolicyDocument });
      await put('token', document(['ecr:GetAuthorizationToken']));
      await put(
        'pull',
        document(['ecr:Batch*', 'ecr:Get*'], 'arn:aws:ecr:*:123456789012:repository/another'),
      );
      return world.roleArn;
    },
    texts: manifestDenied(noIdentityPolicy),
    check: 'execution-role-cannot-pull',
  },
  {
    name: 'a permissions boundary limits the role',
    worlds: ['private-nat', 'privatelink', 'ec2'],
    break: async (world) => {
      await limit(world, ['logs:*', 's3:*']);
      return world.roleArn;
    },
    texts: [...tokenDenied(noBoundary), ...manifestDenied(noBoundary)],
    check: 'execution-role-cannot-pull',
  },
  {
    name: 'the role may fetch the token alone, and the policy of the repository leaves the rest to it',
    worlds: ['private-nat', 'privatelink'],
    break: async (world) => {
      await detachPolicy(world);
      await world.aws.iam.putRolePolicy({
        RoleName: world.name,
        PolicyName: 'token',
        PolicyDocument: document(['ecr:GetAuthorizationToken']),
      });
      const account = { AWS: 'arn:aws:iam::123456789012:root' };
      await world.aws.ecr.setRepositoryPolicy({
        repositoryName: world.name,
        policyText: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: account, Action: pullActions.slice(1) }],
        }),
      });
      return world.roleArn;
    },
    texts: manifestDenied(''),
    check: 'execution-role-cannot-pull',
  },
  {
    name: 'the role trusts another service',
    worlds: withExecutionRole,
    break: async ({ aws, name, roleArn }) => {
      await aws.iam.updateAssumeRolePolicy({ RoleName: name, PolicyDocument: trust('lambda.amazonaws.com') });
      return roleArn;
    },
    texts: roleUnusable,
    check: 'execution-role-not-assumable',
  },
];
