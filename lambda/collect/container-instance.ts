import { answered } from './answered.ts';
import { defineCollector, notRecorded } from './define.ts';

export default defineCollector({
  fact: 'containerInstance',
  needs: ['task'],

  async collect({ task }, read) {
    if (!task.containerInstanceArn && (task.launchType === 'EC2' || task.launchType === 'MANAGED_INSTANCES'))
      return notRecorded('on which container instance the task is placed is not known');
    if (!task.containerInstanceArn || task.launchType === 'FARGATE') return null;
    const { containerInstances } = await read('ecs:DescribeContainerInstances', {
      cluster: task.clusterArn,
      containerInstances: [task.containerInstanceArn],
    });
    const [found] = answered('ecs:DescribeContainerInstances', containerInstances);
    if (!found)
      return { status: 'unknown', why: 'gone', action: 'ecs:DescribeContainerInstances', error: 'MISSING' };
    return {
      containerInstanceArn: task.containerInstanceArn,
      ec2InstanceId: found.ec2InstanceId ?? null,
      agentVersion: found.versionInfo?.agentVersion ?? null,
    };
  },
});
