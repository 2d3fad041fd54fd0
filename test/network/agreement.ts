import type { CollectedFacts, FactName, Facts, PullError, Step } from '../../lambda/model/facts.ts';
import type { Path } from '../../lambda/model/network.ts';
import { pathsOf } from '../../lambda/network/walk.ts';
import { holds } from './ipv4.ts';
import { type Address, addressesOf, servicesOf, type Verdict, type Walked, walks } from './packet-walk.ts';
import { collected } from './random-network.ts';

/** What the product and the packet walk say of one connection of the pull. */
export interface Comparison {
  readonly step: Step;
  readonly subnetId: string;
  readonly path: Path | undefined;
  readonly product: Verdict | 'likely closed';
  readonly truth: Verdict;
  readonly walked: readonly Walked[];
}

/** The address that the error text names, and the step in which it was dialled. */
export interface Dialled {
  readonly step: Step;
  readonly address: Address;
}

/** One of the addresses that a step may have dialled, or none. */
export function dialledIn(facts: Facts, step: Step, index: number): Dialled | undefined {
  const service = servicesOf(facts).get(step);
  const ofOthers = facts.prefixLists.flatMap(({ name, cidrBlocks }) =>
    name && !(service?.service === 's3' && name.endsWith(`.${service.region}.s3`)) ? cidrBlocks : [],
  );
  const addresses = service
    ? addressesOf(facts, service).filter(({ ip }) => !ofOthers.some((block) => holds(block, ip)))
    : [];
  if (service?.dualStack) addresses.push({ ip: '2600:1f18::9', at: 'the internet' });
  const address = addresses[index % addresses.length];
  return address && { step, address };
}

/** Both answers, for every subnet and every connection. The facts that are hidden are hidden from the product alone. */
export function compare(
  facts: Facts,
  dialled?: Dialled,
  hidden: readonly FactName[] = [],
): readonly Comparison[] {
  const paths = pathsOf({ ...collected(facts), ...unknown(hidden) }, errorOf(dialled));
  return facts.subnets.flatMap(({ subnetId }) =>
    [...servicesOf(facts)].map(([step, service]): Comparison => {
      const path = paths.find((one) => one.subnetId === subnetId && one.destination.step === step);
      const product = path ? verdictOf(path) : 'unknown';
      const meant = dialled?.step === step ? dialled.address : undefined;
      const all = walks(facts, subnetId, service, meant, dialled !== undefined);
      // That a private address may stand behind a public name makes no open way less open, but a closed one less proven.
      const walked =
        product === 'closed' || dialled?.step === step
          ? all
          : all.filter(({ connection }) => !/^a h/.test(String(connection?.to.at)));
      return { step, subnetId, path, product, truth: sumOf(walked), walked };
    }),
  );
}

/** What the product says of a path. */
export function verdictOf({ hops }: Path): Comparison['product'] {
  const closed = hops.filter(({ verdict }) => verdict === 'closed');
  if (closed.some(({ certainty }) => certainty === 'proven')) return 'closed';
  if (closed.length > 0) return 'likely closed';
  return hops.every(({ verdict }) => verdict === 'open') ? 'open' : 'unknown';
}

const sumOf = (walked: readonly Walked[]): Verdict =>
  (['open', 'closed'] as const).find((one) => walked.every(({ verdict }) => verdict === one)) ?? 'unknown';

/** A disagreement in words, or nothing where there is none. */
export function disagreementIn(comparison: Comparison): readonly string[] {
  const { step, subnetId, product, truth, path, walked } = comparison;
  if (agrees(comparison)) return [];
  const against = walked.find(({ verdict }) => verdict !== product);
  return [
    `${step} from ${subnetId}: the product says ${product}, the walk ${truth}`,
    ...(path?.hops ?? []).map((hop) => `  ${hop.verdict} (${hop.certainty}) ${hop.because}`),
    `the walk says ${against?.verdict} of ${JSON.stringify(against?.connection)}`,
    ...(against?.hops ?? []).map((hop) => `  ${hop.join(' ')}`),
  ];
}

function agrees({ product, truth, path, walked }: Comparison): boolean {
  switch (product) {
    case 'open':
      return truth === 'open';
    case 'closed':
      return truth === 'closed' && path !== undefined && endsThere(path, walked);
    case 'likely closed':
      return truth !== 'open';
    case 'unknown':
      // Hops that end some packets each may end all of them together: that is more than a path can say.
      return path !== undefined && truth !== 'open' && (truth === 'unknown' || !endsAll(walked));
  }
}

/** Whether packets really end where the product says that they do. */
function endsThere({ hops }: Path, walked: readonly Walked[]): boolean {
  // Where the product blames a name, it goes on to the endpoint to which the name ought to lead.
  const blamesName = hops.some(({ verdict, check }) => verdict !== 'open' && aboutNames.has(check));
  return hops
    .filter(({ verdict, certainty }) => verdict === 'closed' && certainty === 'proven')
    .every(
      ({ is }) =>
        blamesName || walked.some((one) => one.hops.some((hop) => hop[0] === is && hop[2] === 'closed')),
    );
}
const aboutNames = new Set([
  'custom-dns-servers',
  'endpoint-not-available',
  'endpoint-private-dns-off',
  'vpc-dns-disabled',
]);

const endsAll = (walked: readonly Walked[]): boolean =>
  walked[0]?.hops.some(([is, at]) =>
    walked.every(({ hops }) => hops.some((hop) => hop[0] === is && hop[1] === at && hop[2] === 'closed')),
  ) ?? false;

/** Facts that AWS refused to show. */
export const unknown = (names: readonly FactName[]): Partial<CollectedFacts> =>
  Object.fromEntries(
    names.map((name) => [name, { status: 'unknown', why: 'refused', action: 'ec2:Describe' }]),
  );

/** What a text says that names an address, or none. */
export const errorOf = (dialled: Dialled | undefined): PullError => ({
  text: '',
  symptoms: [],
  truncated: false,
  step: dialled?.step ?? null,
  ...(dialled && {
    address: dialled.address.ip,
    addressKind: dialled.address.at === 'the internet' ? 'public' : 'private',
  }),
});
