import { CallFailed } from '../aws/call-failed.ts';

/** The list in an answer. An answer without the list it must have is no answer; it never means that there is nothing. */
export function answered<T>(action: string, list: readonly T[] | undefined): readonly T[] {
  if (!list) throw new CallFailed(action, 'EmptyAnswer', 'no-answer');
  return list;
}

/** All items of a paginated call, read to the end. */
export async function allPages<T>(
  action: string,
  page: (
    token: string | undefined,
  ) => Promise<{ readonly items: readonly T[] | undefined; readonly next: string | undefined }>,
): Promise<readonly T[]> {
  const items: T[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const answer = await page(token);
    items.push(...answered(action, answer.items));
    token = answer.next || undefined;
    // A token that comes back would keep us here for ever.
    if (token && seen.has(token)) throw new CallFailed(action, 'RepeatedToken', 'no-answer');
    if (token) seen.add(token);
  } while (token);
  return items;
}
