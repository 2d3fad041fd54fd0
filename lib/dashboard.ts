import { CfnCondition, Duration, Fn, Stack } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  CustomWidget,
  GraphWidget,
  type IMetric,
  MathExpression,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { consoleDomains } from '../lambda/render/console-link.ts';
import { depthOf, ownMetric, period } from './metrics.ts';
import { ownFunction } from './own-function.ts';
import { listingStatements } from './permissions.ts';

export interface DashboardProps {
  readonly function: LambdaFunction;
  readonly table: Table;
  readonly queue: Queue;
  /** Events that EventBridge could not put into the queue. */
  readonly undelivered: Queue;
  /** Records that the function could not tell about. */
  readonly unhandled: Queue;
  readonly alarms: readonly Alarm[];
  readonly logRetention: RetentionDays;
}

/** Units of the dashboard's grid, which has 24. */
const [third, half, whole] = [8, 12, 24];
const height = 6;

/** How the stack is doing, on one page: open incidents, what the function counts, and what it runs on. */
export class Dashboard extends Construct {
  readonly name: string;
  private wholeUrl: string | undefined;
  /** What CloudWatch calls for the widget of incidents. */
  readonly widgetFunction: LambdaFunction;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { function: fn, queue, undelivered, unhandled } = props;
    this.widgetFunction = this.functionOfWidget(props);
    const { stackName, region } = Stack.of(this);
    // Dashboards are global: two Regions must not use one name.
    this.name = Fn.join('-', [stackName, 'ImagePulls', region]);

    new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: this.name,
      defaultInterval: Duration.days(1),
      widgets: [
        [
          new CustomWidget({
            title: 'Incidents',
            functionArn: this.widgetFunction.functionArn,
            width: whole,
            height: 14,
            updateOnRefresh: true,
            updateOnResize: true,
            updateOnTimeRangeChange: false,
          }),
        ],
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: whole, height: 3 })],
        [
          graph('Incidents by check', half, [incidentsByCheck]),
          graph('Failed tasks and messages', half, [
            counted('Events', 'failed tasks'),
            counted('Messages', 'messages'),
            counted('Held', 'held back'),
          ]),
        ],
        [
          graph('Seconds from the stop of a task to the message', third, [
            ownMetric('SecondsFromStopToMessage', 'p50', 'median'),
            ownMetric('SecondsFromStopToMessage', Stats.MAXIMUM, 'longest'),
          ]),
          graph('Calls to AWS for a message', third, [
            ownMetric('Calls', Stats.AVERAGE, 'average'),
            ownMetric('Calls', Stats.MAXIMUM, 'most'),
          ]),
          graph('Checks that could not decide, and bugs', third, [
            counted('InconclusiveChecks', 'inconclusive checks'),
            counted('Bugs', 'bugs'),
          ]),
        ],
        [
          graph(
            'Records that wait',
            third,
            [depthOf(queue, 'records')],
            [
              queue.metricApproximateAgeOfOldestMessage({
                period,
                statistic: Stats.MAXIMUM,
                label: 'age of the oldest, seconds',
              }),
            ],
          ),
          graph('Dead letters', third, [
            depthOf(undelivered, 'undelivered events'),
            depthOf(unhandled, 'unhandled records'),
          ]),
          graph(
            'The function',
            third,
            [
              fn.metricErrors({ period, label: 'errors' }),
              fn.metricThrottles({ period, label: 'throttled runs' }),
            ],
            [fn.metricDuration({ period, statistic: Stats.MAXIMUM, label: 'longest run, milliseconds' })],
          ),
        ],
      ],
    });
  }

  /** The page in the console; where a partition has no public console, the name. */
  get url(): string {
    // Made when it is asked for: CloudFormation warns of conditions that nothing uses.
    this.wholeUrl ??= this.urlIn(Stack.of(this));
    return this.wholeUrl;
  }

  private functionOfWidget({ table, logRetention }: DashboardProps): LambdaFunction {
    const { function: fn } = ownFunction(
      this,
      {
        bundle: 'widget',
        description: 'Shows the incidents of ecs-pull-doctor on its dashboard',
        // Up to five pages of an index and two rounds of items, each of four seconds at the most.
        timeout: Duration.seconds(30),
        logRetention,
        environment: { TABLE_NAME: table.tableName },
      },
      { log: 'WidgetLog', role: 'WidgetRole', function: 'Widget' },
    );
    for (const statement of listingStatements(table)) fn.addToRolePolicy(statement);
    return fn;
  }

  /** The partition may be known only when the stack is deployed. */
  private urlIn({ partition, region }: Stack): string {
    return Object.entries(consoleDomains).reduceRight((otherwise, [name, domain]) => {
      const isIt = new CfnCondition(this, `Is-${name}`, { expression: Fn.conditionEquals(partition, name) });
      const url = `https://${region}.${domain}/cloudwatch/home?region=${region}#dashboards/dashboard/${this.name}`;
      return Fn.conditionIf(isIt.logicalId, url, otherwise).toString();
    }, this.name);
  }
}

const graph = (title: string, width: number, left: IMetric[], right: IMetric[] = []) =>
  new GraphWidget({
    title,
    width,
    height,
    left,
    right,
    leftYAxis: { min: 0, showUnits: false },
    rightYAxis: { min: 0, showUnits: false },
  });

const counted = (metricName: string, label: string) => ownMetric(metricName, Stats.SUM, label);

/** Which checks there are to be found is known to CloudWatch alone. */
const incidentsByCheck = new MathExpression({
  expression: `SEARCH('{ecs-pull-doctor,Check} MetricName="Incidents"', 'Sum', ${period.toSeconds()})`,
  label: '',
  usingMetrics: {},
  period,
});
