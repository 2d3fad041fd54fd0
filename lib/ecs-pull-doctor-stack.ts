import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { EcsPullDoctor } from './ecs-pull-doctor.ts';
import { mustBeClusterName, mustBeEmail } from './input.ts';
import { Remediation } from './remediation.ts';
import { testEvent } from './test-event.ts';

export interface EcsPullDoctorStackProps extends StackProps {
  /**
   * Who gets findings and alarms by e-mail.
   *
   * @default - nobody; subscribe to the topic in the outputs
   */
  readonly email?: string | undefined;
  /**
   * Id of the Slack workspace, e.g. `T0123ABCDEF`.
   *
   * @default - nothing is sent to Slack
   */
  readonly slackWorkspace?: string | undefined;
  /**
   * Id of the Slack channel, e.g. `C0123ABCDEF`.
   *
   * @default - nothing is sent to Slack
   */
  readonly slackChannel?: string | undefined;
  /**
   * Names of the clusters to watch.
   *
   * @default - all clusters of the account in this Region
   */
  readonly clusters?: readonly string[] | undefined;
  /**
   * Whether registries outside Amazon ECR are asked about an image that could not be pulled.
   *
   * @default true
   */
  readonly askRegistries?: boolean | undefined;
  /**
   * Hosts of further registries that may be asked.
   *
   * @default - only Docker Hub, ghcr.io, quay.io and public.ecr.aws
   */
  readonly registries?: readonly string[] | undefined;
  /**
   * Ids of changes that may be made to put a failed pull right: `docs/remediations`.
   *
   * @default - nothing is ever changed
   */
  readonly remediations?: readonly string[] | undefined;
  /**
   * Ids of those that are made without asking anybody.
   *
   * @default - none
   */
  readonly automaticRemediations?: readonly string[] | undefined;
  /**
   * ARNs of the IAM users and roles who may approve a change.
   *
   * @default - nobody
   */
  readonly approvers?: readonly string[] | undefined;
  /**
   * Whether there is a dashboard.
   *
   * @default true
   */
  readonly dashboard?: boolean | undefined;
}

/** What `cdk deploy` makes: one per account and Region. */
export class EcsPullDoctorStack extends Stack {
  readonly doctor: EcsPullDoctor;

  constructor(scope: Construct, id: string, props: EcsPullDoctorStackProps = {}) {
    const {
      email,
      slackWorkspace,
      slackChannel,
      clusters = [],
      askRegistries = true,
      registries = [],
      remediations = [],
      automaticRemediations = [],
      approvers = [],
      dashboard = true,
      ...stackProps
    } = props;
    super(scope, id, { description: 'Says why Amazon ECS tasks cannot pull their images', ...stackProps });
    if (email !== undefined) mustBeEmail(email);
    for (const name of clusters) mustBeClusterName(name);

    const alarmTopic = email === undefined ? undefined : topicForAlarms(this);
    this.doctor = new EcsPullDoctor(this, 'Doctor', {
      clusters: clusters.map((name) => clusterCalled(this, name)),
      askRegistries,
      registries,
      remediations: remediations.map(Remediation.called),
      automaticRemediations: automaticRemediations.map(Remediation.called),
      approvers,
      dashboard,
      ...(slackWorkspace !== undefined && { slackWorkspaceId: slackWorkspace }),
      ...(slackChannel !== undefined && { slackChannelId: slackChannel }),
      ...(alarmTopic && { alarmTopic }),
    });
    if (email !== undefined) {
      this.doctor.topic.addSubscription(new EmailSubscription(email));
      alarmTopic?.addSubscription(new EmailSubscription(email));
      this.doctor.remediator?.approval?.topic.addSubscription(new EmailSubscription(email));
    }
    this.sayWhatToDoNext(email);
  }

  private sayWhatToDoNext(email: string | undefined): void {
    const { topic, chatTopic, queue, dashboard, function: fn, remediator } = this.doctor;
    const aws = (command: string) => `aws ${command} --region ${this.region}`;
    const say = (id: string, description: string, value: string) =>
      new CfnOutput(this, id, { description, value });

    say('FindingsTopicArn', 'Where findings are published: subscribe whom you like', topic.topicArn);
    say(
      'SubscriptionsToConfirm',
      'Nothing is delivered to a subscription before it is confirmed; the link is valid for two days',
      email === undefined
        ? 'none, since nobody is subscribed yet'
        : `${remediator?.approval ? 'three mails' : 'two mails'} to ${email} (findings${remediator?.approval ? ', approvals' : ''} and alarms), subject "AWS Notification - Subscription Confirmation": open the link in each`,
    );
    say(
      'ShowSubscriptions',
      'Lists who is subscribed; PendingConfirmation is who still has to confirm',
      aws(
        `sns list-subscriptions --query "Subscriptions[?contains(TopicArn,':${this.stackName}-')].[Endpoint,SubscriptionArn]" --output text`,
      ),
    );
    say(
      'SubscribeByEmail',
      'Sends findings to one more e-mail address',
      aws(
        `sns subscribe --topic-arn ${topic.topicArn} --protocol email --notification-endpoint you@example.com`,
      ),
    );
    if (chatTopic)
      say(
        'SlackNextStep',
        'Slack shows nothing before this is done',
        'in the channel: /invite @Amazon Q; the workspace must have been authorised once in the console of Amazon Q Developer in chat applications',
      );
    say(
      'SendTestEvent',
      'Sends a made-up failure through queue, function and topic; a message must arrive within a minute',
      aws(
        `sqs send-message --queue-url ${queue.queueUrl} --message-body '${testEvent(this, `'$(date +%s)'`)}'`,
      ),
    );
    if (remediator)
      say(
        'UndoChange',
        'Takes back what a run has changed; the message about it names the run',
        aws(
          `lambda invoke --function-name ${remediator.function.functionName} --payload fileb:///dev/stdin /dev/stdout <<<'{"undo":"<run>","by":"<you>"}'`,
        ),
      );
    if (remediator?.approval)
      say(
        'ApprovalTopicArn',
        'Where AWS Systems Manager asks approvers: subscribe them',
        remediator.approval.topic.topicArn,
      );
    if (dashboard)
      say(
        'DashboardUrl',
        'Open incidents, what was resolved lately, and how the doctor is doing',
        dashboard.url,
      );
    say(
      'Logs',
      'What the function did in the last hour',
      aws(
        `logs filter-log-events --log-group-name ${fn.logGroup.logGroupName} --start-time $(($(date +%s) - 3600))000 --query "events[].message" --output text`,
      ),
    );
  }
}

/** CloudWatch may not publish under the key that AWS keeps for Amazon SNS; an alarm says nothing that must be hidden. */
function topicForAlarms(stack: Stack): Topic {
  const topic = new Topic(stack, 'AlarmTopic', { enforceSSL: true });
  topic.grantPublish(
    new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
  return topic;
}

const clusterCalled = (stack: Stack, name: string) =>
  Cluster.fromClusterArn(
    stack,
    `Cluster-${name}`,
    stack.formatArn({ service: 'ecs', resource: 'cluster', resourceName: name }),
  );
