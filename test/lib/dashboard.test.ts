import { describe, expect, jest, test } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { EcsPullDoctor, type EcsPullDoctorProps, EcsPullDoctorStack } from '../../lib/index.ts';
import { theFunction } from '../handler/function.ts';
import { callsOf } from '../support/calls.ts';
import { stoppedEvent, texts } from '../support/worlds.ts';
import { actionsOf, app, type Properties, type Statement, templateOf } from './synth.ts';

function synth(props: EcsPullDoctorProps = {}) {
  const stack = new Stack(app(), 'Stack');
  const doctor = new EcsPullDoctor(stack, 'Doctor', props);
  return { doctor, ...templateOf(stack) };
}

/** What CloudFormation puts in for what is known only when the stack is deployed. */
function deployed(value: unknown, { conditions, ...refs }: Record<string, unknown>): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = ['', '']] = Object.entries(value as Properties);
  if (name === 'Ref') return String(refs[argument as string] ?? argument);
  if (name === 'Fn::GetAtt') return (argument as string[]).join('.');
  if (name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map((part) => deployed(part, { conditions, ...refs })).join(separator);
  }
  const [condition, yes, no] = argument as [string, unknown, unknown];
  const [left, right] = (conditions as Properties)[condition]['Fn::Equals'].map((side: unknown) =>
    deployed(side, refs),
  );
  return deployed(left === right ? yes : no, { conditions, ...refs });
}

const bodyOf = ({ all }: ReturnType<typeof synth>) => {
  const [dashboard] = Object.values(all('AWS::CloudWatch::Dashboard'));
  return JSON.parse(deployed(dashboard?.['DashboardBody'], { 'AWS::Region': 'eu-west-1' })) as {
    widgets: readonly Properties[];
  };
};
type Entry = string | { readonly expression?: string };
const entriesOf = (stack: ReturnType<typeof synth>): readonly Entry[][] =>
  bodyOf(stack).widgets.flatMap(({ properties }) => (properties['metrics'] as Entry[][]) ?? []);

/** What stands in a role's own policy. */
function statementsOf({ all }: ReturnType<typeof synth>, role: RegExp): readonly Statement[] {
  return Object.values(all('AWS::IAM::Policy'))
    .filter(({ Roles }) => role.test(Roles[0].Ref))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

test('every metric that the function writes is shown, and no other of its namespace', async () => {
  const { batch } = theFunction();
  await batch(stoppedEvent({ text: texts.manifestTimeout }), 'not JSON');
  const written = jest
    .mocked(process.stdout.write)
    .mock.calls.map(([line]) => JSON.parse(String(line)))
    .flatMap(({ _aws }) =>
      _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }: Properties) =>
        Metrics.map(({ Name }: { Name: string }) => `${Namespace} ${Dimensions[0].join()} ${Name}`),
      ),
    );

  const shown = entriesOf(synth()).flatMap(([first, second]) => {
    if (typeof first === 'string') return first === 'ecs-pull-doctor' ? [`${first}  ${String(second)}`] : [];
    const [, namespace, dimension, name] =
      /^SEARCH\('\{([\w-]+),(\w+)\} MetricName="(\w+)"', 'Sum', 300\)$/.exec(first?.expression ?? '') ?? [];
    return [`${namespace} ${dimension} ${name}`];
  });

  // A run that goes well writes no bugs.
  expect([...new Set([...written, 'ecs-pull-doctor  Bugs'])].toSorted()).toEqual(
    [...new Set(shown)].toSorted(),
  );
});

test('every alarm and every queue is on it', () => {
  const stack = synth();
  const { widgets } = bodyOf(stack);

  const alarms = widgets.find(({ type }) => type === 'alarm')?.['properties'].alarms;

  expect(alarms.map((arn: string) => arn.replace('.Arn', '')).toSorted()).toEqual(
    Object.keys(stack.all('AWS::CloudWatch::Alarm')).toSorted(),
  );
  expect(
    new Set(
      entriesOf(stack)
        .filter(([namespace]) => namespace === 'AWS/SQS')
        .map(([, , , name]) => String(name).replace('.QueueName', '')),
    ),
  ).toEqual(new Set(Object.keys(stack.all('AWS::SQS::Queue'))));
});

test('nothing on it lies over anything else, and nothing beside it', () => {
  const { widgets } = bodyOf(synth());

  for (const [at, one] of widgets.entries()) {
    expect(one['x'] + one['width']).toBeLessThanOrEqual(24);
    for (const other of widgets.slice(at + 1)) {
      const apart = (from: 'x' | 'y', size: 'width' | 'height') =>
        one[from] + one[size] <= other[from] || other[from] + other[size] <= one[from];
      expect(apart('x', 'width') || apart('y', 'height')).toBe(true);
    }
  }
});

test('the widget is drawn anew when it is refreshed or resized, by the second function', () => {
  const stack = synth();

  const custom = bodyOf(stack).widgets.find(({ type }) => type === 'custom')?.['properties'];

  expect(custom).toMatchObject({
    endpoint: expect.stringMatching(/^DoctorDashboardWidget\w+\.Arn$/),
    updateOn: { refresh: true, resize: true, timeRange: false },
  });
  const [id = ''] = custom.endpoint.split('.');
  expect(stack.all('AWS::Lambda::Function')[id]).toMatchObject({
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Environment: { Variables: { TABLE_NAME: { Ref: expect.stringMatching(/^DoctorIncidents/) } } },
  });
});

describe('the role of the widget', () => {
  const actionsOfLambda = ['logs:CreateLogStream', 'logs:PutLogEvents'];

  test('may do exactly what the widget and AWS Lambda call', async () => {
    const calls = await callsOf('lambda/widget.ts');

    expect(actionsOf(statementsOf(synth(), /DashboardWidgetRole/))).toEqual(
      [...calls, ...actionsOfLambda].toSorted(),
    );
  });

  test('works on the table, two of its indexes and its own log, and on nothing else', () => {
    const resources = statementsOf(synth(), /DashboardWidgetRole/).flatMap(({ Resource }) => Resource);

    expect(resources.map((one) => deployed(one, {}))).toEqual(
      [
        /^DoctorDashboardWidgetLog\w+\.Arn$/,
        /^DoctorIncidents\w+\.Arn$/,
        /^DoctorIncidents\w+\.Arn\/index\/resolved$/,
        /^DoctorIncidents\w+\.Arn\/index\/wake$/,
      ].map((pattern) => expect.stringMatching(pattern)),
    );
  });

  test('is not that of the function that diagnoses, which gets nothing more by it', () => {
    const without = synth({ dashboard: false });

    expect(statementsOf(synth(), /DoctorRole/)).toEqual(statementsOf(without, /DoctorRole/));
    expect(statementsOf(without, /DoctorRole/).length).toBeGreaterThan(0);
    for (const role of Object.values(synth().all('AWS::IAM::Role')))
      expect(role['ManagedPolicyArns']).toBeUndefined();
  });
});

test('without it, nothing of it is there', () => {
  const { doctor, template, all } = synth({ dashboard: false });

  expect(doctor.dashboard).toBeUndefined();
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  expect(Object.keys(all('AWS::Lambda::Function'))).toHaveLength(1);
});

describe('the output', () => {
  const stack = new EcsPullDoctorStack(app(), 'Doctor');
  const { template } = templateOf(stack);
  const url = (partition: string, region: string) =>
    deployed(template.findOutputs('DashboardUrl')['DashboardUrl']?.['Value'], {
      'AWS::Partition': partition,
      'AWS::Region': region,
      conditions: template.toJSON()['Conditions'],
    });

  test.each([
    ['aws', 'eu-west-1', 'https://eu-west-1.console.aws.amazon.com/cloudwatch/'],
    ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn/cloudwatch/'],
    ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/'],
    ['aws-eusc', 'eusc-de-east-1', 'https://eusc-de-east-1.console.amazonaws-eusc.eu/cloudwatch/'],
  ])('leads to the dashboard in the console of %s', (partition, region, home) => {
    expect(url(partition, region)).toBe(
      `${home}home?region=${region}#dashboards/dashboard/Doctor-ImagePulls-${region}`,
    );
  });

  test('is the name alone where there is no public console', () => {
    expect(url('aws-iso', 'us-iso-east-1')).toBe('Doctor-ImagePulls-us-iso-east-1');
  });

  test('leaves no condition that nothing uses where nobody asks for it', () => {
    const { template } = synth();

    expect(
      Object.keys(template.toJSON()['Conditions'] ?? {}).filter((name) => name.includes('Dashboard')),
    ).toEqual([]);
  });

  test('is not there without a dashboard', () => {
    const without = templateOf(new EcsPullDoctorStack(app(), 'Doctor', { dashboard: false }));

    expect(without.template.findOutputs('DashboardUrl')).toEqual({});
  });
});
