import type { Read } from '../aws/api.ts';
import { CallFailed } from '../aws/call-failed.ts';
import type { Role, RolePolicy } from '../model/facts.ts';
import { allPages } from './answered.ts';

/** The policies of a role, attached and inline, and its permissions boundary. */
export interface RolePolicies {
  readonly policies: readonly RolePolicy[];
  readonly boundary: RolePolicy | null;
}

/** Reads the policies of a role one by one. */
export async function policiesOf(
  { roleName: RoleName, permissionsBoundaryArn }: Role,
  read: Read,
): Promise<RolePolicies> {
  const [attached, inline] = await Promise.all([
    allPages('iam:ListAttachedRolePolicies', async (Marker) => {
      const answer = await read('iam:ListAttachedRolePolicies', { RoleName, Marker });
      return { items: answer.AttachedPolicies, next: answer.IsTruncated ? answer.Marker : undefined };
    }),
    allPages('iam:ListRolePolicies', async (Marker) => {
      const answer = await read('iam:ListRolePolicies', { RoleName, Marker });
      return { items: answer.PolicyNames, next: answer.IsTruncated ? answer.Marker : undefined };
    }),
  ]);
  const [managed, own, boundary] = await Promise.all([
    Promise.all(attached.map(({ PolicyArn = '' }) => managedPolicy('attached', PolicyArn, read))),
    Promise.all(
      inline.map(async (PolicyName) => {
        const { PolicyDocument } = await read('iam:GetRolePolicy', { RoleName, PolicyName });
        const document = decoded('iam:GetRolePolicy', PolicyDocument);
        return { kind: 'inline' as const, policy: PolicyName, document };
      }),
    ),
    permissionsBoundaryArn ? managedPolicy('boundary', permissionsBoundaryArn, read) : null,
  ]);
  return { policies: [...managed, ...own], boundary };
}

async function managedPolicy(
  kind: 'attached' | 'boundary',
  PolicyArn: string,
  read: Read,
): Promise<RolePolicy> {
  const { Policy } = await read('iam:GetPolicy', { PolicyArn });
  if (!Policy?.DefaultVersionId) throw new CallFailed('iam:GetPolicy', 'EmptyAnswer', 'no-answer');
  const { PolicyVersion } = await read('iam:GetPolicyVersion', {
    PolicyArn,
    VersionId: Policy.DefaultVersionId,
  });
  return { kind, policy: PolicyArn, document: decoded('iam:GetPolicyVersion', PolicyVersion?.Document) };
}

/** IAM gives policies URL-encoded. https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
function decoded(action: string, text: string | undefined): string {
  if (!text) throw new CallFailed(action, 'EmptyAnswer', 'no-answer');
  const policy = decodeURIComponent(text);
  try {
    JSON.parse(policy);
  } catch {
    throw new CallFailed(action, 'UnreadableAnswer', 'no-answer');
  }
  return policy;
}
