import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { timeForOne } from '../../lambda/handler.ts';
import { EcsPullDoctor, type EcsPullDoctorProps, Remediation } from '../../lib/index.ts';
import { timing } from '../../lib/timing.ts';
import { app, templateOf } from './synth.ts';

function synth(props: (stack: Stack) => EcsPullDoctorProps = () => ({})) {
  const stack = new Stack(app(), 'Stack');
  // `dashboard.test.ts` has what the dashboard brings.
  const doctor = new EcsPullDoctor(stack, 'Doctor', { dashboard: false, ...props(stack) });
  return { doctor, stack, ...templateOf(stack) };
}
const slack = () => ({ slackWorkspaceId: 'T0123ABCDEF', slackChannelId: 'C0123ABCDEF' });
const only = <T>(items: Readonly<Record<string, T>>): T => {
  const [first, ...others] = Object.values(items);
  if (first === undefined || others.length > 0) throw new Error('expected exactly one');
  return first;
};

describe('wiring', () => {
  test('all rules lead to the queue, each with the dead-letter queue for what could not be delivered', () => {
    const { all } = synth();

    const rules = Object.values(all('AWS::Events::Rule'));

    expect(
      rules.map(
        ({ EventPattern, ScheduleExpression }) => EventPattern?.['detail-type'] ?? ScheduleExpression,
      ),
    ).toEqual([
      ['ECS Task State Change'],
      ['ECS Service Action'],
      ['ECS Service Action', 'ECS Deployment State Change'],
      'rate(5 minutes)',
    ]);
    for (const { Targets, State } of rules) {
      expect(State).toBe('ENABLED');
      expect(Targets).toHaveLength(1);
      expect(Targets[0].Arn['Fn::GetAtt'][0]).toMatch(/^DoctorQueue/);
      expect(Targets[0].DeadLetterConfig.Arn['Fn::GetAtt'][0]).toMatch(/^DoctorUndeliveredEvents/);
    }
  });

  test('the queue gives up after some receives and keeps the record elsewhere for two weeks', () => {
    const { all } = synth();
    const queues = all('AWS::SQS::Queue');
    const queue = Object.entries(queues).find(([id]) => /^DoctorQueue/.test(id))?.[1];

    expect(queue?.['RedrivePolicy'].maxReceiveCount).toBe(timing.maxReceiveCount);
    expect(queue?.['RedrivePolicy'].deadLetterTargetArn['Fn::GetAtt'][0]).toMatch(/^DoctorUnhandledRecords/);
    for (const id of Object.keys(queues).filter((one) => !/^DoctorQueue/.test(one)))
      expect(queues[id]?.['MessageRetentionPeriod']).toBe(14 * 24 * 3600);
  });

  test('records fail one by one, a few at a time', () => {
    const { all } = synth();

    expect(only(all('AWS::Lambda::EventSourceMapping'))).toMatchObject({
      BatchSize: timing.batchSize,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: timing.maxConcurrency },
    });
  });

  test('the function runs the newest Node on ARM, logs JSON, and knows its topics', () => {
    const { all } = synth(slack);

    expect(only(all('AWS::Lambda::Function'))).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON' },
      Environment: {
        Variables: {
          TOPIC_ARN: { Ref: expect.stringMatching(/^DoctorTopic/) },
          CHAT_TOPIC_ARN: { Ref: expect.stringMatching(/^DoctorSlackTopic/) },
          MAX_RECEIVE_COUNT: String(timing.maxReceiveCount),
        },
      },
    });
  });
});

test('the times fit together', () => {
  const { all } = synth();
  const timeout = only(all('AWS::Lambda::Function'))['Timeout'];
  const queue = Object.entries(all('AWS::SQS::Queue')).find(([id]) => /^DoctorQueue/.test(id))?.[1];

  // The first record of a run must always find time, and Lambda advises six times the timeout.
  expect(timeForOne).toBeLessThanOrEqual((timeout * 1_000) / 1.5);
  expect(queue?.['VisibilityTimeout']).toBeGreaterThanOrEqual(6 * timeout);
  expect(timing.batchSize).toBeLessThanOrEqual(timing.maxReceiveCount);
  // Amazon SQS leaves a record out of the age of the oldest when it is received for the third time.
  const age = timing.oldestRecord.toSeconds();
  expect(age).toBeGreaterThan(queue?.['VisibilityTimeout']);
  expect(age).toBeLessThan(2 * queue?.['VisibilityTimeout'] - 120);
});

describe('encryption and TLS', () => {
  test('every queue is encrypted under a key that EventBridge can use', () => {
    for (const queue of Object.values(synth(slack).all('AWS::SQS::Queue'))) {
      expect(queue['SqsManagedSseEnabled']).toBe(true);
      expect(queue['KmsMasterKeyId']).toBeUndefined();
    }
  });

  test('every topic is encrypted under the key of Amazon SNS, and no key is made', () => {
    const { all, template } = synth(slack);

    const topics = Object.values(all('AWS::SNS::Topic'));

    expect(topics).toHaveLength(2);
    for (const topic of topics) expect(topic['KmsMasterKeyId']).toBe('alias/aws/sns');
    template.resourceCountIs('AWS::KMS::Key', 0);
  });

  test.each([
    ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'Queues', 'sqs:*'],
    ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'Topics', 'sns:Publish'],
  ])('every %s refuses what comes without TLS', (type, policyType, field, action) => {
    const { all } = synth(slack);
    const guarded = Object.values(all(policyType)).flatMap((policy) =>
      policy['PolicyDocument'].Statement.some(
        ({ Effect, Action, Condition }: Record<string, unknown>) =>
          Effect === 'Deny' &&
          Action === action &&
          JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
      )
        ? policy[field].map(({ Ref }: { Ref: string }) => Ref)
        : [],
    );

    expect(guarded.toSorted()).toEqual(Object.keys(all(type)).toSorted());
  });

  test('only the rules may send to the queues', () => {
    const allowed = synth()
      .statements('AWS::SQS::QueuePolicy')
      .filter(({ Effect }) => Effect === 'Allow');

    // Each rule into the queue, and what it could not deliver into another.
    expect(allowed).toHaveLength(8);
    for (const statement of allowed) {
      expect(statement['Principal']).toEqual({ Service: 'events.amazonaws.com' });
      expect(statement['Condition'].ArnEquals['aws:SourceArn']['Fn::GetAtt'][0]).toMatch(
        /^Doctor(?:StoppedTasks|ServiceActions|GoodNews|Time)/,
      );
    }
  });
});

test('the table of incidents is encrypted, forgets, and finds what is due and what is over', () => {
  expect(only(synth().all('AWS::DynamoDB::Table'))).toMatchObject({
    SSESpecification: { SSEEnabled: true },
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    GlobalSecondaryIndexes: [
      {
        IndexName: 'wake',
        KeySchema: [
          { AttributeName: 'wake', KeyType: 'HASH' },
          { AttributeName: 'wakeAt', KeyType: 'RANGE' },
        ],
      },
      {
        IndexName: 'resolved',
        KeySchema: [
          { AttributeName: 'resolved', KeyType: 'HASH' },
          { AttributeName: 'endedAt', KeyType: 'RANGE' },
        ],
      },
    ],
  });
});

describe('alarms', () => {
  test('watch both dead-letter queues, the errors, the waiting and the bugs, and tell nobody by default', () => {
    const { doctor, all } = synth();
    const alarms = Object.values(all('AWS::CloudWatch::Alarm'));

    expect(doctor.alarms).toHaveLength(6);
    expect(alarms.map(({ MetricName, Threshold }) => [MetricName, Threshold])).toEqual([
      ['ApproximateNumberOfMessagesVisible', 1],
      ['ApproximateNumberOfMessagesVisible', 1],
      ['Errors', 1],
      ['ApproximateAgeOfOldestMessage', timing.oldestRecord.toSeconds()],
      ['NumberOfMessagesDeleted', 1],
      ['Bugs', 1],
    ]);
    expect(alarms.at(-1)).toMatchObject({ Namespace: 'ecs-pull-doctor' });
    expect(alarms.at(-1)).not.toHaveProperty('Dimensions');
    for (const alarm of alarms) {
      // Silence is well everywhere but where something comes every five minutes.
      expect(alarm['TreatMissingData']).toBe(
        alarm['MetricName'] === 'NumberOfMessagesDeleted' ? 'breaching' : 'notBreaching',
      );
      expect(alarm['AlarmActions']).toBeUndefined();
    }
  });

  test('are explained in the documentation, each of them', () => {
    const { all } = synth(() => ({
      remediations: [Remediation.RESTORE_ARCHIVED_IMAGE],
      automaticRemediations: [Remediation.RESTORE_ARCHIVED_IMAGE],
    }));
    const docs = readFileSync(join(__dirname, '../../docs/reliability.md'), 'utf8');
    const ids = Object.keys(all('AWS::CloudWatch::Alarm')).map((id) => /Alarms([A-Z][a-z]+)/.exec(id)?.[1]);

    expect([...docs.matchAll(/^\| `([A-Z][a-z]+)` \|/gm)].map(([, name]) => name)).toEqual(ids);
  });

  test('go to the alarm topic', () => {
    const { all } = synth((stack) => ({ alarmTopic: new Topic(stack, 'Alarms') }));
    const alarms = Object.values(all('AWS::CloudWatch::Alarm'));

    expect(alarms).toHaveLength(6);
    for (const { AlarmActions } of alarms)
      expect(AlarmActions).toEqual([{ Ref: expect.stringMatching(/^Alarms/) }]);
  });

  test('cannot go to the topic of the findings', () => {
    expect(() =>
      synth((stack) => {
        const topic = new Topic(stack, 'One');
        return { topic, alarmTopic: topic };
      }),
    ).toThrow('alarmTopic must not be the topic of the findings');
  });
});

describe('Slack', () => {
  test('gets a topic of its own, and a guardrail that only reads', () => {
    const { doctor, all, template } = synth(slack);

    expect(doctor.chatTopic).toBeDefined();
    const [channel] = Object.values(all('AWS::Chatbot::SlackChannelConfiguration'));
    expect(channel).toMatchObject({
      SlackWorkspaceId: 'T0123ABCDEF',
      SlackChannelId: 'C0123ABCDEF',
      SnsTopicArns: [{ Ref: expect.stringMatching(/^DoctorSlackTopic/) }],
      GuardrailPolicies: [{ Ref: expect.stringMatching(/^DoctorSlackGuardrail/) }],
    });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: { Statement: [Match.objectLike({ Effect: 'Allow', Sid: 'ReadToDiagnose' })] },
    });
    expect(JSON.stringify(template.toJSON())).not.toContain('AdministratorAccess');
  });

  test('is not there without ids', () => {
    const { doctor, template } = synth();

    expect(doctor.chatTopic).toBeUndefined();
    template.resourceCountIs('AWS::Chatbot::SlackChannelConfiguration', 0);
    template.resourceCountIs('AWS::SNS::Topic', 1);
  });
});

test('a given topic is used, and no other is made', () => {
  const { doctor, stack, template } = synth((scope) => ({ topic: new Topic(scope, 'Mine') }));

  template.resourceCountIs('AWS::SNS::Topic', 1);
  expect(stack.resolve(doctor.topic.topicArn)).toEqual({ Ref: expect.stringMatching(/^Mine/) });
});

test('given clusters stand in the patterns of failures', () => {
  const arn = 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod';
  const { all } = synth((scope) => ({ clusters: [Cluster.fromClusterArn(scope, 'Prod', arn)] }));

  const patterns = Object.values(all('AWS::Events::Rule')).map(({ EventPattern }) => EventPattern);
  expect(patterns.slice(0, 2).map(({ detail }) => detail.clusterArn)).toEqual([[arn], [arn]]);
});

test('the log is kept for a month, or as long as is said, and goes with the stack', () => {
  expect(only(synth().all('AWS::Logs::LogGroup'))['RetentionInDays']).toBe(30);
  const { template } = synth(() => ({ logRetention: RetentionDays.ONE_YEAR }));
  template.hasResource('AWS::Logs::LogGroup', {
    Properties: { RetentionInDays: 365 },
    DeletionPolicy: 'Delete',
  });
});

// An id that changes replaces the resource, and with a topic all its subscriptions go.
test('logical ids stay as they are', () => {
  const { template } = synth(slack);

  expect(
    Object.keys(template.toJSON()['Resources'])
      .filter((id) => /Topic|Queue|Records|Events/.test(id))
      .toSorted(),
  ).toMatchInlineSnapshot(`
[
  "DoctorFunctionSqsEventSourceStackDoctorQueue2052D757CC4DA342",
  "DoctorQueue06A5908C",
  "DoctorQueuePolicy9FABD7F7",
  "DoctorSlackTopic530D2D21",
  "DoctorSlackTopicPolicy54591715",
  "DoctorTopic770D8994",
  "DoctorTopicPolicy95C92F91",
  "DoctorUndeliveredEvents6A6A41A2",
  "DoctorUndeliveredEventsPolicy3851795B",
  "DoctorUnhandledRecords2C11EA63",
  "DoctorUnhandledRecordsPolicyC12FDEC6",
]
`);
});

describe('registries outside Amazon ECR', () => {
  const variables = (props: EcsPullDoctorProps) =>
    only(synth(() => props).all('AWS::Lambda::Function'))['Environment'].Variables;

  test.each<[string, EcsPullDoctorProps, string | undefined]>([
    ['the listed ones are asked', {}, undefined],
    [
      'further ones by name',
      { registries: ['a.example.com', 'b.example.com'] },
      'a.example.com,b.example.com',
    ],
    ['none', { askRegistries: false }, 'none'],
  ])('%s', (_, props, value) => {
    expect(variables(props).REGISTRIES).toBe(value);
  });

  test.each([
    'https://a.example.com',
    '10.0.0.5',
    'localhost',
    'a.example.com:5000',
    '*.example.com',
    'none',
    '',
  ])('`%s` is refused at synthesis', (host) => {
    expect(() => synth(() => ({ registries: [host] }))).toThrow(/^registries contains '.*looks like/s);
  });

  test('hosts to ask and the wish to ask nobody contradict each other', () => {
    expect(() => synth(() => ({ registries: ['a.example.com'], askRegistries: false }))).toThrow(
      'give only one',
    );
  });
});
