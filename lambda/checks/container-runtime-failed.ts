import { command } from '../command.ts';
import { ecsGuide } from './sources.ts';
import { defineTextCheck } from './text-check.ts';

/** Docker or containerd on the host did not answer, refused the agent, or could not use the disk under its store. */
export default defineTextCheck({
  id: 'container-runtime-failed',
  cause: 'The container runtime of the host is failing',
  source: ecsGuide('Monitor Amazon ECS container instance health', 'container-instance-health.html'),
  symptoms: ['docker-unreachable', 'disk-failed', 'runtime-store-damaged'],
  certainty: 'proven',
  evidence: ({ symptoms }, image) =>
    symptoms.includes('disk-failed')
      ? `The disk of the host failed while \`${image}\` was pulled`
      : `The container runtime of the host could not do what the agent asked for when it was to pull \`${image}\``,
  fixes: (_, __, { launchType, containerInstanceArn, region, clusterArn }) =>
    containerInstanceArn && launchType !== 'EXTERNAL'
      ? [
          {
            do: 'Drain the instance and replace it: other tasks start elsewhere meanwhile',
            cli: command`aws ecs update-container-instances-state --region ${region} --cluster ${clusterArn} --container-instances ${containerInstanceArn} --status DRAINING`,
          },
          {
            do: 'If new instances fail in the same way, use the newest Amazon ECS-optimised AMI: its agent and its Docker fit each other',
          },
          {
            do: 'To find out why, read the logs of Docker and of the kernel on the instance: `journalctl -u docker`, `dmesg`',
          },
        ]
      : [
          {
            do:
              launchType === 'EXTERNAL'
                ? 'Restart Docker and the ECS agent on the host, and see that their versions fit each other'
                : 'Start the task again: it gets another host. If that fails too, ask AWS Support',
          },
        ],
});
