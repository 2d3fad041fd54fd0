import type { PermissionDecision } from '../model/facts.ts';
import { declined, defineRemediation } from './define.ts';

/** What the policy allows of Amazon ECR, on every resource. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSTaskExecutionRolePolicy.html */
const allowed = [
  'ecr:GetAuthorizationToken',
  'ecr:BatchCheckLayerAvailability',
  'ecr:GetDownloadUrlForLayer',
  'ecr:BatchGetImage',
];

/** Attaches the policy that AWS made for it to the task execution role, where no policy of the role allows the pull. */
export default defineRemediation({
  id: 'attach-execution-role-policy',
  remedies: 'execution-role-cannot-pull',
  does: 'Attaches AmazonECSTaskExecutionRolePolicy to the task execution role',
  byPersonOnly: false,
  needs: ['task', 'pullingRole', 'pullPermissions'],

  plan({ task, pullingRole, pullPermissions }) {
    if (!pullingRole?.role || pullingRole.kind !== 'task execution role')
      return declined('the role that pulls is not a task execution role');
    const { roleArn, roleName } = pullingRole.role;
    if (/:role\/aws-(?:service-role|reserved)\//.test(roleArn))
      return declined(`\`${roleArn}\` belongs to AWS, and is not changed`);
    const denied = pullPermissions.filter(({ decision }) => decision !== 'allowed');
    if (denied.length === 0) return declined(`the policies of \`${roleArn}\` allow the pull as they are`);
    const beyond = denied.find((one) => !helps(one));
    if (beyond)
      return declined(
        `the policy would not help: \`${beyond.action}\` is refused by more than its absence from the role's policies`,
      );
    const input = {
      RoleName: roleName,
      PolicyArn: `arn:${task.taskArn.split(':')[1]}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy`,
    };
    return {
      status: 'ready',
      steps: [
        {
          does: `Attach \`AmazonECSTaskExecutionRolePolicy\` to \`${roleName}\``,
          region: task.region,
          apply: { action: 'iam:AttachRolePolicy', input },
          undo: { action: 'iam:DetachRolePolicy', input },
        },
      ],
      touches: [
        `Every task that \`${roleName}\` starts may pull from any repository that admits it, and write logs`,
      ],
      costs: null,
      model: { pullPermissions: pullPermissions.map((one) => ({ ...one, decision: 'allowed' as const })) },
    };
  },
});

/** A policy gives what none gives yet; it lifts no denial and no limit. */
const helps = (one: PermissionDecision) =>
  one.decision === 'implicitDeny' &&
  allowed.includes(one.action) &&
  one.missingContextValues.length === 0 &&
  one.allowedByBoundary !== false &&
  one.allowedByOrganizations !== false;
