import type { NetworkConfiguration } from '@aws-sdk/client-ecs';
import type { AwsvpcConfiguration } from '../model/facts.ts';
import { answered } from './answered.ts';
import { defineCollector } from './define.ts';

/** The service that started the task, with the network settings of the deployment that the task belongs to. */
export default defineCollector({
  fact: 'service',
  needs: ['task'],

  async collect({ task }, read) {
    if (!task.group?.startsWith('service:')) return null;
    const { services } = await read('ecs:DescribeServices', {
      cluster: task.clusterArn,
      services: [task.group.slice('service:'.length)],
    });
    const [service] = answered('ecs:DescribeServices', services);
    if (!service?.serviceName || !service.serviceArn) return null;
    const deployment = [...(service.deployments ?? []), ...(service.taskSets ?? [])].find(
      ({ id }) => id === task.startedBy,
    );
    // The primary deployment has the service's own settings; an older one may have others.
    const settings =
      deployment && deployment.status !== 'PRIMARY'
        ? deployment.networkConfiguration
        : service.networkConfiguration;
    return {
      serviceName: service.serviceName,
      serviceArn: service.serviceArn,
      desiredCount: service.desiredCount ?? 0,
      runningCount: service.runningCount ?? 0,
      network: awsvpc(settings ?? deployment?.networkConfiguration),
      deploymentId: deployment?.id ?? null,
      platformVersion: deployment?.platformVersion ?? service.platformVersion ?? null,
    };
  },
});

const awsvpc = (settings: NetworkConfiguration | undefined): AwsvpcConfiguration | null =>
  settings?.awsvpcConfiguration
    ? {
        subnetIds: settings.awsvpcConfiguration.subnets ?? [],
        securityGroupIds: settings.awsvpcConfiguration.securityGroups ?? [],
        assignPublicIp: settings.awsvpcConfiguration.assignPublicIp === 'ENABLED',
      }
    : null;
