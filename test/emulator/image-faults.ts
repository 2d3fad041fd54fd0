import type { Fault } from './fault.ts';
import { imageMissing, manifestDenied, noSpace, repositoryMissing } from './texts.ts';
import { imageUri, pushImage } from './workload.ts';
import { useImage, type World } from './world.ts';

const worlds = ['public', 'privatelink', 'platform-1.3.0', 'ec2'] as const;

const removeTag = ({ aws, name }: World, imageTag: string) =>
  aws.ecr.batchDeleteImage({ repositoryName: name, imageIds: [{ imageTag }] });

/** Faults of the image and of its repository, and of the disk that it must fit on. */
export const imageFaults: readonly Fault[] = [
  {
    name: 'the tag does not exist',
    worlds,
    break: async (world) => {
      await pushImage(world.aws, world.name, 'v2');
      await removeTag(world, 'v1');
      return world.image;
    },
    texts: imageMissing,
    check: 'image-not-found',
  },
  {
    name: 'the repository does not exist',
    worlds,
    break: async ({ aws, name, image }) => {
      const { repository } = await aws.ecr.deleteRepository({ repositoryName: name, force: true });
      return [name, `${repository?.repositoryArn}`, `${repository?.repositoryUri}`, image];
    },
    texts: repositoryMissing,
    check: 'repository-not-found',
  },
  {
    name: 'the digest does not exist',
    worlds,
    break: async (world) => {
      await useImage(world, imageUri(world.aws, world.name, `@${world.digest}`));
      await pushImage(world.aws, world.name, 'v2');
      await removeTag(world, 'v1');
      return world.image;
    },
    texts: imageMissing,
    check: ['image-not-found', 'pinned-digest-gone'],
  },
  {
    name: 'a lifecycle policy expired the image',
    worlds,
    break: async (world) => {
      const selection = {
        tagStatus: 'tagged',
        tagPrefixList: ['v'],
        countType: 'imageCountMoreThan',
        countNumber: 1,
      };
      await world.aws.ecr.putLifecyclePolicy({
        repositoryName: world.name,
        lifecyclePolicyText: JSON.stringify({
          rules: [{ rulePriority: 1, selection, action: { type: 'expire' } }],
        }),
      });
      await pushImage(world.aws, world.name, 'v2');
      await removeTag(world, 'v1');
      return world.image;
    },
    texts: imageMissing,
    check: 'image-expired-by-lifecycle-policy',
  },
  {
    name: 'the image is archived',
    worlds: ['public', 'ec2'],
    break: async ({ aws, name, digest, image }) => {
      const imageId = { imageDigest: digest };
      await aws.ecr.updateImageStorageClass({ repositoryName: name, imageId, targetStorageClass: 'ARCHIVE' });
      return image;
    },
    texts: imageMissing,
    check: 'image-archived',
  },
  {
    name: 'the repository policy denies the pull',
    worlds: ['public', 'privatelink'],
    break: async ({ aws, name, image }) => {
      const Statement = [{ Effect: 'Deny', Principal: '*', Action: 'ecr:BatchGetImage' }];
      const policyText = JSON.stringify({ Version: '2012-10-17', Statement });
      await aws.ecr.setRepositoryPolicy({ repositoryName: name, policyText });
      const { repositories } = await aws.ecr.describeRepositories({ repositoryNames: [name] });
      return [name, `${repositories?.[0]?.repositoryArn}`, image];
    },
    texts: manifestDenied(''),
    check: 'repository-policy-denies-pull',
  },
  {
    name: 'the image is larger than the disk of the task',
    worlds: ['public', 'privatelink', 'ec2'],
    break: async (world) => {
      await pushImage(world.aws, world.name, 'big', 25_000_000_000);
      await useImage(world, imageUri(world.aws, world.name, ':big'));
      return [world.image, world.taskDefinitionArn, `${world.instanceId}`];
    },
    texts: noSpace,
    check: 'no-space-left',
  },
];
