import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Fix } from '../../lambda/model/check.ts';
import { tellLab } from './lab.ts';
import { must } from './must.ts';
import { detachPolicy } from './role-faults.ts';
import type { World } from './world.ts';

/** One of the policies that a pull has to get through, and how it refuses one. */
export interface PolicyLayer {
  readonly name: string;
  readonly break: (world: World) => Promise<void>;
  /** Id of the check that must speak. */
  readonly check: string;
  /** A word that its evidence must hold. */
  readonly evidence: string;
  /** Which of the fixes is meant for it, and how a person does what it says. */
  readonly fix: RegExp;
  readonly mend: (world: World, fix: Fix) => Promise<void>;
}

const action = 'ecr:BatchGetImage';
const allow = (Action: string | readonly string[]) => ({ Effect: 'Allow', Action, Resource: '*' });
const deny = { Effect: 'Deny', Action: action, Resource: '*' };
const document = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

async function bound(world: World, policy: string): Promise<void> {
  const { iam } = world.aws;
  const { Policy } = await iam.createPolicy({ PolicyName: `${world.name}-limit`, PolicyDocument: policy });
  await iam.putRolePermissionsBoundary({ RoleName: world.name, PermissionsBoundary: must(Policy?.Arn) });
}
/** Pastes the command of a fix. */
async function paste({ aws }: World, { cli }: Fix): Promise<void> {
  await promisify(execFile)('bash', ['-c', must(cli)], {
    env: { ...process.env, AWS_DEFAULT_REGION: aws.region, AWS_PAGER: '' },
  });
}
async function endpointOf({ aws, vpcId }: World): Promise<string> {
  const { VpcEndpoints = [] } = await aws.ec2.describeVpcEndpoints({
    Filters: [{ Name: 'vpc-id', Values: [vpcId] }],
  });
  return must(VpcEndpoints.find(({ ServiceName }) => ServiceName?.endsWith('.ecr.dkr'))?.VpcEndpointId);
}

const ofRole = 'execution-role-cannot-pull';

/** Every kind of policy that refuses a pull in one account, and each way in which it does. */
export const policyLayers: readonly PolicyLayer[] = [
  {
    name: 'the role lacks the action',
    break: async (world) => {
      await detachPolicy(world);
      await world.aws.iam.putRolePolicy({
        RoleName: world.name,
        PolicyName: 'pull',
        PolicyDocument: document(allow(['ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer'])),
      });
    },
    check: ofRole,
    evidence: 'no policy allows it',
    fix: /^Attach `AmazonECSTaskExecutionRolePolicy`/,
    mend: async (world) => {
      await world.aws.iam.attachRolePolicy({
        RoleName: world.name,
        PolicyArn: 'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy',
      });
    },
  },
  {
    name: 'a policy of the role denies it',
    break: async ({ aws, name: RoleName }) => {
      await aws.iam.putRolePolicy({ RoleName, PolicyName: 'deny', PolicyDocument: document(deny) });
    },
    check: ofRole,
    evidence: 'a policy of its own denies it',
    fix: /^Take statement 1 out of the inline policy `deny` of /,
    mend: paste,
  },
  {
    name: 'the boundary lacks it',
    break: (world) =>
      bound(world, document(allow(['ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer', 's3:*']))),
    check: ofRole,
    evidence: 'its permissions boundary does not allow it',
    fix: /^Allow `ecr:BatchGetImage` in the permissions boundary /,
    mend: paste,
  },
  {
    name: 'the boundary denies it',
    break: (world) => bound(world, document(allow('*'), deny)),
    check: ofRole,
    evidence: 'its permissions boundary denies it',
    fix: /^Take statement 2 out of the permissions boundary /,
    mend: paste,
  },
  {
    name: 'the organization denies it',
    break: ({ roleArn }) => tellLab({ organizationDenies: { [roleArn]: [action] } }),
    check: 'organization-policy-denies-pull',
    evidence: 'The policies of the organization do not allow `ecr:BatchGetImage`',
    fix: /^Ask the administrators of the organization to allow `ecr:BatchGetImage`/,
    mend: ({ roleArn }) => tellLab({ organizationDenies: { [roleArn]: [] } }),
  },
  {
    name: 'the policy of the repository denies it',
    break: async ({ aws, name: repositoryName }) => {
      await aws.ecr.setRepositoryPolicy({
        repositoryName,
        policyText: document({ Effect: 'Deny', Principal: '*', Action: action }),
      });
    },
    check: 'repository-policy-denies-pull',
    evidence: 'does not let',
    fix: /^Change statement 1 in the policy of /,
    mend: async ({ aws, name: repositoryName }) => {
      await aws.ecr.deleteRepositoryPolicy({ repositoryName });
    },
  },
  {
    name: 'the policy of the endpoint lacks it',
    break: async (world) => {
      await world.aws.ec2.modifyVpcEndpoint({
        VpcEndpointId: await endpointOf(world),
        PolicyDocument: document({ ...allow('ecr:GetAuthorizationToken'), Principal: '*' }),
      });
    },
    check: 'endpoint-policy-denies-pull',
    evidence: 'does not allow `ecr:BatchGetImage`',
    fix: /^Allow `ecr:BatchGetImage` and `ecr:GetDownloadUrlForLayer` to the pulling role in the policy of `vpce-/,
    mend: async (world, { cli = '' }) => {
      await world.aws.ec2.modifyVpcEndpoint({
        VpcEndpointId: await endpointOf(world),
        PolicyDocument: must(/--policy-document '(.*)'$/.exec(cli)?.[1]),
      });
    },
  },
];
