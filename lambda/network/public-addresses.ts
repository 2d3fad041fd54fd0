import type { PrefixList } from '../model/facts.ts';
import { coversTogether, isPrivateBlock } from './cidr.ts';
import { knownValue } from './hop.ts';
import { mayConcern } from './own-blocks.ts';
import { internet } from './route-table.ts';
import type { Walk } from './walk.ts';

/** The addresses that may be meant: the one that was dialled, those of Amazon S3 in the Region, or the whole internet. */
export function addressesOf(way: Walk): readonly string[] {
  const s3 = s3ListOf(way)?.cidrBlocks.filter((block) => !block.includes(':')) ?? [];
  const dialled = way.dialled && `${way.dialled}/32`;
  // An address of Amazon S3 that its list does not hold is newer, or older, than the list.
  const isListed =
    s3.length === 0 || (dialled && (isPrivateBlock(dialled) || coversTogether(s3, dialled) === 'all'));
  if (dialled && isListed) return [dialled];
  return s3.length > 0 ? s3 : internet;
}

/**
 * The prefix lists that a rule or route for packets to some blocks may name, with their entries, if they are known. Those of other
 * services hold no address of the destination.
 */
export function listsFor(way: Walk, packetsTo: readonly string[]): readonly PrefixList[] | null {
  const { facts, dialled } = way;
  const lists = knownValue(facts.prefixLists) ?? knownValue(facts.servicePrefixLists);
  if (dialled) return lists;
  const own = s3ListOf(way)?.prefixListId;
  const concerns = mayConcern(packetsTo, facts);
  return (
    lists?.map((list) => ({
      ...list,
      cidrBlocks: list.name && list.prefixListId !== own ? [] : list.cidrBlocks.filter(concerns),
    })) ?? null
  );
}

/** The prefix list of Amazon S3 in the Region of the destination, if that is what is meant, and the list is known. */
export function s3ListOf({ facts, destination }: Walk): PrefixList | undefined {
  if (destination.service !== 's3') return undefined;
  const lists = knownValue(facts.servicePrefixLists) ?? knownValue(facts.prefixLists);
  return lists?.find(({ name }) => name?.endsWith(`.${destination.region}.s3`));
}
