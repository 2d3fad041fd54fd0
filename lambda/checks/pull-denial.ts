import type { CollectedFacts, EcrImage, PermissionDecision, PullingRole, Step } from '../model/facts.ts';
import { decide } from '../policy/decide.ts';

/** The connection that an action belongs to; a role that lacks one of them fails at that one or before. */
export const stepsOf = (actions: readonly string[]): readonly Step[] =>
  actions.includes('ecr:GetAuthorizationToken') ? ['token', 'manifest', 'layers'] : ['manifest', 'layers'];

/**
 * Whether a simulated denial stops the pull. In one account an action that the role's own policies merely do not mention may be
 * allowed by the repository's policy; missing context makes a denial no proof.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 */
export function stops(
  decision: PermissionDecision,
  role: PullingRole,
  ecrImages: CollectedFacts['ecrImages'],
): 'yes' | 'no' | { readonly because: string; readonly ask: string } {
  if (decision.decision === 'allowed') return 'no';
  if (decision.missingContextValues.length > 0)
    return {
      because: `whether \`${role.roleArn}\` may \`${decision.action}\` depends on ${decision.missingContextValues.map((key) => `\`${key}\``).join(', ')}`,
      ask: `Check the conditions in the policies of \`${role.roleArn}\``,
    };
  if (
    decision.decision === 'explicitDeny' ||
    decision.allowedByBoundary === false ||
    decision.allowedByOrganizations === false
  )
    return 'yes';
  // The token is asked for on no repository, so no repository gives it.
  const image =
    ecrImages.status === 'known'
      ? ecrImages.value.find((one) => one.repositoryArn === decision.resource)
      : undefined;
  const sameAccount = decision.resource.split(':')[4] === role.roleArn.split(':')[4];
  if (!image || !sameAccount) return 'yes';
  return byRepositoryPolicy(decision, role, image);
}

function byRepositoryPolicy(
  { action, resource }: PermissionDecision,
  { roleArn }: PullingRole,
  { repositoryPolicy }: EcrImage,
): ReturnType<typeof stops> {
  if (repositoryPolicy.status === 'unknown')
    return {
      because: `\`${roleArn}\` has no permission for \`${action}\` of its own, and the policy of \`${resource}\` could not be read`,
      ask: 'Allow `ecr:GetRepositoryPolicy` and look again',
    };
  if (!repositoryPolicy.value) return 'yes';
  const answer = decide(repositoryPolicy.value, {
    action,
    resource,
    principal: { kind: 'role', arn: roleArn, accountId: roleArn.split(':')[4] ?? '' },
    context: {},
  });
  if (answer.decision === 'allowed') return 'no';
  if (answer.decision === 'denied') return 'yes';
  return {
    because: `the policy of \`${resource}\` cannot be judged: ${answer.because}`,
    ask: `Check the policy of \`${resource}\``,
  };
}
