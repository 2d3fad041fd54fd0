import { accountId } from './aws.ts';
import { type TaskDetail, taskInterface } from './event.ts';
import { makeGroup, setRules } from './network.ts';
import { networkTraps } from './network-traps.ts';
import { detachPolicy, limit } from './role-faults.ts';
import {
  imageMissing,
  manifestDenied,
  manifestTimeout,
  manifestWithoutAddress,
  tokenTimeout,
  umbrella,
} from './texts.ts';
import type { Trap } from './trap.ts';
import { executionRolePolicy, imageUri, pushImage, registerTaskDefinition, trust } from './workload.ts';
import { useImage, type World, worldKinds } from './world.ts';

const refusedTexts = [...manifestDenied('').filter(({ worlds }) => worlds.includes('public')), ...umbrella];

const denyElsewhere = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'ecr:*', Resource: 'arn:aws:ecr:*:123456789012:repository/another' }],
};

/** Every trap; in each the pull has what it needs, whatever the text says. */
export const traps: readonly Trap[] = [
  ...networkTraps,
  {
    name: 'a permissions boundary that allows the pull',
    worlds: worldKinds,
    prepare: (world) => limit(world, ['ecr:*', 'logs:*']),
    texts: refusedTexts,
  },
  {
    name: 'an explicit deny on another repository',
    worlds: worldKinds,
    prepare: async ({ aws, name }) => {
      const PolicyDocument = JSON.stringify(denyElsewhere);
      await aws.iam.putRolePolicy({ RoleName: name, PolicyName: 'elsewhere', PolicyDocument });
    },
    texts: refusedTexts,
  },
  {
    name: 'the role may pull on a condition that cannot be seen from outside',
    worlds: ['privatelink', 'ec2'],
    prepare: async (world) => {
      await detachPolicy(world);
      const token = { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' };
      const Condition = { StringEquals: { 'aws:SourceVpc': world.vpcId } };
      const pull = {
        Effect: 'Allow',
        Action: ['ecr:Batch*', 'ecr:GetDownloadUrlForLayer'],
        Resource: '*',
        Condition,
      };
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [token, pull] });
      await world.aws.iam.putRolePolicy({ RoleName: world.name, PolicyName: 'pull', PolicyDocument });
    },
    texts: refusedTexts,
  },
  {
    name: 'the role has a path',
    worlds: ['public', 'platform-1.3.0'],
    prepare: async ({ aws, name, image }) => {
      const RoleName = `${name}-of-team`;
      await aws.iam.createRole({
        RoleName,
        Path: '/team/',
        AssumeRolePolicyDocument: trust('ecs-tasks.amazonaws.com'),
      });
      await aws.iam.attachRolePolicy({ RoleName, PolicyArn: executionRolePolicy });
      const executionRoleArn = `arn:aws:iam::${accountId}:role/team/${RoleName}`;
      const taskDefinitionArn = await registerTaskDefinition(aws, {
        family: name,
        image,
        launchType: 'FARGATE',
        networkMode: 'awsvpc',
        executionRoleArn,
      });
      return { taskDefinitionArn };
    },
    texts: refusedTexts,
  },
  {
    name: 'names and tags hold numbers that could be HTTP status codes',
    worlds: ['public', 'ec2'],
    prepare: async (world) => {
      const repositoryName = `${world.name}-404/app-429`;
      await world.aws.ecr.createRepository({ repositoryName });
      await pushImage(world.aws, repositoryName, '403');
      await useImage(world, imageUri(world.aws, repositoryName, ':403'));
    },
    texts: [...manifestTimeout('public'), ...manifestWithoutAddress, ...umbrella],
  },
  {
    name: 'the image is named by digest',
    worlds: ['public', 'privatelink', 'ec2'],
    prepare: (world) => useImage(world, imageUri(world.aws, world.name, `@${world.digest}`)),
    texts: [...imageMissing, ...umbrella],
  },
  {
    name: 'the image is named by tag and digest',
    worlds: ['public', 'privatelink', 'ec2'],
    // The runtimes ignore the tag: that it does not exist means nothing.
    prepare: (world) => useImage(world, imageUri(world.aws, world.name, `:gone@${world.digest}`)),
    texts: [...imageMissing, ...umbrella],
  },
  {
    name: 'the task has no service',
    worlds: ['public', 'private-nat', 'privatelink', 'platform-1.3.0'],
    prepare: async ({ name }) => ({ group: `family:${name}`, startedBy: 'nightly-report' }),
    texts: [...manifestWithoutAddress, ...umbrella],
  },
  {
    name: 'the closed group of a task in awsvpc mode on EC2',
    worlds: ['ec2'],
    prepare: closedAwsvpcTask,
    texts: [...tokenTimeout('public'), ...manifestTimeout('public'), ...umbrella],
  },
];

/** Docker pulls through the instance's interface: the group of the task's own lets nothing out, and that is all right. */
async function closedAwsvpcTask(world: World): Promise<TaskDetail> {
  const { aws, name, vpcId, taskSubnetId, image } = world;
  const closed = await makeGroup(aws, vpcId, 'closed');
  await setRules(aws, closed, 'egress', []);
  const taskDefinitionArn = await registerTaskDefinition(aws, {
    family: name,
    image,
    launchType: 'EC2',
    networkMode: 'awsvpc',
    executionRoleArn: null,
  });
  const serviceName = `${name}-awsvpc`;
  const { service } = await aws.ecs.createService({
    cluster: name,
    serviceName,
    taskDefinition: taskDefinitionArn,
    desiredCount: 1,
    launchType: 'EC2',
    networkConfiguration: { awsvpcConfiguration: { subnets: [taskSubnetId], securityGroups: [closed] } },
  });
  return {
    group: `service:${serviceName}`,
    startedBy: service?.deployments?.[0]?.id,
    taskDefinitionArn,
    attachments: [
      taskInterface('6f2a1c6e-62a5-4a39-9a54-30f2d6b0a0c1', { ...world, sourceAddress: '10.20.1.77' }),
    ],
  };
}
