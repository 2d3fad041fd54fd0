import type { ReadAction } from '../../lambda/aws/actions.ts';
import type { Read } from '../../lambda/aws/api.ts';
import { CallFailed } from '../../lambda/aws/call-failed.ts';

/** One call as it was made, and what came back. */
export interface Recorded {
  readonly action: string;
  readonly input: unknown;
  readonly region?: string | undefined;
  readonly output?: unknown;
  /** The error code, if the call failed. */
  readonly error?: string;
  readonly why?: CallFailed['why'];
}

/** A reader that gives the answers of a recording. A call that was not recorded gives no answer. */
export function recordedAnswers(recording: readonly Recorded[]): Read {
  return (async (action: ReadAction, input: unknown, region?: string) => {
    const asked = sameText(input);
    const call = recording.find(
      (one) => one.action === action && sameText(one.input) === asked && (one.region ?? region) === region,
    );
    if (!call) throw new CallFailed(action, 'NotRecorded', 'no-answer');
    if (call.error) throw new CallFailed(action, call.error, call.why ?? 'refused');
    return revived(call.output);
  }) as Read;
}

/** A reader that writes down every call and its answer. */
export function recording(read: Read, into: Recorded[]): Read {
  return (async (action: ReadAction, input: never, region?: string) => {
    try {
      const { $metadata: _, ...output } = (await read(action, input, region)) as { $metadata?: unknown };
      into.push({ action, input, ...(region && { region }), output });
      return output;
    } catch (error) {
      if (error instanceof CallFailed)
        into.push({ action, input, ...(region && { region }), error: error.code, why: error.why });
      throw error;
    }
  }) as Read;
}

const sameText = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );

/** JSON knows no dates: what looks like one in a field whose name ends like one becomes one again, as the SDK gives it. */
const revived = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, one: unknown) =>
    typeof one === 'string' && /(?:At|Date|Time)$/.test(key) && /^\d{4}-\d\d-\d\dT/.test(one)
      ? new Date(one)
      : one,
  );
