import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Message } from '../../lambda/publish/message.ts';
import { snsPublisher } from '../../lambda/publish/sns.ts';
import { snsStandIn } from './sns-stand-in.ts';

const topic = (name: string) => `arn:aws:sns:eu-central-1:111122223333:${name}`;
const message: Message = {
  subject: 'web: The NAT gateway gives no way to the internet',
  email: 'THE NAT GATEWAY …\n',
  machine: '{"schemaVersion":1}',
  chat: '{"version":"1.0"}',
  attributes: { conclusion: 'explained', cluster: 'prod' },
};

const never = (error: Error) => {
  throw error;
};

let sns: Awaited<ReturnType<typeof snsStandIn>>;
beforeAll(async () => {
  sns = await snsStandIn();
  process.env['AWS_ENDPOINT_URL_SNS'] = sns.url;
});
afterAll(() => {
  delete process.env['AWS_ENDPOINT_URL_SNS'];
  sns.stop();
});
beforeEach(() => {
  sns.published.length = 0;
});

test('a finding is one message, worded for each protocol, with its attributes', async () => {
  await snsPublisher({ findings: topic('findings') }, never)(message);

  expect(sns.published).toHaveLength(1);
  expect(sns.published[0]).toMatchObject({
    Action: 'Publish',
    TopicArn: topic('findings'),
    Subject: message.subject,
    MessageStructure: 'json',
    'MessageAttributes.entry.1.Name': 'conclusion',
    'MessageAttributes.entry.1.Value.DataType': 'String',
    'MessageAttributes.entry.1.Value.StringValue': 'explained',
  });
  expect(JSON.parse(sns.published[0]?.['Message'] ?? '')).toEqual({
    default: message.machine,
    email: message.email,
  });
});

test('chat gets its own message, which is nothing but the custom notification', async () => {
  await snsPublisher({ findings: topic('findings'), chat: topic('chat') }, never)(message);

  const chat = sns.published.find(({ TopicArn }) => TopicArn === topic('chat'));
  expect(chat).toMatchObject({ Message: message.chat });
  expect(chat).not.toHaveProperty('MessageStructure');
  expect(chat).not.toHaveProperty('Subject');
});

test.each([
  ['findings', 'refuses', 'chat', 'chat'],
  ['chat', 'findings', 'refuses', 'findings'],
])(
  'when the topic for %s refuses, the other is told once, and the refusal is reported',
  async (_, findings, chat, told) => {
    const refused: unknown[] = [];
    const publish = snsPublisher({ findings: topic(findings), chat: topic(chat) }, (error) =>
      refused.push(error),
    );

    await publish(message);

    expect(refused).toMatchObject([
      {
        message: 'a topic refused the message',
        cause: { name: expect.stringContaining('AuthorizationError') },
      },
    ]);
    expect(sns.published.map(({ TopicArn }) => TopicArn)).toEqual([topic(told)]);
  },
);

test('when all topics refuse, the record goes back', async () => {
  const publish = snsPublisher({ findings: topic('refuses'), chat: topic('refuses') }, never);

  await expect(publish(message)).rejects.toThrow('a topic refused the message');
});
