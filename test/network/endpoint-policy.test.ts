import { expect, test } from '@jest/globals';
import { parseImageReference } from '../../lambda/image/reference.ts';
import type { CollectedFacts, Facts, VpcEndpoint } from '../../lambda/model/facts.ts';
import type { Destination } from '../../lambda/model/network.ts';
import { allowanceFor, policyHop, requestsAt } from '../../lambda/network/endpoint-policy.ts';
import type { Walk } from '../../lambda/network/walk.ts';
import { known, refused } from '../support/asking.ts';
import { snapshotOf } from '../support/snapshots.ts';

const { facts } = snapshotOf('healthy-privatelink-umbrella');
const account = '111122223333';
const region = 'eu-west-1';
const registry = `${account}.dkr.ecr.${region}.amazonaws.com`;
const role = `arn:aws:iam::${account}:role/ecsTaskExecutionRole`;
const destinations: Readonly<Record<string, Destination>> = {
  manifest: { host: registry, step: 'manifest', service: 'ecr.dkr', region },
  layers: { host: `s3.${region}.amazonaws.com`, step: 'layers', service: 's3', region },
  parameters: { host: `ssm.${region}.amazonaws.com`, step: 'secrets', service: 'ssm', region },
  secrets: {
    host: `secretsmanager.${region}.amazonaws.com`,
    step: 'secrets',
    service: 'secretsmanager',
    region,
  },
};
const allow = (more: object = {}) => ({
  Effect: 'Allow',
  Principal: '*',
  Action: '*',
  Resource: '*',
  ...more,
});
const to = (AWS: string) => ({ Principal: { AWS } });
const perhaps = { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'shop' } } };

const definition = facts.taskDefinition.status === 'known' ? facts.taskDefinition.value : null;
const withSecrets = (credentialsParameter: string | null, ...secretArns: readonly string[]) => ({
  taskDefinition: known({
    ...(definition as NonNullable<Facts['taskDefinition']>),
    containers: [{ name: 'web', image: 'web', secretArns, credentialsParameter }],
  }),
});
const both = withSecrets(
  'registry/credentials',
  '/app/key',
  `arn:aws:secretsmanager:${region}:${account}:secret:db:key::`,
);
const imagesOf = (...names: readonly string[]) => ({
  images: known(names.map((name) => parseImageReference(name))),
});
const ofRole = (roleArn: string) => ({
  pullingRole: known({
    ...(facts.pullingRole as { value: NonNullable<Facts['pullingRole']> }).value,
    roleArn,
  }),
});

function verdict(of: string, statements: readonly object[] | null, changes: Partial<CollectedFacts> = {}) {
  const [what = '', ...by] = of.split(' ');
  const type = by.length > 0 ? 'Gateway' : 'Interface';
  const policy = statements && JSON.stringify({ Statement: statements });
  const endpoint = { vpcEndpointId: 'vpce-0a1', type, policy };
  const way = {
    facts: { ...facts, ...changes },
    destination: destinations[what],
    subnet: { vpcId: 'vpc-0a1' },
  };
  return policyHop(way as unknown as Walk, endpoint as unknown as VpcEndpoint).verdict;
}

type Case = readonly [string, string, readonly object[] | null, Partial<CollectedFacts>, string];
test.each<Case>([
  ['all', 'manifest', [allow()], {}, 'open'],
  ['all, as there is none', 'manifest', null, {}, 'open'],
  ['the role', 'manifest', [allow(to(role))], {}, 'open'],
  ['another role', 'manifest', [allow(to(`${role}2`))], {}, 'closed'],
  [
    'the role, and nobody knows which pulls',
    'manifest',
    [allow(to(role))],
    { pullingRole: refused },
    'unknown',
  ],
  ['all, and nobody knows which role pulls', 'manifest', [allow()], { pullingRole: refused }, 'open'],
  [
    'the account of the role, which is not that of the task',
    'manifest',
    [allow(to('999922223333'))],
    ofRole('arn:aws:iam::999922223333:role/x'),
    'open',
  ],
  ['one of two calls', 'manifest', [allow({ Action: 'ecr:BatchGetImage' })], {}, 'closed'],
  [
    'one of two calls, and the other perhaps',
    'manifest',
    [allow({ Action: 'ecr:BatchGetImage' }), allow(perhaps)],
    {},
    'unknown',
  ],
  ['all, perhaps', 'manifest', [allow(perhaps)], {}, 'unknown'],
  ['all, and nobody knows what is asked for', 'manifest', [allow()], { images: refused }, 'unknown'],
  [
    'the repository, which an image elsewhere is not in',
    'manifest',
    [allow({ Resource: `arn:aws:ecr:${region}:${account}:repository/web` })],
    imagesOf(`${registry}/web:1`, 'ghcr.io/acme/app:1'),
    'open',
  ],

  ['somebody else’s account', 'layers', [allow(to('999922223333'))], {}, 'unknown'],
  ['somebody else’s root user', 'layers by gateway', [allow(to('999922223333'))], {}, 'closed'],
  ['our account', 'layers', [allow(to(account))], {}, 'closed'],
  ['everybody', 'layers by gateway', [allow()], {}, 'open'],
  [
    'buckets of our account',
    'layers',
    [allow({ Condition: { StringEquals: { 's3:ResourceAccount': account } } })],
    {},
    'closed',
  ],
  [
    'all but buckets of other accounts',
    'layers by gateway',
    [allow(), allow({ Effect: 'Deny', Condition: { StringNotEquals: { 's3:ResourceAccount': account } } })],
    {},
    'closed',
  ],

  ['parameters', 'parameters', [allow({ Action: 'ssm:GetParameters' })], both, 'open'],
  [
    'the parameter by its name',
    'parameters',
    [allow({ Resource: `arn:aws:ssm:${region}:${account}:parameter/app/key` })],
    both,
    'open',
  ],
  [
    'the parameter, where no registry asks for credentials',
    'parameters',
    [allow()],
    withSecrets(null, '/app/key'),
    'open',
  ],
  ['secrets', 'secrets', [allow({ Action: 'secretsmanager:GetSecretValue' })], both, 'open'],
  [
    'one of two secrets',
    'secrets',
    [allow({ Resource: `arn:aws:secretsmanager:${region}:${account}:secret:db` })],
    both,
    'closed',
  ],
  [
    'both secrets by their names',
    'secrets',
    ['db', 'registry/credentials'].map((name) =>
      allow({ Resource: `arn:aws:secretsmanager:${region}:${account}:secret:${name}` }),
    ),
    both,
    'open',
  ],
  ['secrets, and nobody knows which', 'secrets', [allow()], { taskDefinition: refused }, 'unknown'],
])('the policy of an endpoint allows %s', (_, of, statements, changes, expected) => {
  expect(verdict(of, statements, changes)).toBe(expected);
});

// The layers are fetched by an account of Amazon ECR, of which AWS does not say the number.
test.each([
  [
    'manifest',
    { AWS: role },
    ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    `arn:aws:ecr:${region}:${account}:repository/web`,
  ],
  ['layers', '*', ['s3:GetObject'], `arn:aws:s3:::prod-${region}-starport-layer-bucket/*`],
])('what lets the requests for the %s through', (of, Principal, Action, resource) => {
  const endpoint = { vpcEndpointId: 'vpce-0a1', type: 'Interface' } as VpcEndpoint;
  const asked = { ...facts, ...imagesOf(`${registry}/web:1`) };
  const requests = requestsAt(endpoint, destinations[of] as Destination, asked, 'vpc-0a1');

  expect(allowanceFor(requests)).toEqual({ Principal, Action, Resource: [resource] });
});
