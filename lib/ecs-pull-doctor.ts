import { type Duration, Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import { EventBus, type EventPattern, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { Dashboard } from './dashboard.ts';
import { encryptedQueue } from './encrypted-queue.ts';
import { encryptedTopic } from './encrypted-topic.ts';
import {
  goodNewsPattern,
  mustFit,
  serviceActionPattern,
  stoppedTaskPattern,
  wakeEvent,
} from './event-pattern.ts';
import { incidentTable } from './incident-table.ts';
import { mustBeCount, mustBeRegistryHost, mustHaveApprovers } from './input.ts';
import { ownFunction } from './own-function.ts';
import { readStatement, tableStatements } from './permissions.ts';
import { idsOf, type Remediation } from './remediation.ts';
import { Remediator } from './remediator.ts';
import { SlackChannel } from './slack-channel.ts';
import { timing } from './timing.ts';

export interface EcsPullDoctorProps {
  /**
   * Where findings are published. A topic encrypted with a key of yours must let the function use the key.
   *
   * @default - a new topic, encrypted and TLS only
   */
  readonly topic?: ITopic;
  /**
   * Clusters whose tasks are diagnosed.
   *
   * @default - all clusters of the account in this Region
   */
  readonly clusters?: readonly ICluster[];
  /**
   * Id of a Slack workspace, e.g. `T0123ABCDEF`; `slackChannelId` is then needed too.
   *
   * @default - nothing is sent to Slack
   */
  readonly slackWorkspaceId?: string;
  /**
   * Id of a Slack channel, e.g. `C0123ABCDEF`; `slackWorkspaceId` is then needed too.
   *
   * @default - nothing is sent to Slack
   */
  readonly slackChannelId?: string;
  /**
   * Who is told when the doctor itself is ill. CloudWatch must be allowed to publish to it, so it cannot be `topic`, nor any
   * topic under the key that AWS keeps for Amazon SNS.
   *
   * @default - the alarms exist and tell nobody
   */
  readonly alarmTopic?: ITopic;
  /**
   * Failed tasks of a service before it is told; must not be above the threshold of the deployment circuit breaker, which stops
   * trying after 3 at the least. Tasks without a service are always told at once.
   *
   * @default 1
   */
  readonly minimumFailures?: number;
  /**
   * How long a service may fail before it is told, if it has not recovered by then. Tasks without a service are always told at
   * once.
   *
   * @default - told at once
   */
  readonly quietWindow?: Duration;
  /**
   * Whether registries outside Amazon ECR are asked about an image that could not be pulled, as anybody may ask: without
   * credentials, and without a pull.
   *
   * @default true
   */
  readonly askRegistries?: boolean;
  /**
   * Hosts of further registries that may be asked, e.g. `registry.example.com`. They must be on the internet.
   *
   * @default - only Docker Hub, ghcr.io, quay.io and public.ecr.aws
   */
  readonly registries?: readonly string[];
  /**
   * Changes that may be made to put a failed pull right, on resources that their owner has tagged. They are made by a function
   * of its own, which has no other permissions to change anything.
   *
   * @default - nothing is ever changed
   */
  readonly remediations?: readonly Remediation[];
  /**
   * ARNs of IAM users and roles, at most 10, one of whom has to approve each change, in AWS Systems Manager.
   *
   * @default - nobody is asked; then all `remediations` must be in `automaticRemediations` too
   */
  readonly approvers?: readonly string[];
  /**
   * Those of the `remediations` that are made without asking anybody, once per incident. `ASSIGN_PUBLIC_IP` cannot be.
   *
   * @default - none: a person has to approve each
   */
  readonly automaticRemediations?: readonly Remediation[];
  /**
   * How many changes may be made in an hour without asking anybody.
   *
   * @default 3
   */
  readonly automaticPerHour?: number;
  /**
   * How long the function's log is kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * Whether there is a dashboard, with a function of its own that shows the incidents.
   *
   * @default true
   */
  readonly dashboard?: boolean;
}

/** Diagnoses every ECS task that stops because it cannot pull its image, and publishes the findings. */
export class EcsPullDoctor extends Construct {
  /** Where findings are published. Subscriptions are yours to make. */
  readonly topic: ITopic;
  /** The topic of the Slack channel, if there is one. */
  readonly chatTopic?: ITopic;
  readonly function: LambdaFunction;
  /** Where events wait for the function. */
  readonly queue: Queue;
  /** What is known of incidents. */
  readonly table: Table;
  readonly alarms: readonly Alarm[];
  /** What makes changes, if any are enabled. */
  readonly remediator?: Remediator;
  /** How the doctor is doing, unless it was not wanted. */
  readonly dashboard?: Dashboard;

  constructor(scope: Construct, id: string, props: EcsPullDoctorProps = {}) {
    super(scope, id);
    if (props.alarmTopic && props.alarmTopic === props.topic)
      throw new Error(
        'alarmTopic must not be the topic of the findings: give the alarms a topic of their own',
      );

    const { askRegistries = true, registries = [] } = props;
    if (!askRegistries && registries.length > 0)
      throw new Error('registries names hosts that may be asked, and askRegistries is false: give only one');
    for (const host of registries) mustBeRegistryHost(host);
    if (props.minimumFailures !== undefined) mustBeCount('minimumFailures', props.minimumFailures);

    const { remediations = [], automaticRemediations: automatic = [], approvers = [] } = props;
    mustHaveApprovers(remediations, automatic, approvers);
    if (props.automaticPerHour !== undefined) mustBeCount('automaticPerHour', props.automaticPerHour);

    this.topic = props.topic ?? encryptedTopic(this, 'Topic');
    const slack = props.slackWorkspaceId !== undefined || props.slackChannelId !== undefined;
    if (slack) this.chatTopic = new SlackChannel(this, 'Slack', props).topic;

    const undelivered = deadLetterQueue(this, 'UndeliveredEvents');
    const unhandled = deadLetterQueue(this, 'UnhandledRecords');
    this.queue = encryptedQueue(this, 'Queue', {
      visibilityTimeout: timing.visibilityTimeout,
      deadLetterQueue: { queue: unhandled, maxReceiveCount: timing.maxReceiveCount },
    });

    const clusterArns = (props.clusters ?? []).map(({ clusterArn }) => clusterArn);
    mustFit(clusterArns);
    const send = (ruleId: string, description: string, eventPattern: EventPattern) =>
      new Rule(this, ruleId, { description, eventPattern }).addTarget(
        new SqsQueue(this.queue, { deadLetterQueue: undelivered }),
      );
    send('StoppedTasks', 'ECS tasks that could not pull their image', stoppedTaskPattern(clusterArns));
    send(
      'ServiceActions',
      'ECS services that cannot start a task for its image or role',
      serviceActionPattern(clusterArns),
    );

    send('GoodNews', 'ECS services that may run again', goodNewsPattern);
    new Rule(this, 'Time', {
      description: 'Wakes the function, to tell how incidents go on',
      schedule: Schedule.rate(timing.wakeEvery),
    }).addTarget(
      new SqsQueue(this.queue, {
        message: RuleTargetInput.fromObject(wakeEvent),
        deadLetterQueue: undelivered,
      }),
    );
    this.table = incidentTable(this, 'Incidents');

    const logRetention = props.logRetention ?? RetentionDays.ONE_MONTH;
    const own = ownFunction(this, {
      bundle: 'lambda',
      description: 'Says why an Amazon ECS task could not pull its image',
      timeout: timing.functionTimeout,
      logRetention,
      environment: {
        TOPIC_ARN: this.topic.topicArn,
        ...(this.chatTopic && { CHAT_TOPIC_ARN: this.chatTopic.topicArn }),
        TABLE_NAME: this.table.tableName,
        MAX_RECEIVE_COUNT: String(timing.maxReceiveCount),
        MINIMUM_FAILURES: String(props.minimumFailures ?? 1),
        QUIET_SECONDS: String(props.quietWindow?.toSeconds() ?? 0),
        ...((!askRegistries || registries.length > 0) && {
          REGISTRIES: askRegistries ? registries.join(',') : 'none',
        }),
        // Plans are only made: what makes changes is another function.
        ...(remediations.length > 0 && { REMEDIATIONS: idsOf(remediations) }),
        ...(automatic.length > 0 && { AUTOMATIC_REMEDIATIONS: idsOf(automatic) }),
      },
    });
    this.function = own.function;
    Validations.of(own.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'read calls only: ec2:Describe* knows no resources, and any task, role and repository of the account may be the one that fails',
    });
    this.function.addToRolePolicy(readStatement());
    this.topic.grantPublish(this.function);
    for (const statement of tableStatements(this.table)) this.function.addToRolePolicy(statement);
    EventBus.fromEventBusName(this, 'DefaultBus', 'default').grantPutEventsTo(this.function);
    this.chatTopic?.grantPublish(this.function);
    this.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: timing.batchSize,
        maxConcurrency: timing.maxConcurrency,
        reportBatchItemFailures: true,
      }),
    );

    if (remediations.length > 0)
      this.remediator = new Remediator(this, 'Remediator', {
        remediations,
        automatic,
        automaticPerHour: props.automaticPerHour ?? 3,
        approvers,
        topic: this.topic,
        chatTopic: this.chatTopic,
        table: this.table,
        undelivered,
        logRetention: props.logRetention,
      });

    this.alarms = new Alarms(this, 'Alarms', {
      function: this.function,
      queue: this.queue,
      undelivered,
      unhandled,
      remediator: this.remediator?.function,
      alarmTopic: props.alarmTopic,
    }).all;
    if (props.dashboard ?? true)
      this.dashboard = new Dashboard(this, 'Dashboard', {
        function: this.function,
        table: this.table,
        queue: this.queue,
        undelivered,
        unhandled,
        alarms: this.alarms,
        logRetention,
      });
  }
}

function deadLetterQueue(scope: Construct, id: string): Queue {
  const queue = encryptedQueue(scope, id, { retentionPeriod: timing.deadLetterRetention });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'this is a dead-letter queue itself; an alarm watches its depth',
  });
  return queue;
}
