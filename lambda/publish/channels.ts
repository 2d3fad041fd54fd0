import { eventBus } from './event-bus.ts';
import { described, logBug } from './log-bug.ts';
import type { Message } from './message.ts';
import { snsPublisher } from './sns.ts';

/** Where a function tells what it has to say: to people by topics, to automation by the event bus. Both throw. */
export interface Channels {
  readonly publish: (message: Message) => Promise<void>;
  /** An event of our own, for automation. */
  readonly announce: (message: Message, resources: readonly string[]) => Promise<void>;
}

/** The channels that the environment of a function names. */
export function channelsFrom({
  TOPIC_ARN,
  CHAT_TOPIC_ARN,
}: Readonly<Record<string, string | undefined>>): Channels {
  if (!TOPIC_ARN) throw new Error('TOPIC_ARN is not set: the stack sets it to the topic of the findings');
  return {
    publish: snsPublisher({ findings: TOPIC_ARN, chat: CHAT_TOPIC_ARN }, (error) =>
      logBug({ bug: 'one of the topics', error: described(error) }, new Date()),
    ),
    announce: eventBus(TOPIC_ARN.split(':')[3] ?? ''),
  };
}
