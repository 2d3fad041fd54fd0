import type { Snapshot } from '../model/facts.ts';
import { movedAddresses } from './addresses.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { keptFields, textFields } from './vocabulary.ts';

/**
 * The same snapshot with other account ids, names, resource ids and addresses. Relations stay: what was equal is equal, what
 * began alike begins alike, what lay in a block lies in it, so that the diagnosis is the same. Whatever is not known to be a word
 * of AWS is replaced. `key` is random and is thrown away.
 */
export function anonymise(snapshot: Snapshot, key: number): Snapshot {
  const pseudonyms = new Pseudonyms(key);
  const name = (text: string) => pseudonyms.forName(movedAddresses(text, key));
  const names = new Map<string, string>();
  // Names first, so that texts which quote them find them.
  const structured = mapped(snapshot, (text, field) => {
    if (textFields.has(field)) return text;
    const other = readAsPolicy(text, name) ?? name(text);
    if (other !== text) names.set(text, other);
    return other;
  });
  const quoted = anyOf([...names.keys()].filter((one) => one.length > 3));
  return mapped(structured, (text, field) =>
    textFields.has(field)
      ? text
          .split(quoted)
          // Every second piece is a name that the text quotes.
          .map((piece, index) =>
            index % 2 === 1 ? (names.get(piece) ?? piece) : pseudonyms.forText(movedAddresses(piece, key)),
          )
          .join('')
      : text,
  );
}

/** Every string of a JSON document changed, with the field it stands in; the values of some fields mean something and stay. */
function mapped<T>(value: T, change: (text: string, field: string) => string, field = ''): T {
  if (typeof value === 'string') return (keptFields.has(field) ? value : change(value, field)) as T;
  if (Array.isArray(value)) return value.map((item) => mapped(item, change, field)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    // A fact's own value stands under its name.
    Object.entries(value).map(([key, item]) => [key, mapped(item, change, key === 'value' ? field : key)]),
  ) as T;
}

/** A policy document: its grammar stays, what it names changes. `null` if the text is none. */
function readAsPolicy(text: string, name: (text: string) => string): string | null {
  if (!text.startsWith('{')) return null;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  return JSON.stringify(
    mapped(document, (value, field) => (isOfGrammar(value) || isTime(field, value) ? value : name(value))),
    // Condition keys may end in the key of a tag.
    (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value).map(([key, item]) => [
              key.replace(/(?<=^(?:aws|ecr|iam):\w+\/).+$/, (tag) => name(tag)),
              item,
            ]),
          )
        : value,
  );
}

/** The value of a condition on the time, which the diagnosis goes by. */
const isTime = (key: string, value: string): boolean =>
  /^aws:(?:CurrentTime|EpochTime)$/i.test(key) && /^[\d:.TZ+-]+$/.test(value);

/** Actions, service principals, and what the grammars of policies and lifecycle policies know. */
const isOfGrammar = (value: string): boolean =>
  /^[a-z0-9-]+:[A-Z*][A-Za-z*]*$/.test(value) ||
  /^[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.test(value) ||
  /^(?:\d{4}-\d\d-\d\d|Allow|Deny|true|false|tagged|untagged|any|expire|transition|archive|standard|days|sinceImage\w+|imageCountMoreThan)$/.test(
    value,
  );

/** One of some names, the longest first; a part of a longer word is none. */
const anyOf = (names: readonly string[]): RegExp => {
  const escaped = names
    .toSorted((a, b) => b.length - a.length)
    .map((one) => one.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  return new RegExp(`(?<![\\w.-])(${escaped.join('|') || '(?!)'})(?!\\w)`, 'g');
};
