import { defineCollector, notRecorded } from './define.ts';

/** Whether the interface has a public IPv4 address. It is gone with the stopped task, so its settings tell. */
export default defineCollector({
  fact: 'publicIp',
  needs: ['task', 'placement'],
  uses: ['service', 'instance'],

  async collect({ task, placement }, _read, ask) {
    if (!placement) return false;
    if (task.givenNetwork) {
      const { assignPublicIp } = task.givenNetwork;
      if (assignPublicIp !== null) return assignPublicIp;
    }
    if (placement.interface === 'instance') {
      const instance = await ask('instance');
      return instance.status === 'unknown' ? instance : Boolean(instance.value?.publicIpAddress);
    }
    // A task in awsvpc mode on EC2 never gets a public address.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html
    if (task.launchType === 'EC2') return false;
    const service = await ask('service');
    if (service.status === 'unknown') return service;
    if (!service.value?.network)
      return notRecorded(
        'ECS did not record whether the task had a public IP address; say it with --assign-public-ip',
      );
    return service.value.network.assignPublicIp;
  },
});
