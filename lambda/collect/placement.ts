import { defineCollector, notRecorded } from './define.ts';

/** Where the pull leaves from: the task's own interface on Fargate, the instance's primary one on EC2. */
export default defineCollector({
  fact: 'placement',
  needs: ['task'],
  uses: ['service', 'instance'],

  async collect({ task }, _read, ask) {
    if (task.launchType === 'EXTERNAL') return null;
    if (task.givenNetwork && task.givenNetwork.subnetIds.length > 0)
      return {
        interface: 'task',
        subnetIds: task.givenNetwork.subnetIds,
        from: 'given',
        sourceAddress: task.privateIpv4Address,
      };
    if (task.launchType !== 'FARGATE' && (task.containerInstanceArn || task.launchType !== null)) {
      const instance = await ask('instance');
      if (instance.status === 'unknown') return instance;
      // An external instance is registered under an id of Systems Manager and has no VPC that we could see.
      if (!instance.value) return null;
      const { subnetId, privateIpAddress } = instance.value;
      return {
        interface: 'instance',
        subnetIds: [subnetId],
        from: 'instance',
        sourceAddress: privateIpAddress,
      };
    }
    if (task.subnetId)
      return {
        interface: 'task',
        subnetIds: [task.subnetId],
        from: 'attachment',
        sourceAddress: task.privateIpv4Address,
      };

    const service = await ask('service');
    if (service.status === 'unknown') return service;
    if (!service.value?.network)
      return notRecorded('ECS recorded no subnet of this task; name it with --subnets');
    return {
      interface: 'task',
      subnetIds: service.value.network.subnetIds,
      from: 'service',
      sourceAddress: null,
    };
  },
});
