import { describe, expect, test } from '@jest/globals';
import { stoppedTask } from '../../lambda/event.ts';
import { EcsPullDoctorStack, type EcsPullDoctorStackProps } from '../../lib/index.ts';
import { app, templateOf } from './synth.ts';

const synth = (props: EcsPullDoctorStackProps = {}) =>
  templateOf(new EcsPullDoctorStack(app(), 'Stack', props));
/** The value of an output, as a deployment in eu-west-1 would show it. */
function output({ template }: ReturnType<typeof synth>, id: string): string {
  const { Value } = template.findOutputs(id)[id] ?? {};
  const parts = typeof Value === 'object' && 'Fn::Join' in Value ? Value['Fn::Join'][1] : [Value];
  const known: Record<string, string> = {
    'AWS::Region': 'eu-west-1',
    'AWS::AccountId': '111122223333',
    'AWS::Partition': 'aws',
  };
  return parts
    .map((part: string | { Ref: string }) =>
      typeof part === 'string' ? part : (known[part.Ref] ?? part.Ref),
    )
    .join('');
}
const slack = { slackWorkspace: 'T0123ABCDEF', slackChannel: 'C0123ABCDEF' };

describe('without any context', () => {
  test('the stack is complete, and says how to subscribe', () => {
    const stack = synth();

    stack.template.resourceCountIs('AWS::SNS::Subscription', 0);
    expect(output(stack, 'SubscriptionsToConfirm')).toBe('none, since nobody is subscribed yet');
    expect(output(stack, 'SubscribeByEmail')).toMatch(
      /^aws sns subscribe --topic-arn DoctorTopic\w+ --protocol email --notification-endpoint you@example\.com --region eu-west-1$/,
    );
    expect(output(stack, 'FindingsTopicArn')).toMatch(/^DoctorTopic/);
    expect(output(stack, 'Logs')).toMatch(/^aws logs filter-log-events --log-group-name DoctorLog/);
  });

  test('it knows neither account nor Region', () => {
    expect(JSON.stringify(synth().template.toJSON())).not.toMatch(/:\d{12}:|\b(?:us|eu|ap)-[a-z]+-\d\b/);
  });
});

test('the command of the test event sends a failed pull to the queue', () => {
  const command = output(synth(), 'SendTestEvent');

  const [, body = ''] =
    /^aws sqs send-message --queue-url DoctorQueue\w+ --message-body '([^']+)' --region eu-west-1$/.exec(
      // Another task each time: the shell puts the time in.
      command.replaceAll("'$(date +%s)'", '1795000000'),
    ) ?? [];

  expect(stoppedTask(JSON.parse(body))).toMatchObject({
    group: 'family:test-event-1795000000',
    region: 'eu-west-1',
    accountId: '111122223333',
  });
  // CloudFormation takes no longer output.
  expect(command.length).toBeLessThan(2_048);
});

describe('with an e-mail address', () => {
  const stack = synth({ email: 'ops@example.com' });

  test('findings and alarms are sent there, by topics of their own', () => {
    const subscriptions = Object.values(stack.all('AWS::SNS::Subscription'));

    expect(subscriptions.map(({ Protocol, Endpoint }) => [Protocol, Endpoint])).toEqual([
      ['email', 'ops@example.com'],
      ['email', 'ops@example.com'],
    ]);
    expect(new Set(subscriptions.map(({ TopicArn }) => TopicArn.Ref)).size).toBe(2);
    expect(output(stack, 'SubscriptionsToConfirm')).toContain('two mails to ops@example.com');
  });

  test('CloudWatch may publish alarms, and its topic has no key that would keep it out', () => {
    const alarmTopic = Object.entries(stack.all('AWS::SNS::Topic')).find(([id]) => /^AlarmTopic/.test(id));

    expect(alarmTopic?.[1]['KmsMasterKeyId']).toBeUndefined();
    expect(stack.statements('AWS::SNS::TopicPolicy')).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    );
    for (const { AlarmActions } of Object.values(stack.all('AWS::CloudWatch::Alarm')))
      expect(AlarmActions).toEqual([{ Ref: alarmTopic?.[0] }]);
  });
});

test('with Slack, the outputs say what Slack still needs', () => {
  expect(output(synth(slack), 'SlackNextStep')).toContain('/invite @Amazon Q');
  expect(synth().template.findOutputs('SlackNextStep')).toEqual({});
});

test('names of clusters become their ARNs', () => {
  const { all } = synth({ clusters: ['prod', 'stage_2'] });

  for (const { EventPattern } of Object.values(all('AWS::Events::Rule')).slice(0, 2))
    expect(JSON.stringify(EventPattern.detail.clusterArn)).toMatch(/:cluster\/prod".*:cluster\/stage_2"/);
});

describe('an error says which value is wrong and how it should look', () => {
  test.each<[EcsPullDoctorStackProps, RegExp]>([
    [{ email: 'ops' }, /email 'ops' is not an e-mail address; give one that looks like ops@example\.com/],
    [{ email: 'a@example.com,b@example.com' }, /is not an e-mail address/],
    [{ email: '' }, /email '' is not/],
    [{ email: 'ops@example' }, /email 'ops@example' is not/],
    [{ slackChannel: 'C0123ABCDEF' }, /slackWorkspace is missing.*T0123ABCDEF/],
    [{ slackWorkspace: 'T0123ABCDEF' }, /slackChannel is missing.*C0123ABCDEF/],
    [
      { ...slack, slackWorkspace: 'my-team' },
      /slackWorkspace 'my-team' is not the id of a Slack workspace; it looks like T0123ABCDEF/,
    ],
    [
      { ...slack, slackChannel: '#alerts' },
      /slackChannel '#alerts' is not the id of a Slack channel; it looks like C0123ABCDEF/,
    ],
    [{ ...slack, slackChannel: 'c0123abcdef' }, /slackChannel 'c0123abcdef'/],
    [
      { clusters: ['prod', 'my cluster'] },
      /clusters contains 'my cluster', which is not the name of an ECS cluster; a name looks like prod-web/,
    ],
    [{ clusters: ['arn:aws:ecs:eu-west-1:111122223333:cluster/prod'] }, /not an ARN/],
    [{ clusters: [''] }, /clusters contains ''/],
    [{ clusters: Array.from({ length: 40 }, (_, n) => `cluster-${n}`) }, /40 clusters has about/],
  ])('%j', (props, message) => {
    expect(() => synth(props)).toThrow(message);
  });

  test('a private group of old is a channel too', () => {
    expect(() => synth({ ...slack, slackChannel: 'G0123ABCDEF' })).not.toThrow();
  });
});
