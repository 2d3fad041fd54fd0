import type { RemediationStep } from '../../model/remediation.ts';
import { consents, given, type Look, type Of, pages, type State } from './state.ts';

/** A role, and the policy that a step attaches to it. */
export async function roleState(
  { undo }: RemediationStep,
  { input: { RoleName, PolicyArn } }: Of<'iam:AttachRolePolicy' | 'iam:DetachRolePolicy'>,
  look: Look,
  region: string,
): Promise<State> {
  const [{ Role }, policies] = await Promise.all([
    look('iam:GetRole', { RoleName }, region),
    pages(async (Marker) => {
      const answer = await look('iam:ListAttachedRolePolicies', { RoleName, Marker }, region);
      const items = given('iam:ListAttachedRolePolicies', answer.AttachedPolicies);
      return { items, next: answer.IsTruncated ? answer.Marker : undefined };
    }),
  ]);
  const isSo = policies.some((one) => one.PolicyArn === PolicyArn);
  return {
    resource: RoleName,
    consents: consents(given('iam:GetRole', Role).Tags),
    isSo,
    made: undefined,
    before: { attached: isSo },
    against: null,
    againstUndo: null,
    undo,
  };
}
