/** A price in US East (N. Virginia), in US dollars, and the page that says so. Free tiers are left out. */
export interface Price {
  readonly what: string;
  readonly dollars: number;
  /** So many units cost `dollars`. */
  readonly per: number;
  readonly unit: string;
  readonly source: string;
}

const million = 1_000_000;
const page = (service: string) => `https://aws.amazon.com/${service}/pricing/`;

/** What this uses of AWS. */
export const prices = {
  alarms: { what: 'CloudWatch alarms', dollars: 0.1, per: 1, unit: 'alarm', source: page('cloudwatch') },
  dashboards: {
    what: 'CloudWatch dashboards',
    dollars: 3,
    per: 1,
    unit: 'dashboard',
    source: page('cloudwatch'),
  },
  queueRequests: { what: 'Amazon SQS', dollars: 0.4, per: million, unit: 'requests', source: page('sqs') },
  runs: { what: 'AWS Lambda, runs', dollars: 0.2, per: million, unit: 'runs', source: page('lambda') },
  gigabyteSeconds: {
    what: 'AWS Lambda, time on arm64',
    dollars: 13.3334,
    per: million,
    unit: 'GB-seconds',
    source: page('lambda'),
  },
  writes: {
    what: 'Amazon DynamoDB, writes',
    dollars: 0.625,
    per: million,
    unit: 'write request units',
    source: page('dynamodb'),
  },
  reads: {
    what: 'Amazon DynamoDB, reads',
    dollars: 0.125,
    per: million,
    unit: 'read request units',
    source: page('dynamodb'),
  },
  logGigabytes: { what: 'CloudWatch Logs', dollars: 0.5, per: 1, unit: 'GB', source: page('cloudwatch') },
  metrics: {
    what: 'CloudWatch metrics, for the hours in which they have values',
    dollars: 0.3,
    per: 1,
    unit: 'metric for a month',
    source: page('cloudwatch'),
  },
  publishes: {
    what: 'Amazon SNS, messages',
    dollars: 0.5,
    per: million,
    unit: 'messages',
    source: page('sns'),
  },
  mails: { what: 'Amazon SNS, e-mail', dollars: 2, per: 100_000, unit: 'mails', source: page('sns') },
  events: {
    what: 'Amazon EventBridge, own events',
    dollars: 1,
    per: million,
    unit: 'events',
    source: page('eventbridge'),
  },
} as const satisfies Readonly<Record<string, Price>>;

/** How much of each is used in a month. */
export type Use = Readonly<Partial<Record<keyof typeof prices, number>>>;

/** What a use costs, in dollars. */
export const costOf = (use: Use): number =>
  Object.entries(use).reduce((sum, [name, amount]) => {
    const { dollars, per } = prices[name as keyof typeof prices];
    return sum + (dollars * amount) / per;
  }, 0);
