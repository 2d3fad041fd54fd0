import { accountId } from './aws.ts';
import type { World, WorldKind } from './world.ts';

/** An error text as AWS words it, and the worlds in which it occurs. */
export interface Text {
  readonly name: string;
  readonly worlds: readonly WorldKind[];
  readonly of: (world: World) => string;
}

const fargate: readonly WorldKind[] = ['public', 'private-nat', 'privatelink'];
const docker: readonly WorldKind[] = ['platform-1.3.0', 'ec2'];
const ec2: readonly WorldKind[] = ['ec2'];

/** What a name resolved to when the task dialled: a public address of Amazon ECR, one of an endpoint, or one of Amazon S3. */
export const addresses = { public: '44.213.79.104', endpoint: '10.20.11.40', s3: '52.216.10.20' } as const;
type Address = keyof typeof addresses;

const region = ({ aws }: World) => aws.region;
const host = ({ image }: World) => image.slice(0, image.indexOf('/'));
const repository = ({ image }: World) => image.slice(image.indexOf('/') + 1).replace(/@.*$|:[^:]*$/, '');
const suffix = (world: World) => (region(world).startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com');
const api = (world: World) => `api.ecr.${region(world)}.${suffix(world)}`;
const bucket = (world: World) =>
  `prod-${region(world)}-starport-layer-bucket.s3.${region(world)}.${suffix(world)}`;
const layer = '2f66438e209d4c2e638a26409ad1e5214eb2ee438dd4592820466fe7f4ecb820';
const tag = ({ image }: World) => /[:@]([^/]+)$/.exec(image)?.[1] ?? 'latest';
const who = ({ name, kind, instanceId }: World) =>
  `arn:aws:sts::${accountId}:assumed-role/${name}/${kind === 'ec2' ? instanceId : '8d4eab2b6b9b4c4f9a3a3d2a0c1f7e55'}`;

const manifestUrl = (world: World) =>
  `https://${host(world)}/v2/${repository(world)}/manifests/${tag(world)}`;
const resolving = (world: World, times: number) =>
  `CannotPullContainerError: pull image manifest has been retried ${times} time(s): failed to resolve ref ${world.image}`;
const tokenFailed = 'ResourceInitializationError: unable to pull secrets or registry auth:';
const getToken =
  'The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. operation error ECR: GetAuthorizationToken, exceeded maximum number of attempts, 3, https response error StatusCode: 0, RequestID: , request send failed,';

/** A text of one's own. */
export const text = (name: string, worlds: readonly WorldKind[], of: Text['of']): Text => ({
  name,
  worlds,
  of,
});

/** The token was asked for, and nobody answered at this address. */
export const tokenTimeout = (at: Address): readonly Text[] => [
  text(
    `ResourceInitializationError, i/o timeout at ${addresses[at]}`,
    fargate,
    (world) =>
      `${tokenFailed} ${getToken} Post "https://${api(world)}/": dial tcp ${addresses[at]}:443: i/o timeout`,
  ),
  text(
    `CannotPullECRContainerError, i/o timeout at ${addresses[at]}`,
    ec2,
    (world) =>
      `CannotPullECRContainerError: RequestError: send request failed caused by: Post "https://${api(world)}/": dial tcp ${addresses[at]}:443: i/o timeout`,
  ),
];

/** The manifest was asked for, and nobody answered at this address. */
export const manifestTimeout = (at: Address): readonly Text[] => [
  text(
    `CannotPullContainerError, manifest, i/o timeout at ${addresses[at]}`,
    fargate,
    (world) =>
      `${resolving(world, 5)}: failed to do request: Head "${manifestUrl(world)}": dial tcp ${addresses[at]}:443: i/o timeout`,
  ),
  text(
    `CannotPullContainerError, daemon, i/o timeout at ${addresses[at]}`,
    docker,
    (world) =>
      `CannotPullContainerError: Error response from daemon: Get "https://${host(world)}/v2/": dial tcp ${addresses[at]}:443: i/o timeout`,
  ),
];

/** The manifest was asked for in vain, and the text names no address. */
export const manifestWithoutAddress: readonly Text[] = [
  text(
    'CannotPullContainerError, connection issue',
    fargate,
    (world) =>
      `CannotPullContainerError: The task cannot pull ${world.image} from the registry ${world.image}. There is a connection issue between the task and the registry. Check your task network configuration.`,
  ),
  text(
    'CannotPullContainerError, request canceled',
    docker,
    (world) =>
      `CannotPullContainerError: Error response from daemon: Get https://${host(world)}/v2/: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`,
  ),
];

/** A layer was asked for, and nobody answered at this address. */
export const layersTimeout = (at: Address): readonly Text[] => [
  text(
    `CannotPullContainerError, layers, i/o timeout at ${addresses[at]}`,
    fargate,
    (world) =>
      `CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://${bucket(world)}/5a2e-${accountId}/${layer}": dial tcp ${addresses[at]}:443: i/o timeout`,
  ),
  text(
    `CannotPullContainerError, layers of docker, i/o timeout at ${addresses[at]}`,
    docker,
    (world) =>
      `CannotPullContainerError: error pulling image configuration: Get "REDACTED ECR URL related to ${world.image}": dial tcp ${addresses[at]}:443: i/o timeout`,
  ),
];

/** A name did not resolve: the server at this address did not answer. */
export const lookupTimeout = (server: string): readonly Text[] => [
  text(
    'ResourceInitializationError, lookup',
    fargate,
    (world) =>
      `${tokenFailed} ${getToken} Post "https://${api(world)}/": dial tcp: lookup ${api(world)} on ${server}:53: read udp ${world.sourceAddress}:47012->${server}:53: i/o timeout`,
  ),
  text(
    'CannotPullContainerError, lookup',
    fargate,
    (world) =>
      `${resolving(world, 5)}: failed to do request: Head "${manifestUrl(world)}": dial tcp: lookup ${host(world)} on ${server}:53: read udp ${world.sourceAddress}:39211->${server}:53: i/o timeout`,
  ),
  text(
    'CannotPullContainerError, daemon, lookup',
    docker,
    (world) =>
      `CannotPullContainerError: Error response from daemon: Get "https://${host(world)}/v2/": dial tcp: lookup ${host(world)} on ${server}:53: no such host`,
  ),
];

/** ECS could not use the role. */
export const roleUnusable: readonly Text[] = [
  text(
    'ResourceInitializationError, assume role',
    fargate,
    (world) =>
      `${tokenFailed} ECS was unable to assume the role '${world.roleArn}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`,
  ),
  text(
    'CannotPullECRContainerError, no credentials',
    docker,
    () =>
      'CannotPullECRContainerError: NoCredentialProviders: no valid providers in chain. Deprecated. For verbose messaging see aws.Config.CredentialsChainVerboseErrors',
  ),
];

/** AWS refused an action; `because` is how its text ends. */
const denial = (world: World, action: string, because: string) => {
  const arn = `arn:aws:ecr:${region(world)}:${accountId}:repository/${world.name}`;
  const on = action === 'ecr:GetAuthorizationToken' ? '*' : arn;
  return `User: ${who(world)} is not authorized to perform: ${action} on resource: ${on} because ${because.replaceAll('ACTION', action)}`;
};
export const noIdentityPolicy = 'no identity-based policy allows the ACTION action';
export const noBoundary = 'no permissions boundary allows the ACTION action';
export const noEndpointPolicy = 'no VPC endpoint policy allows the ACTION action';

/** The token was refused. */
export const tokenDenied = (because: string): readonly Text[] => [
  text(
    'ResourceInitializationError, denied',
    fargate,
    (world) =>
      `${tokenFailed} execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 1 time(s): operation error ECR: GetAuthorizationToken, https response error StatusCode: 400, RequestID: 415e6826-9d7a-4ef1-8eea-8eec9105a1a8, api error AccessDeniedException: ${denial(world, 'ecr:GetAuthorizationToken', because)}`,
  ),
  text(
    'CannotPullECRContainerError, denied',
    docker,
    (world) =>
      `CannotPullECRContainerError: AccessDeniedException: ${denial(world, 'ecr:GetAuthorizationToken', because)} status code: 400, request id: 7d0d6a9b-3d9e-4a0e-8a53-0d9b3f0e6c11`,
  ),
];

/** The manifest was refused. */
export const manifestDenied = (because: string): readonly Text[] => [
  text(
    'CannotPullContainerError, manifest 403',
    fargate,
    (world) =>
      `${resolving(world, 1)}: pulling from host ${host(world)} failed with status code [manifests ${tag(world)}]: 403 Forbidden`,
  ),
  text(
    'CannotPullContainerError, daemon, manifest denied',
    docker,
    (world) =>
      `CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull images from the registry. Error response from daemon: pull access denied for ${host(world)}/${world.name}, repository does not exist or may require 'docker login': denied: ${denial(world, 'ecr:BatchGetImage', because)}`,
  ),
];

/** The registry refused to say where a layer is. */
export const layersDenied = (because: string): readonly Text[] => [
  text(
    'CannotPullContainerError, layers 403',
    fargate,
    (world) =>
      `CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code https://${host(world)}/v2/${world.name}/blobs/sha256:${layer}: 403 Forbidden`,
  ),
  text(
    'CannotPullContainerError, daemon, layers denied',
    docker,
    (world) =>
      `CannotPullContainerError: Error response from daemon: error pulling image configuration: denied: ${denial(world, 'ecr:GetDownloadUrlForLayer', because)}`,
  ),
];

/** Amazon S3 refused to give a layer out. */
export const bucketDenied: readonly Text[] = [
  text(
    'CannotPullContainerError, S3 403',
    fargate,
    (world) =>
      `CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code https://${bucket(world)}/5a2e-${accountId}/${layer}: 403 Forbidden`,
  ),
  text(
    'CannotPullContainerError, daemon, S3 403',
    docker,
    (world) =>
      `CannotPullContainerError: Error response from daemon: error pulling image configuration: download failed after attempts=1: unexpected status code REDACTED ECR URL related to ${world.image}: 403 Forbidden`,
  ),
];

/** The registry has no such image. */
export const imageMissing: readonly Text[] = [
  text(
    'CannotPullContainerError, not found',
    fargate,
    (world) => `${resolving(world, 1)}: ${world.image}: not found`,
  ),
  text(
    'CannotPullImageManifestError, manifest unknown',
    ec2,
    () =>
      'CannotPullImageManifestError: Error response from daemon: manifest unknown: Requested image not found',
  ),
  text(
    'CannotPullContainerError, daemon, manifest unknown',
    docker,
    (world) =>
      `CannotPullContainerError: Error response from daemon: manifest for ${world.image} not found: manifest unknown: Requested image not found`,
  ),
];

/** The registry has no such repository. */
export const repositoryMissing: readonly Text[] = [
  text(
    'CannotPullContainerError, not found',
    fargate,
    (world) => `${resolving(world, 1)}: ${world.image}: not found`,
  ),
  text(
    'CannotPullContainerError, daemon, name unknown',
    docker,
    (world) =>
      `CannotPullContainerError: Error response from daemon: repository ${host(world)}/${world.name} not found: name unknown: The repository with name '${world.name}' does not exist in the registry with id '${accountId}'`,
  ),
];

/** The layers did not fit. */
export const noSpace: readonly Text[] = [
  text(
    'CannotPullContainerError, no space',
    fargate,
    () =>
      `CannotPullContainerError: ref pull has been retried 1 time(s): failed to extract layer sha256:${layer}: write /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/51/fs/opt/model.bin: no space left on device: unknown`,
  ),
  text(
    'CannotPullContainerError, daemon, no space',
    docker,
    () =>
      'CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob887491687: no space left on device',
  ),
];

/** The manifest failed, and the text does not say why. */
export const umbrella: readonly Text[] = [
  text('CannotPullContainerError, and no reason', fargate, (world) => resolving(world, 5)),
  text('CannotPullContainerError, API error', docker, () => 'CannotPullContainerError: API error'),
];
