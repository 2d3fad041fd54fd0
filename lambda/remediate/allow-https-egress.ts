import type { Path } from '../model/network.ts';
import { gatewayEndpointsFor, interfaceEndpointsFor } from '../network/endpoints.ts';
import { declined, defineRemediation } from './define.ts';
import { addRule, ofOther, withRule } from './group-rule.ts';

/** Lets the task's security group out on TCP port 443, no further than the closed connections need. */
export default defineRemediation({
  id: 'allow-https-egress',
  remedies: 'task-security-group-closed',
  does: 'Lets the security group of the task out on TCP port 443',
  byPersonOnly: false,
  needs: ['task', 'placement', 'securityGroupIds', 'securityGroups', 'vpcEndpoints', 'servicePrefixLists'],

  plan({ task, placement, securityGroupIds, securityGroups, vpcEndpoints, servicePrefixLists }, { paths }) {
    if (placement?.interface !== 'task')
      return declined('the pull leaves through an instance, whose groups are not the task’s own');
    const groupId = securityGroupIds.find((id) => securityGroups.some((one) => one.groupId === id));
    if (!groupId) return declined('no security group of the task was found in its VPC');
    const foreign = ofOther([groupId], securityGroups, task);
    if (foreign) return declined(foreign);

    const peerOf = ({ destination, addresses, hops }: Path): string | null => {
      if (addresses === 'private')
        return interfaceEndpointsFor(destination, vpcEndpoints)[0]?.securityGroupIds[0] ?? null;
      if (addresses !== 'public') return null;
      const gateway = gatewayEndpointsFor(destination, vpcEndpoints).some(({ vpcEndpointId }) =>
        hops.some(({ at, verdict }) => at === vpcEndpointId && verdict === 'open'),
      );
      const list = servicePrefixLists.find(({ name }) => name?.endsWith(`.${destination.service}`));
      return gateway && list ? list.prefixListId : '0.0.0.0/0';
    };
    const closed = paths.filter(({ hops }) =>
      hops.some(({ verdict, check }) => verdict === 'closed' && check === 'task-security-group-closed'),
    );
    const peers = closed.map(peerOf);
    if (peers.includes(null)) return declined('where a closed connection should lead to is not known');
    const needed = [...new Set(peers as string[])];
    // The whole internet holds the addresses of a prefix list too.
    const fewest = needed.filter((peer) => !peer.startsWith('pl-') || !needed.includes('0.0.0.0/0'));
    return {
      status: 'ready',
      steps: fewest.map((peer) => addRule(task.region, groupId, 'Egress', peer)),
      touches: [`Every network interface that has \`${groupId}\` may open these connections too`],
      costs: null,
      model: {
        securityGroups: fewest.reduce(
          (groups, peer) => withRule(groups, groupId, 'egress', peer),
          securityGroups,
        ),
      },
    };
  },
});
