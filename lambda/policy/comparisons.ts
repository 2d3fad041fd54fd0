import ipaddr from 'ipaddr.js';
import { fits, matches, readPattern } from './pattern.ts';
import type { Lookup } from './request.ts';
import { isUnclear, type Truth, unclear } from './truth.ts';

/** Whether one value of a request is what one value of a policy asks for. */
export type Comparison = (wanted: string, actual: string, variables: Lookup | null) => Truth;

const text =
  (how: { readonly wildcards: boolean; readonly ignoreCase?: boolean }): Comparison =>
  (wanted, actual, variables) =>
    matches(wanted, actual, { ...how, variables });

const ordered =
  (
    read: (value: string) => number | null,
    what: string,
    test: (actual: number, wanted: number) => boolean,
  ): Comparison =>
  (wanted, actual) => {
    const [left, right] = [read(actual), read(wanted)];
    if (right === null) return unclear(`\`${wanted}\` is no ${what}`);
    return left === null ? unclear(`\`${actual}\` is no ${what}`) : test(left, right);
  };

const orders = {
  Equals: (actual: number, wanted: number) => actual === wanted,
  LessThan: (actual: number, wanted: number) => actual < wanted,
  LessThanEquals: (actual: number, wanted: number) => actual <= wanted,
  GreaterThan: (actual: number, wanted: number) => actual > wanted,
  GreaterThanEquals: (actual: number, wanted: number) => actual >= wanted,
};

const allOrders = (
  prefix: string,
  read: (value: string) => number | null,
  what: string,
): readonly [string, Comparison][] =>
  Object.entries(orders).map(([name, test]) => [`${prefix}${name}`, ordered(read, what, test)]);

/** Six parts, each for itself: a wildcard does not reach across a colon. `ArnEquals` knows wildcards too. */
const arn: Comparison = (wanted, actual, variables) => {
  const pattern = readPattern(wanted, { wildcards: true, variables });
  if (isUnclear(pattern)) return pattern;
  const wantedParts = arnParts(pattern);
  if (!wantedParts) return unclear(`\`${wanted}\` is no ARN of six parts`);
  const actualParts = arnParts(actual.split(''));
  return actualParts?.every((part, index) => fits(wantedParts[index] ?? [], part.join(''))) ?? false;
};

function arnParts<T>(characters: readonly T[]): readonly (readonly T[])[] | null {
  const colons = characters.flatMap((one, index) => (one === ':' ? [index] : [])).slice(0, 5);
  if (colons.length < 5) return null;
  return [-1, ...colons].map((colon, index) =>
    characters.slice(colon + 1, colons[index] ?? characters.length),
  );
}

const bool: Comparison = (wanted, actual) =>
  /^(?:true|false)$/i.test(wanted)
    ? wanted.toLowerCase() === actual.toLowerCase()
    : unclear(`\`${wanted}\` is neither true nor false`);

const ipAddress: Comparison = (wanted, actual) => {
  const block = readBlock(wanted);
  const address = actual.includes('/') ? null : readBlock(actual);
  if (!block) return unclear(`\`${wanted}\` is no block of IP addresses`);
  if (!address) return unclear(`\`${actual}\` is no IP address`);
  return address[0].kind() === block[0].kind() && address[0].match(block[0], block[1]);
};

function readBlock(value: string) {
  const cidr = value.includes('/') ? value : `${value}/${value.includes(':') ? 128 : 32}`;
  // The library also takes addresses such as `1/32`, which IAM does not.
  return ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr) || ipaddr.IPv6.isValidCIDR(cidr)
    ? ipaddr.parseCIDR(cidr)
    : null;
}

const readNumber = (value: string): number | null =>
  /^[+-]?\d+(?:\.\d+)?$/.test(value) ? Number(value) : null;

/** Seconds since 1970, or ISO 8601 as W3C has it. A time without a zone is no instant. */
function readInstant(value: string): number | null {
  if (/^\d{5,}$/.test(value)) return Number(value) * 1000;
  if (!/^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?$/.test(value))
    return null;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? null : instant;
}

/**
 * The condition operators that ask for a match. The negated ones are their opposites, see `condition.ts`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const comparisons: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['StringEquals', text({ wildcards: false })],
  ['StringEqualsIgnoreCase', text({ wildcards: false, ignoreCase: true })],
  ['StringLike', text({ wildcards: true })],
  ['ArnEquals', arn],
  ['ArnLike', arn],
  ['Bool', bool],
  ['BinaryEquals', (wanted, actual) => wanted === actual],
  ['IpAddress', ipAddress],
  ...allOrders('Numeric', readNumber, 'number'),
  ...allOrders('Date', readInstant, 'date'),
]);
