import { command } from '../command.ts';
import { leavesOpen } from '../error-text/pull-error.ts';
import { defineCheck, everyStep, found, notApplicable, ruledOut } from './define.ts';
import { outsideEcr } from './registry-answers.ts';
import { ecsGuide } from './sources.ts';
import { typescript } from './typescript.ts';

/** The image was built for other CPUs or another operating system than those of the task. */
export default defineCheck({
  id: 'platform-mismatch',
  cause: 'The image has no variant for the CPU type of the task',
  source: ecsGuide('Amazon ECS task definitions for 64-bit ARM workloads', 'ecs-arm64.html'),
  needs: ['task', 'pullError', 'images'],
  uses: ['taskDefinition', 'externalImages'],

  examine({ task, pullError, images }, { taskDefinition, externalImages }) {
    const definition = taskDefinition.status === 'known' ? taskDefinition.value : null;
    const cpu =
      definition?.cpuArchitecture ?? task.cpuArchitecture?.toUpperCase() ?? (definition && 'X86_64');
    const os = /windows/i.test(definition?.operatingSystemFamily ?? '') ? 'windows' : 'linux';
    const indexes = outsideEcr(images, externalImages).flatMap(({ image: { text }, answer }) =>
      answer?.status === 'found' && answer.platforms ? [{ text, platforms: answer.platforms }] : [],
    );
    const holds = ({ text, platforms }: (typeof indexes)[number]) => `\`${text}\` holds ${list(platforms)}`;
    const without = indexes.filter(({ platforms }) => cpu && !platforms.some((one) => runsOn(one, os, cpu)));

    const saysSo = pullError.symptoms.includes('platform-mismatch');
    if (!saysSo && !(leavesOpen(pullError) && without.length > 0)) {
      const [image] = images;
      if (!leavesOpen(pullError))
        return ruledOut(
          `The text for \`${image?.text ?? pullError.image ?? 'the image'}\` says something else`,
        );
      return cpu && indexes.length > 0 && indexes.length === images.length
        ? ruledOut(...indexes.map(holds).slice(0, 3))
        : notApplicable('no error text says so');
    }

    const image = without[0]?.text ?? images[0]?.text ?? pullError.image ?? 'the image';
    const wanted = /platform\s+['"]?([\w/ ]+)/i.exec(pullError.text)?.[1]?.trim();
    return found('proven', {
      evidence: [
        ...(saysSo
          ? [`\`${image}\` holds nothing for ${wanted ? `\`${wanted}\`` : 'the platform of the task'}`]
          : []),
        ...without.map(holds),
        ...(cpu
          ? [
              `The task asks for \`${cpu}\` (\`runtimePlatform.cpuArchitecture\`; \`X86_64\` if it is not set)`,
            ]
          : []),
      ],
      resources: [image],
      closes: everyStep,
      fixes: [
        {
          do: 'Build the image for both platforms and push it again',
          cli: command`docker buildx build --platform linux/amd64,linux/arm64 -t ${image} --push .`,
        },
        {
          do: 'Or let the task run on the CPUs that the image was built for',
          alternative: true,
          cdk: typescript`new ecs.FargateTaskDefinition(this, 'Task', { runtimePlatform: { cpuArchitecture: ecs.CpuArchitecture.ARM64 } })`,
        },
      ],
    });
  },
});

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html */
const architectures: Readonly<Record<string, string>> = { X86_64: 'amd64', ARM64: 'arm64' };

const runsOn = (platform: string, os: string, cpu: string) =>
  platform.startsWith(`${os}/${architectures[cpu] ?? cpu.toLowerCase()}`);

const list = (platforms: readonly string[]) =>
  platforms.length > 0 ? platforms.map((one) => `\`${one}\``).join(', ') : 'no platform at all';
