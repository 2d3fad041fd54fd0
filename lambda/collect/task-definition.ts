import { CallFailed } from '../aws/call-failed.ts';
import { defineCollector } from './define.ts';

/** Copied by an allow-list: environment values, commands and tags of a task definition are never read. */
export default defineCollector({
  fact: 'taskDefinition',
  needs: ['task'],

  async collect({ task }, read) {
    if (!task.taskDefinitionArn) return null;
    const { taskDefinition } = await read('ecs:DescribeTaskDefinition', {
      taskDefinition: task.taskDefinitionArn,
    });
    if (!taskDefinition?.taskDefinitionArn)
      throw new CallFailed('ecs:DescribeTaskDefinition', 'EmptyAnswer', 'no-answer');
    return {
      taskDefinitionArn: taskDefinition.taskDefinitionArn,
      executionRoleArn: taskDefinition.executionRoleArn ?? null,
      networkMode: taskDefinition.networkMode ?? null,
      requiresCompatibilities: taskDefinition.requiresCompatibilities ?? [],
      cpuArchitecture: taskDefinition.runtimePlatform?.cpuArchitecture ?? null,
      operatingSystemFamily: taskDefinition.runtimePlatform?.operatingSystemFamily ?? null,
      ephemeralStorageGiB: taskDefinition.ephemeralStorage?.sizeInGiB ?? null,
      containers: (taskDefinition.containerDefinitions ?? []).map((container) => ({
        name: container.name ?? '',
        image: container.image ?? null,
        credentialsParameter: container.repositoryCredentials?.credentialsParameter ?? null,
        secretArns: [
          ...(container.secrets ?? []),
          ...(container.logConfiguration?.secretOptions ?? []),
        ].flatMap(({ valueFrom }) => (valueFrom ? [valueFrom] : [])),
      })),
    };
  },
});
