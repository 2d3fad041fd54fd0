import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { depthOf, ownMetric, period } from './metrics.ts';
import { timing } from './timing.ts';

export interface AlarmsProps {
  readonly function: LambdaFunction;
  readonly queue: Queue;
  /** Events that EventBridge could not put into the queue. */
  readonly undelivered: Queue;
  /** Records that the function could not tell about. */
  readonly unhandled: Queue;
  /** The function that makes changes, if there is one. */
  readonly remediator?: LambdaFunction | undefined;
  readonly alarmTopic?: ITopic | undefined;
}

/** What must not happen unseen: an event that nobody was told about, or a fault of the function itself. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { alarmTopic } = props;
    this.all = [
      this.alarm(
        'Undelivered',
        depthOf(props.undelivered),
        1,
        'EventBridge could not deliver an ECS event to the queue',
      ),
      this.alarm(
        'Unhandled',
        depthOf(props.unhandled),
        1,
        'a failed pull was not told to anybody: its record is in the dead-letter queue',
      ),
      this.alarm(
        'Errors',
        props.function.metricErrors({ period }),
        1,
        'the function failed or ran out of time',
      ),
      this.alarm(
        'Waiting',
        props.queue.metricApproximateAgeOfOldestMessage({ period, statistic: Stats.MAXIMUM }),
        timing.oldestRecord.toSeconds(),
        'records wait longer than they should: the function is throttled or keeps failing',
      ),
      new Alarm(this, 'Asleep', {
        alarmDescription:
          'ecs-pull-doctor: no record was finished for 15 minutes, and one comes every five: is a rule or the event source off, or does the function not start?',
        // Not the runs of the function: where there are none, Lambda reports nothing, and CloudWatch looks at older periods before
        // it takes that for silence. A queue that is sent to or polled reports zeros.
        metric: props.queue.metricNumberOfMessagesDeleted({
          period: Duration.minutes(15),
          statistic: Stats.SUM,
        }),
        threshold: 1,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.BREACHING,
      }),
      this.alarm(
        'Bugs',
        ownMetric('Bugs', Stats.SUM),
        1,
        'something crashed or failed, and the function went on: see the log',
      ),
      ...(props.remediator
        ? [
            this.alarm(
              'Changes',
              props.remediator.metricErrors({ period }),
              1,
              'a change was refused or failed, or the function that makes changes ran out of time',
            ),
          ]
        : []),
    ];
    if (alarmTopic) for (const alarm of this.all) alarm.addAlarmAction(new SnsAction(alarmTopic));
  }

  private alarm(id: string, metric: IMetric, threshold: number, what: string, periods = 1): Alarm {
    return new Alarm(this, id, {
      alarmDescription: `ecs-pull-doctor: ${what}`,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      // An idle function and an empty queue report nothing, and that is well.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
