import type { Read } from '../aws/api.ts';
import { CallFailed } from '../aws/call-failed.ts';
import type { Outcome, Victim } from './items.ts';

/**
 * How the trouble of a service ended, or `null` while it goes on. That the service as a whole runs says nothing: during a
 * failing deployment the tasks of the one before still do. So it is the primary deployment that is looked at.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
 */
export async function serviceState(
  victim: Pick<Victim, 'clusterArn' | 'groupName' | 'startedBy' | 'taskDefinitionArn'>,
  read: Read,
): Promise<Outcome | null> {
  const answer = await read('ecs:DescribeServices', {
    cluster: victim.clusterArn,
    services: [victim.groupName.replace(/^service:/, '')],
  }).catch((error) => {
    if (error instanceof CallFailed && error.code === 'ClusterNotFoundException') return null;
    throw error;
  });
  if (!answer) return 'givenUp';
  const { services, failures } = answer;
  const [service] = services ?? [];
  if (!service) return failures?.some(({ reason }) => reason === 'MISSING') ? 'givenUp' : null;
  if (service.status === 'INACTIVE' || service.status === 'DRAINING' || service.desiredCount === 0)
    return 'givenUp';

  const deployment = service.deployments?.find(({ status }) => status === 'PRIMARY');
  const taskSet = service.taskSets?.find(({ status }) => status === 'PRIMARY');
  if (deployment) {
    const { desiredCount = 0, runningCount = 0, rolloutState = 'COMPLETED', rolloutStateReason } = deployment;
    if (desiredCount === 0 || runningCount < desiredCount || rolloutState !== 'COMPLETED') return null;
    if (!victim.startedBy || deployment.id === victim.startedBy) return 'fixed';
    return /roll(?:ed|ing) back/i.test(rolloutStateReason ?? '') ||
      isEarlier(deployment.taskDefinition, victim.taskDefinitionArn)
      ? 'rolledBack'
      : 'replaced';
  }
  if (taskSet) {
    // While another task set is tried, the primary one runs as it did before: that says nothing about the one that fails.
    const failed = service.taskSets?.find(({ id }) => id !== taskSet.id && id === victim.startedBy);
    if (failed && failed.status !== 'DRAINING' && failed.stabilityStatus !== 'STEADY_STATE') return null;
    const { computedDesiredCount = 0, runningCount = 0, stabilityStatus } = taskSet;
    if (computedDesiredCount === 0 || runningCount < computedDesiredCount) return null;
    if (stabilityStatus !== 'STEADY_STATE') return null;
    if (!victim.startedBy || [taskSet.id, taskSet.startedBy].includes(victim.startedBy)) return 'fixed';
    return isEarlier(taskSet.taskDefinition, victim.taskDefinitionArn) ? 'rolledBack' : 'replaced';
  }
  return null;
}

/** Whether a task definition is an earlier revision of the family of another. */
function isEarlier(running: string | undefined, failed: string | null): boolean {
  const [now, then] = [running, failed].map((arn) => /^(.*):(\d+)$/.exec(arn ?? ''));
  return !!now && !!then && now[1] === then[1] && Number(now[2]) < Number(then[2]);
}
