import { CallFailed } from '../../aws/call-failed.ts';
import type { NetworkSettings } from '../../model/remediation.ts';
import { consent, given, type Look, type Of, type State } from './state.ts';

/** A service, and the setting of its network that a step turns on. `known` is the deployment that the step has made. */
export async function serviceState(
  { input }: Of<'ecs:UpdateService'>,
  known: string | null,
  look: Look,
  region: string,
): Promise<State> {
  const { cluster, service: name } = input;
  const { services, failures } = await look(
    'ecs:DescribeServices',
    { cluster, services: [name], include: ['TAGS'] },
    region,
  );
  if (services?.[0]?.status === 'INACTIVE' || failures?.some(({ reason }) => reason === 'MISSING'))
    throw new CallFailed('ecs:DescribeServices', 'ServiceNotFoundException', 'refused');
  const service = given('ecs:DescribeServices', services?.[0]);
  const now = given('ecs:DescribeServices', service.networkConfiguration?.awsvpcConfiguration);
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY');
  const controller = service.deploymentController?.type ?? 'ECS';
  const planned = input.networkConfiguration.awsvpcConfiguration;
  const settings = (assignPublicIp: NetworkSettings['assignPublicIp']): NetworkSettings => ({
    subnets: now.subnets ?? [],
    securityGroups: now.securityGroups ?? [],
    assignPublicIp,
  });
  const unfit =
    service.status !== 'ACTIVE'
      ? `service \`${name}\` is \`${service.status}\``
      : controller !== 'ECS'
        ? `the deployment controller of \`${name}\` is \`${controller}\`, which alone may change it`
        : null;
  const isChanged =
    !sameSet(now.subnets, planned.subnets) || !sameSet(now.securityGroups, planned.securityGroups);
  // Where the answer to our call was lost, the deployment that is found is taken for ours: only our own setting goes back.
  const isElsewhere = known !== null && primary?.id !== known && primary?.rolloutState === 'IN_PROGRESS';
  return {
    resource: name,
    consents: (service.tags ?? []).some(({ key, value }) => key === consent.key && value === consent.value),
    isSo: now.assignPublicIp === 'ENABLED',
    made: undefined,
    before: { assignPublicIp: now.assignPublicIp ?? 'DISABLED', deploymentId: primary?.id ?? null },
    against: unfit ?? (isChanged ? `the network settings of \`${name}\` were changed since` : null),
    againstUndo: unfit ?? (isElsewhere ? `service \`${name}\` is in the middle of another deployment` : null),
    // What others have changed since stays as they made it.
    undo: {
      action: 'ecs:UpdateService',
      input: { cluster, service: name, networkConfiguration: { awsvpcConfiguration: settings('DISABLED') } },
    },
  };
}

const sameSet = (a: readonly string[] | undefined, b: readonly string[]) =>
  a?.length === b.length && b.every((one) => a.includes(one));

/** The deployment that a service is in now; `null` if there is none. */
export async function primaryDeployment(
  clusterArn: string,
  service: string,
  region: string,
  look: Look,
): Promise<string | null> {
  const { services } = await look(
    'ecs:DescribeServices',
    { cluster: clusterArn, services: [service] },
    region,
  );
  const { deployments = [], taskSets = [] } = given('ecs:DescribeServices', services?.[0]);
  return [...deployments, ...taskSets].find(({ status }) => status === 'PRIMARY')?.id ?? null;
}
