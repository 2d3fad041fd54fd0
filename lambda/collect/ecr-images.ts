import type { ImageDetail } from '@aws-sdk/client-ecr';
import type { Read } from '../aws/api.ts';
import { CallFailed } from '../aws/call-failed.ts';
import { pullErrorText } from '../event.ts';
import { repositoryArn } from '../image/repository-arn.ts';
import type {
  EcrImage,
  EcrManifest,
  EcrTag,
  Fact,
  ImageReference,
  PullThroughCacheRule,
  StoppedTask,
} from '../model/facts.ts';
import { allPages } from './answered.ts';
import { defineCollector } from './define.ts';
import { factOf } from './fact.ts';

/**
 * What Amazon ECR knows about each suspect image, asked in the image's own Region. Never `ecr:BatchGetImage`: it counts as a
 * pull and makes a pull-through cache import. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
 */
export default defineCollector({
  fact: 'ecrImages',
  needs: ['task', 'images'],

  collect: ({ task, images }, read) =>
    Promise.all(
      images.filter(({ ecr }) => ecr).map((image) => ecrImage(image, repositoryArn(image, task), task, read)),
    ),
});

/** Services fix a tag to a digest, and ECS then asks for that. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html#deployment-container-image-stability */
function pinnedDigest({ digest, container, repository }: ImageReference, task: StoppedTask): string | null {
  if (digest) return null;
  const text = pullErrorText(task) ?? '';
  const said = new RegExp(`${repository.replaceAll('.', '\\.')}(?::[\\w.-]+)?@(sha256:[0-9a-f]{64})`).exec(
    text,
  )?.[1];
  return said ?? task.containers.find(({ name }) => name === container)?.imageDigest ?? null;
}

async function ecrImage(
  image: ImageReference,
  arn: string,
  task: StoppedTask,
  read: Read,
): Promise<EcrImage> {
  const region = image.ecr?.region ?? '';
  const where = { registryId: image.ecr?.accountId ?? '', repositoryName: image.repository };
  const digest = pinnedDigest(image, task);
  const listing = () => allImages(where, region, read);
  const [manifest, pinned, repositoryPolicy, pullThroughCacheRule, encryptionKey] = await Promise.all([
    factOf(() => manifestOf(image, where, region, read, listing)),
    digest ? factOf(() => manifestOf({ ...image, digest }, where, region, read, listing)) : null,
    factOf(() =>
      absent(['RepositoryPolicyNotFoundException', 'RepositoryNotFoundException'], async () => {
        const { policyText } = await read('ecr:GetRepositoryPolicy', where, region);
        return given('ecr:GetRepositoryPolicy', policyText);
      }),
    ),
    factOf(() => pullThroughCacheRuleOf(image, region, read)),
    // Which key encrypts the images matters only where the text speaks of one.
    /kms/i.test(pullErrorText(task) ?? '') ? factOf(() => encryptionKeyOf(where, region, read)) : null,
  ]);
  const isMissing = manifest.status === 'known' && manifest.value === null;
  // What else is there, and what removes images, matters only where the image is missing.
  const [otherTags, lifecyclePolicy] = isMissing
    ? await Promise.all([
        factOf(async () => tagsOf(await listing())),
        factOf(() => lifecyclePolicyOf(where, region, read)),
      ])
    : [null, null];
  return {
    image: image.text,
    repositoryArn: arn,
    repositoryExists:
      manifest.status === 'unknown'
        ? manifest
        : { status: 'known', value: manifest.value !== 'no repository' },
    repositoryElsewhere:
      manifest.status === 'known' && manifest.value === 'no repository'
        ? await factOf(() => elsewhere(image, task, read))
        : null,
    manifest: withoutRepository(manifest),
    pinned: digest && pinned ? { digest, manifest: withoutRepository(pinned) } : null,
    otherTags,
    lifecyclePolicy,
    repositoryPolicy,
    pullThroughCacheRule,
    encryptionKey,
  };
}

function given(action: string, text: string | undefined): string {
  if (!text) throw new CallFailed(action, 'EmptyAnswer', 'no-answer');
  return text;
}

async function absent<T>(codes: readonly string[], learn: () => Promise<T>): Promise<T | null> {
  try {
    return await learn();
  } catch (error) {
    if (error instanceof CallFailed && codes.includes(error.code)) return null;
    throw error;
  }
}

interface Where {
  readonly registryId: string;
  readonly repositoryName: string;
}

/** The commonest mistake in a host is the Region, then the account: look where the task itself runs. */
async function elsewhere(
  { ecr, repository }: ImageReference,
  task: StoppedTask,
  read: Read,
): Promise<string | null> {
  if (ecr?.region === task.region && ecr.accountId === task.accountId) return null;
  return absent(['RepositoryNotFoundException'], async () => {
    const { repositories } = await read(
      'ecr:DescribeRepositories',
      { registryId: task.accountId, repositoryNames: [repository] },
      task.region,
    );
    return repositories?.[0]?.repositoryArn ?? null;
  });
}

const encryptionKeyOf = (
  { registryId, repositoryName }: Where,
  region: string,
  read: Read,
): Promise<string | null> =>
  absent(['RepositoryNotFoundException'], async () => {
    const { repositories } = await read(
      'ecr:DescribeRepositories',
      { registryId, repositoryNames: [repositoryName] },
      region,
    );
    if (!repositories?.[0]) throw new CallFailed('ecr:DescribeRepositories', 'EmptyAnswer', 'no-answer');
    return repositories[0].encryptionConfiguration?.kmsKey ?? null;
  });

const lifecyclePolicyOf = (where: Where, region: string, read: Read): Promise<string | null> =>
  absent(['LifecyclePolicyNotFoundException', 'RepositoryNotFoundException'], async () => {
    const { lifecyclePolicyText } = await read('ecr:GetLifecyclePolicy', where, region);
    return given('ecr:GetLifecyclePolicy', lifecyclePolicyText);
  });

/** The image; `null` if the repository does not have it. AWS tells a missing repository from a missing image. */
async function manifestOf(
  { tag, digest }: ImageReference,
  where: Where,
  region: string,
  read: Read,
  listing: () => Promise<readonly ImageDetail[]>,
): Promise<EcrManifest | null | 'no repository'> {
  const imageIds = [digest ? { imageDigest: digest } : { imageTag: tag ?? 'latest' }];
  try {
    const found = await absent(['ImageNotFoundException'], async () => {
      const { imageDetails } = await read('ecr:DescribeImages', { ...where, imageIds }, region);
      if (!imageDetails?.[0]) throw new CallFailed('ecr:DescribeImages', 'EmptyAnswer', 'no-answer');
      return imageDetails[0];
    });
    if (found) return manifestFrom(found);
    // The call above shows active images only: an archived one is there, and yet cannot be pulled.
    const archived = (await listing()).find((one) =>
      digest ? one.imageDigest === digest : tag !== null && one.imageTags?.includes(tag),
    );
    return archived?.imageStatus && archived.imageStatus !== 'ACTIVE' ? manifestFrom(archived) : null;
  } catch (error) {
    if (error instanceof CallFailed && error.code === 'RepositoryNotFoundException') return 'no repository';
    throw error;
  }
}

const withoutRepository = (manifest: Fact<EcrManifest | null | 'no repository'>): Fact<EcrManifest | null> =>
  manifest.status === 'known'
    ? { status: 'known', value: manifest.value === 'no repository' ? null : manifest.value }
    : manifest;

const manifestFrom = (detail: ImageDetail): EcrManifest => ({
  digest: detail.imageDigest ?? '',
  tags: detail.imageTags ?? [],
  sizeInBytes: detail.imageSizeInBytes ?? null,
  mediaType: detail.imageManifestMediaType ?? null,
  pushedAt: detail.imagePushedAt?.toISOString() ?? null,
  status:
    detail.imageStatus === 'ARCHIVED' || detail.imageStatus === 'ACTIVATING' ? detail.imageStatus : 'ACTIVE',
});

const allImages = (where: Where, region: string, read: Read) =>
  allPages('ecr:DescribeImages', async (nextToken) => {
    const answer = await read(
      'ecr:DescribeImages',
      { ...where, nextToken, maxResults: 1000, filter: { imageStatus: 'ANY' } },
      region,
    );
    return { items: answer.imageDetails, next: answer.nextToken };
  });

/** More tags than anybody reads would only make the snapshot large. */
const tagLimit = 1000;

const tagsOf = (images: readonly ImageDetail[]): readonly EcrTag[] =>
  images
    .filter(({ imageStatus }) => (imageStatus ?? 'ACTIVE') === 'ACTIVE')
    .toSorted((a, b) => (b.imagePushedAt?.getTime() ?? 0) - (a.imagePushedAt?.getTime() ?? 0))
    .flatMap(({ imageTags = [], imageDigest = '', imagePushedAt }) =>
      imageTags.map((tag) => ({ tag, digest: imageDigest, pushedAt: imagePushedAt?.toISOString() ?? null })),
    )
    .slice(0, tagLimit);

/** The rule with the longest prefix that the repository begins with; the prefix `ROOT` stands for all. */
async function pullThroughCacheRuleOf(
  { ecr, repository }: ImageReference,
  region: string,
  read: Read,
): Promise<PullThroughCacheRule | null> {
  const rules = await allPages('ecr:DescribePullThroughCacheRules', async (nextToken) => {
    const answer = await read(
      'ecr:DescribePullThroughCacheRules',
      { registryId: ecr?.accountId, nextToken },
      region,
    );
    return { items: answer.pullThroughCacheRules, next: answer.nextToken };
  });
  const [best] = rules
    // A prefix may end with the slash that stands after it anyway.
    .map((rule) => ({ rule, prefix: rule.ecrRepositoryPrefix?.replace(/\/$/, '') ?? '' }))
    .filter(({ prefix }) => prefix === 'ROOT' || (prefix && repository.startsWith(`${prefix}/`)))
    // `ROOT` stands for what no other rule is about.
    .toSorted((a, b) => lengthOf(b.prefix) - lengthOf(a.prefix));
  if (!best) return null;
  const { rule, prefix } = best;
  return {
    prefix: rule.ecrRepositoryPrefix ?? prefix,
    upstreamRegistry: rule.upstreamRegistry ?? null,
    upstreamUrl: rule.upstreamRegistryUrl ?? null,
  };
}

const lengthOf = (prefix: string) => (prefix === 'ROOT' ? 0 : prefix.length);
