import { possibleSteps } from '../error-text/pull-error.ts';
import type { Check, CheckFacts, Source } from '../model/check.ts';
import type { CollectedFacts, FactName } from '../model/facts.ts';
import type { Hop, Path } from '../model/network.ts';
import { defineCheck, found, notApplicable, ruledOut, undecided } from './define.ts';
import { byOwner, type OwnedFix } from './vpc-owner.ts';

/** A hop that ends a connection, and the connection. */
export interface Ending {
  readonly hop: Hop;
  readonly path: Path;
}

interface NetworkCheck<U extends FactName> extends Pick<Check, 'id' | 'cause' | 'source'> {
  readonly source: Source;
  /** Facts that the fixes go by. */
  readonly uses?: readonly U[];
  /** The fixes change what belongs to whoever runs the task, even in a VPC that another account shares, unless they say otherwise. */
  readonly ofTask?: true;
  /** The fixes for the hops that end a connection. */
  fixes(
    endings: readonly [Ending, ...Ending[]],
    facts: Pick<CheckFacts, 'images' | 'paths' | 'placement' | 'subnets' | 'task'>,
    uses: Pick<CollectedFacts, U>,
  ): readonly OwnedFix[];
}

/** A check that speaks for one kind of hop: the paths are walked once, and each check reads its own hops from them. */
export const defineNetworkCheck = <const U extends FactName = never>({
  id,
  cause,
  source,
  uses,
  ofTask,
  fixes,
}: NetworkCheck<U>): Check =>
  defineCheck({
    id,
    cause,
    source,
    needs: ['pullError', 'task', 'images', 'placement', 'subnets', 'paths'],
    ...(uses && { uses }),

    examine({ pullError, task, images, placement, subnets, paths }, used: Pick<CollectedFacts, U>) {
      if (!placement) return notApplicable('the task does not pull through a VPC of this account');
      const mine = hopsOf(id, paths);
      if (mine.length === 0) {
        const hidden = hiding(paths, id);
        if (hidden) return undecided(hidden.because, hidden.resources, hidden.ask ?? 'Look at it');
        return notApplicable('no connection of the pull passes here');
      }

      const shut = mine.filter(({ hop }) => hop.verdict === 'closed');
      // What is shut in part ends some connections, and which of them is chance.
      const partly = mine.filter(({ hop }) => hop.traffic);
      const [first, ...others] = shut.length > 0 ? shut : partly;
      // What ends another connection than the one that failed tells nothing of that one.
      const steps = possibleSteps(pullError);
      const failed = paths.filter(({ destination: { step } }) => steps.includes(step));
      const isBeside = [first, ...others].every((one) => !one || !failed.includes(one.path));
      if (isBeside) {
        const asked = first ? failed : paths;
        const open = hopsOf(id, asked).find(({ hop }) => hop.verdict === 'unknown')?.hop ?? hiding(asked, id);
        if (open) return undecided(open.because, open.resources, open.ask ?? 'Look at it');
      }
      if (!first) return ruledOut(...unique(mine.map(({ hop }) => hop.because)).slice(0, 3));
      const endings = [first, ...others] as const;
      const closes = unique(endings.map(({ path }) => path.destination.step));
      const addresses = unique(endings.map(({ path }) => path.addresses));
      const [kind] = addresses;
      // The task ran in one of the subnets: only what ends the connection from all of them is proven to have ended it.
      const fromAll = closes.some((step) => {
        const from = new Set(
          endings
            .filter(({ path, hop }) => path.destination.step === step && hop.certainty === 'proven')
            .map(({ path }) => path.subnetId),
        );
        return subnets.every(({ subnetId }) => from.has(subnetId));
      });
      const some = unique(endings.map(({ path }) => path.subnetId));
      const ways = fixes(endings, { images, paths, placement, subnets, task }, used);
      return found(fromAll ? 'proven' : 'likely', {
        evidence: [
          ...unique(endings.map(({ hop }) => hop.because)),
          ...(some.length < subnets.length
            ? [
                `That holds for ${some.map((one) => `\`${one}\``).join(', ')}, ${some.length} of the ${subnets.length} subnets the task may have run in`,
              ]
            : []),
        ],
        resources: unique(endings.flatMap(({ hop }) => hop.resources)),
        fixes: byOwner(ways, subnets, task, ofTask),
        closes,
        hop: Math.min(...endings.map(({ position }) => position)),
        ...(addresses.length === 1 && kind && kind !== 'unknown' && { addresses: kind }),
      });
    },
  });

/** The hops that a check speaks for, each with its place on its path. */
function hopsOf(id: string, paths: readonly Path[]): readonly (Ending & { readonly position: number })[] {
  const mine = [];
  // All hops are looked at for every check: no lists are made of those of others.
  for (const path of paths)
    for (const [position, hop] of path.hops.entries())
      if (hop.check === id) mine.push({ hop, path, position });
  return mine;
}

/** A hop that could not be seen, and behind which the hops of a check may lie. */
function hiding(paths: readonly Path[], id: string): Hop | undefined {
  for (const { hops } of paths) for (const hop of hops) if (hop.hides?.includes(id)) return hop;
  return undefined;
}

const unique = <T>(items: readonly T[]): readonly T[] => [...new Set(items)];
