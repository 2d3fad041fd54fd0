import { checks } from './checks/index.ts';
import { derive } from './diagnose.ts';
import { examine } from './examine.ts';
import type { Check, Result } from './model/check.ts';
import type { Finding } from './model/diagnosis.ts';
import type { Snapshot } from './model/facts.ts';
import type { Preflight } from './model/preflight.ts';
import { mendingOf } from './network/mend.ts';

/**
 * That a lifecycle rule took an image is likely, since nobody saw it. That the image is gone is certain all the same, where that is
 * so wherever the task may be placed, and no pull-through cache may fill the repository.
 */
const isGone = ({ check, resources }: Finding<'found'>, snapshots: readonly Snapshot[]): boolean =>
  check.id === 'image-expired-by-lifecycle-policy' &&
  snapshots.every(
    ({ facts: { ecrImages } }) =>
      ecrImages.status === 'known' &&
      ecrImages.value.some(
        ({ image, manifest, pullThroughCacheRule: rule }) =>
          resources.includes(image) &&
          manifest.status === 'known' &&
          manifest.value === null &&
          rule.status === 'known' &&
          rule.value === null,
      ),
  );

/**
 * Every check, on the facts about a task that has not been started. With several snapshots the task may be placed in any of these
 * ways, such as on any of some container instances: what holds for all is proven, what holds for some is likely.
 */
export function preflight(
  snapshots: readonly [Snapshot, ...Snapshot[]],
  catalogue: readonly Check[] = checks,
): Preflight {
  const [snapshot, ...others] = snapshots;
  const placed = (one: Snapshot) => ({ snapshot: one, facts: derive(one) });
  const placements = [placed(snapshot), ...others.map(placed)] as const;
  const findings = catalogue.map(({ id, cause, source, ...check }): Finding => {
    const results = placements.map(({ facts }) => examine({ id, cause, source, ...check }, facts));
    return { check: { id, cause, source }, ...together(results) } as Finding;
  });
  // On the network in the order in which a packet meets them, then in that of the catalogue.
  const found = having(findings, 'found').toSorted((a, b) => placeOf(a) - placeOf(b));
  const blocks = (finding: Finding<'found'>) => finding.certainty === 'proven' || isGone(finding, snapshots);
  const blocking = found.filter(blocks);
  const likely = found.filter((finding) => !blocks(finding));
  const unknown = [...having(findings, 'inconclusive'), ...having(findings, 'undecided')];
  const crashed = having(findings, 'crashed');
  const { task, images } = snapshot.facts;
  // The placement with the worst way is drawn.
  const drawn = placements.find(({ facts }) => facts.paths.value.some(isClosed)) ?? placements[0];
  const { facts } = drawn;
  return {
    schemaVersion: 1,
    collectedAt: snapshot.collectedAt,
    clusterArn: task.value.clusterArn,
    group: task.value.group ?? '',
    taskDefinitionArn: task.value.taskDefinitionArn,
    images: images.status === 'known' ? images.value.map(({ text }) => text) : [],
    conclusion:
      blocking.length > 0
        ? 'blocked'
        : likely.length + unknown.length + crashed.length > 0
          ? 'undecided'
          : 'clear',
    paths: facts.paths.value,
    mending: mendingOf(drawn.snapshot.facts, facts.pullError.value, facts.paths.value),
    blocking,
    likely,
    unknown,
    passed: having(findings, 'ruled-out'),
    notApplicable: having(findings, 'not-applicable'),
    crashed,
  };
}

const placeOf = ({ hop = Number.MAX_SAFE_INTEGER }: Finding<'found'>) => hop;

const isClosed = ({ hops }: Preflight['paths'][number]) => hops.some(({ verdict }) => verdict === 'closed');

/** One check's results for every placement, as one: the worst, and no more certain than they all are. */
function together(results: readonly Result[]): Result {
  const found = having(results, 'found');
  const [worst] = found.toSorted(
    (a, b) => Number(b.certainty === 'proven') - Number(a.certainty === 'proven'),
  );
  if (worst && found.length === results.length)
    return {
      ...worst,
      certainty: found.every(({ certainty }) => certainty === 'proven') ? 'proven' : 'likely',
    };
  if (worst)
    return {
      ...worst,
      certainty: 'likely',
      evidence: [
        ...worst.evidence,
        `That holds for ${found.length} of ${results.length} container instances that were looked at`,
      ],
    };
  const order = ['crashed', 'inconclusive', 'undecided', 'ruled-out', 'not-applicable'] as const;
  const [first] = order.flatMap((status) => having(results, status).slice(0, 1));
  return first ?? { status: 'not-applicable', because: 'there is nowhere to place the task' };
}

/** Those of a status, whatever else they carry. */
const having = <R extends Result, S extends Result['status']>(results: readonly R[], status: S) =>
  results.filter((result): result is Extract<R, { readonly status: S }> => result.status === status);
