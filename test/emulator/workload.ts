import { type Aws, accountId, partitionOf } from './aws.ts';
import { must } from './must.ts';

export const trust = (service: string, Condition: object = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', Condition }],
  });

export const executionRolePolicy = 'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy';
export const instanceRolePolicy = 'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role';

/** A role that ECS, or an EC2 instance, pulls with. Answers its ARN. */
export async function makeRole(
  { iam, region }: Aws,
  RoleName: string,
  service: string,
  PolicyArn: string,
): Promise<string> {
  const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust(service) });
  await iam.attachRolePolicy({ RoleName, PolicyArn: PolicyArn.replace(':aws:', `:${partitionOf(region)}:`) });
  return must(Role?.Arn);
}

/** Pushes an image. Each call makes another digest. */
export async function pushImage(
  { ecr }: Aws,
  repositoryName: string,
  imageTag: string,
  layerBytes = 80_000_000,
): Promise<string> {
  pushed += 1;
  const digest = `sha256:${pushed.toString(16).padStart(8, '0').repeat(8)}`;
  const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: { mediaType: 'application/vnd.docker.container.image.v1+json', size: 7023, digest },
    layers: [{ mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', size: layerBytes, digest }],
  });
  const { image } = await ecr.putImage({
    repositoryName,
    imageTag,
    imageManifest,
    imageManifestMediaType: mediaType,
  });
  return must(image?.imageId?.imageDigest);
}
let pushed = 0;

/** Where an image of the account's registry is pulled from. */
export const imageUri = ({ region }: Aws, repositoryName: string, tagOrDigest: string) =>
  `${accountId}.dkr.ecr.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/${repositoryName}${tagOrDigest}`;

/** What of a task definition differs between the worlds. */
export interface TaskDefinitionOptions {
  readonly family: string;
  readonly image: string;
  readonly launchType: 'FARGATE' | 'EC2';
  readonly networkMode: 'awsvpc' | 'bridge';
  /** `null`: the instance's role pulls. */
  readonly executionRoleArn: string | null;
  /** ARNs of secrets and parameters. */
  readonly secretArns?: readonly string[];
}

/** Registers a task definition with one container, and answers its ARN. */
export async function registerTaskDefinition(
  { ecs, region }: Aws,
  options: TaskDefinitionOptions,
): Promise<string> {
  const { family, image, launchType, networkMode, executionRoleArn, secretArns = [] } = options;
  const { taskDefinition } = await ecs.registerTaskDefinition({
    family,
    networkMode,
    requiresCompatibilities: [launchType],
    cpu: '256',
    memory: '512',
    ...(executionRoleArn && { executionRoleArn }),
    containerDefinitions: [
      {
        name: 'app',
        image,
        essential: true,
        memory: 512,
        secrets: secretArns.map((valueFrom, index) => ({ name: `SECRET_${index}`, valueFrom })),
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': `/ecs/${family}`,
            'awslogs-region': region,
            'awslogs-stream-prefix': 'app',
          },
        },
      },
    ],
  });
  return must(taskDefinition?.taskDefinitionArn);
}

/** An EC2 instance with a role, registered with a cluster. */
export async function makeContainerInstance(
  { ec2, ecs, iam }: Aws,
  cluster: string,
  name: string,
  network: { readonly subnetId: string; readonly groupId: string },
) {
  const { InstanceProfile } = await iam.createInstanceProfile({ InstanceProfileName: name });
  await iam.addRoleToInstanceProfile({ InstanceProfileName: name, RoleName: name });
  const { Instances } = await ec2.runInstances({
    MinCount: 1,
    MaxCount: 1,
    ImageId: 'ami-03cf127a',
    InstanceType: 't3.small',
    SubnetId: network.subnetId,
    SecurityGroupIds: [network.groupId],
    IamInstanceProfile: { Arn: must(InstanceProfile?.Arn) },
  });
  const instance = must(Instances?.[0]);
  const instanceId = must(instance.InstanceId);
  const { containerInstance } = await ecs.registerContainerInstance({
    cluster,
    instanceIdentityDocument: JSON.stringify({ instanceId, accountId }),
  });
  return {
    instanceId,
    privateIpAddress: must(instance.PrivateIpAddress),
    containerInstanceArn: must(containerInstance?.containerInstanceArn),
  };
}
