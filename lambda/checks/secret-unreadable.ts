import { blank, command, words } from '../command.ts';
import { leavesOpen } from '../error-text/pull-error.ts';
import type { Fix } from '../model/check.ts';
import type { PullError, StoppedTask } from '../model/facts.ts';
import { defineCheck, found, notApplicable, ruledOut } from './define.ts';
import { iamCommand, partitionIn } from './iam-command.ts';
import { readManaged } from './role-policy-fix.ts';
import { resourceInitializationPage } from './sources.ts';
import { typescript } from './typescript.ts';

/** Before it pulls, ECS reads the secrets that the task definition names; one of them could not be read. */
export default defineCheck({
  id: 'secret-unreadable',
  cause: 'A secret of the task definition could not be read',
  source: resourceInitializationPage('The task can’t retrieve the secret', '#unable-to-pull-secrets-asm'),
  needs: ['task', 'pullError'],
  uses: ['pullingRole', 'taskDefinition'],

  examine({ task, pullError }, { pullingRole, taskDefinition }) {
    const ofSecret = pullError.step === 'secrets' || pullError.step === null;
    const shows =
      ofSecret &&
      !haveChecksOfTheirOwn.has(pullError.deniedBy) &&
      ['secret-refused', 'secret-wrong', 'secrets-throttled', 'kms-refused'].some((id) =>
        pullError.symptoms.includes(id),
      );
    // `arn:…:secret:name:key:stage:version`: the text names the key, and the task definition the secrets that should have it.
    const jsonKey = /did not contain json key ([^\s,]+)/i.exec(pullError.text)?.[1];
    const definition = taskDefinition.status === 'known' ? taskDefinition.value : null;
    const keyed = new Set(
      (definition?.containers ?? [])
        .flatMap(({ secretArns }) => secretArns.map((one) => one.split(':')))
        .filter((parts) => jsonKey !== undefined && parts[7] === jsonKey)
        .map((parts) => parts.slice(0, 7).join(':')),
    );
    const [only] = keyed.size === 1 ? keyed : [];
    const secret =
      only ??
      /arn:[\w-]+:(?:secretsmanager|ssm):[\w-]*:\w*:(?:secret:|parameter\/)[\w/+=.@-]+/.exec(
        pullError.text,
      )?.[0];
    if (!shows)
      return leavesOpen(pullError)
        ? notApplicable('no error text says so')
        : ruledOut(`The text for \`${task.taskArn}\` says something else`);

    const role = pullingRole.status === 'known' ? (pullingRole.value?.roleArn ?? null) : null;
    const boundary =
      (pullingRole.status === 'known' && pullingRole.value?.role?.permissionsBoundaryArn) || null;
    const action =
      pullError.deniedAction ??
      (/\bssm\b/i.test(pullError.text) ? 'ssm:GetParameters' : 'secretsmanager:GetSecretValue');
    const wrong = pullError.symptoms.includes('secret-wrong') && !pullError.deniedAction;
    const throttled = pullError.symptoms.includes('secrets-throttled');
    const key = pullError.symptoms.includes('kms-refused');
    const what = secret ? `\`${secret}\`` : 'the secret';
    return found('proven', {
      evidence: [
        wrong && jsonKey
          ? `ECS found no JSON key \`${jsonKey}\` in ${what}, which the task definition \`${task.taskDefinitionArn ?? task.taskArn}\` names with it`
          : wrong
            ? `ECS found ${what} missing, or without the key that the task definition \`${task.taskDefinitionArn ?? task.taskArn}\` names`
            : throttled
              ? `AWS throttled \`${action}\`${role ? ` of \`${role}\`` : ''}: \`${task.taskArn}\` did not get ${what}`
              : `AWS refused ${key ? 'the key of' : `\`${action}\` on`} ${what}${role ? ` to \`${role}\`` : ''} for \`${task.taskArn}\``,
      ],
      resources: [...(secret ? [secret] : []), ...(role ? [role] : [task.taskDefinitionArn ?? task.taskArn])],
      closes: ['secrets', 'manifest', 'token'],
      fixes: wrong
        ? [
            {
              do: `Correct \`valueFrom\` in the task definition, or the secret: name, Region, JSON key and version must exist`,
            },
          ]
        : throttled
          ? throttlingFixes(task)
          : [grant({ task, pullError, action: key ? 'kms:Decrypt' : action, key, secret, role, boundary })],
    });
  },
});

const haveChecksOfTheirOwn: ReadonlySet<string | undefined> = new Set([
  'VPC endpoint policy',
  'service control policy',
  'resource control policy',
]);

interface Refused {
  readonly task: StoppedTask;
  readonly pullError: PullError;
  readonly action: string;
  /** Whether the key of the secret was refused, and not the secret. */
  readonly key: boolean;
  readonly secret: string | undefined;
  readonly role: string | null;
  /** ARN of its permissions boundary. */
  readonly boundary: string | null;
}

/** Where to allow it: in the policy that the text names, else in one of the role. */
function grant({
  task,
  pullError: { deniedBy, deniedExplicitly },
  action,
  key,
  secret,
  role,
  boundary,
}: Refused): Fix {
  const what = `${key ? 'the key of ' : ''}${secret ? `\`${secret}\`` : 'the secret'}`;
  const who = role ? `\`${role}\`` : 'the task execution role';
  const isBoundary = deniedBy === 'permissions boundary';
  const where = isBoundary
    ? `the permissions boundary ${boundary ? `\`${boundary}\` ` : ''}of ${who}`
    : deniedBy === 'resource-based policy'
      ? `the policy of ${what}`
      : `the policies of ${who}`;
  const shown = isBoundary && boundary ? { cli: readManaged(boundary, task) } : {};
  // What a statement denies no other one allows.
  if (deniedExplicitly)
    return { do: `Remove the statement that denies \`${action}\` on ${what} from ${where}`, ...shown };
  if (isBoundary) return { do: `Allow \`${action}\` on ${what} in ${where}`, ...shown };
  if (deniedBy === 'resource-based policy') return { do: `Allow \`${action}\` to ${who} in ${where}` };
  return {
    do: `Allow \`${action}\` on ${what} to ${who}${key ? ', in the role and in the policy of the key' : ''}`,
    cli: command`${iamCommand('put-role-policy', task)} --role-name ${role?.split('/').at(-1) ?? blank('role')} --policy-name ${nameFor(secret, key)} --policy-document ${JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: key ? '<key>' : (secret ?? '<secret>') }] })}`,
    cdk: key
      ? typescript`key.grantDecrypt(taskDefinition.obtainExecutionRole())`
      : typescript`secret.grantRead(taskDefinition.obtainExecutionRole())`,
  };
}

/** A name of its own for each secret: the call replaces the policy of the role that has the same name. */
const nameFor = (secret: string | undefined, key: boolean) =>
  words`${key ? 'decrypt' : 'read'}-${
    secret
      ?.replace(/^arn:[\w-]+:(\w+):[^:]*:\w*:(?:secret:|parameter\/)/, '$1-')
      .replace(/[^\w+=,.@-]/g, '-')
      .slice(-110) ?? blank('name')
  }`;

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-throughput.html */
const throttlingFixes = ({ region, accountId, taskArn }: StoppedTask): readonly Fix[] => [
  {
    do: 'Raise the throughput of Parameter Store, which is billed, or start fewer tasks at once',
    cli: command`aws ssm update-service-setting --region ${region} --setting-id arn:${partitionIn(taskArn)}:ssm:${region}:${accountId}:servicesetting/ssm/parameter-store/high-throughput-enabled --setting-value true`,
  },
  {
    do: 'Or put what is read together into one secret: each `valueFrom` is a read of its own',
    alternative: true,
  },
];
