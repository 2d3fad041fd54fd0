import type { Symptom } from '../model/check.ts';
import { answered } from './http-status.ts';
import { ended, streamEnded } from './reach.ts';
import { agentSource, cannotPullPage, fieldReport, resourceInitializationPage } from './sources.ts';

/** Everything that can end a connection on its way to an address on the internet. */
const internetPath = [
  'no-route-to-registry',
  'public-ip-missing',
  'task-security-group-closed',
  'nat-gateway-unusable',
  'nat-instance-unusable',
  'endpoint-missing',
  'network-acl-blocks-registry',
  'internet-gateway-detached',
  'endpoint-private-dns-off',
  'endpoint-not-available',
  's3-endpoint-not-routed',
  'vpc-dns-disabled',
  'custom-dns-servers',
  'internet-access-blocked',
  'ipv6-only-subnet',
];

/** Everything that can end a connection to a VPC endpoint. */
const endpointPath = [
  'endpoint-security-group-closed',
  'task-security-group-closed',
  'network-acl-blocks-registry',
  'endpoint-not-available',
];

/** A connection failed, and the text does not say to which kind of address. */
const network = [
  ...internetPath,
  'endpoint-security-group-closed',
  'private-zone-shadows-registry',
  'dns-firewall-blocks-registry',
];

/** Whoever may lead a name to a stranger. */
const misleads = 'custom-dns-servers';

/** Everything that lets no packet through, or finds no address to send it to: whoever was answered has met none of it. */
export const stopsPackets: ReadonlySet<string> = new Set(
  [...internetPath, ...endpointPath].filter((id) => id !== misleads),
);

/** Who may end a connection that was made: the registry, something on the way, or whoever else the name led to. */
const endings = [
  'registry-unavailable',
  'pull-timed-out',
  'proxy-blocks-registry',
  misleads,
  'private-zone-shadows-registry',
  'dns-firewall-blocks-registry',
  'registry-host-unknown',
];

/** The layers come from Amazon S3: an endpoint for it is the commonest thing that is missing. */
const layerNetwork = ['s3-endpoint-not-routed', ...network.filter((id) => id !== 's3-endpoint-not-routed')];

const names = [
  'vpc-dns-disabled',
  'custom-dns-servers',
  'private-zone-shadows-registry',
  'dns-firewall-blocks-registry',
  'task-security-group-closed',
  'network-acl-blocks-registry',
  'no-route-to-registry',
  'ipv6-only-subnet',
  'registry-host-unknown',
];

const refusedByAws = [
  'execution-role-cannot-pull',
  'repository-policy-denies-pull',
  'endpoint-policy-denies-pull',
  'organization-policy-denies-pull',
  'registry-policy-denies-pull',
  'image-encryption-key-unusable',
];

const missingImage = [
  'image-not-found',
  'image-expired-by-lifecycle-policy',
  'pinned-digest-gone',
  'image-archived',
  'pull-through-cache-cannot-import',
  'external-image-not-found',
];

const missingRepository = [
  'repository-not-found',
  'pull-through-cache-cannot-import',
  'external-image-not-found',
];

const role = ['execution-role-missing', 'execution-role-not-assumable', 'execution-role-cannot-pull'];

const secrets = ['secret-unreadable', 'registry-credentials-unusable'];

/** A word without a digit stands for a Region: people take it out before they show a text to others. */
const region = String.raw`(?:[a-z_-]+(?=\.)|[x*-]+\d?|(?:[a-z]+-)+(?:north|south|east|west|central){1,2}-\d+)`;
const ecrDomain = String.raw`\.dkr[.-]ecr(?:-fips)?\.${region}\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|c2s\.ic\.gov|sc2s\.sgov\.gov|csp\.hci\.ic\.gov|cloud\.adc-e\.uk|on\.(?:aws|amazonwebservices\.com\.cn))`;

/** A registry knows who asks, or need not know: a rule of its own is in the way, of the image, the account, or the address. */
const rulesOfRegistries = [
  // Harbor: https://github.com/goharbor/harbor/tree/main/src/server/middleware
  String.raw`PROJECTPOLICYVIOLATION|cannot be pulled due to|image is not signed (?:in|by|with) \w`,
  // JFrog Xray: https://jfrog.com/help/r/xray-how-to-work-with-jfrog-xray-block-download-artifacts-functionality
  'download blocking policy|artifact download request rejected',
  // Sonatype Repository Firewall, and who speaks like it: https://help.sonatype.com/en/firewall-quarantine.html
  String.raw`\b(?:item|image|artifact|manifest|package|component)(?: \S+)? (?:is|was|has been) quarantined`,
  // Azure, which calls a quarantined or locked image so: https://github.com/Azure/acr/tree/main/docs/preview/quarantine
  String.raw`the operation is disallowed|client with IP \S+ is not allowed`,
  // Podman's own, of the machine: containers-policy.json(5)
  String.raw`image \S+ is rejected by policy`,
  // Quay, Docker Hub
  String.raw`namespace \S+ (?:has been|is) disabled|account is not active`,
  // Others, and what Google calls a bill that is not paid
  String.raw`\bblocked by [\w ]*polic|(?:artifact|image|manifest)[\w ]* (?:is|was|has been) blocked|vulnerability severity`,
  'billing account|requester pays',
  // What the answers 412, 451 and 402 are called
  String.raw`\(Precondition failed\)|for legal reasons|payment required`,
];

/**
 * Every error text we know, the most specific first: a text is first of all the first one that it matches. The patterns read
 * plain texts: one line, ASCII quotes, no names that somebody chose.
 */
export const symptoms: readonly Symptom[] = [
  // A full disk: whatever the daemon could not do, this is why
  {
    id: 'no-space-left',
    pattern:
      /no space left on device|write \S+GetImageBlob|disk quota exceeded|There is not enough space on the disk|Thin Pool has \d+ free data blocks/i,
    example:
      'CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob111111111: no space left on device',
    attestedBy: cannotPullPage(
      'write /var/lib/docker/tmp/GetImageBlob: no space left on device',
      '#pull-request-write-error',
    ),
    step: 'layers',
    candidates: ['no-space-left'],
  },

  // The daemon that pulls is down
  {
    id: 'docker-unreachable',
    pattern:
      /error during connect|Cannot connect to the Docker daemon|client (?:version \S+ )?is too old|client is newer than server|Bad response from Docker engine|cannot allocate memory|too many open files|error creating overlay mount|lease \S+: not found|error reading from server|(?:docker|containerd|podman)\.sock\b/i,
    example:
      'CannotPullContainerError: error during connect: In the default daemon configuration on Windows, the docker client must be run with elevated privileges',
    attestedBy: fieldReport(
      'error during connect: In the default daemon configuration on Windows',
      'https://github.com/aws/amazon-ecs-agent/issues/3165',
    ),
    step: null,
    candidates: ['container-runtime-failed'],
  },

  // The disk
  {
    id: 'device-mapper-failed',
    pattern: /failed to register layer: devicemapper|dm_task_run failed/i,
    example:
      'CannotPullContainerError: failed to register layer: devicemapper: Error running deviceResume dm_task_run failed',
    attestedBy: fieldReport('devicemapper: Error running deviceResume dm_task_run failed'),
    step: 'layers',
    candidates: ['no-space-left', 'corrupt-layer'],
  },
  {
    id: 'disk-failed',
    // What the kernel says of the disk under the runtime's store, whatever was done to which file.
    pattern:
      /: (?:read-only file ?system|input\/output error|structure needs cleaning|stale (?:NFS )?file handle|bad message)\b/i,
    example:
      'CannotPullContainerError: failed to register layer: open /var/lib/docker/image/overlay2/layerdb/tmp/write-set-1/diff: read-only file system',
    attestedBy: fieldReport(
      'failed to register layer: ApplyLayer exit status 1: read-only file system',
      'https://github.com/moby/moby/issues/20496',
    ),
    step: 'layers',
    candidates: ['container-runtime-failed', 'no-space-left', 'corrupt-layer'],
  },
  {
    id: 'runtime-store-damaged',
    // Files of its own that the runtime misses, or that are in its way: not those of a layer.
    pattern:
      /(?:\/var\/lib\/docker\/\S+|\/layerdb\/\S+|\/snapshots(?:\/\d+(?:\/fs)?)?): (?:no such file or directory|file exists|too many levels of symbolic links)\b/i,
    example:
      'CannotPullContainerError: failed to register layer: symlink ../0a1b/diff /var/lib/docker/overlay2/l/0A1B: no such file or directory',
    attestedBy: fieldReport(
      'failed to register layer: error creating overlay mount to /var/lib/docker/overlay2: too many levels of symbolic links',
      'https://github.com/overleaf/overleaf/issues/725',
    ),
    step: 'layers',
    candidates: ['container-runtime-failed', 'corrupt-layer', 'no-space-left'],
  },

  // A proxy stands before the registry
  {
    id: 'proxy-failed',
    // The reason phrase without its number is what Go makes of a proxy's answer to CONNECT, and of no other answer.
    pattern:
      /proxyconnect tcp|Proxy Authentication Required|\b407 Proxy|https?:\/\/[^\s"]+"?: (?:Forbidden|Service Unavailable|Bad Gateway|Gateway Time-?out|Internal Server Error)\b|unmarshalling content: invalid character '<'/i,
    example:
      'CannotPullContainerError: Error response from daemon: Get "https://registry-1.docker.io/v2/": proxyconnect tcp: dial tcp 10.1.2.3:3128: connect: connection refused',
    attestedBy: fieldReport('proxyconnect tcp', 'https://github.com/docker/for-win/issues/4607'),
    step: null,
    candidates: ['proxy-blocks-registry'],
  },

  // The registry answered, and said why not
  {
    id: 'rate-limited',
    pattern: new RegExp(
      String.raw`toomanyrequests|too many requests|pull (?:rate )?limit\b|^(?!.*(?:secrets? from|from asm|\bssm\b)).*rate exceeded|${answered('429')}`,
      'i',
    ),
    example:
      'CannotPullContainerError: Error response from daemon: toomanyrequests: You have reached your pull rate limit.',
    attestedBy: cannotPullPage(
      'toomanyrequests: You have reached your pull rate limit',
      '#container-pull-too-many-requests',
    ),
    step: 'manifest',
    candidates: ['registry-rate-limit'],
  },
  {
    id: 'platform-mismatch',
    pattern:
      /(?<![\w/-])platform(?! version)(?![\w/-])|does not contain descriptor|operating system is not supported|no image found in (?:manifest list|image index)|no matching manifest for \S+|Windows version \S+-based image is incompatible|\): image Manif\w*\W*$/i,
    example:
      "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'",
    attestedBy: fieldReport('image Manifest does not contain descriptor matching platform'),
    step: 'manifest',
    candidates: ['platform-mismatch', 'unsupported-image-format'],
  },
  {
    id: 'image-format',
    pattern:
      /no processor for media-type|(?:^|: )unsupported: |manifest (?:invalid|unverified): |invalid manifest\b|unsupported (?:schema version|compression)|unknown layer format|rootFSMismatch|rootfs and manifest layers mismatch|remote plugin|encountered remote \S+ when fetching|manifest larger than|not implemented: media type|target is (?:unknown|image|plugin|config)\b|unexpected media ?type|missing signature key|unsupported media ?type|media type \S+ (?:is )?not supported|number of layers and diffIDs don't match|don't match image configuration|accept header does not support|mismatched image rootfs and manifest layers|manifest\.v1\+prettyjws|unsupported manifest|mediaType in manifest (?:list )?should be|manifest (?:schema|format) \S* ?(?:is )?(?:not supported|unsupported)|Docker Image Format v1.*(?:deprecat|remov|disabled)|failed to get stream processor|max depth exceeded/i,
    example:
      "CannotPullContainerError: ref pull has been retried 1 time(s): number of layers and diffIDs don't match: 3 != 15",
    attestedBy: fieldReport("number of layers and diffIDs don't match"),
    step: 'layers',
    candidates: ['unsupported-image-format', 'corrupt-layer'],
  },
  {
    id: 'corrupt-layer',
    pattern:
      /unexpected commit digest|(?:digest|size) invalid: |invalid digest in response|wrong diff id|failed commit on ref|failed seek: |verification failed|digest (?:mismatch|did not match)|cannot overwrite digest|magic number mismatch|(?:gzip|zlib|flate|zstd|archive\/tar): (?:invalid|corrupt)|(?<!https?:\/\/[^\s"]*"?: )unexpected EOF|failed precondition/i,
    example:
      'CannotPullContainerError: ref pull has been retried 1 time(s): failed commit on ref "layer-sha256:c02342326b04": unexpected commit digest sha256:1111, expected sha256:2222: failed precondition',
    attestedBy: fieldReport('unexpected commit digest'),
    step: 'layers',
    candidates: ['corrupt-layer', 'unsupported-image-format', 'pull-timed-out'],
  },
  {
    id: 'invalid-reference',
    pattern:
      /invalid reference format|(?:name|tag) invalid: |failed to prepare a canonical reference|repository name .*must be lowercase|invalid image (?:name|reference)|parse "dummy:|invalid port \S+ after host|(?:couldn't parse image|error parsing) reference|failed to normalize image reference|: object required/i,
    example:
      'CannotPullContainerError: invalid reference format: repository name (Team/App) must be lowercase',
    attestedBy: {
      title: 'distribution/reference',
      section: 'normalize.go',
      url: 'https://github.com/distribution/reference/blob/main/normalize.go',
    },
    step: 'manifest',
    candidates: ['invalid-image-reference'],
  },
  {
    id: 'unknown-registry-host',
    // A host that looks like Amazon ECR's and is none: a mistyped suffix, or an account that was left out. If it answers, it is one.
    pattern: new RegExp(
      String.raw`(?:[^\s"'/](?!${ecrDomain}[/":\s])|//)\.dkr[.-]ecr[\w-]*\.[a-z0-9.-]+[/":\s].*(?:dial |lookup |no such host|request canceled|x509:|timeout)`,
      'is',
    ),
    example:
      'CannotPullContainerError: Error response from daemon: Get "https://111122223333.dkr.ecr.us-west-2.amazonawss.com/v2/": dial tcp 192.0.2.32:443: i/o timeout',
    attestedBy: fieldReport('a mistyped host of an Amazon ECR registry'),
    step: 'manifest',
    candidates: ['registry-host-unknown', 'invalid-image-reference', ...network],
  },
  {
    id: 'image-key-refused',
    pattern:
      /^(?!.*(?:secret|\bssm\b|parameter|Access to KMS)).*(?:KMS(?:AccessDenied|Disabled|InvalidState|NotFound)Exception|KmsError|with KMS key|not authorized to perform:? kms:)/is,
    example:
      'CannotPullContainerError: Error response from daemon: denied: KmsError: The key that encrypts the repository may not be used',
    attestedBy: {
      title: 'Amazon ECR User Guide',
      section: 'Encryption at rest',
      url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html',
    },
    step: null,
    candidates: ['image-encryption-key-unusable'],
  },
  {
    id: 'kms-refused',
    pattern:
      /Access to KMS is not allowed|KMS(?:AccessDenied|Disabled|InvalidState|NotFound)Exception|KmsError|not authorized to perform:? kms:/i,
    example:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:eu-central-1:111122223333:secret:app from secrets manager: AccessDeniedException: Access to KMS is not allowed',
    attestedBy: fieldReport('Access to KMS is not allowed'),
    step: null,
    candidates: ['secret-unreadable', 'image-encryption-key-unusable', 'registry-credentials-unusable'],
  },
  {
    id: 'secret-refused',
    pattern:
      /not authorized to perform:? (?:secretsmanager|ssm|ssmmessages):|(?:secrets? from (?:asm|ssm)|secrets ?manager|ssm)\b.*AccessDenied|secrets?\b.*(?:missing|lacks?) [\w .]{0,40}permission/is,
    example:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/ecsTaskExecutionRole/7cb7 is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:us-east-1:111122223333:parameter/app',
    attestedBy: resourceInitializationPage(
      'The task can’t retrieve the secret',
      '#unable-to-pull-secrets-asm',
    ),
    step: 'secrets',
    candidates: [...secrets, 'organization-policy-denies-pull', 'endpoint-policy-denies-pull'],
  },
  {
    id: 'registry-credentials-malformed',
    pattern:
      /registry auth from asm.*(?:unmarshal|invalid character|did not contain|username|password)|asm fetching (?:authorization data|username|password): /is,
    example:
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to get registry auth from asm: service call has been retried 1 time(s): failed to unmarshal secret value: invalid character 'u' looking for beginning of value",
    attestedBy: {
      title: 'Using non-AWS container images in Amazon ECS',
      section: 'Private registry authentication',
      url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html',
    },
    step: 'secrets',
    candidates: ['registry-credentials-unusable', 'secret-unreadable'],
  },
  {
    id: 'secrets-throttled',
    pattern: /secrets? from (?:asm|ssm).*(?:ThrottlingException|rate exceeded)/is,
    example:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 5 time(s): ThrottlingException: Rate exceeded',
    attestedBy: {
      title: 'AWS Systems Manager User Guide',
      section: 'Changing Parameter Store throughput',
      url: 'https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-throughput.html',
    },
    step: 'secrets',
    candidates: secrets,
  },
  {
    id: 'secret-wrong',
    pattern:
      /did not contain json key|invalid ssm parameters|secrets from ssm.*invalid parameters|retrieved secret from Secrets Manager|secrets ?manager.*(?:ResourceNotFoundException|can't find the specified secret|marked for deletion)|(?:secret|registry auth).*(?:invalid character .{1,6} (?:looking for|in|after) |unexpected end of JSON|(?:failed to|cannot) unmarshal|InvalidParameterException|InvalidRequestException|(?:invalid|unexpected) ARN format)|ParameterNotFound|can't find the specified\b|ssm\b.*ValidationException|Check whether the secret exists in the specified Region/is,
    example:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /app/key',
    attestedBy: resourceInitializationPage(
      'The task can’t retrieve the secret',
      '#unable-to-pull-secrets-asm',
    ),
    step: 'secrets',
    candidates: secrets,
  },
  {
    id: 'ecr-action-denied',
    pattern: /not authorized to perform:? ecr:|ecr:\w+ .*(?:explicit deny|AccessDenied)/is,
    example:
      "CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull images from the registry. Error response from daemon: pull access denied for 111122223333.dkr.ecr.us-east-1.amazonaws.com/app, repository does not exist or may require 'docker login': denied: User: arn:aws:sts::111122223333:assumed-role/ecsInstanceRole/i-0abc is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:111122223333:repository/app because no identity-based policy allows the ecr:BatchGetImage action",
    attestedBy: cannotPullPage(
      'The task can’t pull the image. Check that the role has the permissions to pull images from the registry',
      '#pull-request-image-not-found',
    ),
    step: null,
    candidates: refusedByAws,
  },
  {
    id: 'role-not-assumable',
    pattern:
      /(?:unable|failed|not able) to assume (?:the )?(?:task )?(?:execution )?role|AssumeRole|trust relationship|NoCredentialProviders|no valid providers in chain|unable to get (?:task |execution )*credentials|EmptyStaticCreds|EC2RoleRequestError|EC2MetadataError|no EC2 (?:IMDS|instance) role found|not authorized to perform: sts:/i,
    example:
      "ResourceInitializationError: unable to pull secrets or registry auth: ECS was unable to assume the role 'arn:aws:iam::111122223333:role/ecsTaskExecutionRole' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions",
    attestedBy: fieldReport('ECS was unable to assume the role'),
    step: null,
    // Nobody asks for the credentials of a role through the VPC.
    candidates: ['execution-role-not-assumable', 'execution-role-missing', 'execution-role-cannot-pull'],
  },
  {
    id: 'token-denied',
    pattern:
      /(?:registry auth|GetAuthorizationToken).*(?:AccessDenied|not authorized|StatusCode: 40[03])|CannotPullECRContainerError: AccessDenied/is,
    example:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/app',
    attestedBy: fieldReport('unable to retrieve ecr registry auth: AccessDeniedException'),
    step: 'token',
    candidates: [
      'execution-role-cannot-pull',
      'organization-policy-denies-pull',
      'endpoint-policy-denies-pull',
      'execution-role-not-assumable',
    ],
  },
  {
    id: 'token-missing',
    pattern:
      /engine ecr credentials: not found|(?:CannotPullECRContainerError: |ecr registry auth|GetAuthorizationToken).*(?:ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|IncompleteSignature)/is,
    example: 'CannotPullECRContainerError: engine ecr credentials: not found',
    attestedBy: agentSource('agent/engine/docker_task_engine.go'),
    step: 'token',
    candidates: [...role, 'registry-token-expired'],
  },
  {
    id: 'token-expired',
    pattern: /authorization token has expired|token (?:has|is) expired|ExpiredTokenException/i,
    example:
      'CannotPullContainerError: Error response from daemon: denied: Your authorization token has expired. Reauthenticate and try again.',
    attestedBy: {
      title: 'Private registry authentication in Amazon ECR',
      section: 'Using an authorization token',
      url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html#registry-auth-token',
    },
    step: 'manifest',
    candidates: ['registry-token-expired', 'execution-role-cannot-pull'],
  },
  {
    id: 'registry-rule',
    pattern: new RegExp([...rulesOfRegistries, answered('402|412|451')].join('|'), 'i'),
    example:
      'CannotPullContainerError: Error response from daemon: unknown: current image without vulnerability scanning cannot be pulled due to configured policy in \'Prevent images with vulnerability severity of "Critical" or higher from running.\'',
    attestedBy: fieldReport(
      'current image with "Pending" status of vulnerability scanning cannot be pulled due to configured policy',
      'https://github.com/docker/build-push-action/issues/639',
    ),
    step: 'manifest',
    candidates: ['registry-forbids-pull', 'registry-credentials-unusable', 'external-image-not-found'],
  },
  {
    id: 'registry-credentials-missing',
    pattern: /CannotPullContainerAuthError|engine docker private registry credentials/i,
    example: 'CannotPullContainerAuthError: engine docker private registry credentials: not found',
    attestedBy: agentSource('agent/engine/docker_task_engine.go'),
    step: 'manifest',
    candidates: ['registry-credentials-unusable', 'secret-unreadable'],
  },
  {
    id: 'no-basic-auth',
    pattern: /no basic auth credentials/i,
    example:
      'CannotPullContainerError: Error response from daemon: Get "https://111122223333.dkr.ecr.us-east-1.amazonaws.com/v2/app/manifests/v1": no basic auth credentials',
    attestedBy: {
      title: 'Troubleshooting Amazon ECR error messages',
      section: 'no basic auth credentials',
      url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html#error-403',
    },
    step: 'manifest',
    candidates: [
      'execution-role-cannot-pull',
      'execution-role-missing',
      'registry-credentials-unusable',
      'external-image-not-found',
      'registry-token-expired',
    ],
  },
  {
    id: 'upstream-registry-failed',
    pattern:
      /UnableTo(?:GetUpstream|AccessSecret|DecryptSecret)|UnsupportedUpstream|Upstream(?:AccessDenied|TooManyRequests|Unavailable)|to the upstream registry failed|pull through cache/i,
    example:
      'CannotPullContainerError: Error response from daemon: manifest unknown: UnableToGetUpstreamImageException: unable to retrieve the image from the upstream registry',
    attestedBy: {
      title: 'Troubleshooting pull through cache issues in Amazon ECR',
      section: 'Requested image not found',
      url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/error-pullthroughcache.html',
    },
    step: 'manifest',
    candidates: ['pull-through-cache-cannot-import', 'registry-rate-limit', 'registry-unavailable'],
  },
  {
    id: 'ecr-access-denied',
    pattern: new RegExp(
      String.raw`^(?=.*(?:requested access to the resource is denied|pull access denied)).*(?:[^\s"'/]${ecrDomain}|pull access denied for \S*\.dkr[.-]ecr\.)`,
      'is',
    ),
    example:
      "CannotPullContainerError: Error response from daemon: pull access denied for 111122223333.dkr.ecr.us-west-2.amazonaws.com/app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    attestedBy: cannotPullPage('pull access denied', '#container-pull-access-denied.title'),
    step: 'manifest',
    candidates: [
      'execution-role-cannot-pull',
      'repository-not-found',
      'repository-policy-denies-pull',
      ...refusedByAws.slice(2),
      'execution-role-missing',
    ],
  },
  {
    id: 'pull-access-denied',
    pattern:
      /pull access denied|requested access to the resource is denied|insufficient_scope|may require (?:authorization|'docker login')|no pull access/i,
    example:
      "CannotPullContainerError: Error response from daemon: pull access denied for acme/app, repository does not exist or may require 'docker login'",
    attestedBy: cannotPullPage('pull access denied', '#container-pull-access-denied.title'),
    step: 'manifest',
    candidates: [
      'external-image-not-found',
      'registry-credentials-unusable',
      'repository-not-found',
      'execution-role-cannot-pull',
      'repository-policy-denies-pull',
      'invalid-image-reference',
    ],
  },
  {
    id: 'role-lacks-permissions',
    pattern: /(?:Check that the|and) role (?:\S+ )?has (?:the )?permissions to pull images/i,
    example:
      'CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull images from the registry.',
    attestedBy: cannotPullPage(
      'The task can’t pull the image. Check that the role has the permissions to pull images from the registry',
      '#pull-request-image-not-found',
    ),
    step: 'manifest',
    candidates: [
      ...refusedByAws,
      'repository-not-found',
      'execution-role-missing',
      'execution-role-not-assumable',
    ],
  },
  {
    id: 'repository-not-found',
    pattern:
      /name unknown|NAME_UNKNOWN|repository \S+ not found|The repository with name .* does not exist|RepositoryNotFoundException|repository does not exist|(?<![\w-])project \S+ not found|verify that the image URI is correct/is,
    example:
      'CannotPullContainerError: API error (404): repository 111122223333.dkr.ecr.us-east-1.amazonaws.com/team/app not found',
    attestedBy: {
      title: 'Troubleshooting pull through cache issues in Amazon ECR',
      section: 'Repository does not exist',
      url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/error-pullthroughcache.html',
    },
    step: 'manifest',
    candidates: [...missingRepository, 'execution-role-cannot-pull', 'repository-policy-denies-pull'],
  },
  {
    id: 'layer-not-found',
    pattern:
      /\/blobs\/\S+ not found|could not fetch content descriptor|content digest \S+ not found|blob unknown|unknown blob|BLOB_UNKNOWN|blob \S+ not found/i,
    example: `CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: content at https://111122223333.dkr.ecr.us-east-1.amazonaws.com/v2/app/blobs/sha256:${'c0'.repeat(32)} not found: not found`,
    attestedBy: {
      title: 'OCI distribution specification',
      section: 'Error codes: BLOB_UNKNOWN',
      url: 'https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes',
    },
    step: 'layers',
    candidates: ['corrupt-layer', 'pinned-digest-gone', 'image-not-found', 'external-image-not-found'],
  },
  {
    id: 'digest-not-found',
    pattern:
      /@sha256:[0-9a-f]{6,}\S*:? ?.*not found|manifest for \S+@sha256:\S+ not found|@sha256:\s?\S* ?\S*: not found|\/manifests\/sha256:\S+ not found/is,
    example: `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.us-east-1.amazonaws.com/app@sha256:${'0a'.repeat(32)}: 111122223333.dkr.ecr.us-east-1.amazonaws.com/app@sha256:${'0a'.repeat(32)}: not found`,
    attestedBy: cannotPullPage(
      'CannotPullContainerError: pull image manifest has been retried',
      '#pull-request-image-tag',
    ),
    step: 'manifest',
    candidates: [
      'pinned-digest-gone',
      ...missingImage.filter((id) => id !== 'pinned-digest-gone'),
      'repository-not-found',
    ],
  },
  {
    id: 'image-not-found',
    pattern: new RegExp(
      String.raw`manifest unknown|MANIFEST_UNKNOWN|requested image not found|manifest for \S+ not found|manifests? \S* ?not found|ImageNotFoundException|image not known|no such image|unknown: Not Found|tag \S+ not found|(?:image|artifact) (?:\S+ )?not found|failed to resolve ref(?:erence)? .*not found|${answered('404')}`,
      'is',
    ),
    example:
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.us-east-1.amazonaws.com/app:v1: 111122223333.dkr.ecr.us-east-1.amazonaws.com/app:v1: not found',
    attestedBy: cannotPullPage(
      'CannotPullContainerError: pull image manifest has been retried',
      '#pull-request-image-tag',
    ),
    step: 'manifest',
    candidates: [...missingImage, 'repository-not-found', 'execution-role-cannot-pull'],
  },
  {
    id: 'image-exists',
    pattern: /Check whether the image exists/i,
    example: 'CannotPullContainerError: The task can’t pull the image. Check whether the image exists.',
    attestedBy: agentSource('agent/api/errormessages/error_messages.go'),
    step: 'manifest',
    candidates: [
      ...missingImage,
      ...missingRepository.slice(0, 1),
      'execution-role-cannot-pull',
      'repository-policy-denies-pull',
    ],
  },
  {
    id: 'registry-server-error',
    pattern: new RegExp(
      String.raw`(?:unknown|unavailable): service unavailable|Server error: Status 5\d\d|${answered('5\\d\\d')}`,
      'i',
    ),
    example:
      'CannotPullContainerError: Error response from daemon: received unexpected HTTP status: 503 Service Unavailable',
    attestedBy: fieldReport('received unexpected HTTP status: 503 Service Unavailable'),
    step: null,
    candidates: ['registry-unavailable'],
  },
  {
    id: 'layer-forbidden',
    pattern:
      /(?:httpRead(?:er)?Seeker|failed to copy|starport-layer-bucket|REDACTED ECR URL|error pulling image conf).*(?:403 Forbidden|403\b|AccessDenied)|HTTP 403 response body.*<Code>AccessDenied/is,
    example:
      'CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code https://prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com/1: 403 Forbidden',
    attestedBy: cannotPullPage(
      'ref pull has been retried: failed to copy: httpReaderSeeker: failed open',
      '#container-pull-failed-open',
    ),
    step: 'layers',
    candidates: [
      'endpoint-policy-denies-pull',
      'execution-role-cannot-pull',
      'repository-policy-denies-pull',
      'registry-policy-denies-pull',
      'image-encryption-key-unusable',
      'organization-policy-denies-pull',
      'registry-credentials-unusable',
      'registry-forbids-pull',
    ],
  },
  {
    id: 'digest-forbidden',
    // containerd asks for a digest among the manifests, and only after a 404 there among the blobs: what is asked for there is gone.
    // https://github.com/containerd/containerd/blob/main/core/remotes/docker/resolver.go
    pattern: new RegExp(
      `^(?=.*failed to resolve ref).*/blobs/sha256:[0-9a-f]{6,}.*(?:${answered('403')})`,
      'is',
    ),
    example: `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.us-west-2.amazonaws.com/app:latest@sha256:${'0a'.repeat(32)}: unexpected status from HEAD request to https://111122223333.dkr.ecr.us-west-2.amazonaws.com/v2/app/blobs/sha256:${'0a'.repeat(32)}: 403 Forbidden`,
    attestedBy: fieldReport(
      'unexpected status from HEAD request to /v2/otel-collector/blobs/sha256: 403 Forbidden',
      'https://github.com/aws/containers-roadmap/issues/2493',
    ),
    step: 'manifest',
    candidates: [
      'pinned-digest-gone',
      ...missingImage.filter((id) => id !== 'pinned-digest-gone'),
      ...refusedByAws,
      'registry-credentials-unusable',
    ],
  },
  {
    id: 'manifest-forbidden',
    // A refusal of the server that gives tokens is about the credentials.
    pattern: new RegExp(
      String.raw`^(?!.*(?:failed to authorize|failed to fetch \w+ token)).*(?:${answered('403')})`,
      'is',
    ),
    example:
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.us-east-1.amazonaws.com/app:v1: pulling from host 111122223333.dkr.ecr.us-east-1.amazonaws.com failed with status code [manifests v1]: 403 Forbidden',
    attestedBy: {
      title: 'Troubleshooting pull through cache issues in Amazon ECR',
      section: '403 Forbidden',
      url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/error-pullthroughcache.html',
    },
    step: 'manifest',
    candidates: [
      ...refusedByAws,
      'pull-through-cache-cannot-import',
      'registry-credentials-unusable',
      'external-image-not-found',
    ],
  },
  {
    id: 'access-denied',
    pattern:
      /^(?!.*unauthorized:).*Access ?Denied(?!.*(?:secret|parameter))|CannotPull\w+\W+(?:inspect image\W+)?40[13]\b/is,
    example: 'CannotPullContainerError: AccessDeniedException',
    attestedBy: {
      title: 'Troubleshooting Amazon ECR error messages',
      section: 'HTTP 403: "User [arn] is not authorized to perform [operation]"',
      url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors.html#error-403',
    },
    step: null,
    candidates: [
      ...refusedByAws,
      ...role.filter((id) => id !== 'execution-role-cannot-pull'),
      'registry-credentials-unusable',
      'external-image-not-found',
    ],
  },
  {
    id: 'unauthorized',
    pattern: new RegExp(
      String.raw`${answered('401')}|failed to fetch (?:anonymous|oauth) token(?!: (?:Get|Post|Head) )|\bunauthorized\b|(?:["\w]: |daemon: |CannotPull\w+: )denied\b(?!: ?(?:$|\.\.|…|User|Your))|"code": ?"(?:DENIED|UNAUTHORIZED)"|authorization header|no (?:realm|scope) specified for token auth|parse json key|(?:authentication|authorization) (?:is )?required|Unauthenticated request|Permission "\S+" denied|invalid_token|authorization failed|incorrect username or password|invalid username/password`,
      'i',
    ),
    example:
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ghcr.io/acme/app:latest: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aacme%2Fapp%3Apull&service=ghcr.io: 401 Unauthorized',
    attestedBy: {
      title: 'Using non-AWS container images in Amazon ECS',
      section: 'Private registry authentication',
      url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html',
    },
    step: 'manifest',
    candidates: [
      'registry-credentials-unusable',
      'external-image-not-found',
      'execution-role-cannot-pull',
      'registry-token-expired',
    ],
  },

  // The name did not resolve
  {
    id: 'name-not-resolved',
    pattern:
      /no such host|server misbehaving|dial (?:tcp|udp)\d?: lookup |lookup \S+ on \S+:53|lookup \S+: (?:i\/o timeout|Temporary failure)|Could not resolve host|Temporary failure in name resolution/i,
    example:
      'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref 111122223333.dkr.ecr.us-east-1.amazonaws.com/app:v1: failed to do request: Head "https://111122223333.dkr.ecr.us-east-1.amazonaws.com/v2/app/manifests/v1": dial tcp: lookup 111122223333.dkr.ecr.us-east-1.amazonaws.com on 10.0.0.2:53: no such host',
    attestedBy: {
      title: 'Amazon VPC User Guide',
      section: 'Amazon DNS server',
      url: 'https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html',
    },
    step: null,
    candidates: names,
  },
  // The certificate
  {
    id: 'certificate-untrusted',
    pattern:
      /x509:|failed to verify certificate|certificate (?:signed by unknown authority|has expired|is not trusted|is valid for)|http: server gave HTTP response to HTTPS client|malformed HTTP response|tls: (?!handshake timeout|bad record)/i,
    example:
      'CannotPullContainerError: Error response from daemon: Get "https://registry.example.com/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    attestedBy: fieldReport('x509: certificate signed by unknown authority'),
    step: null,
    candidates: [
      'registry-certificate-untrusted',
      misleads,
      'private-zone-shadows-registry',
      'registry-host-unknown',
      'dns-firewall-blocks-registry',
    ],
  },

  // No connection, or one that stalled
  {
    id: 'pull-timed-out',
    pattern:
      /Could not transition to (?:pulled|pullBegin|MANIFEST_PULLED)|inactivity time exceeded timeout while pulling|failed to extract layer.*context ca|Pull (?:request )?timed out/is,
    example: 'DockerTimeoutError: Could not transition to pulled; timed out after waiting 2h0m0s',
    attestedBy: agentSource('agent/dockerclient/timeout.go'),
    step: null,
    candidates: ['pull-timed-out', 'no-space-left', ...network],
  },
  {
    id: 'stream-ended',
    pattern: new RegExp(streamEnded, 'i'),
    example:
      'CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: stream error: stream ID 7; INTERNAL_ERROR; received from peer',
    attestedBy: fieldReport('failed to copy: stream error: stream ID; INTERNAL_ERROR; received from peer'),
    step: null,
    candidates: endings,
  },
  {
    id: 'connection-ended',
    pattern: new RegExp(ended, 'is'),
    example:
      'CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: read tcp 10.0.1.5:41230->52.217.94.84:443: read: connection reset by peer',
    attestedBy: fieldReport(
      'failed to copy: httpReadSeeker: failed open: failed to do request: read: connection reset by peer',
      'https://github.com/containerd/containerd/issues/11365',
    ),
    step: null,
    candidates: endings,
  },
  {
    id: 'layer-connection-failed',
    pattern:
      /(?:httpRead(?:er)?Seeker|failed to copy|REDACTED ECR URL|starport-layer-bucket|error pulling image conf\w*).*(?:failed to do request|dial tcp|i\/o timeout|request canceled|connection reset|Client\.Timeout|deadline exceeded|TLS handshake timeout|EOF)|Status 0 while fetching image/is,
    example:
      'CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: failed to do request: Get REDACTED ECR URL related to 111122223333.dkr.ecr.us-east-1.amazonaws.com/app: dial tcp 52.216.0.1:443: i/o timeout',
    attestedBy: {
      title: 'Amazon ECR interface VPC endpoints (AWS PrivateLink)',
      section: 'Create the Amazon S3 gateway endpoint',
      url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-setting-up-s3-gateway',
    },
    step: 'layers',
    candidates: [...layerNetwork, 'pull-timed-out', 'registry-unavailable'],
  },
  {
    id: 'pull-panic',
    pattern: /panic: runtime error: invalid memory address/i,
    example:
      'CannotPullContainerError: pull command failed: panic: runtime error: invalid memory address or nil pointer dereference',
    attestedBy: cannotPullPage(
      'pull command failed: panic: runtime error',
      '#container-pull-runtime-error.title',
    ),
    step: 'layers',
    candidates: layerNetwork,
  },
  {
    id: 'token-connection-failed',
    pattern:
      /(?:registry auth(?:entication)?(?! ?from asm)[^\n]{0,40}\s*from Amazon ECR|ecr registry auth|GetAuthorizationToken|api\.ecr[.-]|CannotPullECRContainerError).*(?:connection issue|RequestError|send request failed|i\/o timeout|dial tcp|request canceled|exceeded maximum number of attempts|deadline exceeded|StatusCode: 0|Client\.Timeout|signal: killed|retried [3-9] time)/is,
    example:
      'ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. operation error ECR: GetAuthorizationToken, exceeded maximum number of attempts, 3, https response error StatusCode: 0, RequestID: , request send failed, Post "https://api.ecr.us-east-1.amazonaws.com/": dial tcp 44.213.79.86:443: i/o timeout',
    attestedBy: resourceInitializationPage(
      'The task cannot pull registry authentication from Amazon ECR',
      '#unable-to-pull-secrets-ecr',
    ),
    step: 'token',
    candidates: network,
  },
  {
    id: 'secrets-connection-failed',
    pattern:
      /(?:secrets? from (?:asm|ssm|AWS)|registry auth from asm|Secrets ?Manager|Systems Manager|\bssm\b).*(?:connection issue|RequestError|send request failed|RequestCanceled|i\/o timeout|dial tcp|request canceled|exceeded maximum number of attempts|deadline exceeded|StatusCode: 0|retried [3-9] time)|task (?:can[’']t|cannot) pull secrets from AWS/is,
    example:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 5 time(s): failed to fetch secret arn:aws:secretsmanager:us-east-1:111122223333:secret:app from secrets manager: RequestCanceled: request context canceled caused by: context deadline exceeded. Please check your task network configuration.',
    attestedBy: resourceInitializationPage(
      'The task can’t pull secrets from AWS Secrets Manager',
      '#unable-to-pull-secrets-asm-no-arn',
    ),
    step: 'secrets',
    candidates: [...network, 'secret-unreadable'],
  },
  {
    id: 'secrets-failed',
    pattern:
      /(?:unable|failed) to (?:retrieve|get|fetch) (?:the )?(?:secrets?\b(?! or)|sec?r?e?\W*$|registry auth from (?:asm|ssm))|(?:can[’']t|cannot) (?:retrieve|pull|fetch) (?:the )?secret|Fetching secret data from/i,
    example:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time...',
    attestedBy: resourceInitializationPage(
      'The task can’t retrieve the secret',
      '#unable-to-pull-secrets-asm',
    ),
    step: 'secrets',
    umbrella: true,
    candidates: [...secrets, ...role, ...network],
  },
  {
    id: 'registry-connection-issue',
    pattern:
      /connection issue between the task and (?:the registry|Amazon ECR)|the task cannot pull\b(?! (?:registry|secrets?\b|the image))/i,
    example:
      'CannotPullContainerError: The task cannot pull 111122223333.dkr.ecr.us-east-1.amazonaws.com/app:1.0 from the registry 111122223333.dkr.ecr.us-east-1.amazonaws.com/app:1.0. There is a connection issue between the task and the registry. Check your task network configuration.',
    attestedBy: cannotPullPage(
      'There is a connection issue between the task and Amazon ECR',
      '#pull-image-io-timeout',
    ),
    step: null,
    candidates: layerNetwork,
  },
  {
    id: 'connection-failed',
    pattern:
      /dial (?:tcp|udp)|i\/o timeout|request cancell?ed(?: while waiting for connection)?|Client\.Timeout exceeded|TLS handshake timeout|connection (?:timed out|refused|reset by peer)|context deadline exceeded|signal: killed|Unable to connect|no route to host|network is unreachable|operation timed out|RequestError|failed to do request|failed to fetch \w+ token: (?:Get|Post|Head) |https?:\/\/[^\s"]+"?: (?:unexpected )?EOF|could not reach any registry endpoint|: timeout\b/i,
    example:
      'CannotPullContainerError: Error response from daemon: Get https://111122223333.dkr.ecr.us-east-1.amazonaws.com/v2/: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
    attestedBy: cannotPullPage(
      'API error (500): Get: net/http: request canceled while waiting for connection',
      '#request-canceled',
    ),
    step: null,
    candidates: [...network, 'registry-unavailable'],
  },
  {
    id: 'layer-not-unpacked',
    pattern:
      /failed to (?:extract|register) layer|failed to unpack image|Error processing tar file|ApplyLayer exit status|hcsshim::\w+Layer|failed to prepare extraction snapshot|snapshot \S+ does not exist|failed to get reader from content store|layer \S+ unavailable|\blocked(?: for [^:]*)?: unavailable/i,
    example:
      'CannotPullContainerError: ref pull has been retried 1 time(s): failed to extract layer sha256:c02342326b04: exit status 1: unpigz: abort',
    attestedBy: fieldReport('failed to extract layer'),
    step: 'layers',
    candidates: ['corrupt-layer', 'unsupported-image-format', 'no-space-left', 'pull-timed-out'],
  },
  {
    id: 'context-canceled',
    pattern: /context cancell?ed/i,
    example: 'CannotPullContainerError: context canceled',
    attestedBy: cannotPullPage('Context canceled', '#container-pull-context-canceled'),
    step: null,
    umbrella: true,
    candidates: ['pull-timed-out', 'no-space-left', ...network],
  },

  // Umbrellas: the pull failed, and the text does not say why
  {
    id: 'registry-status-unusual',
    pattern: new RegExp(
      `^(?!.*(?:amazonaws|dkr[.-]ecr)).*(?:${answered(String.raw`4(?!0[134]|29)\d\d`)}|token in (?:the )?response|decode token response|did not include a token|does not support v2)`,
      'is',
    ),
    example:
      'CannotPullContainerError: error parsing HTTP 405 response body: invalid character \'<\' looking for beginning of value: "<html>"',
    attestedBy: fieldReport(
      "error parsing HTTP 405 response body: invalid character '<'",
      'https://github.com/docker/hub-feedback/issues/1693',
    ),
    step: null,
    umbrella: true,
    candidates: [
      'registry-unavailable',
      'registry-credentials-unusable',
      'proxy-blocks-registry',
      'external-image-not-found',
      'execution-role-cannot-pull',
    ],
  },
  {
    id: 'aws-status-cut-off',
    // The number is missing. It is not 404, of which every runtime says that something was not found.
    pattern: new RegExp(
      `^(?!.*(?:${answered(String.raw`[1-5]\d\d`)}))(?=.*(?:amazonaws|dkr[.-]ecr)).*(?:unexpected status|failed with status code|pulling from host \\S+ failed)`,
      'is',
    ),
    example:
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.us-east-1.amazonaws.com/app:v1: unexpected status from HEAD request to https://111122223333.dkr.ecr.us-east-1.amazonaws.com/v2/app/manifests/v1: 4',
    attestedBy: {
      title: 'Troubleshooting pull through cache issues in Amazon ECR',
      section: '403 Forbidden',
      url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/error-pullthroughcache.html',
    },
    step: 'manifest',
    umbrella: true,
    candidates: [
      ...refusedByAws,
      'pull-through-cache-cannot-import',
      ...missingImage.slice(0, 2),
      'registry-unavailable',
    ],
  },
  {
    id: 'registry-status-cut-off',
    pattern: /unexpected status(?: code)?(?![^\n]{0,40}https?:\/\/\S*(?:amazonaws|dkr[.-]ecr))/i,
    example:
      'CannotPullContainerError: inspect image has been retried 5 time(s): httpReaderSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/amazon/aws-xray-daemon/manifests/sha256:e0a8153...',
    attestedBy: fieldReport('httpReaderSeeker: failed open: unexpected status code'),
    step: 'manifest',
    umbrella: true,
    candidates: [
      'registry-rate-limit',
      'registry-unavailable',
      'registry-credentials-unusable',
      'execution-role-cannot-pull',
      'image-not-found',
      'external-image-not-found',
    ],
  },
  {
    id: 'layer-download-failed',
    pattern:
      /ref pull has been retried|failed to copy|CannotPull\w+: httpRead(?:er)?Seeker|error pulling image co|REDACTED ECR URL/i,
    example: 'CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSee...',
    attestedBy: cannotPullPage(
      'ref pull has been retried: failed to copy: httpReaderSeeker: failed open',
      '#container-pull-failed-open',
    ),
    step: 'layers',
    umbrella: true,
    candidates: [
      ...layerNetwork,
      'endpoint-policy-denies-pull',
      'execution-role-cannot-pull',
      'pull-timed-out',
      'corrupt-layer',
    ],
  },
  {
    id: 'manifest-failed',
    pattern: /pull image manifest has been retried|failed to resolve ref|CannotPullImageManifestError/i,
    example:
      'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref',
    attestedBy: cannotPullPage(
      'CannotPullContainerError: pull image manifest has been retried',
      '#pull-request-image-tag',
    ),
    step: 'manifest',
    umbrella: true,
    candidates: [...missingImage, 'repository-not-found', ...refusedByAws, ...network, 'platform-mismatch'],
  },
  {
    id: 'manifest-not-given',
    // Fargate tries again while nobody answers: after a single attempt, somebody has said no.
    pattern: /inspect image has been retried 1 time/i,
    example: 'CannotPullContainerError: inspect image has been retried 1 time(s)',
    attestedBy: fieldReport(
      'inspect image has been retried 1 time(s)',
      'https://github.com/aws/aws-cdk/issues/14457',
    ),
    step: 'manifest',
    umbrella: true,
    candidates: [
      'image-not-found',
      'execution-role-cannot-pull',
      'external-image-not-found',
      'registry-credentials-unusable',
      'repository-not-found',
      ...missingImage.filter((id) => !['image-not-found', 'external-image-not-found'].includes(id)),
      ...refusedByAws.filter((id) => id !== 'execution-role-cannot-pull'),
      'registry-rate-limit',
      'platform-mismatch',
    ],
  },
  {
    id: 'manifest-cut-off',
    pattern: /inspect image has been retried/i,
    example: 'CannotPullContainerError: inspect image has been retried 5 time(s): ',
    attestedBy: fieldReport('inspect image has been retried'),
    step: 'manifest',
    umbrella: true,
    candidates: ['registry-rate-limit', 'registry-unavailable', ...missingImage, ...refusedByAws, ...network],
  },
  {
    id: 'pull-command-failed',
    pattern: /pull command failed/i,
    example:
      'ResourceInitializationError: pull command failed: unable to pull secrets or registry auth Check your task network configuration.',
    attestedBy: resourceInitializationPage(
      'pull command failed: unable to pull secrets or registry auth',
      '#pull-command-failed',
    ),
    step: null,
    umbrella: true,
    candidates: [...network, 'execution-role-cannot-pull', 'secret-unreadable'],
  },
  {
    id: 'network-to-check',
    // The agent sets these words before those of Docker where no connection came about, and before no others.
    pattern: /(?:CannotPull\w+: |pull the image\. )Check your (?:host |task )?network configuration/i,
    example: 'CannotPullContainerError: Check your host network configuration.',
    attestedBy: agentSource('agent/api/errormessages/error_messages.go'),
    step: null,
    candidates: network,
  },
  {
    id: 'token-not-given',
    // As above: it asks three times or more for the token while no connection comes about.
    pattern: /ecr registry auth:? service call has been retried 1 time(?!\(?s?\)?: ?R)/i,
    example:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 1 time(s)',
    attestedBy: fieldReport(
      'unable to retrieve ecr registry auth: service call has been retried 1 time(s): AccessDeniedException',
    ),
    step: 'token',
    umbrella: true,
    candidates: [
      'execution-role-cannot-pull',
      ...role.filter((id) => id !== 'execution-role-cannot-pull'),
      ...network,
    ],
  },
  {
    id: 'token-failed',
    pattern:
      /(?:retr(?:ie|ei)ve|pull) (?:ecr )?registry auth|GetAuthorizationToken|CannotPullECRContainerError/i,
    example:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried',
    attestedBy: resourceInitializationPage(
      'The task cannot pull registry authentication from Amazon ECR',
      '#unable-to-pull-secrets-ecr',
    ),
    step: 'token',
    umbrella: true,
    candidates: [...network, ...role],
  },
  {
    id: 'secrets-or-token-failed',
    pattern: /unable to pull|ResourceInitializationError/i,
    example: 'ResourceInitializationError: unable to pull secrets or registry auth',
    attestedBy: resourceInitializationPage(
      'pull command failed: unable to pull secrets or registry auth',
      '#pull-command-failed',
    ),
    step: null,
    umbrella: true,
    candidates: [...network, ...role, ...secrets],
  },
  {
    id: 'request-cut-off',
    // The daemon's own 500 is what it says where no registry answered; what it asked for would come next.
    pattern:
      /(?:Get|Head|Post) "?https?:\/\/[^\s"]*"?:? ?(?:\.\.\.|…)?["'}\]]*$|API error \(500\)(?!: ?\S|\s+\w)/i,
    example: 'CannotPullContainerError: API error (500): Get https://api.ecr.us-east-1.amazonaws.com/',
    attestedBy: cannotPullPage('API error', '#pull-request-api-error'),
    step: null,
    umbrella: true,
    candidates: network,
  },
  {
    id: 'api-error',
    pattern:
      /API error|Error response from daem|CannotPull|Error while pulling container|^The task (?:can't|cannot) pull/i,
    example: 'CannotPullContainerError: API error',
    attestedBy: cannotPullPage('API error', '#pull-request-api-error'),
    step: null,
    umbrella: true,
    candidates: [
      'image-not-found',
      'execution-role-cannot-pull',
      'repository-not-found',
      ...network,
      'no-space-left',
    ],
  },
];

/** The checks that a connection to a private address leaves in question, the likeliest first. */
export const endpointCandidates: readonly string[] = [...endpointPath, 'private-zone-shadows-registry'];
