import type { Read } from '../aws/api.ts';
import { CallFailed } from '../aws/call-failed.ts';
import { repositoryArn } from '../image/repository-arn.ts';
import type { PermissionDecision, Role, RolePolicy } from '../model/facts.ts';
import { decideForRole, keysInDoubt, layersOf } from '../policy/identity.ts';
import { type Asked, pullRequest, regionOfPull } from '../policy/pull-request.ts';
import type { PolicyRequest } from '../policy/request.ts';
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
    const regionOf = (resource: string) => regionOfPull({ resource }, images);
    const request = (asked: Asked) => pullRequest(asked, role.roleArn, images, task);
    // A simulation is told one Region.
    const together = [...new Set(repositories.map(regionOf))].map((region) =>
      repositories.filter((one) => regionOf(one) === region),
    );
    try {
      const decisions = await Promise.all([
        simulate(read, role.roleArn, ['ecr:GetAuthorizationToken'], ['*'], regionOf('*')),
        ...together.map(([first = '*', ...others]) =>
          simulate(read, role.roleArn, pullActions, [first, ...others], regionOf(first)),
        ),
      ]);
      return await withLayers(decisions.flat(), request, role, read);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      const decisions = await readFrom(request, role, repositories, read);
      // The call that tells all is the one to name.
      if (!decisions) throw error;
      return decisions;
    }
  },
});

type RequestOf = (asked: Asked) => PolicyRequest;

/** A denial by one layer hides what the others say: each is asked for itself then. */
async function withLayers(
  decisions: readonly PermissionDecision[],
  request: RequestOf,
  role: Role,
  read: Read,
): Promise<readonly PermissionDecision[]> {
  if (decisions.every(tellsAll)) return decisions;
  const known = await policiesIfShown(role, read);
  if (!known) return decisions;
  return decisions.map((one) => (tellsAll(one) ? one : { ...one, layers: layersIn(known, request(one)) }));
}

const tellsAll = (one: PermissionDecision): boolean =>
  one.decision === 'allowed' ||
  (one.decision === 'implicitDeny' &&
    one.allowedByBoundary !== false &&
    one.allowedByOrganizations !== false &&
    one.missingContextValues.length === 0);

/** The same from the role's own policies, where AWS does not simulate them; `null` where they do not tell. */
async function readFrom(
  requestOfOne: RequestOf,
  role: Role,
  repositories: readonly string[],
  read: Read,
): Promise<readonly PermissionDecision[] | null> {
  const asked = [
    { action: 'ecr:GetAuthorizationToken', resource: '*' },
    ...repositories.flatMap((resource) => pullActions.map((action) => ({ action, resource }))),
  ];
  const known = await policiesIfShown(role, read);
  if (!known) return null;
  const decisions = asked.map((one): PermissionDecision | null => {
    const request = requestOfOne(one);
    const [policies, boundary] = [textsOf(known.policies), known.boundary?.document ?? null];
    const { decision, allowedByBoundary } = decideForRole(policies, boundary, request);
    // As a simulation does that lacks what a condition asks for: it leaves this action open, and no other.
    const missing = decision === 'cannot-tell' ? keysInDoubt(policies, boundary, request) : [];
    if (decision === 'cannot-tell' && missing.length === 0) return null;
    return {
      ...one,
      decision: decision === 'cannot-tell' ? 'implicitDeny' : decision,
      allowedByBoundary,
      missingContextValues: missing,
      allowedByOrganizations: null,
      simulated: false,
      ...(decision === 'allowed' ? {} : { layers: layersIn(known, request) }),
    };
  });
  const clear = decisions.filter((one) => one !== null);
  return clear.length === decisions.length ? clear : null;
}

/** `null`: not all of them are shown. */
async function policiesIfShown(role: Role, read: Read): Promise<RolePolicies | null> {
  try {
    return await policiesOf(role, read);
  } catch (error) {
    if (error instanceof CallFailed) return null;
    throw error;
  }
}

const textsOf = (policies: readonly RolePolicy[]) => policies.map(({ document }) => document);

/** What each layer says, and the policies that stop the request: those that deny it, and a boundary that does not allow it. */
function layersIn(
  { policies, boundary }: RolePolicies,
  request: PolicyRequest,
): NonNullable<PermissionDecision['layers']> {
  const layers = layersOf(textsOf(policies), boundary?.document ?? null, request);
  const denying = policies.filter(
    ({ document }) => layersOf([document], null, request).policies.denies === true,
  );
  const isLimit = layers.boundary?.denies === true || layers.boundary?.allows === false;
  const documents = [...denying, ...(boundary && isLimit ? [boundary] : [])];
  return { ...layers, ...(documents.length > 0 && { documents }) };
}

async function simulate(
  read: Read,
  PolicySourceArn: string,
  ActionNames: string[],
  ResourceArns: string[],
  region: string | null,
): Promise<readonly PermissionDecision[]> {
  const results = await allPages('iam:SimulatePrincipalPolicy', async (Marker) => {
    const answer = await read('iam:SimulatePrincipalPolicy', {
      PolicySourceArn,
      ActionNames,
      ResourceArns,
      // What we know for certain about the request that the role makes.
      ContextEntries: [
        ...(region
          ? [
              {
                ContextKeyName: 'aws:RequestedRegion',
                ContextKeyType: 'string' as const,
                ContextKeyValues: [region],
              },
            ]
          : []),
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
