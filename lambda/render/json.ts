import type { Diagnosis } from '../model/diagnosis.ts';

/** The diagnosis itself, for programs. Its fields and ids are a contract. */
export const json = (diagnosis: Diagnosis): string => `${JSON.stringify(diagnosis, null, 2)}\n`;
