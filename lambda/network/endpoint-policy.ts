import { repositoryArn } from '../image/repository-arn.ts';
import type { CollectedFacts, StoppedTask, TaskDefinition, VpcEndpoint } from '../model/facts.ts';
import type { Destination, Hop } from '../model/network.ts';
import type { Allowance } from '../policy/amend.ts';
import { decide, type PolicyRequest } from '../policy/decide.ts';
import { timeOf } from '../policy/request.ts';
import { closed, knownValue, open, unclear } from './hop.ts';
import { withoutPublicAddress } from './request-source.ts';
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

  const requests = requestsAt(endpoint, way.destination, way.facts, way.subnet.vpcId);
  const unclearBecause = requests.length > 0 ? [] : ['what the task asks for is not known'];
  for (const request of requests) {
    const answer = decide(endpoint.policy, request);
    if (answer.decision === 'denied')
      return closed(
        where,
        `The policy of endpoint \`${id}\` does not allow \`${request.action}\` on \`${request.resource}\` (${answer.by})`,
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

/** What a pull asks for at an endpoint, and as whom. */
export type Asker = Pick<CollectedFacts, 'task' | 'images' | 'taskDefinition' | 'pullingRole'>;

/** The requests of a pull that the policy of an endpoint decides on. */
export function requestsAt(
  { vpcEndpointId, type }: VpcEndpoint,
  destination: Destination,
  facts: Asker,
  vpcId: string,
): readonly PolicyRequest[] {
  const { accountId } = facts.task.value;
  const role = knownValue(facts.pullingRole)?.roleArn;
  const context = {
    'aws:sourcevpce': [vpcEndpointId],
    'aws:sourcevpc': [vpcId],
    'aws:securetransport': ['true'],
  };
  return requestsTo(destination, facts).map((asked) =>
    destination.service === 's3'
      ? {
          ...asked,
          principal: { kind: 'foreign', notAccountIds: [accountId] },
          gatewayEndpoint: type.toLowerCase() === 'gateway',
          context: { ...context, ...ofEcrsAccount },
          absent: withoutPublicAddress,
          ...timeOf(facts.task.value),
        }
      : {
          ...asked,
          principal: role
            ? { kind: 'role', arn: role, accountId: role.split(':')[4] ?? accountId }
            : { kind: 'unknown' },
          context: { ...context, 'aws:principalaccount': [accountId] },
          absent: withoutPublicAddress,
          ...timeOf(facts.task.value),
        },
  );
}

// Neither the caller nor the bucket belongs to an organisation or account of the user.
const ofEcrsAccount = {
  'aws:principalaccount': ['an account of Amazon ECR'],
  'aws:principalorgid': ['an organization of AWS'],
  'aws:principalorgpaths': ['an organization of AWS'],
  'aws:resourceaccount': ['an account of Amazon ECR'],
  's3:resourceaccount': ['an account of Amazon ECR'],
  'aws:resourceorgid': ['an organization of AWS'],
  'aws:resourceorgpaths': ['an organization of AWS'],
};

function requestsTo(
  destination: Destination,
  facts: Asker,
): readonly Pick<PolicyRequest, 'action' | 'resource'>[] {
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

/** What lets such requests through, for every layer of the bucket. */
export function allowanceFor(requests: readonly PolicyRequest[]): Allowance {
  const [role] = requests.flatMap(({ principal }) => (principal.kind === 'role' ? [principal.arn] : []));
  return {
    Principal: role ? { AWS: role } : '*',
    Action: [...new Set(requests.map(({ action }) => action))],
    Resource: [...new Set(requests.map(({ resource }) => resource.replace(/(?<=-layer-bucket\/).*/, '*')))],
  };
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
