import { remedyFor, whyUnknown } from '../network/hop.ts';
import { defineCheck, found, notApplicable, ruledOut, undecided } from './define.ts';
import { stepsOf } from './pull-denial.ts';
import { iamGuide } from './sources.ts';

/** A policy of the organisation bounds what any role of the account may do. */
export default defineCheck({
  id: 'organization-policy-denies-pull',
  cause: 'A policy of the organization denies the pull',
  source: iamGuide(
    'Troubleshoot access denied error messages: service control policies',
    'troubleshoot_access-denied.html',
  ),
  needs: ['task', 'pullError', 'images'],
  uses: ['pullingRole', 'pullPermissions'],

  examine({ task, pullError, images }, { pullingRole, pullPermissions }) {
    const { deniedAction, deniedBy } = pullError;
    const said =
      deniedBy === 'service control policy' || deniedBy === 'resource control policy'
        ? deniedAction
        : undefined;
    const role =
      (pullingRole.status === 'known' && pullingRole.value?.roleArn) ||
      pullError.deniedPrincipal ||
      `account ${task.accountId}`;
    const refused =
      pullPermissions.status === 'known'
        ? pullPermissions.value.filter((one) => one.allowedByOrganizations === false)
        : [];
    const denied = refused.filter((one) => one.missingContextValues.length === 0);
    const actions = [...new Set([...(said ? [said] : []), ...denied.map(({ action }) => action)])];
    if (actions.length > 0)
      return found('proven', {
        evidence: [
          ...(said ? [`AWS refused \`${said}\` to \`${role}\` because of a ${deniedBy}`] : []),
          ...denied.map(
            ({ action }) => `The policies of the organization do not allow \`${action}\` to \`${role}\``,
          ),
        ],
        resources: [role],
        closes: said?.startsWith('ecr:') === false ? ['secrets', 'token'] : stepsOf(actions),
        fixes: [
          {
            do: `Ask the administrators of the organization to allow ${actions.map((one) => `\`${one}\``).join(', ')} in account \`${task.accountId}\``,
          },
        ],
      });
    if (images.length > 0 && !images.some(({ ecr }) => ecr))
      return notApplicable('no suspect image is in Amazon ECR');
    if (pullPermissions.status === 'unknown')
      return undecided(
        `The policies of the organization for \`${role}\` could not be simulated: ${whyUnknown(pullPermissions)}`,
        [role],
        remedyFor(pullPermissions),
      );
    if (pullPermissions.value.length === 0)
      return notApplicable('there is no role, or no image in Amazon ECR');
    if (pullPermissions.value.some(({ simulated }) => simulated === false))
      return undecided(
        `The policies of the organization for \`${role}\` could not be simulated`,
        [role],
        'Allow `iam:SimulatePrincipalPolicy` and look again',
      );
    const [perhaps] = refused;
    if (perhaps)
      return undecided(
        `Whether the policies of the organization allow \`${perhaps.action}\` to \`${role}\` depends on ${perhaps.missingContextValues.map((key) => `\`${key}\``).join(', ')}`,
        [role],
        `Ask the administrators of the organization whether a policy stops \`${perhaps.action}\` in account \`${task.accountId}\``,
      );
    return ruledOut(`No policy of the organization that the simulation knows stops \`${role}\``);
  },
});
