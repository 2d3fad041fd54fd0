import type { Change } from '../../model/remediation.ts';

/** A call with what was not known when it was planned. */
export function filled(change: Change, values: Readonly<Record<string, string>>): Change {
  const fill = (value: unknown): unknown =>
    typeof value === 'string'
      ? Object.entries(values).reduce((text, [hole, content]) => text.replaceAll(hole, content), value)
      : Array.isArray(value)
        ? value.map(fill)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fill(one)]))
          : value;
  return fill(change) as Change;
}
