import type { CollectedFacts, ImageReference, PullError, Step, StoppedTask } from '../model/facts.ts';
import type { Destination } from '../model/network.ts';
import { partitionOf } from './partition.ts';

type Known = Pick<CollectedFacts, 'task' | 'images' | 'taskDefinition'>;

/** The connections of a pull, each once. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html */
export function destinationsOf(facts: Known, error: PullError): readonly Destination[] {
  const task = facts.task.value;
  const images = facts.images.status === 'known' ? facts.images.value : [];
  const known = [
    ...secretsOf(facts, error),
    ...images.flatMap((image) => destinationsOfImage(image, task, error)),
  ];
  const all = [...known, ...layersElsewhere(error, known)];
  const order: readonly Step[] = ['token', 'secrets', 'manifest', 'layers'];
  return all
    .filter(
      (one, index) => all.findIndex((other) => other.host === one.host && other.step === one.step) === index,
    )
    .toSorted((a, b) => order.indexOf(a.step) - order.indexOf(b.step));
}

/**
 * Layers may come from a host that no reference names: those of a registry's content network, and base layers of Windows, which
 * may only be had from Microsoft. https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
function layersElsewhere({ host, step }: PullError, known: readonly Destination[]): readonly Destination[] {
  if (!host?.includes('.') || step !== 'layers' || /amazonaws|\.aws$/.test(host)) return [];
  return known.some((one) => one.host === host) ? [] : [{ host, step, service: null, region: null }];
}

function destinationsOfImage(
  { ecr, registry }: ImageReference,
  task: StoppedTask,
  error: PullError,
): readonly Destination[] {
  if (!registry) return [];
  // Docker Hub's name is not the host of its registry. https://github.com/distribution/reference
  if (!ecr)
    return [
      {
        host: registry === 'docker.io' ? 'registry-1.docker.io' : registry,
        step: 'manifest',
        service: null,
        region: null,
      },
    ];
  const { region, fips, dualStack } = ecr;
  const { suffix } = partitionOf(region);
  const ecrService = fips ? 'ecr-fips' : 'ecr';
  const token =
    tokenNames(region).find(({ host }) => host === error.host) ??
    tokenNames(region).find(({ host }) => isFips(host) === fips && isDualStack(host) === dualStack);
  const manifest: Destination = { host: registry, step: 'manifest', service: `${ecrService}.dkr`, region };
  const layers: Destination = {
    host: `prod-${region}-starport-layer-bucket.s3.${region}.${suffix}`,
    step: 'layers',
    service: 's3',
    region,
  };
  // Up to 1.3.0 Fargate asks for the token over an interface of its own.
  return tokenOutsideVpc(task) || !token ? [manifest, layers] : [token, manifest, layers];
}

/** The names of the API that gives tokens, the usual one first. https://docs.aws.amazon.com/general/latest/gr/ecr.html */
function tokenNames(region: string): readonly Destination[] {
  const { suffix, dualStackSuffix } = partitionOf(region);
  const named = (host: string, service: string): Destination => ({ host, step: 'token', service, region });
  return [
    named(`api.ecr.${region}.${suffix}`, 'ecr.api'),
    named(`ecr-fips.${region}.${suffix}`, 'ecr-fips.api'),
    named(`ecr.${region}.api.${dualStackSuffix}`, 'ecr.api'),
    named(`ecr-fips.${region}.api.${dualStackSuffix}`, 'ecr-fips.api'),
  ];
}

/**
 * The usual name of the API, where the image's registry has a FIPS name and the text does not say which one was asked: who pulls
 * chooses it, and nothing documents that the name of the image decides.
 */
export function otherTokenName({ host, region, step }: Destination, error: PullError): Destination | null {
  const [usual] = step === 'token' && region ? tokenNames(region) : [];
  return usual && isFips(host) && error.host !== host ? usual : null;
}

/**
 * The dual-stack name of the API that gives tokens, which a puller without IPv4 may ask whatever the name of the image, unless the
 * text names the host that was asked. https://github.com/aws/amazon-ecs-agent/blob/10d1fb7585dad5a1f3f1a58a606605572bdf42ea/agent/ecr/factory.go
 */
export function dualStackTokenName(
  { host, region, step }: Destination,
  error: PullError,
): Destination | undefined {
  if (step !== 'token' || !region || isDualStack(host) || error.host === host) return undefined;
  return tokenNames(region).find((one) => isDualStack(one.host) && isFips(one.host) === isFips(host));
}

const isFips = (host: string) => host.startsWith('ecr-fips.');

/** Whether Fargate fetches the token and the secrets outside the VPC of the task. 1.0.0 is the version of Windows, which does not. */
export const tokenOutsideVpc = ({ launchType, platformVersion }: StoppedTask): boolean =>
  launchType === 'FARGATE' && /^1\.[1-3](?:\.|$)/.test(platformVersion ?? '');

function secretsOf(facts: Known, error: PullError): readonly Destination[] {
  const task = facts.task.value;
  if (tokenOutsideVpc(task)) return [];
  const containers =
    facts.taskDefinition.status === 'known' ? (facts.taskDefinition.value?.containers ?? []) : [];
  const named = containers.flatMap(({ secretArns, credentialsParameter }) => [
    ...secretArns.map((arn) =>
      secretsIn(regionOf(arn, task), /:secretsmanager:/.test(arn) ? 'secretsmanager' : 'ssm'),
    ),
    ...(credentialsParameter ? [secretsIn(regionOf(credentialsParameter, task), 'secretsmanager')] : []),
  ]);
  if (error.step !== 'secrets') return named;
  const service = /\bssm\b|Systems Manager/i.test(error.text) ? 'ssm' : 'secretsmanager';
  const said = /arn:[\w-]+:(?:secretsmanager|ssm):[\w-]+:/.exec(error.text)?.[0] ?? '';
  return named.some((one) => one.service === service)
    ? named
    : [...named, secretsIn(regionOf(said, task), service)];
}

/** A secret of another Region is fetched there. Names alone are of the Region of the task. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html */
const regionOf = (secret: string, task: StoppedTask): string =>
  (secret.startsWith('arn:') && secret.split(':')[3]) || task.region;

/** The connection for secrets or parameters. */
export const secretsIn = (region: string, service: string): Destination => ({
  host: `${service}.${region}.${partitionOf(region).suffix}`,
  step: 'secrets',
  service,
  region,
});

/** Whether a host of AWS has IPv6 addresses beside its IPv4 ones. */
export const isDualStack = (host: string): boolean =>
  /\.(?:on|api)\.(?:aws|amazonwebservices\.com\.cn)$/.test(host);
