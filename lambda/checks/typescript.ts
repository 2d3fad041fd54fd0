import type { CdkCode } from '../model/check.ts';

/** A statement of a policy, or another value that is JSON. */
type Value = string | number | object;

/** CDK code. Every value becomes a literal of TypeScript, whatever stands in it: code is pasted as commands are. */
export const typescript = (strings: TemplateStringsArray, ...values: readonly Value[]): CdkCode =>
  strings
    .map((text, index) => text + (index < values.length ? literal(values[index] ?? '') : ''))
    .join('') as CdkCode;

const literal = (value: Value): string =>
  typeof value === 'string'
    ? `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
    : JSON.stringify(value);
