import { command } from '../command.ts';
import { defineCheck, everyStep, found, notApplicable, ruledOut } from './define.ts';
import { iamCommand, taskExecutionPolicy } from './iam-command.ts';
import { executionRolePage } from './sources.ts';
import { typescript } from './typescript.ts';

/** The role that should pull is not named, or does not exist any more. */
export default defineCheck({
  id: 'execution-role-missing',
  cause: 'The role that pulls the image does not exist',
  source: executionRolePage('Amazon ECS task execution IAM role'),
  needs: ['task', 'images', 'pullingRole'],
  uses: ['taskDefinition', 'instance'],

  examine({ task, images, pullingRole }, { taskDefinition, instance }) {
    const definition = taskDefinition.status === 'known' ? taskDefinition.value : null;
    const needsRole =
      images.some(({ ecr }) => ecr) ||
      Boolean(
        definition?.containers.some(
          ({ secretArns, credentialsParameter }) => secretArns.length > 0 || credentialsParameter,
        ),
      );
    const subject = task.taskDefinitionArn ?? task.taskArn;
    if (pullingRole?.role) {
      const { kind, roleArn, role } = pullingRole;
      if (pathOf(role.roleArn) === pathOf(roleArn)) return ruledOut(`The ${kind} \`${roleArn}\` exists`);
      return found('proven', {
        evidence: [
          `\`${subject}\` names the ${kind} \`${roleArn}\`, which does not exist: the role \`${role.roleName}\` is \`${role.roleArn}\``,
        ],
        resources: [roleArn, role.roleArn, subject],
        closes: everyStep,
        fixes: [
          {
            do: `Name \`${role.roleArn}\` as the task execution role in a new revision of the task definition: the path is part of the ARN`,
            cdk: typescript`iam.Role.fromRoleArn(this, 'ExecutionRole', ${role.roleArn})`,
          },
        ],
      });
    }
    if (!pullingRole && !needsRole) return notApplicable('the pull needs no role');
    const host = instance.status === 'known' ? instance.value?.instanceId : undefined;
    const name = pullingRole?.roleArn.split('/').at(-1) ?? 'ecsTaskExecutionRole';
    return found('proven', {
      evidence: [
        pullingRole
          ? `\`${subject}\` names the ${pullingRole.kind} \`${pullingRole.roleArn}\`, which does not exist`
          : `\`${subject}\` names no task execution role${task.launchType === 'EC2' ? `, and ${host ? `instance \`${host}\`` : 'the instance'} has no role either` : ''}`,
      ],
      resources: pullingRole ? [pullingRole.roleArn, subject] : [subject, ...(host ? [host] : [])],
      closes: everyStep,
      fixes: [
        {
          do: `Create the role \`${name}\` for \`ecs-tasks.amazonaws.com\` with \`AmazonECSTaskExecutionRolePolicy\`, and name it in the task definition`,
          cli: command`${iamCommand('create-role', task)} --role-name ${name} --assume-role-policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}' && ${iamCommand('attach-role-policy', task)} --role-name ${name} --policy-arn ${taskExecutionPolicy(task)}`,
          cdk: typescript`taskDefinition.obtainExecutionRole()`,
        },
        ...(host && !pullingRole
          ? [
              {
                do: `Or give instance \`${host}\` an instance profile whose role has \`AmazonEC2ContainerServiceforEC2Role\``,
                alternative: true as const,
                cli: command`aws ec2 associate-iam-instance-profile --region ${task.region} --instance-id ${host} --iam-instance-profile Name=ecsInstanceRole`,
              },
            ]
          : []),
      ],
    });
  },
});

/** Roles are found by their name, and assumed by their ARN, whose path may be another. */
const pathOf = (arn: string) => arn.replace(/^.*?:role\//, '');
