import { Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, type EventPattern, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { remediationStatements } from '../lambda/aws/remediation-policy.ts';
import { Approval } from './approval.ts';
import { wakeEvent } from './event-pattern.ts';
import { ownFunction } from './own-function.ts';
import { readStatement, tableStatements } from './permissions.ts';
import { idsOf, type Remediation } from './remediation.ts';
import { timing } from './timing.ts';

export interface RemediatorProps {
  readonly remediations: readonly Remediation[];
  readonly automatic: readonly Remediation[];
  readonly automaticPerHour: number;
  readonly approvers: readonly string[];
  readonly topic: ITopic;
  readonly chatTopic?: ITopic | undefined;
  readonly table: Table;
  readonly undelivered: Queue;
  readonly logRetention?: RetentionDays | undefined;
}

/** An incident that offers a plan, as the diagnosing function puts it on the bus. */
const offered = (approval: 'person' | 'automatic'): EventPattern => ({
  source: ['ecs-pull-doctor'],
  detailType: ['ECS Image Pull Incident'],
  detail: { plan: { approval: [approval] } },
});

/** The function that makes changes, who may let it, and nothing more than the remediations that are named. */
export class Remediator extends Construct {
  readonly function: LambdaFunction;
  readonly approval?: Approval;

  constructor(scope: Construct, id: string, props: RemediatorProps) {
    super(scope, id);
    const { remediations, automatic, approvers, topic, chatTopic, table, undelivered } = props;
    const own = ownFunction(this, {
      bundle: 'remediation',
      description:
        'Makes the changes that ecs-pull-doctor has planned and somebody has approved, and takes them back',
      timeout: timing.remediationTimeout,
      logRetention: props.logRetention ?? RetentionDays.ONE_YEAR,
      // What was begun is written down, and goes on when it wakes: the same event again has nothing to do.
      retryAttempts: 0,
      environment: {
        TOPIC_ARN: topic.topicArn,
        ...(chatTopic && { CHAT_TOPIC_ARN: chatTopic.topicArn }),
        TABLE_NAME: table.tableName,
        REMEDIATIONS: idsOf(remediations),
        ...(automatic.length > 0 && {
          AUTOMATIC_REMEDIATIONS: idsOf(automatic),
          AUTOMATIC_PER_HOUR: String(props.automaticPerHour),
        }),
      },
    });
    this.function = own.function;
    const acknowledge = (resource: string, reason: string) =>
      Validations.of(own.role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
    acknowledge(
      '*',
      'read calls only: ec2:Describe* knows no resources, and any task of the account may be the one that fails',
    );
    this.function.addToRolePolicy(readStatement());
    for (const { Sid, Action, Resource, Condition } of remediationStatements(
      remediations.map(({ id }) => id),
    )) {
      this.function.addToRolePolicy(
        new PolicyStatement({
          sid: Sid,
          actions: [...Action],
          resources: [Resource],
          ...(Condition && { conditions: Condition }),
        }),
      );
      if (Condition)
        acknowledge(
          Resource,
          'any resource of the account may be the one, but only those that their owner has tagged ecs-pull-doctor:remediation = allow',
        );
    }
    for (const statement of tableStatements(table)) this.function.addToRolePolicy(statement);
    topic.grantPublish(this.function);
    chatTopic?.grantPublish(this.function);
    EventBus.fromEventBusName(this, 'DefaultBus', 'default').grantPutEventsTo(this.function);

    new Rule(this, 'Time', {
      description:
        'Wakes the function, to watch what it has changed and to take back what a run left half done',
      schedule: Schedule.rate(timing.wakeEvery),
    }).addTarget(new LambdaTarget(this.function, { event: RuleTargetInput.fromObject(wakeEvent) }));
    if (automatic.length > 0)
      new Rule(this, 'Automatic', {
        description: 'Plans that need no approval',
        eventPattern: offered('automatic'),
      }).addTarget(new LambdaTarget(this.function, { deadLetterQueue: undelivered }));
    if (approvers.length > 0) {
      this.approval = new Approval(this, 'Approval', { approvers, function: this.function, undelivered });
      new Rule(this, 'Approvable', {
        description: 'Plans that wait for approval',
        eventPattern: offered('person'),
      }).addTarget(this.approval);
    }
  }
}
