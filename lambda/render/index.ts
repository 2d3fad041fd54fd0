import type { Diagnosis } from '../model/diagnosis.ts';
import type { Snapshot } from '../model/facts.ts';
import { chat } from './chat.ts';
import { email } from './email.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { type Look, terminal } from './terminal.ts';

/** `snapshot`: what the diagnosis was made from, for a format that shows it. */
export type Render = (diagnosis: Diagnosis, look?: Look, snapshot?: Snapshot) => string;

/** Every format by its name. */
export const formats = {
  terminal,
  email: (diagnosis) => email(diagnosis),
  html: (diagnosis, _look, snapshot) => html(diagnosis, snapshot),
  chat: (diagnosis) => `${chat(diagnosis)}\n`,
  json: (diagnosis) => json(diagnosis),
} satisfies Record<string, Render>;

export type Format = keyof typeof formats;
