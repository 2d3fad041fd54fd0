import type { CollectedFacts, PermissionDecision } from '../model/facts.ts';
import { remedyFor, whyUnknown } from '../network/hop.ts';
import { defineCheck, found, notApplicable, ruledOut, undecided } from './define.ts';
import { stepsOf, stops } from './pull-denial.ts';
import { executionRolePage } from './sources.ts';

/** The role that pulls lacks an Amazon ECR action that a pull needs: by its own policies or by its boundary. */
export default defineCheck({
  id: 'execution-role-cannot-pull',
  cause: 'The role may not pull the image from Amazon ECR',
  source: executionRolePage('Amazon ECR permissions', '#task-execution-ecr-permissions'),
  needs: ['task', 'pullError', 'images'],
  uses: ['pullingRole', 'pullPermissions', 'ecrImages'],

  examine({ task, pullError, images }, { pullingRole, pullPermissions, ecrImages }) {
    const { deniedAction, deniedBy, deniedPrincipal } = pullError;
    const role = pullingRole.status === 'known' ? pullingRole.value : null;
    const arn = role?.roleArn ?? deniedPrincipal ?? '';
    const said =
      deniedAction?.startsWith('ecr:') &&
      (deniedBy === 'identity-based policy' ||
        deniedBy === 'permissions boundary' ||
        deniedBy === 'session policy' ||
        // No policy of a repository gives this action: the role lacks it, unless it is known to have it and another policy denies it.
        (!deniedBy && deniedAction === 'ecr:GetAuthorizationToken' && !mayFetchToken(pullPermissions)))
        ? deniedAction
        : null;
    if (!said && images.length > 0 && !images.some(({ ecr }) => ecr))
      return notApplicable('no suspect image is in Amazon ECR');

    const simulated =
      pullPermissions.status === 'known' && role
        ? pullPermissions.value.map((one) => ({ one, stops: stops(one, role, ecrImages) }))
        : [];
    const denied = simulated
      .filter(({ one, stops: answer }) => answer === 'yes' && one.allowedByOrganizations !== false)
      .map(({ one }) => one);
    const actions = [...new Set([...(said ? [said] : []), ...denied.map(({ action }) => action)])];
    if (actions.length > 0) {
      const name = arn.includes(':role/')
        ? (arn.split('/').at(-1) ?? '<role>')
        : (/assumed-role\/([^/]+)/.exec(arn)?.[1] ?? '<role>');
      const boundary = role?.role?.permissionsBoundaryArn;
      const byBoundary =
        deniedBy === 'permissions boundary' || denied.some((one) => one.allowedByBoundary === false);
      const forbids = new Set(
        denied.filter(({ decision }) => decision === 'explicitDeny').map(({ action }) => action),
      );
      // Another policy that allows an action takes no denial back.
      const lacking = actions.filter((action) => !forbids.has(action));
      return found('proven', {
        evidence: [
          ...(said
            ? [
                `AWS refused \`${said}\` to \`${deniedPrincipal ?? arn}\`${deniedBy ? ` because of its ${deniedBy}` : ''}`,
              ]
            : []),
          ...denied.map((one) => denial(one, arn)),
          ...(byBoundary && boundary ? [`The permissions boundary of \`${arn}\` is \`${boundary}\``] : []),
        ],
        resources: [
          arn,
          ...(byBoundary && boundary ? [boundary] : []),
          ...new Set(denied.map(({ resource }) => resource).filter((one) => one !== '*')),
        ].filter(Boolean),
        closes: stepsOf(actions),
        fixes: [
          ...(byBoundary
            ? [
                {
                  do: `Allow ${list(actions)} in the permissions boundary${boundary ? ` \`${boundary}\`` : ''}`,
                },
              ]
            : []),
          ...(forbids.size > 0
            ? [
                {
                  do: `Remove the statement that denies ${list([...forbids])} from the policies of \`${name}\``,
                },
              ]
            : []),
          ...(byBoundary || lacking.length === 0
            ? []
            : [
                {
                  do: `Attach \`AmazonECSTaskExecutionRolePolicy\` to \`${name}\`; it allows ${list(lacking)}`,
                  cli: `aws iam attach-role-policy --role-name ${name} --policy-arn arn:${task.taskArn.split(':')[1]}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy`,
                  cdk: 'repository.grantPull(taskDefinition.obtainExecutionRole())',
                },
              ]),
        ],
      });
    }
    if (pullPermissions.status === 'unknown')
      return undecided(
        `The permissions of the pulling role${arn ? ` \`${arn}\`` : ''} could not be simulated: ${whyUnknown(pullPermissions)}`,
        arn ? [arn] : [],
        remedyFor(pullPermissions),
      );
    const open = simulated.find(({ stops: answer }) => typeof answer === 'object')?.stops;
    if (typeof open === 'object') return undecided(upper(open.because), [arn], open.ask);
    if (simulated.length === 0) return notApplicable('there is no role, or no image in Amazon ECR');
    return ruledOut(`\`${arn}\` may ${list(simulated.map(({ one }) => one.action))}`);
  },
});

const mayFetchToken = (permissions: CollectedFacts['pullPermissions']): boolean =>
  permissions.status === 'known' &&
  permissions.value.some(
    ({ action, decision }) => action === 'ecr:GetAuthorizationToken' && decision === 'allowed',
  );

const denial = ({ action, resource, decision, allowedByBoundary }: PermissionDecision, arn: string) =>
  `\`${arn}\` may not \`${action}\` on \`${resource}\`: ${
    decision === 'explicitDeny'
      ? 'a policy denies it'
      : allowedByBoundary === false
        ? 'its permissions boundary does not allow it'
        : 'no policy allows it'
  }`;

const list = (items: readonly string[]) => [...new Set(items)].map((one) => `\`${one}\``).join(', ');
const upper = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
