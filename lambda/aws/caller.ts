import { CallFailed } from './call-failed.ts';
import { withinTime } from './within-time.ts';

/** What every client is made with. */
export interface Connection {
  readonly region: string;
  readonly profile?: string;
  /** Tries per call, the first included; waits between them grow. */
  readonly maxAttempts?: number;
  /** Milliseconds for one call, all its tries included. */
  readonly callBudget?: number;
  /** Milliseconds for all calls of this caller together. */
  readonly budget?: number;
  /** Told of each call as it is sent and answered, for progress. */
  readonly onCall?: (action: string, state: 'sent' | 'answered' | 'failed', error?: CallFailed) => void;
}

export type Settings = ReturnType<typeof settings>;

type Client = {
  send(command: never, options: { abortSignal: AbortSignal }): Promise<unknown>;
  destroy(): void;
};

/**
 * Sends the commands of a table, by IAM action, with one client per service and Region. A call that brings no usable answer, for
 * whatever reason, throws `CallFailed`. Region and endpoint come from the caller and from the SDK's own settings
 * (`AWS_ENDPOINT_URL`, profiles).
 */
export function callerOf(
  commands: Readonly<Record<string, new (input: never) => unknown>>,
  clients: Readonly<Record<string, (config: Settings) => unknown>>,
  connection: Connection,
): (action: string, input: unknown, region?: string) => Promise<unknown> {
  const { region: home, callBudget = 8_000, budget = 25_000, onCall } = connection;
  const made = new Map<string, Client>();
  let deadline: number | undefined;

  const clientFor = (service: string, region: string): Client => {
    const key = `${service} ${region}`;
    const client = made.get(key) ?? (clients[service]?.(settings(connection, region)) as Client);
    made.set(key, client);
    return client;
  };

  return async (action, input, region = home) => {
    // The time in all begins with the first call.
    deadline ??= performance.now() + budget;
    const left = deadline - performance.now();
    onCall?.(action, 'sent');
    try {
      const command = new (commands[action] as new (input: unknown) => unknown)(input) as never;
      const answer = await withinTime(Math.min(left, callBudget), (abortSignal) =>
        clientFor(action.slice(0, action.indexOf(':')), region).send(command, { abortSignal }),
      );
      onCall?.(action, 'answered');
      return answer;
    } catch (error) {
      // Refused, throttled, late, reset or not AWS at all: whatever went wrong, this call brought no answer.
      const failure = callFailed(action, error, performance.now() >= deadline);
      onCall?.(action, 'failed', failure);
      throw failure;
    }
  };
}

const settings = ({ profile, maxAttempts = 3 }: Connection, region: string) => ({
  region,
  maxAttempts,
  retryMode: 'standard' as const,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  ...(profile === undefined ? {} : { profile }),
});

/** Codes that a permission would change: throttling, expired credentials and wrong input answer with 4xx as well. */
const denials = /^(?:Access(?:Denied|NotAllowed)|Unauthorized|NotAuthorized|AuthorizationError|Forbidden)/;

function callFailed(action: string, error: unknown, outOfTime: boolean): CallFailed {
  const { name = 'UnknownError', $metadata } = error as {
    name?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  if (outOfTime) return new CallFailed(action, 'TimeBudgetExceeded', 'no-answer', error);
  if (name === 'AbortError' || name === 'TimeoutError')
    return new CallFailed(action, 'TimeoutError', 'no-answer', error);
  // An HTML page or a cut-off document: the SDK could not read it.
  if (
    name === 'SyntaxError' ||
    (/parse|deserializ/i.test(String((error as Error).message ?? '')) && (status ?? 200) < 400)
  )
    return new CallFailed(action, 'UnreadableAnswer', 'no-answer', error);
  return new CallFailed(action, name, denials.test(name) ? 'refused' : 'no-answer', error);
}
