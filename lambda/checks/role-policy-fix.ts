import { command, type Words, words } from '../command.ts';
import type { Command, Fix } from '../model/check.ts';
import type {
  ImageReference,
  PermissionDecision,
  PullingRole,
  RolePolicy,
  StoppedTask,
} from '../model/facts.ts';
import { amendedForRole } from '../policy/amend-role.ts';
import { type PolicyRequest, sidesOf } from '../policy/decide.ts';
import { readPolicy } from '../policy/document.ts';
import { together } from '../policy/identity.ts';
import { pullRequest } from '../policy/pull-request.ts';
import { isUnclear } from '../policy/truth.ts';
import { iamCommand } from './iam-command.ts';
import { writing } from './policy-fix.ts';

interface Stopped {
  readonly role: PullingRole;
  readonly task: StoppedTask;
  readonly images: readonly ImageReference[];
  /** What the role may not do. */
  readonly decisions: readonly PermissionDecision[];
}

/** A fix of one policy, and which actions it lets through there. */
export interface RolePolicyFix {
  readonly kind: RolePolicy['kind'];
  readonly actions: readonly string[];
  readonly fix: Fix;
}

/**
 * How to change the policies of a role that stop a pull: its own where they deny it, its boundary where that denies or does not allow
 * it. One fix for each policy, for the calls write it whole. Nothing for a policy whose text is not known.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
 */
export function rolePolicyFixes(pull: Stopped): readonly RolePolicyFix[] {
  const { role, task, decisions } = pull;
  const documents = decisions.flatMap(({ layers }) => layers?.documents ?? []);
  const policies = new Map(documents.map((one) => [`${one.kind} ${one.policy}`, one]));
  return [...policies.values()].flatMap((policy) => {
    // What a saved incident says of a policy may be none.
    if (isUnclear(readPolicy(policy.document))) return [];
    const stopped = stoppedBy(policy, pull);
    const actions = [...stopped.denied, ...stopped.lacking].map(({ action }) => action);
    return actions.length > 0
      ? [{ kind: policy.kind, actions, fix: fixOf(policy, stopped, role, task) }]
      : [];
  });
}

/** The requests that a policy stops. */
function stoppedBy(policy: RolePolicy, { role, task, images, decisions }: Stopped) {
  const mine = decisions.filter(({ layers }) =>
    layers?.documents?.some((one) => one.kind === policy.kind && one.policy === policy.policy),
  );
  const document = together([policy.document]);
  const said = mine.map((one) => {
    const request = pullRequest(one, role.roleArn, images, task);
    return { request, ...sidesOf(document, request) };
  });
  const denied = said.filter(({ denies }) => denies === true);
  const lacking = policy.kind === 'boundary' ? said.filter(({ allows }) => allows === false) : [];
  return {
    denied: denied.map(({ request }) => request),
    lacking: lacking.map(({ request }) => request),
    statements: [...new Set(denied.flatMap(({ deniedBy }) => deniedBy))],
  };
}

function fixOf(
  policy: RolePolicy,
  { denied, lacking, statements }: ReturnType<typeof stoppedBy>,
  role: PullingRole,
  task: StoppedTask,
): Fix {
  const isBoundary = policy.kind === 'boundary';
  const name = isBoundary
    ? `the permissions boundary \`${policy.policy}\``
    : policy.kind === 'inline'
      ? `the inline policy \`${policy.policy}\` of \`${roleNameOf(role)}\``
      : `the policy \`${policy.policy}\` of \`${roleNameOf(role)}\``;
  const tasks = [
    ...(lacking.length > 0 ? [`allow ${named(lacking)} in ${name}`] : []),
    ...(denied.length > 0
      ? [
          `take ${statements.join(' and ')} out of ${name}, which den${statements.length > 1 ? 'y' : 'ies'} ${named(denied)}`,
        ]
      : []),
  ];
  const what = upper(tasks.join(', and '));
  if (/^arn:[\w-]+:iam::aws:/.test(policy.policy))
    return {
      do: `${what}. AWS keeps that policy, and nobody else can change it: ${isBoundary ? 'bound the role by a policy of your own' : 'take it from the role, or use a copy of your own'}`,
      cli: isBoundary ? read(policy, role, task) : detach(policy, role, task),
    };
  const amended = amendedForRole({ document: policy.document, denied, lacking });
  const others = policy.kind === 'inline' ? '' : '. Whoever else has that policy is let through too';
  if (amended?.document === null && !isBoundary)
    return { do: `${what}; nothing else stands in it`, cli: detach(policy, role, task) };
  const written = amended?.document && writing(write(policy, role, task), amended.document);
  return written
    ? {
        do: `${what}. The command keeps what else stands in it${others}${policy.kind === 'inline' ? '' : '; a policy has five versions at most: delete an old one if they are used up'}`,
        cli: written,
      }
    : {
        do:
          denied.length > 0
            ? `${what}, or change ${statements.length > 1 ? 'them' : 'it'} so that ${statements.length > 1 ? 'they leave' : 'it leaves'} that alone`
            : what,
        cli: read(policy, role, task),
      };
}

/** The command that shows a policy. */
function read({ kind, policy }: RolePolicy, role: PullingRole, task: StoppedTask): Command {
  return kind === 'inline'
    ? command`${iamCommand('get-role-policy', task)} --role-name ${roleNameOf(role)} --policy-name ${policy} --query PolicyDocument`
    : readManaged(policy, task);
}

/** The command that shows the version of a managed policy that counts. */
export const readManaged = (arn: string, task: StoppedTask): Command =>
  command`${iamCommand('get-policy-version', task)} --policy-arn ${arn} --version-id $(${iamCommand('get-policy', task)} --policy-arn ${arn} --query Policy.DefaultVersionId --output text) --query PolicyVersion.Document`;

/** The command that writes a policy, up to its document. */
const write = ({ kind, policy }: RolePolicy, role: PullingRole, task: StoppedTask): Words =>
  kind === 'inline'
    ? words`${iamCommand('put-role-policy', task)} --role-name ${roleNameOf(role)} --policy-name ${policy} --policy-document`
    : words`${iamCommand('create-policy-version', task)} --policy-arn ${policy} --set-as-default --policy-document`;

/** The command that takes a policy from the role. */
const detach = ({ kind, policy }: RolePolicy, role: PullingRole, task: StoppedTask): Command =>
  kind === 'inline'
    ? command`${iamCommand('delete-role-policy', task)} --role-name ${roleNameOf(role)} --policy-name ${policy}`
    : command`${iamCommand('detach-role-policy', task)} --role-name ${roleNameOf(role)} --policy-arn ${policy}`;

const roleNameOf = ({ roleArn, role }: PullingRole): string =>
  role?.roleName ?? roleArn.split('/').at(-1) ?? roleArn;

const named = (requests: readonly PolicyRequest[]) =>
  [...new Set(requests.map(({ action }) => `\`${action}\``))].join(', ');
const upper = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
