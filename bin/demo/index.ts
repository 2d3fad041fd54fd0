import recorded from './incidents.json';
import type { Recorded } from './recorded-answers.ts';

/** An event, and what AWS answered at the time. */
export interface Incident {
  readonly name: string;
  readonly story: string;
  /** ISO 8601, UTC. */
  readonly collectedAt: string;
  readonly event: unknown;
  readonly answers: readonly Recorded[];
}

/** The incidents that `demo` shows. `npm run demo:write` makes the file from the accounts of the tests. */
export const incidents: readonly Incident[] = recorded as readonly Incident[];
