import { leavesOpen } from '../error-text/pull-error.ts';
import { defineCheck, everyStep, found, notApplicable, ruledOut } from './define.ts';
import { ecsGuide } from './sources.ts';

/** The image was built for other CPUs or another operating system than those of the task. */
export default defineCheck({
  id: 'platform-mismatch',
  cause: 'The image has no variant for the CPU type of the task',
  source: ecsGuide('Amazon ECS task definitions for 64-bit ARM workloads', 'ecs-arm64.html'),
  needs: ['task', 'pullError', 'images'],
  uses: ['taskDefinition'],

  examine({ task, pullError, images }, { taskDefinition }) {
    const image = images[0]?.text ?? pullError.image ?? 'the image';
    if (!pullError.symptoms.includes('platform-mismatch'))
      return leavesOpen(pullError)
        ? notApplicable('the text does not say')
        : ruledOut(`The text for \`${image}\` says something else`);

    const wanted = /platform\s+['"]?([\w/ ]+)/i.exec(pullError.text)?.[1]?.trim();
    const asked =
      (taskDefinition.status === 'known' && taskDefinition.value?.cpuArchitecture) ||
      task.cpuArchitecture ||
      'X86_64';
    return found('proven', {
      evidence: [
        `\`${image}\` holds nothing for ${wanted ? `\`${wanted}\`` : 'the platform of the task'}`,
        `The task asks for \`${asked}\` (\`runtimePlatform.cpuArchitecture\`; \`X86_64\` if it is not set)`,
      ],
      resources: [image],
      closes: everyStep,
      fixes: [
        {
          do: 'Build the image for both platforms and push it again',
          cli: `docker buildx build --platform linux/amd64,linux/arm64 -t ${image} --push .`,
        },
        {
          do: 'Or let the task run on the CPUs that the image was built for',
          cdk: "new ecs.FargateTaskDefinition(this, 'Task', { runtimePlatform: { cpuArchitecture: ecs.CpuArchitecture.ARM64 } })",
        },
      ],
    });
  },
});
