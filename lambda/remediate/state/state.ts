import { CallFailed } from '../../aws/call-failed.ts';
import type { Account } from '../../aws/remediation-api.ts';
import type { Change, Entry } from '../../model/remediation.ts';

export type Look = Account['look'];
export type Of<A extends Change['action']> = Extract<Change, { action: A }>;

/** With this tag the owner of a resource says that it may be changed. */
export const consent = { key: 'ecs-pull-doctor:remediation', value: 'allow' } as const;

/** What a step is about, as it is now. */
export interface State {
  readonly resource: string;
  readonly consents: boolean;
  /** Whether what the step brings about is the case. */
  readonly isSo: boolean;
  /** What of it is this run's own, where the resource itself tells; `undefined` where it cannot. */
  readonly made: string | null | undefined;
  /** For the journal: what there is to go back to. */
  readonly before: NonNullable<Entry['before']>;
  /** Why it may not be changed now, whoever consents. */
  readonly against: string | null;
  /** Why it may not be taken back now. */
  readonly againstUndo: string | null;
  /** The call that takes back what this run made, and nothing else. */
  readonly undo: Change;
}

/** Whether the tags hold the consent. */
export const consents = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): boolean => (tags ?? []).some(({ Key, Value }) => Key === consent.key && Value === consent.value);

/** What AWS must have answered; without it nothing is known, and nothing is changed. */
export function given<T>(action: string, value: T | null | undefined): T {
  if (value === null || value === undefined) throw new CallFailed(action, 'EmptyAnswer', 'no-answer');
  return value;
}

/** The items of all pages. */
export async function pages<T>(
  page: (token: string | undefined) => Promise<{ items: readonly T[]; next?: string | undefined }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await page(token);
    all.push(...items);
    token = next;
  } while (token);
  return all;
}
