import type { Diagnosis } from '../model/diagnosis.ts';
import type { Offer, Plan } from '../model/remediation.ts';
import type { IncidentNote } from './incident-message.ts';

/** A diagnosis as it is sent: with the names of the fields that had to be cut to make it fit, if any had. */
export type SentDiagnosis = Diagnosis & {
  readonly omitted?: readonly string[];
  readonly incident?: IncidentNote;
  /** What may be applied, and whether a person has to approve it. */
  readonly plan?: Plan & Pick<Offer, 'approval'> & { readonly summary: string };
};

/** Ways to say less, the least painful first: the text and the first cause are what a subscriber cannot do without. */
const cuts: readonly (readonly [field: string, cut: (diagnosis: Diagnosis) => Diagnosis])[] = [
  ['error', (diagnosis) => ({ ...diagnosis, error: shorten(diagnosis.error, 4_096) })],
  ['ruledOut', (diagnosis) => ({ ...diagnosis, ruledOut: [] })],
  ['paths', (diagnosis) => ({ ...diagnosis, paths: [] })],
  ['otherProblems', (diagnosis) => ({ ...diagnosis, otherProblems: [], crashed: [] })],
  ['suspects', (diagnosis) => ({ ...diagnosis, suspects: [] })],
  ['causes', (diagnosis) => squeeze({ ...diagnosis, causes: diagnosis.causes.slice(0, 1) }) as SentDiagnosis],
];

/** The diagnosis itself, then ever smaller ones, until one fits. The smallest always does. */
export function fitting(
  diagnosis: SentDiagnosis,
  fits: (candidate: SentDiagnosis) => boolean,
): SentDiagnosis {
  let candidate: SentDiagnosis = diagnosis;
  const omitted: string[] = [];
  for (const [field, cut] of cuts) {
    if (fits(candidate)) return candidate;
    omitted.push(field);
    candidate = { ...cut(candidate), omitted: [...omitted] };
  }
  return candidate;
}

/** Every text and every list within it cut to a few. */
function squeeze(value: unknown): unknown {
  if (typeof value === 'string') return shorten(value, 300);
  if (Array.isArray(value)) return value.slice(0, 10).map(squeeze);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, squeeze(inner)]));
}

/** Cut to a length, never in the middle of a character. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const code = text.charCodeAt(length - 2);
  return `${text.slice(0, code >= 0xd800 && code <= 0xdbff ? length - 2 : length - 1)}…`;
}
