import { awsStandIn } from '../bundle/aws-stand-in.ts';
import { functionTimeout, startBundle } from '../bundle/bundles.ts';
import type { Account } from '../support/account.ts';
import { faultProxy } from './proxy.ts';

/** As `lib/timing.ts` has it; a test holds the two together. */
export const maxReceiveCount = 5;
export const visibilityTimeout = 360_000;

/** How a record ended. */
export interface End {
  /** Messages that the topic accepted. */
  readonly messages: readonly string[];
  readonly receives: number;
  readonly inDeadLetterQueue: boolean;
  /** Longest run of the function, in milliseconds. */
  readonly longest: number;
  readonly calls: ReadonlyMap<string, number>;
}

/** The function in a process of its own, with AWS behind a proxy, and a queue that delivers again what comes back. */
export async function queueOver(bundle: string) {
  const aws = await awsStandIn();
  const proxy = await faultProxy(aws.url);
  let fn: Awaited<ReturnType<typeof startBundle>> | undefined;
  return {
    proxy,
    kill: () => {
      fn?.stop();
      fn = undefined;
    },
    /** Delivers a record until it is done with. `receives` is told before each delivery. */
    async deliver(
      account: Account,
      event: object,
      { before, onRun = () => {} }: { before: (receive: number) => void; onRun?: () => void },
      fresh = true,
    ): Promise<End> {
      if (fresh) await aws.standFor(account);
      proxy.reset();
      let longest = 0;
      let receive = 0;
      let isDone = false;
      while (!isDone && receive < maxReceiveCount) {
        receive += 1;
        before(receive);
        fn ??= await startBundle(bundle, proxy.url, aws.table, {
          MAX_RECEIVE_COUNT: String(maxReceiveCount),
        });
        const record = {
          messageId: 'm',
          body: JSON.stringify(event),
          attributes: { ApproximateReceiveCount: String(receive) },
        };
        const started = Date.now();
        onRun();
        try {
          const answer = (await fn.run({ Records: [record] }, (receive - 1) * visibilityTimeout)) as {
            result?: { batchItemFailures: readonly unknown[] };
          };
          isDone = answer.result?.batchItemFailures.length === 0;
        } catch {
          // Killed: the record becomes visible again, and another process takes it.
          fn = undefined;
        }
        longest = Math.max(longest, Date.now() - started);
      }
      return {
        messages: aws
          .requests()
          .map(({ body }) => body ?? '')
          .filter((body) => body.startsWith('Action=Publish')),
        receives: receive,
        inDeadLetterQueue: !isDone,
        longest,
        calls: new Map(proxy.seen),
      };
    },
    stop: () => {
      fn?.stop();
      proxy.stop();
      aws.stop();
    },
  };
}

export { functionTimeout };
