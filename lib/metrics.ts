import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

/** What alarms and the dashboard look at at a time. */
export const period = Duration.minutes(5);

/** The function counts them in its log: `lambda/publish/metrics.ts`. They are of the account and Region, and so is the stack. */
export const ownMetric = (metricName: string, statistic: string, label?: string): IMetric =>
  new Metric({ namespace: 'ecs-pull-doctor', metricName, period, statistic, ...(label && { label }) });

/** How many messages wait in a queue. */
export const depthOf = (queue: Queue, label?: string): IMetric =>
  queue.metricApproximateNumberOfMessagesVisible({
    period,
    statistic: Stats.MAXIMUM,
    ...(label && { label }),
  });
