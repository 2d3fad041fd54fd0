import { command, words } from '../command.ts';
import { decide, type PolicyRequest } from '../policy/decide.ts';
import { timeOf } from '../policy/request.ts';
import { defineCheck, everyStep, found, notApplicable, ruledOut, undecided } from './define.ts';
import { iamCommand } from './iam-command.ts';
import { policyFix } from './policy-fix.ts';
import { executionRolePage } from './sources.ts';
import { typescript } from './typescript.ts';

/** ECS takes on the execution role, and the role's trust policy must let it. */
export default defineCheck({
  id: 'execution-role-not-assumable',
  cause: 'Amazon ECS may not assume the task execution role',
  source: executionRolePage('Creating the task execution role', '#create-task-execution-role'),
  needs: ['task', 'pullError', 'pullingRole'],

  examine({ task, pullError, pullingRole }) {
    if (!pullingRole?.role || pullingRole.kind !== 'task execution role')
      return notApplicable('there is no task execution role to assume');
    const { roleArn, role } = pullingRole;
    const request = (source: string): PolicyRequest => ({
      action: 'sts:AssumeRole',
      resource: roleArn,
      principal: { kind: 'service', service: 'ecs-tasks.amazonaws.com' },
      context: { 'aws:SourceAccount': [task.accountId], 'aws:SourceArn': [source] },
      ...timeOf(task),
    });
    const ask = (source: string) => decide(role.trustPolicy, request(source));
    const answer = ask(task.taskArn);
    // Which ARN of the account and Region ECS gives as the source is not documented, only that a narrower one is not supported.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
    const isNarrow = ask(task.clusterArn).decision !== answer.decision;
    if (isNarrow && !pullError.symptoms.includes('role-not-assumable'))
      return undecided(
        `The trust policy of \`${roleArn}\` asks for a narrow \`aws:SourceArn\`, which ECS does not support`,
        [roleArn],
        `Let the trust policy of \`${roleArn}\` ask for \`${task.taskArn.split(':').slice(0, 5).join(':')}:*\``,
      );
    if (answer.decision === 'allowed' && !isNarrow)
      return ruledOut(`The trust policy of \`${roleArn}\` lets \`ecs-tasks.amazonaws.com\` assume it`);
    if (answer.decision === 'cannot-tell')
      return undecided(
        `The trust policy of \`${roleArn}\` cannot be judged: ${answer.because}`,
        [roleArn],
        `Check that \`ecs-tasks.amazonaws.com\` may assume \`${roleArn}\``,
      );
    return found(isNarrow ? 'likely' : 'proven', {
      evidence: [
        isNarrow
          ? `The trust policy of \`${roleArn}\` asks for a narrow \`aws:SourceArn\`, which ECS does not support`
          : `The trust policy of \`${roleArn}\` does not let \`ecs-tasks.amazonaws.com\` assume it for \`${task.taskArn}\` (${answer.by})`,
      ],
      resources: [roleArn],
      closes: everyStep,
      fixes: [
        policyFix({
          name: `the trust policy of \`${role.roleName}\``,
          to: '`ecs-tasks.amazonaws.com`',
          policy: role.trustPolicy,
          allowance: {
            Principal: { Service: 'ecs-tasks.amazonaws.com' },
            Action: 'sts:AssumeRole',
            // Who guards the role against other accounts wants it guarded still.
            ...(/aws:Source(?:Arn|Account)/i.test(role.trustPolicy) && {
              Condition: {
                ArnLike: { 'aws:SourceArn': `${task.taskArn.split(':').slice(0, 5).join(':')}:*` },
                StringEquals: { 'aws:SourceAccount': task.accountId },
              },
            }),
          },
          requests: [request(task.taskArn), request(task.clusterArn)],
          read: command`${iamCommand('get-role', task)} --role-name ${role.roleName} --query Role.AssumeRolePolicyDocument`,
          write: words`${iamCommand('update-assume-role-policy', task)} --role-name ${role.roleName} --policy-document`,
          cdk: () =>
            typescript`new iam.Role(this, 'ExecutionRole', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') })`,
        }),
      ],
    });
  },
});
