/** A value that the emulator must have given; without it no test makes sense. */
export function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined)
    throw new Error('the emulator left out a value that the test needs');
  return value;
}
