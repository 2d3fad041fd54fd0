import type { Read } from '../aws/api.ts';
import { CallFailed } from '../aws/call-failed.ts';
import { repositoryArn } from '../image/repository-arn.ts';
import type { PermissionDecision, Role } from '../model/facts.ts';
import { decideForRole } from '../policy/identity.ts';
import { allPages } from './answered.ts';
import { defineCollector } from './define.ts';
import { policiesOf, type RolePolicies } from './role-policies.ts';

/** Actions on a repository that a pull needs. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html */
const pullActions = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/**
 * What AWS itself says that the pulling role may do. The token is asked for on `*`: it has no resource, and a simulation must
 * not mix kinds of resources. https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export default defineCollector({
  fact: 'pullPermissions',
  needs: ['task', 'images', 'pullingRole'],

  async collect({ task, images, pullingRole }, read) {
    const repositories = [
      ...new Set(images.flatMap((image) => (image.ecr ? [repositoryArn(image, task)] : []))),
    ];
    if (!pullingRole?.role || repositories.length === 0) return [];
    const { role } = pullingRole;
    const region = images.find(({ ecr }) => ecr)?.ecr?.region ?? task.region;
    try {
      const decisions = await Promise.all([
        simulate(read, role.roleArn, ['ecr:GetAuthorizationToken'], ['*'], region),
        simulate(read, role.roleArn, pullActions, repositories, region),
      ]);
      return decisions.flat();
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      const decisions = await readFrom(role, repositories, region, read);
      // The call that tells all is the one to name.
      if (!decisions) throw error;
      return decisions;
    }
  },
});

/** The same from the role's own policies, where AWS does not simulate them; `null` where they do not tell. */
async function readFrom(
  role: Role,
  repositories: readonly string[],
  region: string,
  read: Read,
): Promise<readonly PermissionDecision[] | null> {
  const asked = [
    { action: 'ecr:GetAuthorizationToken', resource: '*' },
    ...repositories.flatMap((resource) => pullActions.map((action) => ({ action, resource }))),
  ];
  let known: RolePolicies;
  try {
    known = await policiesOf(role, read);
  } catch (error) {
    if (error instanceof CallFailed) return null;
    throw error;
  }
  const decisions = asked.map(({ action, resource }) => ({
    action,
    resource,
    ...decideForRole(known.policies, known.boundary, {
      action,
      resource,
      principal: { kind: 'role', arn: role.roleArn, accountId: role.roleArn.split(':')[4] ?? '' },
      context: { 'aws:RequestedRegion': [region], 'aws:SecureTransport': ['true'] },
    }),
  }));
  return decisions.some(({ decision }) => decision === 'cannot-tell')
    ? null
    : decisions.map(({ decision, ...one }) => ({
        ...one,
        decision: decision as Exclude<typeof decision, 'cannot-tell'>,
        missingContextValues: [],
        allowedByOrganizations: null,
        simulated: false,
      }));
}

async function simulate(
  read: Read,
  PolicySourceArn: string,
  ActionNames: string[],
  ResourceArns: string[],
  region: string,
): Promise<readonly PermissionDecision[]> {
  const results = await allPages('iam:SimulatePrincipalPolicy', async (Marker) => {
    const answer = await read('iam:SimulatePrincipalPolicy', {
      PolicySourceArn,
      ActionNames,
      ResourceArns,
      // What we know for certain about the request that the role makes.
      ContextEntries: [
        { ContextKeyName: 'aws:RequestedRegion', ContextKeyType: 'string', ContextKeyValues: [region] },
        { ContextKeyName: 'aws:SecureTransport', ContextKeyType: 'boolean', ContextKeyValues: ['true'] },
      ],
      Marker,
    });
    return { items: answer.EvaluationResults, next: answer.IsTruncated ? answer.Marker : undefined };
  });
  return results.flatMap((result) => {
    const common = {
      action: result.EvalActionName ?? '',
      allowedByBoundary: result.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary ?? null,
      allowedByOrganizations: result.OrganizationsDecisionDetail?.AllowedByOrganizations ?? null,
    };
    const specific = result.ResourceSpecificResults ?? [];
    // With several resources the answer per resource is the exact one; the one above sums them up.
    if (specific.length === 0)
      return [
        {
          ...common,
          resource: result.EvalResourceName ?? '*',
          decision: result.EvalDecision ?? ('implicitDeny' as const),
          missingContextValues: result.MissingContextValues ?? [],
        },
      ];
    return specific.map((one) => ({
      ...common,
      resource: one.EvalResourceName ?? '*',
      decision: one.EvalResourceDecision ?? ('implicitDeny' as const),
      missingContextValues: one.MissingContextValues ?? result.MissingContextValues ?? [],
      allowedByBoundary:
        one.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary ?? common.allowedByBoundary,
    }));
  });
}
