import type { LayerVerdict } from '../model/facts.ts';
import { decide, type PolicyRequest, sidesOf } from './decide.ts';
import { readPolicy } from './document.ts';
import { lookupIn } from './request.ts';
import { isUnclear, type Truth } from './truth.ts';

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
  const own = decide(together(policies), request);
  const limit = boundary === null ? null : decide(together([boundary]), request);
  const allowedByBoundary = limit && limit.decision !== 'cannot-tell' ? limit.decision === 'allowed' : null;
  const answers = limit ? [own, limit] : [own];
  if (answers.some((one) => one.decision === 'denied' && one.explicit))
    return { decision: 'explicitDeny', allowedByBoundary };
  // Without an allowance it is denied, whatever else may deny it.
  if (answers.some((one) => one.decision === 'denied'))
    return { decision: 'implicitDeny', allowedByBoundary };
  const isClear = answers.every((one) => one.decision === 'allowed');
  return { decision: isClear ? 'allowed' : 'cannot-tell', allowedByBoundary };
}

/** What the policies of a role and its boundary say to one request, each for itself. */
export const layersOf = (
  policies: readonly string[],
  boundary: string | null,
  request: PolicyRequest,
): { readonly policies: LayerVerdict; readonly boundary: LayerVerdict | null } => ({
  policies: verdictOf(policies, request),
  boundary: boundary === null ? null : verdictOf([boundary], request),
});

/** The condition keys in the policies of a role and its boundary of which nobody knows what the request has. */
export function keysInDoubt(
  policies: readonly string[],
  boundary: string | null,
  request: PolicyRequest,
): readonly string[] {
  const lookup = lookupIn(request);
  const document = readPolicy(together(boundary === null ? policies : [...policies, boundary]));
  const statements = isUnclear(document) ? [] : document.statements;
  const keys = statements.flatMap((one) =>
    one.effect === null ? [] : one.condition.flatMap(([, asked]) => asked.map(([key]) => key)),
  );
  return [...new Set(keys.filter((key) => lookup(key) === 'unknown'))];
}

function verdictOf(policies: readonly string[], request: PolicyRequest): LayerVerdict {
  const { denies, allows } = sidesOf(together(policies), request);
  const known = (truth: Truth) => (typeof truth === 'boolean' ? truth : null);
  return { denies: known(denies), allows: known(allows) };
}

/** Policies as one that is about the role: they name no principal. */
export function together(policies: readonly string[]): string {
  const documents = policies.map((policy) => JSON.parse(policy) as { Version?: string; Statement?: unknown });
  const versions = [...new Set(documents.map(({ Version }) => Version))];
  // Only the newer version of the language knows variables: together they are read as one that nobody knows.
  const isMixed = versions.length > 1 && policies.some((one) => one.includes('${'));
  return JSON.stringify({
    Version: isMixed ? 'mixed' : versions[0],
    // What is no statement becomes none by that.
    Statement: documents
      .flatMap(({ Statement }) => Statement)
      .map((one) => ({ ...(one as object), Principal: '*' })),
  });
}
