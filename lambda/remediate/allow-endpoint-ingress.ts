import { interfaceEndpointsFor } from '../network/endpoints.ts';
import { declined, defineRemediation } from './define.ts';
import { addRule, ofOther, withRule } from './group-rule.ts';

/** Lets the task's security group, and nothing else, into the security group of the endpoint on TCP port 443. */
export default defineRemediation({
  id: 'allow-endpoint-ingress',
  remedies: 'endpoint-security-group-closed',
  does: "Lets the task's security group into that of the VPC endpoint on TCP port 443",
  byPersonOnly: false,
  needs: ['task', 'placement', 'securityGroupIds', 'securityGroups', 'vpcEndpoints'],

  plan({ task, placement, securityGroupIds, securityGroups, vpcEndpoints }, { paths }) {
    if (placement?.interface !== 'task')
      return declined('the pull leaves through an instance, whose groups are not the task’s own');
    const isThere = (id: string) => securityGroups.some(({ groupId }) => groupId === id);
    const own = securityGroupIds.find(isThere);
    if (!own) return declined('no security group of the task was found in its VPC');

    const groups = paths
      .filter(({ hops }) =>
        hops.some(({ verdict, check }) => verdict === 'closed' && check === 'endpoint-security-group-closed'),
      )
      .map(({ destination }) =>
        interfaceEndpointsFor(destination, vpcEndpoints)[0]?.securityGroupIds.find(isThere),
      );
    if (groups.includes(undefined)) return declined('no security group of the endpoint was found in the VPC');
    const closed = [...new Set(groups as string[])];
    const foreign = ofOther(closed, securityGroups, task);
    if (foreign) return declined(foreign);
    return {
      status: 'ready',
      steps: closed.map((groupId) => addRule(task.region, groupId, 'Ingress', own)),
      touches: closed.map(
        (groupId) => `Every network interface that has \`${own}\` is let in wherever \`${groupId}\` stands`,
      ),
      costs: null,
      model: {
        securityGroups: closed.reduce(
          (all, groupId) => withRule(all, groupId, 'ingress', own),
          securityGroups,
        ),
      },
    };
  },
});
