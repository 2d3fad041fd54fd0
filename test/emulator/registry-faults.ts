import type { Fault } from './fault.ts';
import { tellLab } from './lab.ts';
import { must } from './must.ts';
import { withExecutionRole } from './role-faults.ts';
import {
  imageMissing,
  layersDenied,
  manifestDenied,
  manifestTimeout,
  repositoryMissing,
  roleUnusable,
  text,
  tokenDenied,
} from './texts.ts';
import { imageUri, pushImage, registerTaskDefinition, trust } from './workload.ts';
import { useImage, type World, worldKinds } from './world.ts';

const anyWorld = worldKinds;
const fargateAndEc2 = ['public', 'ec2'] as const;
const stranger = '444455556666';

const says = (name: string, of: (world: World) => string) => [text(name, anyWorld, of)];
const repositoryArn = ({ aws, name }: World) => `arn:aws:ecr:${aws.region}:123456789012:repository/${name}`;
const inAccount = (accountId: string, { image }: World) => image.replace('123456789012', accountId);
const inRegion = (region: string, { aws, image }: World) => image.replace(aws.region, region);

const use = (image: string) => async (world: World) => {
  await useImage(world, image);
  return image;
};

/** The policy of the repository denies: these statements, to everybody. */
const denying =
  (...statements: readonly object[]) =>
  async (world: World) => {
    const Statement = statements.map((one) => ({ Effect: 'Deny', Principal: '*', ...one }));
    await world.aws.ecr.setRepositoryPolicy({
      repositoryName: world.name,
      policyText: JSON.stringify({ Version: '2012-10-17', Statement }),
    });
    return repositoryArn(world);
  };

/** Faults of where the image is, of who may have it, and of what the registry makes of it. */
export const registryFaults: readonly Fault[] = [
  {
    name: 'the image names another Region, where the repository is not',
    worlds: ['public', 'private-nat', 'ec2'],
    break: async (world) => {
      const arn = repositoryArn(world).replace(world.aws.region, 'sa-east-1');
      await useImage(world, inRegion('sa-east-1', world));
      return arn;
    },
    texts: repositoryMissing,
    check: 'repository-not-found',
    evidence: 'arn:aws:ecr',
  },
  {
    name: 'the repository lets in only what comes from another VPC',
    worlds: ['public', 'private-nat', 'privatelink'],
    break: denying({
      Action: 'ecr:*',
      Condition: { StringNotEquals: { 'aws:SourceVpc': 'vpc-0a1b2c3d' } },
    }),
    texts: manifestDenied(''),
    check: 'repository-policy-denies-pull',
  },
  {
    name: 'the repository lets in only some public addresses, and an endpoint shows none',
    worlds: ['privatelink'],
    break: denying({
      Sid: 'Office',
      Action: 'ecr:*',
      Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
    }),
    texts: manifestDenied(''),
    check: 'repository-policy-denies-pull',
  },
  {
    name: 'the repository of another account does not let the role in',
    worlds: fargateAndEc2,
    break: async (world) => {
      await useImage(world, inAccount(stranger, world));
      return repositoryArn(world).replace('123456789012', stranger);
    },
    texts: says(
      'CannotPullContainerError, no resource-based policy',
      (world) =>
        `CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull images from the registry. Error response from daemon: pull access denied for ${world.image.replace(/:v1$/, '')}, repository does not exist or may require 'docker login': denied: User: arn:aws:sts::123456789012:assumed-role/${world.name}/0e1f is not authorized to perform: ecr:BatchGetImage on resource: ${repositoryArn(world).replace('123456789012', stranger)} because no resource-based policy allows the ecr:BatchGetImage action`,
    ),
    check: 'repository-policy-denies-pull',
  },
  {
    name: 'the registry policy denies all pulls',
    worlds: ['public'],
    region: 'eu-west-2',
    break: async ({ aws }) => {
      const Statement = [
        { Sid: 'Freeze', Effect: 'Deny', Principal: '*', Action: 'ecr:BatchGetImage', Resource: '*' },
      ];
      await aws.ecr.putRegistryPolicy({ policyText: JSON.stringify({ Version: '2012-10-17', Statement }) });
      return `123456789012.dkr.ecr.${aws.region}.amazonaws.com`;
    },
    texts: manifestDenied(''),
    check: 'registry-policy-denies-pull',
  },
  {
    name: 'an organization policy denies the pull',
    worlds: ['private-nat', 'privatelink'],
    break: async ({ roleArn }) => {
      await tellLab({ organizationDenies: { [roleArn]: ['ecr:BatchGetImage'] } });
      return roleArn;
    },
    texts: manifestDenied(''),
    check: 'organization-policy-denies-pull',
  },
  {
    name: 'an organization policy denies the token, and the text says so',
    worlds: ['privatelink', 'ec2'],
    break: async ({ roleArn }) => {
      await tellLab({ organizationDenies: { [roleArn]: ['ecr:GetAuthorizationToken'] } });
      return roleArn;
    },
    texts: tokenDenied('no service control policy allows the ACTION action'),
    check: 'organization-policy-denies-pull',
  },
  {
    name: 'a pull-through cache whose image is not there yet',
    worlds: ['public', 'private-nat'],
    break: async (world) => {
      const ecrRepositoryPrefix = `${world.name}-hub`;
      await world.aws.ecr.createPullThroughCacheRule({
        ecrRepositoryPrefix,
        upstreamRegistryUrl: 'registry-1.docker.io',
      });
      const image = imageUri(world.aws, `${ecrRepositoryPrefix}/library/nginx`, ':1.27');
      return use(image)(world);
    },
    texts: imageMissing,
    check: 'pull-through-cache-cannot-import',
  },
  {
    name: 'a pull-through cache whose prefix ends with a slash, and whose image is not there yet',
    worlds: ['public', 'private-nat'],
    break: async (world) => {
      const ecrRepositoryPrefix = `${world.name}-hub/`;
      await world.aws.ecr.createPullThroughCacheRule({
        ecrRepositoryPrefix,
        upstreamRegistryUrl: 'registry-1.docker.io',
      });
      return use(imageUri(world.aws, `${ecrRepositoryPrefix}library/nginx`, ':1.27'))(world);
    },
    texts: imageMissing,
    check: 'pull-through-cache-cannot-import',
  },
  {
    name: 'the repository denies its layers, and has another rule that nobody can judge',
    worlds: ['public', 'private-nat', 'privatelink'],
    break: denying(
      { Action: 'ecr:*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
      { Action: 'ecr:GetDownloadUrlForLayer' },
    ),
    texts: layersDenied(''),
    check: 'repository-policy-denies-pull',
  },
  {
    name: 'the service pins a digest that is gone, and the tag has moved on',
    worlds: ['public', 'privatelink'],
    break: async (world) => {
      await pushImage(world.aws, world.name, 'v1');
      return world.image;
    },
    texts: says('CannotPullContainerError, pinned digest not found', (world) => {
      const pinned = `${world.image}@sha256:${'0d'.repeat(32)}`;
      return `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${pinned}: ${pinned}: not found`;
    }),
    check: 'pinned-digest-gone',
  },
  {
    name: 'the key that encrypts the repository is disabled',
    worlds: fargateAndEc2,
    break: async (world) => {
      const kmsKey = `arn:aws:kms:${world.aws.region}:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000`;
      const repositoryName = `${world.name}-encrypted`;
      await world.aws.ecr.createRepository({
        repositoryName,
        encryptionConfiguration: { encryptionType: 'KMS', kmsKey },
      });
      await pushImage(world.aws, repositoryName, 'v1');
      await useImage(world, imageUri(world.aws, repositoryName, ':v1'));
      return kmsKey;
    },
    texts: says(
      'CannotPullContainerError, KmsError',
      (world) =>
        `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${world.image}: KMSDisabledException: the key of the image is disabled`,
    ),
    check: 'image-encryption-key-unusable',
  },
  {
    name: 'the host of the image is mistyped',
    worlds: ['public', 'ec2'],
    break: async (world) => use(world.image.replace('amazonaws.com', 'amazonaws.co'))(world),
    texts: says('CannotPullContainerError, no such host', (world) => {
      const host = world.image.slice(0, world.image.indexOf('/'));
      return `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${world.image}: failed to do request: Head "https://${host}/v2/${world.name}/manifests/v1": dial tcp: lookup ${host} on 10.20.0.2:53: no such host`;
    }),
    check: 'registry-host-unknown',
  },
  {
    name: 'the reference has upper case',
    worlds: ['privatelink', 'ec2'],
    break: async (world) => use(world.image.replace(world.name, 'Team/App'))(world),
    texts: says(
      'CannotPullContainerError, invalid reference format',
      () =>
        'CannotPullContainerError: invalid reference format: repository name (Team/App) must be lowercase',
    ),
    check: 'invalid-image-reference',
  },
  {
    name: 'the image was built for other CPUs',
    worlds: ['public', 'platform-1.3.0', 'ec2'],
    break: async ({ image }) => image,
    texts: says(
      'CannotPullContainerError, no descriptor',
      () =>
        "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'",
    ),
    check: 'platform-mismatch',
    evidence: 'linux/amd64',
  },
  {
    name: 'Docker Hub limits the address of the tasks',
    worlds: ['private-nat', 'ec2'],
    break: use('docker.io/acme/app:1.0'),
    texts: says(
      'CannotPullContainerError, toomanyrequests',
      () =>
        'CannotPullContainerError: inspect image has been retried 5 time(s): httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/acme/app/manifests/1.0: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.',
    ),
    check: 'registry-rate-limit',
  },
  {
    name: 'a registry of somebody else has no default route to it',
    worlds: ['private-nat', 'ec2'],
    break: async (world) => {
      await useImage(world, 'quay.io/acme/app:1.0');
      await world.aws.ec2.deleteRoute({
        RouteTableId: world.taskTableId,
        DestinationCidrBlock: '0.0.0.0/0',
      });
      return world.taskTableId;
    },
    texts: manifestTimeout('public'),
    check: 'no-route-to-registry',
  },
  {
    name: 'a public image of Amazon ECR in a VPC that has endpoints only',
    worlds: ['privatelink'],
    break: async (world) => {
      await useImage(world, 'public.ecr.aws/nginx/nginx:1.27');
      return [world.taskTableId, world.vpcId];
    },
    // Docker pulls from public.ecr.aws have no endpoint: the endpoints that stand there do not help.
    texts: manifestTimeout('public'),
    check: ['no-route-to-registry', 'endpoint-missing'],
  },
  {
    name: 'a secret of the task definition may not be read',
    worlds: ['public', 'private-nat'],
    break: async ({ aws, name }) => `arn:aws:secretsmanager:${aws.region}:123456789012:secret:${name}-a1b2c3`,
    texts: says('ResourceInitializationError, secret denied', ({ aws, name }) => {
      const secret = `arn:aws:secretsmanager:${aws.region}:123456789012:secret:${name}-a1b2c3`;
      return `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ${secret} from secrets manager: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/${name}/0e1f is not authorized to perform: secretsmanager:GetSecretValue on resource: ${secret} because no identity-based policy allows the secretsmanager:GetSecretValue action`;
    }),
    check: 'secret-unreadable',
  },
  {
    name: 'the role trusts ECS for the cluster alone, which AWS does not support',
    worlds: withExecutionRole,
    break: async ({ aws, name, roleArn, clusterArn }) => {
      await aws.iam.updateAssumeRolePolicy({
        RoleName: name,
        PolicyDocument: trust('ecs-tasks.amazonaws.com', { ArnLike: { 'aws:SourceArn': clusterArn } }),
      });
      return roleArn;
    },
    texts: roleUnusable,
    check: 'execution-role-not-assumable',
  },
  {
    name: 'the role of a task that was started by hand does not exist',
    worlds: ['public', 'private-nat'],
    break: async ({ name }) => `arn:aws:iam::123456789012:role/${name}-gone`,
    detail: ({ name }) => ({
      group: `family:${name}`,
      startedBy: 'nightly-report',
      overrides: {
        containerOverrides: [{ name: 'app' }],
        executionRoleArn: `arn:aws:iam::123456789012:role/${name}-gone`,
      },
    }),
    texts: says(
      'ResourceInitializationError, assume role',
      ({ name }) =>
        `ResourceInitializationError: unable to pull secrets or registry auth: ECS was unable to assume the role 'arn:aws:iam::123456789012:role/${name}-gone' that was provided for this task.`,
    ),
    check: 'execution-role-missing',
  },
  {
    name: 'a task definition on Fargate names no execution role',
    worlds: ['private-nat', 'privatelink'],
    break: async (world) => {
      world.taskDefinitionArn = await registerTaskDefinition(world.aws, {
        family: world.name,
        image: world.image,
        launchType: 'FARGATE',
        networkMode: 'awsvpc',
        executionRoleArn: null,
      });
      return must(world.taskDefinitionArn);
    },
    texts: says(
      'CannotPullContainerError, no basic auth credentials',
      ({ image }) =>
        `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`,
    ),
    check: 'execution-role-missing',
  },
];
