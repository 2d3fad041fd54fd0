import { putMetrics } from './metrics.ts';

/** What went wrong and did not end the run. `lib/alarms.ts` watches the metric: somebody has to mend it. */
export function logBug(
  entry: { readonly bug: string; readonly error: string; readonly [more: string]: string },
  now: Date,
): void {
  console.error(entry);
  putMetrics({ Bugs: 1 }, {}, now);
}

/** An error for the log, with what caused it. */
export function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error
    ? `${error.stack} | ${error.cause.name}: ${error.cause.message}`
    : String(error.stack);
}
