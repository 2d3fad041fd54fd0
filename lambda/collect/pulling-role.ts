import type { Role as AwsRole } from '@aws-sdk/client-iam';
import type { Read } from '../aws/api.ts';
import { CallFailed } from '../aws/call-failed.ts';
import type { Role } from '../model/facts.ts';
import { defineCollector, ownedByOther } from './define.ts';

/**
 * The role that pulls: the one in the overrides, else the task definition's, else on EC2 the instance's.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export default defineCollector({
  fact: 'pullingRole',
  needs: ['task'],
  uses: ['taskDefinition', 'instance', 'caller'],

  async collect({ task }, read, ask) {
    let roleArn = task.executionRoleArnOverride;
    if (!roleArn) {
      const taskDefinition = await ask('taskDefinition');
      if (taskDefinition.status === 'unknown') return taskDefinition;
      roleArn = taskDefinition.value?.executionRoleArn ?? null;
    }
    if (roleArn) {
      // Roles are asked for by name, so only an answer from the role's own account is one.
      const caller = await ask('caller');
      if (caller.status === 'unknown') return caller;
      const owner = roleArn.split(':')[4] ?? '';
      if (owner !== caller.value.accountId) return ownedByOther(owner, 'iam:GetRole');
      return { kind: 'task execution role', roleArn, role: await roleCalled(nameOfRole(roleArn), read) };
    }

    const instance = await ask('instance');
    if (instance.status === 'unknown') return instance;
    const profile = instance.value?.instanceProfileArn?.split('/').at(-1);
    if (!profile) return null;
    const { InstanceProfile } = await read('iam:GetInstanceProfile', { InstanceProfileName: profile });
    if (!InstanceProfile) throw new CallFailed('iam:GetInstanceProfile', 'EmptyAnswer', 'no-answer');
    const role = InstanceProfile.Roles?.[0];
    return role?.Arn ? { kind: 'container instance role', roleArn: role.Arn, role: roleOf(role) } : null;
  },
});

/** A role may have a path: `role/team/app` is called `app`. */
const nameOfRole = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);

async function roleCalled(RoleName: string, read: Read): Promise<Role | null> {
  try {
    const { Role: role } = await read('iam:GetRole', { RoleName });
    if (!role) throw new CallFailed('iam:GetRole', 'EmptyAnswer', 'no-answer');
    return roleOf(role);
  } catch (error) {
    if (error instanceof CallFailed && /^NoSuchEntity/.test(error.code)) return null;
    throw error;
  }
}

const roleOf = (role: AwsRole): Role => ({
  roleArn: role.Arn ?? '',
  roleName: role.RoleName ?? '',
  // IAM gives policies URL-encoded. https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
  trustPolicy: decodeURIComponent(role.AssumeRolePolicyDocument ?? ''),
  permissionsBoundaryArn: role.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
});
