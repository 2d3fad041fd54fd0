import type { Read } from '../aws/api.ts';

/** The same reader, but the same call (action, input and Region) is made once, and its answer shared. */
export function once(read: Read): Read {
  const answers = new Map<string, Promise<unknown>>();
  return ((action, input, region) => {
    const key = JSON.stringify([action, input, region]);
    const answer = answers.get(key) ?? read(action, input, region);
    answers.set(key, answer);
    return answer;
  }) as Read;
}
