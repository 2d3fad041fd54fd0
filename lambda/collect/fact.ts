import { CallFailed } from '../aws/call-failed.ts';
import type { Fact, Unknown } from '../model/facts.ts';

/** What a call that brought no answer leaves unknown. */
export const unknownBy = ({ why, action, code }: CallFailed): Unknown => ({
  status: 'unknown',
  why,
  action,
  error: code,
});

/** A part of a fact that may stay unknown while the rest is known. */
export async function factOf<T>(learn: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { status: 'known', value: await learn() };
  } catch (error) {
    if (error instanceof CallFailed) return unknownBy(error);
    throw error;
  }
}
