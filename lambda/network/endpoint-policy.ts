import { repositoryArn } from '../image/repository-arn.ts';
import type { StoppedTask, TaskDefinition, VpcEndpoint } from '../model/facts.ts';
import type { Hop } from '../model/network.ts';
import { decide, type Principal } from '../policy/decide.ts';
import { closed, knownValue, open, unclear } from './hop.ts';
import type { Walk } from './walk.ts';

/**
 * Whether the policy of an endpoint lets the pull through. Layers are fetched by URLs that an account of Amazon ECR has signed:
 * conditions on the caller's own organisation shut them out.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
 */
export function policyHop(way: Walk, endpoint: VpcEndpoint): Hop {
  const id = endpoint.vpcEndpointId;
  const where = {
    is: 'endpoint policy',
    at: id,
    check: 'endpoint-policy-denies-pull',
    resources: [id],
  } as const;
  // Without a policy an endpoint lets everything through. https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
  if (!endpoint.policy) return open(where, `Endpoint \`${id}\` has no policy that limits it`);

  const role = knownValue(way.facts.pullingRole)?.roleArn;
  const principal: Principal = role
    ? { kind: 'role', arn: role, accountId: role.split(':')[4] ?? way.facts.task.value.accountId }
    : { kind: 'unknown' };
  const requests = requestsTo(way);
  const unclearBecause = requests.length > 0 ? [] : ['what the task asks for is not known'];
  for (const { action, resource } of requests) {
    const own = {
      'aws:sourcevpce': [id],
      'aws:sourcevpc': [way.subnet.vpcId],
      'aws:securetransport': ['true'],
    };
    const answer =
      way.destination.service === 's3'
        ? decide(endpoint.policy, {
            action,
            resource,
            principal: { kind: 'foreign', notAccountIds: [way.facts.task.value.accountId] },
            gatewayEndpoint: endpoint.type.toLowerCase() === 'gateway',
            context: { ...own, ...ofEcrsAccount },
          })
        : decide(endpoint.policy, {
            action,
            resource,
            principal,
            context: { ...own, 'aws:principalaccount': [way.facts.task.value.accountId] },
          });
    if (answer.decision === 'denied')
      return closed(
        where,
        `The policy of endpoint \`${id}\` does not allow \`${action}\` on \`${resource}\` (${answer.by})`,
      );
    if (answer.decision === 'cannot-tell') unclearBecause.push(answer.because);
  }
  if (unclearBecause[0])
    return unclear(
      where,
      `The policy of endpoint \`${id}\` cannot be judged: ${unclearBecause[0]}`,
      `Check that the policy of \`${id}\` allows the pull`,
    );
  return open(where, `The policy of endpoint \`${id}\` allows the pull`);
}

// Neither the caller nor the bucket belongs to an organisation or account of the user.
const ofEcrsAccount = {
  'aws:principalaccount': ['an account of Amazon ECR'],
  'aws:principalorgid': ['an organization of AWS'],
  'aws:principalorgpaths': ['an organization of AWS'],
  'aws:resourceaccount': ['an account of Amazon ECR'],
  'aws:resourceorgid': ['an organization of AWS'],
  'aws:resourceorgpaths': ['an organization of AWS'],
};

function requestsTo({ destination, facts }: Walk): readonly { action: string; resource: string }[] {
  const task = facts.task.value;
  const partition = task.taskArn.split(':')[1] ?? 'aws';
  switch (destination.step) {
    case 'token':
      return [{ action: 'ecr:GetAuthorizationToken', resource: '*' }];
    case 'manifest':
      return (knownValue(facts.images) ?? [])
        .filter(({ registry }) => registry === destination.host)
        .flatMap((image) =>
          ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'].map((action) => ({
            action,
            resource: repositoryArn(image, task),
          })),
        );
    case 'layers':
      return [
        {
          action: 's3:GetObject',
          resource: `arn:${partition}:s3:::prod-${destination.region}-starport-layer-bucket/layer`,
        },
      ];
    case 'secrets':
      return secretsOf(knownValue(facts.taskDefinition), task)
        .filter((arn) => arn.split(':')[2] === destination.service)
        .map((resource) => ({
          action: destination.service === 'ssm' ? 'ssm:GetParameters' : 'secretsmanager:GetSecretValue',
          resource,
        }));
  }
}

/** ARNs of the secrets and parameters of a task. Names alone are those of parameters, or of a secret with registry credentials. */
function secretsOf(definition: TaskDefinition | null, task: StoppedTask): readonly string[] {
  const [, partition = 'aws'] = task.taskArn.split(':');
  const arnOf = (service: string, kind: string) => (name: string) =>
    name.startsWith('arn:')
      ? // A secret's ARN may go on with a key, a stage and a version.
        name.split(':').slice(0, 7).join(':')
      : `arn:${partition}:${service}:${task.region}:${task.accountId}:${kind}${name.replace(/^\//, '')}`;
  return (definition?.containers ?? []).flatMap(({ secretArns, credentialsParameter }) => [
    ...secretArns.map(arnOf('ssm', 'parameter/')),
    ...[credentialsParameter ?? []].flat().map(arnOf('secretsmanager', 'secret:')),
  ]);
}
