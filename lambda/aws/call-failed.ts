import type { Unknown } from '../model/facts.ts';

/** Thrown by `read` when a call brought no answer that can be used. The one error a collector can cause. */
export class CallFailed extends Error {
  readonly action: string;
  /** The AWS error code, or what happened, e.g. `TimeoutError`. */
  readonly code: string;
  readonly why: Extract<Unknown['why'], 'refused' | 'no-answer'>;

  constructor(action: string, code: string, why: CallFailed['why'], cause?: unknown) {
    super(`${action} failed with ${code}`, { cause });
    this.name = 'CallFailed';
    this.action = action;
    this.code = code;
    this.why = why;
  }
}
