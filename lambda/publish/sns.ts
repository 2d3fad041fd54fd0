import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { withinTime } from '../aws/within-time.ts';
import { body, type Message } from './message.ts';

/** Where messages go. */
export interface Topics {
  readonly findings: string;
  /** Only if a Slack channel is configured. */
  readonly chat?: string | undefined;
}

/** Milliseconds that publishing may take, all tries included. */
export const timeToPublish = 10_000;

/**
 * Tells a message to the topics. If none takes it, that is thrown, so that the record goes back to the queue. If one has taken
 * it, people know: told again, they would hear the same with each try, so `onRefused` is told what the other said.
 */
export function snsPublisher(
  { findings, chat }: Topics,
  onRefused: (error: Error) => void,
): (message: Message) => Promise<void> {
  const sns = new SNSClient({
    region: findings.split(':')[3] ?? '',
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });

  return async ({ subject, attributes, ...texts }) => {
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        name,
        typeof value === 'string'
          ? { DataType: 'String', StringValue: value }
          : { DataType: 'String.Array', StringValue: JSON.stringify(value) },
      ]),
    );
    const send = async (command: PublishCommand) => {
      const { MessageId } = await withinTime(timeToPublish, (abortSignal) =>
        sns.send(command, { abortSignal }),
      );
      // Whoever else may have answered: without it, SNS has not taken the message.
      if (!MessageId) throw new Error('Amazon SNS gave an answer without a message id');
    };
    const sent = await Promise.allSettled([
      send(
        new PublishCommand({
          TopicArn: findings,
          Subject: subject,
          MessageStructure: 'json',
          Message: body(texts),
          MessageAttributes,
        }),
      ),
      ...(chat ? [send(new PublishCommand({ TopicArn: chat, Message: texts.chat, MessageAttributes }))] : []),
    ]);
    const refused = sent.find((one) => one.status === 'rejected');
    if (!refused) return;
    const error = new Error('a topic refused the message', { cause: refused.reason });
    if (sent.every(({ status }) => status === 'rejected')) throw error;
    onRefused(error);
  };
}
