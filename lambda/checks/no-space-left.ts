import { command } from '../command.ts';
import { leavesOpen } from '../error-text/pull-error.ts';
import type { Facts, StoppedTask } from '../model/facts.ts';
import { tokenOutsideVpc } from '../network/destinations.ts';
import { defineCheck, found, notApplicable, ruledOut } from './define.ts';
import { serviceOf } from './service-of.ts';
import { cannotPullPage } from './sources.ts';
import { typescript } from './typescript.ts';

/** The disk that holds the compressed layers and the unpacked image was full. */
export default defineCheck({
  id: 'no-space-left',
  cause: 'The disk is too small for the image',
  source: cannotPullPage(
    'write /var/lib/docker/tmp/GetImageBlob: no space left on device',
    '#pull-request-write-error',
  ),
  needs: ['task', 'pullError', 'images'],
  uses: ['taskDefinition', 'ecrImages', 'containerInstance'],

  examine({ task, pullError, images }, { taskDefinition, ecrImages, containerInstance }) {
    const fargate = task.launchType === 'FARGATE' || task.launchType === null;
    const definition = taskDefinition.status === 'known' ? taskDefinition.value : null;
    const disk = fargate ? ephemeralStorage(task, definition) : null;
    const sizes =
      ecrImages.status === 'known'
        ? ecrImages.value.flatMap(
            ({ manifest }) => (manifest.status === 'known' && manifest.value?.sizeInBytes) || [],
          )
        : [];
    const compressed = sizes.reduce((sum, size) => sum + size, 0) / 2 ** 30;
    const tooBig = disk !== null && compressed > disk;
    const name = images[0]?.text ?? task.taskArn;
    const said = pullError.symptoms.includes('no-space-left');
    if (!said && !tooBig) {
      if (disk !== null && sizes.length > 0)
        return ruledOut(`\`${name}\` has ${gib(compressed)} compressed, and the disk ${disk} GiB`);
      return leavesOpen(pullError)
        ? notApplicable('no error text says so')
        : ruledOut(`The text for \`${name}\` says nothing of a full disk`);
    }
    const owner = fargate
      ? (task.taskDefinitionArn ?? task.taskArn)
      : (containerInstance.status === 'known' && containerInstance.value?.ec2InstanceId) ||
        task.containerInstanceArn ||
        task.taskArn;
    return found('proven', {
      evidence: [
        ...(said ? [`The disk was full while \`${name}\` was pulled`] : []),
        ...(disk === null
          ? []
          : [
              `\`${owner}\` gives the task ${disk} GiB of ephemeral storage, which must hold the image compressed and unpacked`,
            ]),
        ...(sizes.length > 0 ? [`\`${name}\` has ${gib(compressed)} compressed`] : []),
      ],
      resources: [owner, name],
      closes: ['layers', 'manifest'],
      fixes: fargate
        ? [
            tokenOutsideVpc(task)
              ? {
                  do: 'Run on platform version 1.4.0 or later, which has 20 GiB, and more where the task definition asks for it',
                  cli: command`aws ecs update-service --region ${task.region} --cluster ${task.clusterArn} --service ${serviceOf(task)} --platform-version LATEST`,
                }
              : {
                  do: `Give the task more ephemeral storage (21 to 200 GiB; it has ${disk})`,
                  cdk: typescript`new ecs.FargateTaskDefinition(this, 'Task', { ephemeralStorageGiB: 50 })`,
                },
            {
              do: 'Make the image smaller: a smaller base image, a multi-stage build, no caches of package managers',
            },
          ]
        : [
            {
              do: `Free the disk of instance \`${owner}\`: unused images and containers, logs without a limit`,
              cli: command`docker system df && docker system prune`,
            },
            {
              do: 'Give the instances a larger root volume, and let the agent clean up more often (`ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION`)',
              cdk: typescript`new ec2.LaunchTemplate(this, 'Lt', { blockDevices: [{ deviceName: '/dev/xvda', volume: ec2.BlockDeviceVolume.ebs(100) }] })`,
            },
          ],
    });
  },
});

/** GiB: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html */
function ephemeralStorage(task: StoppedTask, definition: Facts['taskDefinition']): number {
  if (tokenOutsideVpc(task)) return 10;
  return task.ephemeralStorageGiB ?? definition?.ephemeralStorageGiB ?? 20;
}

const gib = (size: number) =>
  size >= 0.1 ? `${size.toFixed(1)} GiB` : `${Math.max(1, Math.round(size * 1024))} MiB`;
