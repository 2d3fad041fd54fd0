import type { Read } from '../aws/api.ts';
import { repositoryArn } from '../image/repository-arn.ts';
import type { PermissionDecision } from '../model/facts.ts';
import { allPages } from './answered.ts';
import { defineCollector } from './define.ts';

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
    const region = images.find(({ ecr }) => ecr)?.ecr?.region ?? task.region;
    const decisions = await Promise.all([
      simulate(read, pullingRole.role.roleArn, ['ecr:GetAuthorizationToken'], ['*'], region),
      simulate(read, pullingRole.role.roleArn, pullActions, repositories, region),
    ]);
    return decisions.flat();
  },
});

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
