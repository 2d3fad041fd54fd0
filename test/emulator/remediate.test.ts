import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan, Run } from '../../lambda/model/remediation.ts';
import { bundledProgram } from '../cli/program.ts';
import { accountId } from './aws.ts';
import { stoppedTaskEvent, type TaskEvent } from './event.ts';
import { must } from './must.ts';
import { everywhere, https, setRules } from './network.ts';
import { diagnoseEvent } from './product.ts';
import { detachPolicy } from './role-faults.ts';
import { registerStoppedTask } from './stopped-task.ts';
import { imageMissing, manifestDenied, noIdentityPolicy, type Text, tokenTimeout } from './texts.ts';
import { pushImage } from './workload.ts';
import { buildWorld, type World, type WorldKind, withoutPublicIp } from './world.ts';

const Tag = { Key: 'ecs-pull-doctor:remediation', Value: 'allow' };
const tag = { key: Tag.Key, value: Tag.Value };

interface Case {
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

const cases: readonly Case[] = [
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
async function settingsOf({ aws, vpcId, name }: World): Promise<unknown> {
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

// Each case runs the program four times, and diagnoses three times.
jest.setTimeout(180_000);

let program: ReturnType<typeof bundledProgram>;
beforeAll(() => {
  program = bundledProgram();
});
afterAll(() => program.remove());

describe.each(cases)('$id', ({ id, kind, check, texts, ...acts }) => {
  let world: World;
  let event: TaskEvent;
  let folder: string;

  const cli = (...args: string[]) => program.run(args, { env: process.env });
  const journal = () => join(folder, 'journal.json');
  const remediate = (...args: string[]) =>
    cli('remediate', '--task', String(event.detail['taskArn']), '--journal', journal(), ...args);
  const undo = () => cli('undo', '--journal', journal());
  const written = () => JSON.parse(readFileSync(journal(), 'utf8')) as { plans: Plan[]; runs: Run[] };
  const causes = async () => must(await diagnoseEvent(event)).diagnosis.causes.map((cause) => cause.check.id);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ecs-pull-doctor-remediate-'));
    world = await buildWorld(kind);
    await acts.break(world);
    const text = must(texts.find(({ worlds }) => worlds.includes(kind)));
    event = stoppedTaskEvent(world, text.of(world));
    await registerStoppedTask(event.detail);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('broken, planned, refused without consent, applied, gone, undone, back', async () => {
    expect(await causes()).toEqual([check]);
    const broken = await settingsOf(world);

    const refused = await remediate('--apply', '--yes');
    expect(refused).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/Refused, nothing is changed: .* does not have the tag/),
    });
    expect(await settingsOf(world)).toEqual(broken);

    await acts.consent(world);
    const shown = await remediate();
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining(`: ${id}`) });
    expect(await settingsOf(world)).toEqual(broken);

    const applied = await remediate('--apply', '--yes', '--plan', must(written().plans[0]).id);
    expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining(': applied') });
    expect(written().runs).toMatchObject([{ status: 'applied', by: expect.stringMatching(/^arn:aws:/) }]);
    expect(await causes()).toEqual([]);

    expect(await undo()).toMatchObject({ code: 0, stdout: expect.stringContaining(': undone') });
    expect(await settingsOf(world)).toEqual(broken);
    expect(await causes()).toEqual([check]);
  });

  test("somebody else's change in between survives", async () => {
    await acts.consent(world);
    const before = await settingsOf(world);
    expect(await remediate('--apply', '--yes')).toMatchObject({ code: 0 });
    await acts.meddle(world);

    expect(await undo()).toMatchObject({ code: 0 });

    const after = await settingsOf(world);
    expect(after).not.toEqual(before);
    // The same change to the world as it was gives the same: theirs is there, and ours is not.
    const untouched = await buildWorld(kind);
    await acts.break(untouched);
    await acts.meddle(untouched);
    expect(anonymous(after, world)).toEqual(anonymous(await settingsOf(untouched), untouched));
  });
});

/** Two worlds that are the same but for their names. */
function anonymous(settings: unknown, world: World): unknown {
  const names = [
    world.name,
    world.taskGroupId,
    world.endpointGroupId,
    world.taskSubnetId,
    world.otherSubnetId,
  ];
  const text = names.reduce<string>(
    (all, name, index) => (name ? all.replaceAll(name, `<${index}>`) : all),
    JSON.stringify(settings),
  );
  return JSON.parse(text.replace(/sg-[0-9a-f]+/g, '<sg>').replace(/sha256:[0-9a-f]{64}/g, '<digest>'));
}
