/**
 * Makes a call, and aborts it when its time is over; the call then throws as the SDK does on an abort. With a timer of our own:
 * Node may collect a signal of `AbortSignal.any` before it fires
 * (https://github.com/nodejs/node/issues/57736).
 */
export async function withinTime<T>(
  milliseconds: number,
  call: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), milliseconds);
  try {
    return await call(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
