import { symptoms } from '../error-text/symptoms.ts';

/** Fields with words of AWS, times and the like. */
export const keptFields: ReadonlySet<string> = new Set([
  ...['status', 'why', 'action', 'decision', 'kind', 'type', 'state', 'origin', 'from', 'interface'],
  ...['collectedAt', 'createdAt', 'pullStartedAt', 'stoppedAt', 'pushedAt', 'region', 'availabilityZone'],
  ...['launchType', 'platformVersion', 'stopCode', 'networkMode', 'requiresCompatibilities', 'protocol'],
  ...[
    'cpuArchitecture',
    'operatingSystemFamily',
    'mediaType',
    'platforms',
    'connectivityType',
    'agentVersion',
  ],
  ...['internetGatewayBlockMode', 'upstreamRegistry', 'blockResponse', 'queryType', 'missingContextValues'],
  // The grammar of policies.
  ...['Effect', 'Action', 'NotAction', 'Version', 'countType', 'countUnit', 'tagStatus'],
]);

/** Fields with sentences. */
export const textFields: ReadonlySet<string> = new Set([
  'stoppedReason',
  'reason',
  'error',
  'invalid',
  'because',
  'failureMessage',
]);

const words = (text: string): readonly string[] =>
  (text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).map((word) => word.toLowerCase());

/** Words that mean something in ARNs, host names, image references and prefix lists, and tell nothing about anybody. */
export const nameWords: ReadonlySet<string> = new Set(
  words(`arn aws cn us gov iso ecs ecr iam sts ec s kms ssm logs secretsmanager secret parameter key alias
    service family task cluster container instance role policy profile repository assumed user group definition
    com amazonaws amazon amazonwebservices eu api on dkr fips vpce svc csp hci ic sc sgov adc uk cloud
    docker io ghcr quay public gcr k mcr microsoft registry index auth hub library net org internal local localhost
    latest default root sha AmazonProvidedDNS dynamodb global`),
);

/** Words of the error texts that we know. */
export const textWords: ReadonlySet<string> = new Set(
  symptoms.flatMap(({ example, pattern }) => [...words(example), ...words(pattern.source)]),
);

/** Registries that everybody uses. */
export const publicHosts: ReadonlySet<string> = new Set([
  'docker.io',
  'registry-1.docker.io',
  'index.docker.io',
  'ghcr.io',
  'quay.io',
  'public.ecr.aws',
  'gcr.io',
  'registry.k8s.io',
  'mcr.microsoft.com',
  'registry.gitlab.com',
]);
