import type { SecurityGroup } from '../model/facts.ts';
import type { Change, NetworkSettings } from '../model/remediation.ts';
import { isPrivateBlock } from '../network/cidr.ts';
import { declined, defineRemediation } from './define.ts';

/** Gives the tasks of a service in a public subnet a public IP address, unless that would let the internet in. */
export default defineRemediation({
  id: 'assign-public-ip',
  remedies: 'public-ip-missing',
  does: 'Gives the tasks of a service in a public subnet a public IP address',
  byPersonOnly: true,
  needs: ['task', 'service', 'placement', 'securityGroupIds', 'securityGroups', 'publicIp'],

  plan({ task, service, placement, securityGroupIds, securityGroups }) {
    if (!service?.network)
      return declined('the task was not started by a service with network settings of its own');
    if (placement?.interface !== 'task') return declined('the pull leaves through an instance');
    if (task.launchType === 'EC2') return declined('tasks on EC2 instances cannot have a public IP address');
    const groups = securityGroupIds.map((id) => securityGroups.find(({ groupId }) => groupId === id));
    if (groups.length === 0 || groups.includes(undefined))
      return declined('not every security group of the task could be seen');
    const open = (groups as SecurityGroup[]).find(({ ingress }) =>
      ingress.some(({ peer }) => isOutside(peer)),
    );
    if (open)
      return declined(
        `\`${open.groupId}\` lets addresses outside the VPC in, which could then reach the tasks`,
      );

    const { subnetIds, securityGroupIds: ids } = service.network;
    const set = (assignPublicIp: NetworkSettings['assignPublicIp']): Change => ({
      action: 'ecs:UpdateService',
      input: {
        cluster: task.clusterArn,
        service: service.serviceName,
        networkConfiguration: {
          awsvpcConfiguration: { subnets: subnetIds, securityGroups: ids, assignPublicIp },
        },
      },
    });
    return {
      status: 'ready',
      steps: [
        {
          does: `Give the tasks of \`${service.serviceName}\` a public IP address`,
          region: task.region,
          apply: set('ENABLED'),
          undo: set('DISABLED'),
        },
      ],
      touches: [
        `A new deployment replaces every task of \`${service.serviceName}\`; each can then be named from the internet`,
      ],
      costs: 'public IPv4 addresses are charged by the hour',
      model: { publicIp: true },
    };
  },
});

/** A prefix list may hold any address. */
const isOutside = (peer: string) =>
  !peer.startsWith('sg-') && (peer.startsWith('pl-') || !isPrivateBlock(peer));
