import { describe, expect, test } from '@jest/globals';
import { Stack, Validations } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readActions } from '../../lambda/aws/actions.ts';
import { EcsPullDoctor, EcsPullDoctorStack } from '../../lib/index.ts';
import { callsOf } from '../support/calls.ts';
import { actionsOf, app, templateOf } from './synth.ts';

function statements() {
  const stack = new Stack(app(), 'Stack');
  new EcsPullDoctor(stack, 'Doctor', {
    alarmTopic: new Topic(stack, 'Alarms'),
    slackWorkspaceId: 'T0123ABCDEF',
    slackChannelId: 'C0123ABCDEF',
    // Its function has a role of its own: `dashboard.test.ts`.
    dashboard: false,
  });
  return templateOf(stack).statements('AWS::IAM::Policy');
}

/** What AWS Lambda does in the function's name: it takes records from the queue and writes the log. */
const actionsOfLambda = [
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];

describe('the role of the function', () => {
  test('may do exactly what the function and AWS Lambda call', async () => {
    const calls = await callsOf('lambda/handler.ts');

    expect(actionsOf(statements())).toEqual([...calls, ...actionsOfLambda].toSorted());
  });

  test('may read whatever fails, and work on nothing else but its own queue, topics, table, bus and log', () => {
    const [reading, ...others] = statements().toSorted((a) => (a['Sid'] === 'ReadToDiagnose' ? -1 : 1));

    expect(actionsOf(reading ? [reading] : [])).toEqual([...readActions].toSorted());
    expect(others.length).toBeGreaterThan(0);
    for (const { Resource } of others) expect(JSON.stringify(Resource)).not.toContain('*');
  });

  test('names every action in full', () => {
    expect(actionsOf(statements()).filter((action) => action.includes('*'))).toEqual([]);
  });

  test('reads and never changes', () => {
    expect(
      readActions.filter((action) => !/^\w+:(?:Describe|Get|List|Simulate)[A-Z]\w+$/.test(action)),
    ).toEqual([]);
  });

  test('counts as no pull and imports nothing', () => {
    expect(readActions).not.toContain('ecr:BatchGetImage');
  });

  test('is allowed everything by statements of its own, not by a managed policy', () => {
    const stack = new Stack(app(), 'Stack');
    new EcsPullDoctor(stack, 'Doctor');

    for (const role of Object.values(templateOf(stack).all('AWS::IAM::Role')))
      expect(role['ManagedPolicyArns']).toBeUndefined();
  });
});

test.each([
  {},
  {
    email: 'ops@example.com',
    slackWorkspace: 'T0123ABCDEF',
    slackChannel: 'C0123ABCDEF',
    clusters: ['prod'],
  },
])('cdk-nag finds nothing that has no reason, with %j', (context) => {
  const everything = app();
  new EcsPullDoctorStack(everything, 'Stack', context);
  Validations.of(everything).addPlugins(new AwsSolutionsChecks());

  expect(() => everything.synth()).not.toThrow();
});

test('cdk-nag does find what has no reason', () => {
  const everything = app();
  new Topic(new Stack(everything, 'Stack'), 'Open');
  Validations.of(everything).addPlugins(new AwsSolutionsChecks());

  expect(() => everything.synth()).toThrow();
});
