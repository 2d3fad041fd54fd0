import type { Hop } from '../model/network.ts';
import type { Branch, Routing } from './route-table.ts';

/** A hop to an address outside the VPC. `noWayOut`: the VPC was never meant to lead there, as opposed to a gateway that is broken. */
export type PublicHop = Hop & { readonly noWayOut?: true };

/**
 * One answer for all routes that packets may take: closed is proven only if every one ends, and open only if none does.
 * `doubt` stands for the addresses that go another way than most.
 */
export function alongAll(
  { usual, special }: Routing,
  along: (branch: Branch) => readonly PublicHop[],
  doubt: Hop,
): readonly PublicHop[] {
  const most = usual.map(along);
  const all = [...most, ...special.map(along)];
  const [first = []] = most;
  if (all.every(isOpen)) return first;
  if (all.every(endsForSure)) return [...first, ...endingsBeside(first, all)];
  const ending = most.find(ends);
  if (ending) return [...doubtful(ending), ...endingsBeside(ending, all)];
  return most.find((hops) => !isOpen(hops)) ?? [...first, doubt];
}

/** What ends packets on other ways, or may: one way does not rule it out. */
function endingsBeside(
  way: readonly PublicHop[],
  all: readonly (readonly PublicHop[])[],
): readonly PublicHop[] {
  const said = new Set(way.filter(({ verdict }) => verdict !== 'open').map(keyOf));
  const beside = all.flat().filter((hop) => hop.verdict !== 'open' && !said.has(keyOf(hop)));
  return doubtful([...new Map(beside.map((hop) => [keyOf(hop), hop])).values()]);
}

const keyOf = ({ check, at }: Hop) => `${check} ${at}`;

const ends = (hops: readonly Hop[]) => hops.some(({ verdict }) => verdict === 'closed');
/** Whether a way is proven to end. */
export const endsForSure = (hops: readonly Hop[]) =>
  hops.some(({ verdict, certainty }) => verdict === 'closed' && certainty === 'proven');
/** Whether nothing on a way is closed or unknown. */
export const isOpen = (hops: readonly Hop[]) => hops.every(({ verdict }) => verdict === 'open');

/** The same hops where something that we cannot see may lead past them. */
export const doubtful = <T extends Hop>(hops: readonly T[]): readonly T[] =>
  hops.map((hop) => (hop.verdict === 'closed' ? { ...hop, certainty: 'likely' as const } : hop));
