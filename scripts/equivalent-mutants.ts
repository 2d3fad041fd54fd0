/** Mutants that no test can see, by file, as `scripts/mutate.ts` writes them, and why. */
export const equivalent: Readonly<Record<string, Readonly<Record<string, string>>>> = {};
