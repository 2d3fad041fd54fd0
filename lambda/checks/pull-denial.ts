import type { CollectedFacts, EcrImage, PermissionDecision, PullingRole, Step } from '../model/facts.ts';
import { decide } from '../policy/decide.ts';

/** The connection that an action belongs to; a role that lacks one of them fails at that one or before. */
export const stepsOf = (actions: readonly string[]): readonly Step[] =>
  actions.includes('ecr:GetAuthorizationToken') ? ['token', 'manifest', 'layers'] : ['manifest', 'layers'];

/** What of a role stops it: each has a fix of its own. */
export type Obstacle =
  | 'policies deny'
  | 'policies do not allow'
  | 'boundary denies'
  | 'boundary does not allow'
  /** Its own policies or its boundary: which of them is not known. */
  | 'a policy denies';

/** What stops the pull, everything of it; or why nobody can tell. */
export type Obstacles = readonly Obstacle[] | { readonly because: string; readonly ask: string };

/**
 * What of the role a simulated denial comes from. In one account an action that the role's own policies merely do not mention may
 * be allowed by the repository's policy; missing context makes a denial no proof.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 */
export function obstaclesOf(
  decision: PermissionDecision,
  role: PullingRole,
  ecrImages: CollectedFacts['ecrImages'],
): Obstacles {
  if (decision.decision === 'allowed') return [];
  const { layers } = decision;
  const repository = givenByRepository(decision, role, ecrImages);
  const known: Obstacle[] = [
    ...(layers?.policies.denies ? (['policies deny'] as const) : []),
    ...(layers?.boundary?.denies ? (['boundary denies'] as const) : []),
    ...(layers?.boundary?.allows === false ? (['boundary does not allow'] as const) : []),
    ...(layers?.policies.allows === false && repository === false
      ? (['policies do not allow'] as const)
      : []),
  ];
  // What no condition leaves open stops it, or lets it through, whatever another one leaves open.
  if (decision.missingContextValues.length > 0)
    return known.length > 0 || isFree(layers, false)
      ? known
      : {
          because: `whether \`${role.roleArn}\` may \`${decision.action}\` depends on ${decision.missingContextValues.map((key) => `\`${key}\``).join(', ')}`,
          ask: `Check the conditions in the policies of \`${role.roleArn}\``,
        };
  // The organization ends the simulation: nothing is said of what comes after.
  if (decision.allowedByOrganizations === false)
    return known.length > 0 || isFree(layers, repository === true)
      ? known
      : {
          because: `the organization denies \`${decision.action}\`, and what the policies of \`${role.roleArn}\` say beside that is not known`,
          ask: `Check the policies of \`${role.roleArn}\` once the organization allows it`,
        };
  const isDenied = known.includes('policies deny') || known.includes('boundary denies');
  const isLimited = known.some((one) => one.startsWith('boundary'));
  const simulated: Obstacle[] = [
    ...(decision.decision === 'explicitDeny' && !isDenied ? (['a policy denies'] as const) : []),
    ...(decision.allowedByBoundary === false && !isLimited ? (['boundary does not allow'] as const) : []),
  ];
  if (known.length + simulated.length > 0) return [...known, ...simulated];
  if (typeof repository === 'object') return repository;
  return repository ? [] : ['policies do not allow'];
}

/** Whether the policies of a role and its boundary are known to let an action through, or a repository gives what they lack. */
const isFree = (layers: PermissionDecision['layers'], isGiven: boolean): boolean =>
  layers?.policies.denies === false &&
  (layers.policies.allows === true || isGiven) &&
  (layers.boundary === null || (layers.boundary.denies === false && layers.boundary.allows === true));

/** Whether the policy of a repository of the same account gives the role what its own policies do not mention. */
function givenByRepository(
  decision: PermissionDecision,
  role: PullingRole,
  ecrImages: CollectedFacts['ecrImages'],
): boolean | { readonly because: string; readonly ask: string } {
  // The token is asked for on no repository, so no repository gives it.
  const image =
    ecrImages.status === 'known'
      ? ecrImages.value.find((one) => one.repositoryArn === decision.resource)
      : undefined;
  const sameAccount = decision.resource.split(':')[4] === role.roleArn.split(':')[4];
  return image && sameAccount ? byRepositoryPolicy(decision, role, image) : false;
}

function byRepositoryPolicy(
  { action, resource }: PermissionDecision,
  { roleArn }: PullingRole,
  { repositoryPolicy }: EcrImage,
): ReturnType<typeof givenByRepository> {
  if (repositoryPolicy.status === 'unknown')
    return {
      because: `\`${roleArn}\` has no permission for \`${action}\` of its own, and the policy of \`${resource}\` could not be read`,
      ask: 'Allow `ecr:GetRepositoryPolicy` and look again',
    };
  if (!repositoryPolicy.value) return false;
  const answer = decide(repositoryPolicy.value, {
    action,
    resource,
    principal: { kind: 'role', arn: roleArn, accountId: roleArn.split(':')[4] ?? '' },
    context: {},
    alone: true,
  });
  if (answer.decision !== 'cannot-tell') return answer.decision === 'allowed';
  return {
    because: `the policy of \`${resource}\` cannot be judged: ${answer.because}`,
    ask: `Check the policy of \`${resource}\``,
  };
}
