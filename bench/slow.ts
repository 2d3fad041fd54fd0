import type { Read } from '../lambda/aws/api.ts';

/** Milliseconds that each call takes. */
export const callTime = 200;

/** The same reader, but every call takes its time, as the network does. Calls that are made together wait together. */
export const slow = (read: Read): Read =>
  (async (action, input, region) => {
    await new Promise((resolve) => setTimeout(resolve, callTime));
    return read(action, input, region);
  }) as Read;
