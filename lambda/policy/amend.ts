import { decide, type PolicyRequest } from './decide.ts';
import { readPolicy } from './document.ts';
import { isUnclear } from './truth.ts';

/** What a statement allows, by the elements of the policy language. */
export interface Allowance {
  readonly Principal: '*' | Readonly<Record<string, string>>;
  readonly Action: string | readonly string[];
  /** Absent in the policy of a repository or a role, which is about that alone. */
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The statement that allows it. */
export const statementFor = (allowance: Allowance) => ({ Effect: 'Allow', ...allowance });

/**
 * The document that lets the requests through and keeps every statement of the policy: the calls that write a policy replace it
 * whole. `null` where one more statement does not do, since another denies or cannot be judged.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html
 */
export function amended(
  policy: string | null,
  allowance: Allowance,
  requests: readonly PolicyRequest[],
): string | null {
  if (policy !== null && isUnclear(readPolicy(policy))) return null;
  // A version that is not there is kept so: with another one the statements would mean something else.
  const { Statement, ...document } = policy === null ? { Version: '2012-10-17' } : JSON.parse(policy);
  const text = JSON.stringify({
    ...document,
    Statement: [...[Statement ?? []].flat(), statementFor(allowance)],
  });
  return requests.every((request) => decide(text, request).decision === 'allowed') ? text : null;
}
