/**
 * Writes metrics in CloudWatch's embedded metric format: one line of JSON in the log, from which CloudWatch makes them. Straight
 * to standard output, since Lambda's JSON logging wraps what goes through the console.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function putMetrics(
  metrics: Readonly<Record<string, number>>,
  dimensions: Readonly<Record<string, string>>,
  now: Date,
): void {
  const line = JSON.stringify({
    _aws: {
      Timestamp: now.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: 'ecs-pull-doctor',
          Dimensions: [Object.keys(dimensions)],
          Metrics: Object.keys(metrics).map((Name) => ({
            Name,
            Unit: Name.startsWith('Seconds') ? 'Seconds' : 'Count',
          })),
        },
      ],
    },
    ...dimensions,
    ...metrics,
  });
  process.stdout.write(`${line}\n`);
}
