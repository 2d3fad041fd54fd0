import { blank, command } from '../command.ts';
import type { Fix } from '../model/check.ts';
import type { CollectedFacts, PermissionDecision, PolicyKind } from '../model/facts.ts';
import { remedyFor, whyUnknown } from '../network/hop.ts';
import { defineCheck, found, notApplicable, ruledOut, undecided } from './define.ts';
import { iamCommand, taskExecutionPolicy } from './iam-command.ts';
import { type Obstacle, obstaclesOf, stepsOf } from './pull-denial.ts';
import { readManaged, rolePolicyFixes } from './role-policy-fix.ts';
import { executionRolePage } from './sources.ts';
import { typescript } from './typescript.ts';

/** The role that pulls lacks an Amazon ECR action that a pull needs: by its own policies or by its boundary. */
export default defineCheck({
  id: 'execution-role-cannot-pull',
  cause: 'The role may not pull the image from Amazon ECR',
  source: executionRolePage('Amazon ECR permissions', '#task-execution-ecr-permissions'),
  needs: ['task', 'pullError', 'images'],
  uses: ['pullingRole', 'pullPermissions', 'ecrImages'],

  examine({ task, pullError, images }, { pullingRole, pullPermissions, ecrImages }) {
    const { deniedAction, deniedBy, deniedExplicitly, deniedPrincipal } = pullError;
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
        ? pullPermissions.value.map((one) => ({ one, obstacles: obstaclesOf(one, role, ecrImages) }))
        : [];
    const denied = simulated.flatMap(({ one, obstacles }) =>
      'because' in obstacles || obstacles.length === 0 ? [] : [{ one, obstacles }],
    );
    const actions = [...new Set([...(said ? [said] : []), ...denied.map(({ one }) => one.action)])];
    if (actions.length > 0) {
      const name = roleNameIn(arn) ?? blank('role');
      // What the text alone says: nobody else told of that action.
      const onlySaid = said && !denied.some(({ one }) => one.action === said) ? said : null;
      const saidObstacle = saidBy(deniedBy, deniedExplicitly);
      /** The actions that one obstacle stops. */
      const stoppedBy = (obstacle: Obstacle | 'session policy') =>
        actions.filter(
          (action) =>
            (action === onlySaid && saidObstacle === obstacle) ||
            denied.some(
              ({ one, obstacles }) => one.action === action && obstacles.some((each) => each === obstacle),
            ),
        );
      const beyond = stoppedBy('boundary does not allow');
      const lacking = stoppedBy('policies do not allow');
      const ofSession = stoppedBy('session policy');
      const boundaryArn = role?.role?.permissionsBoundaryArn;
      const boundary =
        beyond.length > 0 || deniedBy === 'permissions boundary' || stoppedBy('boundary denies').length > 0
          ? boundaryArn
          : null;
      const ofTheBoundary = `the permissions boundary${boundaryArn ? ` \`${boundaryArn}\`` : ''}`;
      // Where the policies were read, each that stops the pull is named, and how it is changed.
      const known = role
        ? rolePolicyFixes({ role, task, images, decisions: denied.map(({ one }) => one) })
        : [];
      const notNamed = (stopped: readonly string[], isBoundary: boolean) =>
        stopped.filter(
          (action) =>
            !known.some((one) => (one.kind === 'boundary') === isBoundary && one.actions.includes(action)),
        );
      const beyondUnread = notNamed(beyond, true);
      const readBoundary = boundaryArn ? { cli: readManaged(boundaryArn, task) } : {};
      const withoutDenial = (obstacle: Obstacle, where: string, more: Pick<Fix, 'cli'> = {}) => {
        const stopped = notNamed(stoppedBy(obstacle), obstacle === 'boundary denies');
        return stopped.length > 0
          ? [{ do: `Remove the statement that denies ${list(stopped)} from ${where}`, ...more }]
          : [];
      };
      return found('proven', {
        evidence: [
          ...(said
            ? [
                `AWS refused \`${said}\` to ${(deniedPrincipal ?? arn) ? `\`${deniedPrincipal ?? arn}\`` : 'the role that pulls'}${deniedBy ? ` because of its ${deniedBy}` : ''}`,
              ]
            : []),
          ...denied.map(
            ({ one, obstacles }) =>
              `\`${arn}\` may not \`${one.action}\` on \`${one.resource}\`: ${obstacles.map((each) => words[each]).join(', and ')}`,
          ),
          ...(boundary ? [`The permissions boundary of \`${arn}\` is \`${boundary}\``] : []),
          ...(denied.some(({ one, obstacles }) => !one.layers && !obstacles.includes('policies do not allow'))
            ? [`What the policies of \`${arn}\` say beside that could not be read`]
            : []),
        ],
        resources: [
          arn || (task.taskDefinitionArn ?? task.taskArn),
          ...(boundary ? [boundary] : []),
          ...new Set(denied.map(({ one }) => one.resource).filter((one) => one !== '*')),
        ],
        closes: stepsOf(actions),
        fixes: [
          ...known.map(({ fix }) => fix),
          ...(beyondUnread.length > 0
            ? [{ do: `Allow ${list(beyondUnread)} in ${ofTheBoundary}`, ...readBoundary }]
            : []),
          ...withoutDenial('boundary denies', ofTheBoundary, readBoundary),
          ...withoutDenial('policies deny', `the policies of \`${name}\``),
          ...withoutDenial(
            'a policy denies',
            `the policies of \`${name}\`${boundaryArn ? `, or from ${ofTheBoundary}` : ''}`,
          ),
          ...(ofSession.length > 0 ? [{ do: `Let the policy of the session allow ${list(ofSession)}` }] : []),
          // Another policy that allows an action takes no denial back, and lifts no limit.
          ...(lacking.length === 0
            ? []
            : [
                {
                  do: `Attach \`AmazonECSTaskExecutionRolePolicy\` to \`${name}\`; it allows ${list(lacking)}`,
                  cli: command`${iamCommand('attach-role-policy', task)} --role-name ${name} --policy-arn ${taskExecutionPolicy(task)}`,
                  cdk: typescript`repository.grantPull(taskDefinition.obtainExecutionRole())`,
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
    for (const { obstacles } of simulated)
      if ('because' in obstacles) return undecided(upper(obstacles.because), [arn], obstacles.ask);
    if (simulated.length === 0) return notApplicable('there is no role, or no image in Amazon ECR');
    // Of a policy of the organization nothing is known where the simulation left something open.
    const isOpen = ({ allowedByOrganizations, missingContextValues }: PermissionDecision) =>
      allowedByOrganizations === false || missingContextValues.length > 0;
    const may = simulated.flatMap(({ one }) => (isOpen(one) ? [] : one.action));
    const beyond = simulated.flatMap(({ one }) => (isOpen(one) ? one.action : []));
    return ruledOut(
      ...(may.length > 0 ? [`\`${arn}\` may ${list(may)}`] : []),
      ...(beyond.length > 0 ? [`Nothing of \`${arn}\` itself stops ${list(beyond)}`] : []),
    );
  },
});

/** Whoever answers for a registry writes error texts: what no role can be called comes into no command. */
const roleNameIn = (arn: string): string | undefined =>
  /:role\/(?:\S*\/)?([\w+=,.@-]+)$/.exec(arn)?.[1] ?? /:assumed-role\/([\w+=,.@-]+)(?:\/|$)/.exec(arn)?.[1];

/** What AWS's text says of the policy that refused. */
function saidBy(kind: PolicyKind | undefined, explicitly = false): Obstacle | 'session policy' {
  if (kind === 'session policy') return kind;
  if (kind === 'permissions boundary') return explicitly ? 'boundary denies' : 'boundary does not allow';
  return explicitly ? 'policies deny' : 'policies do not allow';
}

const mayFetchToken = (permissions: CollectedFacts['pullPermissions']): boolean =>
  permissions.status === 'known' &&
  permissions.value.some(
    ({ action, decision }) => action === 'ecr:GetAuthorizationToken' && decision === 'allowed',
  );

const words: Readonly<Record<Obstacle, string>> = {
  'boundary does not allow': 'its permissions boundary does not allow it',
  'boundary denies': 'its permissions boundary denies it',
  'policies do not allow': 'no policy allows it',
  'policies deny': 'a policy of its own denies it',
  'a policy denies': 'a policy denies it',
};

const list = (items: readonly string[]) => [...new Set(items)].map((one) => `\`${one}\``).join(', ');
const upper = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
