import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { withinTime } from '../aws/within-time.ts';
import type { Message } from './message.ts';

/** What our own events are known by. */
export const ownEvent = { source: 'ecs-pull-doctor', detailType: 'ECS Image Pull Incident' } as const;

/**
 * Puts a message on the default event bus as an event of our own, for automation: `docs/messages.md` describes it. Throws if
 * EventBridge does not take it.
 */
export function eventBus(region: string): (message: Message, resources: readonly string[]) => Promise<void> {
  const client = new EventBridgeClient({
    region,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000 },
  });
  return async ({ machine }, resources) => {
    const command = new PutEventsCommand({
      Entries: [
        {
          Source: ownEvent.source,
          DetailType: ownEvent.detailType,
          Detail: machine,
          Resources: [...resources],
        },
      ],
    });
    const { FailedEntryCount, Entries } = await withinTime(3_000, (abortSignal) =>
      client.send(command, { abortSignal }),
    );
    if (FailedEntryCount !== 0)
      throw new Error(`EventBridge refused the event: ${Entries?.[0]?.ErrorCode ?? 'no answer'}`);
  };
}
