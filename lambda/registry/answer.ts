import type { RegistryAnswer } from '../model/facts.ts';

export type NotChecked = Extract<RegistryAnswer, { status: 'not-checked' }>;
export type NoAnswer = Extract<RegistryAnswer, { status: 'no-answer' }>;

export const notChecked = (because: string): NotChecked => ({ status: 'not-checked', because });
export const noAnswer = (because: string): NoAnswer => ({ status: 'no-answer', because });
