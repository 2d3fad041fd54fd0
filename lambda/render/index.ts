import type { Diagnosis } from '../model/diagnosis.ts';
import { chat } from './chat.ts';
import { email } from './email.ts';
import { json } from './json.ts';
import { type Look, terminal } from './terminal.ts';

export type Render = (diagnosis: Diagnosis, look?: Look) => string;

/** Every format by its name. */
export const formats = {
  terminal,
  email: (diagnosis) => email(diagnosis),
  chat: (diagnosis) => `${chat(diagnosis)}\n`,
  json: (diagnosis) => json(diagnosis),
} satisfies Record<string, Render>;

export type Format = keyof typeof formats;
