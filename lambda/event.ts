import * as v from 'valibot';
import { isPullFailure } from './error-text/is-pull-failure.ts';
import { withoutSecrets } from './error-text/without-secrets.ts';
import type { Container, LaunchType, StoppedTask } from './model/facts.ts';

/**
 * The stopped task in an `ECS Task State Change` event, or `null` if the event reports no failed pull.
 * Throws an error for what is no event at all. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
export function stoppedTask(event: unknown): StoppedTask | null {
  const envelope = v.safeParse(
    v.object({ 'detail-type': v.string(), detail: v.record(v.string(), v.unknown()) }),
    event,
  );
  if (!envelope.success)
    throw new Error('this is not an EventBridge event: expected an object with `detail-type` and `detail`');
  if (envelope.output['detail-type'] !== 'ECS Task State Change') return null;
  const task = taskFromDetail(envelope.output.detail);
  return pullErrorText(task) === null ? null : task;
}

/**
 * The text that says why the pull failed, or `null` if the task did not stop on a pull. On EC2 and on Fargate up to 1.3 the
 * failed container carries it; on Fargate from 1.4 on the task does.
 */
export function pullErrorText(task: StoppedTask): string | null {
  const failed = task.containers.find((container) => failedToPull(container));
  if (failed?.reason) return failed.reason;
  // Who stops a task by hand writes the reason, and may quote an error of another one.
  return task.stopCode !== 'UserInitiated' && isPullFailure(task.stoppedReason) ? task.stoppedReason : null;
}

/**
 * A container that ran kept an old pull error as its reason: the agent fell back to a cached image. And a container that
 * AWS injects (such as GuardDuty's agent) is not essential: its failed pull stops no task.
 */
export const failedToPull = ({ reason, ran, name, image }: Container): boolean =>
  reason !== null && !ran && !(image === null && /^aws-/.test(name)) && isPullFailure(reason);

/** A task as an event's `detail` or `ecs:DescribeTasks` shows it. Reads an allow-list of fields, whatever else is there. */
export function taskFromDetail(detail: unknown): StoppedTask {
  const parsed = v.safeParse(taskSchema, detail);
  if (!parsed.success)
    throw new Error('this is not an ECS task: expected an object with `taskArn` and `clusterArn`');
  const task = parsed.output;
  const arn = /^arn:[a-z0-9-]+:ecs:([a-z0-9-]+):(\d{12}):task\/\S+$/.exec(task.taskArn);
  if (!arn) throw new Error(`\`${cut(task.taskArn)}\` is not the ARN of an ECS task`);
  const [, region = '', accountId = ''] = arn;
  const network = task.attachments?.find(({ type }) => /^(?:eni|ElasticNetworkInterface)$/i.test(type ?? ''));
  const attached = (name: string) => network?.details?.find((one) => one.name === name)?.value ?? null;
  return {
    taskArn: task.taskArn,
    clusterArn: task.clusterArn ?? '',
    region,
    accountId,
    group: task.group,
    startedBy: task.startedBy,
    launchType: launchTypeOf(task),
    platformVersion: task.platformVersion,
    taskDefinitionArn: task.taskDefinitionArn,
    containerInstanceArn: task.containerInstanceArn,
    stoppedReason: withoutSecrets(task.stoppedReason ?? ''),
    stopCode: task.stopCode,
    createdAt: time(task.createdAt),
    pullStartedAt: time(task.pullStartedAt),
    stoppedAt: time(task.stoppedAt),
    version: task.version,
    containers: (task.containers ?? []).map(
      (one): Container => ({
        name: one.name ?? '',
        image: one.image,
        imageDigest: one.imageDigest,
        reason: one.reason === null ? null : withoutSecrets(one.reason),
        ran: one.exitCode !== null || one.runtimeId !== null || one.lastStatus === 'RUNNING',
      }),
    ),
    subnetId: attached('subnetId'),
    privateIpv4Address: attached('privateIPv4Address'),
    ephemeralStorageGiB: task.ephemeralStorage?.sizeInGiB ?? task.fargateEphemeralStorage?.sizeInGiB ?? null,
    cpuArchitecture: task.attributes?.find(({ name }) => name === 'ecs.cpu-architecture')?.value ?? null,
    // Of the overrides only this: the rest may hold environment values, and with them secrets.
    executionRoleArnOverride: task.overrides?.executionRoleArn ?? null,
    givenNetwork: null,
  };
}

// A field of another type than documented is as good as missing: one odd field must not hide a failed pull.
const text = v.fallback(v.nullable(v.string()), null);
const number = v.fallback(v.nullable(v.number()), null);
const moment = v.fallback(v.nullable(v.union([v.string(), v.number(), v.date()])), null);
const object = <const E extends v.ObjectEntries>(entries: E) =>
  v.fallback(v.nullable(v.object(entries)), null);
const list = <const E extends v.ObjectEntries>(entries: E) =>
  v.fallback(
    v.nullable(
      v.pipe(
        v.array(v.unknown()),
        v.transform((items) =>
          items.flatMap((item) => {
            const one = v.safeParse(v.object(entries), item);
            return one.success ? [one.output] : [];
          }),
        ),
      ),
    ),
    null,
  );

const missing = <S extends v.GenericSchema>(schema: S) => v.optional(schema, null as never);

const storage = object({ sizeInGiB: missing(number) });

const taskSchema = v.object({
  taskArn: v.string(),
  clusterArn: missing(text),
  group: missing(text),
  startedBy: missing(text),
  launchType: missing(text),
  capacityProviderName: missing(text),
  platformVersion: missing(text),
  taskDefinitionArn: missing(text),
  containerInstanceArn: missing(text),
  stoppedReason: missing(text),
  stopCode: missing(text),
  createdAt: missing(moment),
  pullStartedAt: missing(moment),
  stoppedAt: missing(moment),
  version: missing(number),
  containers: missing(
    list({
      name: missing(text),
      image: missing(text),
      imageDigest: missing(text),
      reason: missing(text),
      lastStatus: missing(text),
      runtimeId: missing(text),
      exitCode: missing(number),
    }),
  ),
  attachments: missing(
    list({ type: missing(text), details: missing(list({ name: missing(text), value: missing(text) })) }),
  ),
  attributes: missing(list({ name: missing(text), value: missing(text) })),
  ephemeralStorage: missing(storage),
  fargateEphemeralStorage: missing(storage),
  overrides: missing(object({ executionRoleArn: missing(text) })),
});

/** With a capacity provider `launchType` may be missing; a container instance then means EC2. */
function launchTypeOf(task: v.InferOutput<typeof taskSchema>): LaunchType | null {
  switch (task.launchType) {
    case 'FARGATE':
    case 'EC2':
    case 'EXTERNAL':
    case 'MANAGED_INSTANCES':
      return task.launchType;
    default:
      if (task.platformVersion || task.capacityProviderName?.startsWith('FARGATE')) return 'FARGATE';
      return task.containerInstanceArn ? 'EC2' : null;
  }
}

function time(value: string | number | Date | null): string | null {
  if (value === null) return null;
  // DescribeTasks gives seconds since 1970 on the wire, events give ISO 8601.
  const date = new Date(typeof value === 'number' ? value * 1000 : value);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

const cut = (value: string) => (value.length > 100 ? `${value.slice(0, 100)}…` : value);
