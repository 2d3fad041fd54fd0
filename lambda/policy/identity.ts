import { decide, type PolicyRequest } from './decide.ts';

/** What the policies of a role and its boundary say to one request; `cannot-tell` where a condition or a policy is not clear. */
export interface IdentityDecision {
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny' | 'cannot-tell';
  /** `null`: there is no boundary, or it does not matter. */
  readonly allowedByBoundary: boolean | null;
}

/**
 * Decides a request against the policies of a role: an explicit denial wins, one of them must allow it, and so must the boundary.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function decideForRole(
  policies: readonly string[],
  boundary: string | null,
  request: PolicyRequest,
): IdentityDecision {
  const own = policies.map((policy) => decide(asPolicyOfAResource(policy), request));
  const limit = boundary === null ? null : decide(asPolicyOfAResource(boundary), request);
  const all = limit ? [...own, limit] : own;
  const allowedByBoundary = limit && limit.decision !== 'cannot-tell' ? limit.decision === 'allowed' : null;
  if (all.some((one) => one.decision === 'denied' && one.explicit))
    return { decision: 'explicitDeny', allowedByBoundary };
  // Without an allowance it is denied, whatever else may deny it.
  if (own.every((one) => one.decision === 'denied') || limit?.decision === 'denied')
    return { decision: 'implicitDeny', allowedByBoundary };
  const isUnclear = all.some(
    (one) =>
      one.decision === 'cannot-tell' || (one.decision === 'denied' && one.perhapsExplicit !== undefined),
  );
  return { decision: isUnclear ? 'cannot-tell' : 'allowed', allowedByBoundary };
}

/** The policies of a role name no principal: they are about the role. */
function asPolicyOfAResource(policy: string): string {
  const document: unknown = JSON.parse(policy);
  if (typeof document !== 'object' || document === null || !('Statement' in document)) return policy;
  const statements: readonly unknown[] = [document.Statement].flat();
  return JSON.stringify({
    ...document,
    Statement: statements.map((one) =>
      typeof one === 'object' && one !== null ? { ...one, Principal: '*' } : one,
    ),
  });
}
