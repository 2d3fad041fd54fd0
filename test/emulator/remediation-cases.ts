import { accountId } from './aws.ts';
import { must } from './must.ts';
import { everywhere, https, setRules } from './network.ts';
import { detachPolicy } from './role-faults.ts';
import { imageMissing, manifestDenied, noIdentityPolicy, type Text, tokenTimeout } from './texts.ts';
import { pushImage } from './workload.ts';
import { type World, type WorldKind, withoutPublicIp } from './world.ts';

const Tag = { Key: 'ecs-pull-doctor:remediation', Value: 'allow' };
const tag = { key: Tag.Key, value: Tag.Value };

/** A world that a remediation can mend, and what happens to it. */
export interface Case {
  readonly id: string;
  readonly kind: WorldKind;
  readonly check: string;
  readonly texts: readonly Text[];
  break(world: World): Promise<unknown>;
  /** The owner says yes. */
  consent(world: World): Promise<unknown>;
  /** Somebody else changes the same resource. */
  meddle(world: World): Promise<unknown>;
}

const tagGroup = (id: (world: World) => string | null) => (world: World) =>
  world.aws.ec2.createTags({ Resources: [must(id(world))], Tags: [Tag] });
const foreign = https({ IpRanges: [{ CidrIp: '192.168.7.0/24', Description: 'by hand' }] });

export const cases: readonly Case[] = [
  {
    id: 'allow-https-egress',
    kind: 'private-nat',
    check: 'task-security-group-closed',
    texts: tokenTimeout('public'),
    break: ({ aws, taskGroupId }) =>
      setRules(aws, taskGroupId, 'egress', [
        { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: everywhere }] },
      ]),
    consent: tagGroup(({ taskGroupId }) => taskGroupId),
    meddle: ({ aws, taskGroupId }) =>
      aws.ec2.authorizeSecurityGroupEgress({ GroupId: taskGroupId, IpPermissions: [foreign] }),
  },
  {
    id: 'allow-endpoint-ingress',
    kind: 'privatelink',
    check: 'endpoint-security-group-closed',
    texts: tokenTimeout('endpoint'),
    break: ({ aws, endpointGroupId }) => setRules(aws, must(endpointGroupId), 'ingress', []),
    consent: tagGroup(({ endpointGroupId }) => endpointGroupId),
    meddle: ({ aws, endpointGroupId }) =>
      aws.ec2.authorizeSecurityGroupIngress({ GroupId: must(endpointGroupId), IpPermissions: [foreign] }),
  },
  {
    id: 'attach-execution-role-policy',
    kind: 'public',
    check: 'execution-role-cannot-pull',
    texts: manifestDenied(noIdentityPolicy),
    break: detachPolicy,
    consent: ({ aws, name }) => aws.iam.tagRole({ RoleName: name, Tags: [Tag] }),
    meddle: ({ aws, name }) =>
      aws.iam.attachRolePolicy({ RoleName: name, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
  },
  {
    id: 'assign-public-ip',
    kind: 'public',
    check: 'public-ip-missing',
    texts: tokenTimeout('public'),
    break: withoutPublicIp,
    consent: ({ aws, name }) =>
      aws.ecs.tagResource({
        resourceArn: `arn:aws:ecs:${aws.region}:${accountId}:service/${name}/${name}`,
        tags: [tag],
      }),
    meddle: ({ aws, name }) => aws.ecs.updateService({ cluster: name, service: name, desiredCount: 3 }),
  },
  {
    id: 'restore-archived-image',
    kind: 'public',
    check: 'image-archived',
    texts: imageMissing,
    break: ({ aws, name, digest }) =>
      aws.ecr.updateImageStorageClass({
        repositoryName: name,
        imageId: { imageDigest: digest },
        targetStorageClass: 'ARCHIVE',
      }),
    consent: ({ aws, name }) =>
      aws.ecr.tagResource({
        resourceArn: `arn:aws:ecr:${aws.region}:${accountId}:repository/${name}`,
        tags: [{ Key: tag.key, Value: tag.value }],
      }),
    meddle: ({ aws, name }) => pushImage(aws, name, 'v9'),
  },
];

/** What of a world a remediation could change. */
export async function settingsOf({ aws, vpcId, name }: World): Promise<unknown> {
  const [groups, policies, services, images] = await Promise.all([
    aws.ec2.describeSecurityGroups({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }),
    aws.iam.listAttachedRolePolicies({ RoleName: name }),
    aws.ecs.describeServices({ cluster: name, services: [name] }),
    aws.ecr.describeImages({ repositoryName: name, filter: { imageStatus: 'ANY' } }),
  ]);
  const { networkConfiguration, desiredCount, taskDefinition } = must(services.services?.[0]);
  const settings = {
    groups: groups.SecurityGroups?.map(({ GroupName, GroupId, IpPermissions, IpPermissionsEgress }) => ({
      GroupName,
      GroupId,
      IpPermissions,
      IpPermissionsEgress,
    })).toSorted((a, b) => `${a.GroupName}`.localeCompare(`${b.GroupName}`)),
    policies: policies.AttachedPolicies?.map(({ PolicyArn }) => PolicyArn).toSorted(),
    service: { networkConfiguration, desiredCount, taskDefinition },
    images: images.imageDetails?.map(({ imageDigest, imageTags, imageStatus }) => [
      imageDigest,
      imageTags,
      imageStatus,
    ]),
  };
  return JSON.parse(JSON.stringify(settings));
}
