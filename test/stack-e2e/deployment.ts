import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { startMinistack } from './ministack.ts';

type Ministack = Awaited<ReturnType<typeof startMinistack>>;

/** Deploys the stack as the README says, with settings, and answers its outputs. */
export async function deploy(
  { shell }: Ministack,
  settings: readonly string[] = [],
): Promise<Readonly<Record<string, string>>> {
  const folder = mkdtempSync(join(tmpdir(), 'ecs-pull-doctor-stack-'));
  const outputs = join(folder, 'outputs.json');
  try {
    await shell('npx cdk bootstrap');
    // Nobody is there to be asked; the template is the one that everybody gets.
    await shell(
      `npx cdk deploy ${settings.map((one) => `-c ${one} `).join('')}--require-approval never --outputs-file ${outputs} --output ${folder}/cdk.out`,
    );
    return JSON.parse(readFileSync(outputs, 'utf8')).EcsPullDoctor;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a subscriber's queue received: the message, and its attributes. */
export interface Received {
  // biome-ignore lint/suspicious/noExplicitAny: JSON as it came
  readonly message: any;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Subscribes a new queue to a topic. */
export async function subscriber(
  { aws }: Ministack,
  topicArn: string,
  name: string,
  attributes: object = {},
) {
  const { QueueUrl: url } = await aws('sqs', 'create-queue', '--queue-name', name);
  const got = await aws('sqs', 'get-queue-attributes', '--queue-url', url, '--attribute-names', 'QueueArn');
  await aws(
    ...['sns', 'subscribe', '--topic-arn', topicArn, '--protocol', 'sqs'],
    ...['--notification-endpoint', got.Attributes.QueueArn, '--attributes', JSON.stringify(attributes)],
  );
  const next = async (): Promise<Received | null> => {
    const { Messages: [message] = [] } = await aws(
      ...['sqs', 'receive-message', '--queue-url', url, '--wait-time-seconds', '1'],
    );
    if (!message) return null;
    await aws('sqs', 'delete-message', '--queue-url', url, '--receipt-handle', message.ReceiptHandle);
    const { Message, MessageAttributes = {} } = JSON.parse(message.Body);
    const values = Object.entries(MessageAttributes as Record<string, { Value: string }>);
    return {
      message: JSON.parse(Message),
      attributes: Object.fromEntries(values.map(([key, { Value }]) => [key, Value])),
    };
  };
  return {
    /** The next message that arrives. */
    receive: async (): Promise<Received> => {
      for (let tries = 0; tries < 20; tries++) {
        const received = await next();
        if (received) return received;
      }
      throw new Error(`nothing arrived in the queue ${name}`);
    },
    /** Whether anything is there. */
    isEmpty: async () => (await next()) === null,
    remove: () => aws('sqs', 'delete-queue', '--queue-url', url),
  };
}
