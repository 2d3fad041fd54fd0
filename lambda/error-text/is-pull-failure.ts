import { plain, readLimit, withoutNames } from './plain.ts';

/**
 * Names that open the text of a failed pull. What follows a name must not go on with it: a service may be called
 * `web-CannotPullContainerError-test`.
 * https://github.com/aws/amazon-ecs-agent/blob/8dfceca6cf380a83c3007349317566f2862f0673/agent/dockerclient/dockerapi/errors.go
 */
const pullErrorName = /(?<![\w-])CannotPull(?:(?:ECR)?Container(?:Auth)?|ImageManifest)(?:Error)?(?![\w-])/i;

/** The step of the agent that ran out of time. */
const pullTimeout = /DockerTimeoutError: Could not transition to (?:pulled|pullBegin|MANIFEST_PULLED)/i;

/** Fargate fetches the registry's token and the secrets before it pulls, and says so in one and the same text. */
const resourceInitialization = /ResourceInitializationError/i;
const secretsOrToken =
  /(?:unable|failed) to (?:pull|retrieve|get|fetch) (?:the )?(?:secrets?|ecr|registry|images?)\b|unable to (?:pull|retrieve)(?: the)?(?: \w*)?$|image pull failed|pull command failed|registry auth|task (?:can't|cannot) (?:pull|retrieve (?:the )?secrets?\b)|secrets? from (?:asm|ssm)|secret data from|ssm parameters|did not contain json key/i;
const otherResources =
  /logg(?:er|ing)|EFS utils|failed to mount|task credentials|env files|environment (?:variable )?files?\b/i;

/** Errors of other kinds, which may quote texts that look like ours. */
const otherErrorName =
  /(?<![\w-])(?:Cannot(?:Start|Create|Inspect|Stop|Describe|List|Remove|Get)\w*Error|OutOfMemoryError|ContainerRuntime\w*Error|ResourceInitializationError|SpotInterruptionError|InternalError|Essential container in task exited|failed to solve)/i;

/** What builders write before each line: they pull images as well, and nothing of that stops a task. */
const buildLog =
  /#\d+ (?:\d+\.\d+ )?ERROR: |\bStep \d+\/\d+ ?: \w|buildx failed with|docker pull failed with exit code|::error::|\[Container\] \d{4}\/\d\d\/\d\d /i;

/** Such a name, cut off. */
const pullErrorNameCutOff = /(?<![\w-])CannotPull\w*(?:\.\.\.|…)?\s*$/i;

/** Texts that nothing but a failed pull produces, whatever stands before them. */
const unmistakable =
  /pull image manifest has been retried|unable to pull secrets or registry auth|unable to (?:retr(?:ie|ei)ve|get) (?:secrets? from (?:asm|ssm)\b|(?:ecr )?registry auth\b)|ref pull has been retried|failed to resolve ref(?:erence)?:? ["']?[^\s"'/]*[^\s"'/\w-][^\s"'/]*\/|Error while pulling (?:container|image)|Failed to pull image for container"|did not contain json key|\/images\/create\S* returned error|pull after error|asm fetching (?:secret from the service|authorization data|username|password)\b|Error (?:getting|from) v2 registry|descriptor matching platform|failed to register layer|filesystem layer verification failed|error pulling image conf|pull access denied|(?<![\w/-])toomanyrequests(?=:)|manifest unknown|inspect image has been retried|task (?:can't|cannot) (?:pull|retrieve the secret)|pull command failed: panic|\/GetImageBlob\d|(?:API error \(\d+\)|response from daemon): (?:Get|Head) "?https?:\/\/[^\s"]+\/v2\//i;

/** Before a runtime pulls, it reads the reference: what it cannot read it calls an internal error. */
const unreadableReference = /failed to normalize image reference/i;

/** Whether a stopped reason or a container's reason says that an image could not be pulled, or that what a pull needs first could not be had. */
export function isPullFailure(raw: string): boolean {
  const text = withoutNames(plain(raw.slice(0, readLimit)));
  return (
    pullErrorName.test(text) ||
    pullErrorNameCutOff.test(text) ||
    pullTimeout.test(text) ||
    unreadableReference.test(text) ||
    (resourceInitialization.test(text) && secretsOrToken.test(text) && !otherResources.test(text)) ||
    (!otherErrorName.test(text) && !buildLog.test(text) && unmistakable.test(text))
  );
}
