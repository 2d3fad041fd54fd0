import type { Symptom } from '../model/check.ts';
import type { PolicyKind, PullError, Step } from '../model/facts.ts';
import { isIpv4, isPrivate } from '../network/address.ts';
import { completed } from './cut-off.ts';
import { statusIn } from './http-status.ts';
import { plain, readLimit, withoutNames } from './plain.ts';
import { reachIn } from './reach.ts';
import { endpointCandidates, stopsPackets, symptoms } from './symptoms.ts';

/** What an error text says: which known texts it matches, which connection failed, to where, and who refused what. */
export function parsePullError(raw: string): PullError {
  const said = completed(plain(raw.slice(0, readLimit)));
  const text = withoutNames(said);
  const matching = symptoms.filter(({ pattern }) => pattern.test(text));
  const address = addressIn(said);
  const host = hostIn(said);
  const httpStatus = statusIn(text);
  const denial = denialIn(said);
  const image = imageIn(said);
  const digest = /sha256:[0-9a-f]{64}/.exec(said)?.[0];
  const speaking = matching.find(({ umbrella }) => !umbrella);
  const step = stepIn(text, denial.deniedAction) ?? matching.find((one) => one.step)?.step ?? null;
  const reached = reachIn(text, httpStatus);
  const answered = answeredBefore(step, speaking, reached !== undefined);
  return {
    text: raw,
    symptoms: matching.map(({ id }) => id),
    truncated:
      raw.length > readLimit ||
      /(?:\.\.\.|…)\s*$/.test(raw) ||
      (/(?:\w|[:,"(/])$/.test(raw.trimEnd()) && raw.length >= 250),
    step,
    ...(answered.length > 0 && { answered }),
    ...(reached && { reached }),
    ...(host && { host }),
    ...(address && { address, addressKind: isPrivate(address) ? ('private' as const) : ('public' as const) }),
    ...(httpStatus && { httpStatus }),
    ...denial,
    ...(image && { image }),
    ...(digest && { digest }),
  };
}

/** Token, manifest, layers: that one failed shows that those before it went well. */
function answeredBefore(step: Step | null, speaking: Symptom | undefined, reached: boolean): readonly Step[] {
  const order: readonly Step[] = ['token', 'manifest', 'layers'];
  const failed = step === null ? -1 : order.indexOf(step);
  if (failed < 0) return [];
  // What a missing route cannot explain, somebody must have said.
  const spoke = reached || (speaking !== undefined && !speaking.candidates.includes('no-route-to-registry'));
  return order.slice(0, failed + (spoke ? 1 : 0));
}

/** Whether the text leaves the reason open: it is new to us, cut off, or matches nothing but umbrellas. */
export const leavesOpen = ({ symptoms: ids }: PullError): boolean =>
  symptoms.every(({ id, umbrella }) => umbrella || !ids.includes(id));

/**
 * The connections that may be the one that failed. Before a task on Fargate pulls, it fetches the token and the secrets: that failing
 * says nothing of the registry's other hosts.
 */
export function possibleSteps({ step, text }: PullError): readonly Step[] {
  if (step) return [step];
  return /ResourceInitializationError/i.test(text)
    ? ['token', 'secrets']
    : ['token', 'secrets', 'manifest', 'layers'];
}

/** Whether the words of a text rule a check out: packets got through, so nothing that stops them is why. */
export const rulesOut = ({ reached }: PullError, id: string): boolean =>
  reached !== undefined && stopsPackets.has(id);

/**
 * Whether the name of a host may have led to nothing: the reason is open, or a connection failed and the text does not say how far
 * it got.
 */
export const leavesNamesOpen = (error: PullError): boolean =>
  leavesOpen(error) || (withoutHow.test(error.text) && !gotFurther.test(error.text));

/** A connection failed, in words that hold for a name without an answer too. */
const withoutHow =
  /connection issue|signal: killed|(?:request send|send request) failed|failed to do request/i;
/** What came of a name is said, or what became of the connection after it. */
const gotFurther =
  /\bdial\b|lookup|proxy|time(?:d )?-?out|deadline|cancell?ed|refused|reset by|handshake|\bEOF\b|x509|certificate|unreachable|no route|server misbehaving/i;

/** Whether the text is about a name that led to nothing, or to somebody else, or may be about that. */
export const speaksOfNames = (error: PullError): boolean =>
  leavesNamesOpen(error) ||
  error.symptoms.includes('name-not-resolved') ||
  error.symptoms.includes('certificate-untrusted');

/** The symptom that says most: the first that is no umbrella, else the first at all. */
export const speakingSymptom = ({ symptoms: ids }: PullError): string | undefined =>
  symptoms.find(({ id, umbrella }) => !umbrella && ids.includes(id))?.id ?? ids[0];

/** Ids of the checks that would explain the text, the likeliest first. */
export function candidatesOf(error: PullError): readonly string[] {
  const matching = symptoms.filter(({ id }) => error.symptoms.includes(id));
  const specific = matching.filter(({ umbrella }) => !umbrella);
  // Umbrellas say what failed; once a specific text says why, they add nothing.
  const speaking = specific[0] ? [specific[0]] : matching.slice(0, 1);
  // AWS names the policy that denied: no other one did.
  if (deniers(error).length > 0) return deniers(error);
  const candidates = fitting(error, [...new Set(speaking.flatMap((symptom) => symptom.candidates))]);
  if (error.addressKind !== 'private') return candidates;
  // A private address after `dial` is that of an endpoint, here or in another VPC: nothing on the way to the internet
  // explains it.
  const reachable = candidates.filter((id) => !internetOnly.has(id));
  return [...new Set([...endpointCandidates.filter((id) => reachable.includes(id)), ...reachable])];
}

/** Without the causes that the registry or the step rules out; all of them, if nothing would be left. */
function fitting(error: PullError, candidates: readonly string[]): readonly string[] {
  const registry = registryIn(error);
  const impossible = registry === 'ecr' ? outsideEcrOnly : registry === 'other' ? ecrOnly : none;
  const rest = candidates.filter(
    (id) =>
      !impossible.has(id) &&
      !rulesOut(error, id) &&
      // A DNS server that knows no such name has answered.
      !(/no such host/i.test(error.text) && toDnsServers.has(id)) &&
      // Who was sent to Amazon S3 was not refused by the registry.
      !(/(?:^|\.)s3[.-]/.test(error.host ?? '') && ofRegistry.has(id)) &&
      // The endpoint of Amazon S3 carries the layers alone.
      !(id === 's3-endpoint-not-routed' && error.step !== null && error.step !== 'layers'),
  );
  return rest.length > 0 ? rest : candidates;
}

/** Whether the text speaks of Amazon ECR or of another registry; `null` where it names none. */
function registryIn({ text: raw, image, host }: PullError): 'ecr' | 'other' | null {
  const text = plain(raw);
  if (
    /\.dkr[.-]ecr|\bapi\.ecr[.-]|\becr(?:-fips)?\.[a-z0-9-]+\.(?:api\.aws|amazonaws)|\becr:[a-z]|REDACTED ECR URL|starport/i.test(
      text,
    )
  )
    return 'ecr';
  // Harbor has artifacts, and repositories in projects.
  if (
    /public\.ecr\.aws|(?:artifact|(?<![\w-])project) \S+ not found|\brepo \S+, tag \S+ not found/i.test(text)
  )
    return 'other';
  // Names that nothing in Amazon ECR has: those of Docker Hub's own images, what Podman writes before a name, well-known hosts.
  if (
    /\bimage library\/|docker:\/\/(?!\S*amazonaws)|["'\s/.](?:docker|quay|ghcr|gcr|azurecr|nvcr)\.io\/|\.pkg\.dev\//i.test(
      text,
    )
  )
    return 'other';
  if (image) return /amazonaws/.test(image) ? null : 'other';
  return host && (/\/v2\//i.test(text) || requested.test(text)) && !ofAws.test(host) ? 'other' : null;
}

/** What Go and others write of a request that failed: links to help stand in these texts too. */
const requested = /(?:Get|Head|Post|request to|status code) "?https?:\/\/([^\s/"':?]+)/i;

/** Hosts of AWS, in all partitions, and of what people write instead of them. */
const ofAws = /amazonaws|redacted|\.aws$|\.gov$|\.adc-e\.uk$|amazonwebservices|[^\w.-]/i;

const none: ReadonlySet<string> = new Set();
const toDnsServers: ReadonlySet<string> = new Set([
  'task-security-group-closed',
  'network-acl-blocks-registry',
  'no-route-to-registry',
]);
const ofRegistry: ReadonlySet<string> = new Set([
  'repository-policy-denies-pull',
  'registry-policy-denies-pull',
]);
const outsideEcrOnly: ReadonlySet<string> = new Set([
  'external-image-not-found',
  'registry-credentials-unusable',
]);
const ecrOnly: ReadonlySet<string> = new Set([
  'repository-not-found',
  'image-not-found',
  'image-expired-by-lifecycle-policy',
  'pinned-digest-gone',
  'image-archived',
  'pull-through-cache-cannot-import',
  'execution-role-cannot-pull',
  'execution-role-missing',
  'execution-role-not-assumable',
  'organization-policy-denies-pull',
  'repository-policy-denies-pull',
  'registry-policy-denies-pull',
  'registry-token-expired',
  'image-encryption-key-unusable',
  'endpoint-missing',
  'endpoint-not-available',
  'endpoint-policy-denies-pull',
  'endpoint-private-dns-off',
  'endpoint-security-group-closed',
  's3-endpoint-not-routed',
]);

const internetOnly = new Set([
  'public-ip-missing',
  'nat-gateway-unusable',
  'internet-gateway-detached',
  'internet-access-blocked',
  'endpoint-missing',
  'endpoint-private-dns-off',
  's3-endpoint-not-routed',
  'custom-dns-servers',
  'vpc-dns-disabled',
  'ipv6-only-subnet',
]);

/** The check that speaks for the kind of policy that an AWS denial names. */
function deniers({ deniedBy, deniedAction }: PullError): readonly string[] {
  // It counts for secrets as well.
  if (deniedAction && deniedBy === 'VPC endpoint policy') return ['endpoint-policy-denies-pull'];
  if (!deniedAction?.startsWith('ecr:')) return [];
  switch (deniedBy) {
    case 'identity-based policy':
    case 'permissions boundary':
    case 'session policy':
      return ['execution-role-cannot-pull'];
    case 'service control policy':
    case 'resource control policy':
      return ['organization-policy-denies-pull'];
    case 'resource-based policy':
      return ['repository-policy-denies-pull'];
    default:
      return [];
  }
}

function stepIn(text: string, deniedAction: string | undefined): Step | null {
  const denied = deniedAction?.toLowerCase();
  if (denied === 'ecr:getauthorizationtoken') return 'token';
  if (denied === 'ecr:getdownloadurlforlayer') return 'layers';
  if (denied === 'ecr:batchgetimage') return 'manifest';
  if (denied?.match(/^(?:secretsmanager|ssm):/)) return 'secrets';
  // A role needs a key for secrets alone: Amazon ECR has a grant of its own.
  if (denied?.startsWith('kms:') && /pull secrets/i.test(text)) return 'secrets';
  // It may be cut off: in full it says `unable to pull secrets or registry auth`, and not which.
  const said = text.replace(/unable to pull secrets(?: or?(?: r\w*(?: auth)?)?)?/gi, '');
  if (
    /registry auth from asm|asm fetching|secrets? from (?:asm|ssm|AWS|Secrets)|ssm parameters|secrets manager|systems manager|retrieve the secret|specified secret|pull secrets/i.test(
      said,
    )
  )
    return 'secrets';
  // The layers come from Amazon ECR as well, but what is pulled before them is the token.
  if (said !== text && /between the task and Amazon ECR/i.test(said)) return 'token';
  if (
    /(?:retrieve|pull|fetch) (?:ecr )?registry auth|GetAuthorizationToken|CannotPullECRContainerError|\bapi\.ecr[.-]|(?<![\w.])ecr(?:-fips)?\.[a-z0-9-]+\.(?:api\.aws|amazonaws)/i.test(
      said,
    )
  )
    return 'token';
  // Names the step whatever is asked for: a digest is looked for among the blobs too.
  if (/pull image manifest|failed to resolve ref|inspect image|CannotPullImageManifestError/i.test(said))
    return 'manifest';
  if (
    /starport-layer-bucket|REDACTED ECR URL|\/blobs\/|GetImageBlob|failed to (?:extract|register) layer|failed to unpack|\.s3[.-][a-z0-9-]*\.?amazonaws/i.test(
      said,
    )
  )
    return 'layers';
  if (/\/manifests\/|\[manifests |MANIFEST_PULLED|manifest unknown/i.test(said)) return 'manifest';
  if (
    /failed to copy|httpRead(?:er)?Seeker|ref pull has been retried|error pulling image conf|panic: runtime error/i.test(
      said,
    )
  )
    return 'layers';
  if (/https?:\/\/[^\s"]+\/v2\//i.test(said)) return 'manifest';
  return null;
}

/** What is dialled on the way to a proxy is the proxy. Numbers that somebody made up are no address, and lie in no block. */
function addressIn(text: string): string | undefined {
  if (/proxyconnect/i.test(text)) return undefined;
  const address =
    /dial (?:tcp|udp) \[?([0-9a-f.:]+?)\]?:\d+/i.exec(text)?.[1] ??
    /dial (?:tcp|udp) (\d+\.\d+\.\d+\.\d+):?$/i.exec(text)?.[1] ??
    /read tcp [^\s>]+->\[?([0-9a-f.:]+?)\]?:\d+/i.exec(text)?.[1];
  // The end of an address of IPv6 may be cut off, and the family is told all the same.
  return address && (address.includes(':') || isIpv4(address)) ? address : undefined;
}

const hostIn = (text: string) =>
  requested.exec(text)?.[1]?.toLowerCase() ??
  /https?:\/\/([^\s/"':?]+)/i.exec(text)?.[1]?.toLowerCase() ??
  /lookup ([^\s:]+)/i.exec(text)?.[1]?.toLowerCase() ??
  /pulling from host ([^\s:]+)/i.exec(text)?.[1]?.toLowerCase();

/** AWS's denial texts: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
function denialIn(
  text: string,
): Pick<PullError, 'deniedAction' | 'deniedBy' | 'deniedExplicitly' | 'deniedPrincipal'> {
  const [, service, operation] = /not authorized to perform:? ([a-z0-9-]+):(\w+)/i.exec(text) ?? [];
  if (!service) return {};
  const deniedAction = `${service.toLowerCase()}:${operation}`;
  const kind =
    /because no (.+?) allows|with an explicit deny in (?:an? |the )?(.+?)(?=[\s.,:;"']*(?:$|status|\n|:|,|\.))/i.exec(
      text,
    );
  const deniedBy = kinds.find((one) => (kind?.[1] ?? kind?.[2])?.toLowerCase().startsWith(one.toLowerCase()));
  const deniedPrincipal = /User: (arn:\S+)/.exec(text)?.[1];
  return {
    deniedAction,
    ...(deniedBy && { deniedBy }),
    ...(deniedBy && kind?.[2] && { deniedExplicitly: true as const }),
    ...(deniedPrincipal && { deniedPrincipal }),
  };
}

const kinds: readonly PolicyKind[] = [
  'identity-based policy',
  'permissions boundary',
  'service control policy',
  'resource control policy',
  'resource-based policy',
  'session policy',
  'VPC endpoint policy',
];

/** What there is no matching manifest for is a platform. */
const imageIn = (text: string) =>
  /(?:failed to resolve ref(?:erence)?|pull access denied for|(?<!matching )manifest for|cannot pull|can't pull|related to|pulling image \([^)]*\) from|pull(?: and unpack)? image|(?:in|to pull) repository|reading manifest \S+ in|initializing source) (?:docker:\/\/)?["']?([a-z0-9][^\s"',]*\/[^\s"',]*)/i
    .exec(text)?.[1]
    ?.replace(/[:.]+$/, '');
