import { Duration } from 'aws-cdk-lib';

/**
 * Numbers that were chosen together; `docs/decisions/0011-queue-between-rule-and-function.md` gives the reasons.
 *
 * - One record takes 1 to 3 seconds. The function starts one only while 35 are left: 17 of waiting for AWS, 10 for Amazon SNS and
 *   8 for the table. So 60 let it finish at least one and often all.
 * - A record that is given back comes again after the visibility timeout: six times the function's, as Lambda advises.
 * - Five records at most, each received at most five times: even if every run manages only one, each gets its turn.
 * - Two runs at a time: when a network breaks they share what they read, and the account's API quotas are left to others.
 */
export const timing = {
  functionTimeout: Duration.seconds(60),
  visibilityTimeout: Duration.seconds(360),
  batchSize: 5,
  maxReceiveCount: 5,
  maxConcurrency: 2,
  /** How late an update, an end, or a look at a service can be. Each time is one short run of the function. */
  wakeEvery: Duration.minutes(5),
  /**
   * After the second try and before the third: from then on Amazon SQS leaves a record out of the age of the oldest.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  oldestRecord: Duration.minutes(8),
  /** The longest SQS keeps a message: time for people to look. */
  deadLetterRetention: Duration.days(14),
  /** A plan is collected anew (25 seconds), and each step takes at most four calls of 8 seconds. */
  remediationTimeout: Duration.minutes(3),
  /** As long as a plan is valid: `lambda/remediate/plan.ts`. */
  approvalTimeout: Duration.minutes(60),
} as const;
