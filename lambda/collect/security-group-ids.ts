import { defineCollector, notRecorded } from './define.ts';

/** ECS records no security groups with a task: they are those of its service, or of the instance. */
export default defineCollector({
  fact: 'securityGroupIds',
  needs: ['task', 'placement'],
  uses: ['service', 'instance', 'securityGroups', 'subnets'],

  async collect({ task, placement }, _read, ask) {
    if (!placement) return [];
    if (task.givenNetwork?.securityGroupIds) return task.givenNetwork.securityGroupIds;
    if (placement.interface === 'instance') {
      const instance = await ask('instance');
      return instance.status === 'unknown' ? instance : (instance.value?.securityGroupIds ?? []);
    }
    const service = await ask('service');
    if (service.status === 'unknown') return service;
    if (!service.value?.network)
      return notRecorded('ECS recorded no security groups of a task without a service');
    const { securityGroupIds } = service.value.network;
    if (securityGroupIds.length > 0) return securityGroupIds;

    // No groups at all means the default group of the VPC.
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
    const groups = await ask('securityGroups');
    if (groups.status === 'unknown') return groups;
    const byDefault = groups.value.find(({ groupName }) => groupName === 'default');
    return byDefault
      ? [byDefault.groupId]
      : notRecorded('the default security group of the VPC was not found');
  },
});
