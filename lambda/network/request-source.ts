import type { Subnet } from '../model/facts.ts';
import type { Path } from '../model/network.ts';

/** What the policies of a registry see of where its requests come from. */
export interface RequestSource {
  readonly context: Readonly<Record<string, readonly string[]>>;
  readonly absent: readonly string[];
}

const ofEndpoints = ['aws:SourceVpce', 'aws:SourceVpc', 'aws:VpcSourceIp'];
/** The public address of who asks. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip */
export const withoutPublicAddress = ['aws:SourceIp'];
const nothingKnown: RequestSource = { context: {}, absent: [] };

/**
 * The condition keys of requests to a host: the endpoint that they pass and its VPC, or neither on the way over the internet.
 * Nothing, where the ways differ or cannot be seen.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpce
 */
export function requestSource(
  host: string | null,
  paths: readonly Path[],
  subnets: readonly Subnet[],
): RequestSource {
  const mine = paths.filter(
    ({ destination }) => destination.step === 'manifest' && destination.host === host,
  );
  const [first, ...others] = mine.map((path) => sourceOf(path, subnets));
  if (!first || others.some((one) => JSON.stringify(one) !== JSON.stringify(first))) return nothingKnown;
  return first;
}

function sourceOf({ addresses, hops, subnetId }: Path, subnets: readonly Subnet[]): RequestSource {
  const isSure = hops.every(({ is, verdict }) => is !== 'name resolution' || verdict === 'open');
  if (!isSure || hops.some(({ is }) => is === 'elsewhere')) return nothingKnown;
  if (addresses === 'public') return { context: {}, absent: ofEndpoints };
  const endpoint = hops.find(({ is }) => is === 'VPC endpoint')?.at;
  const vpcId = subnets.find((subnet) => subnet.subnetId === subnetId)?.vpcId;
  if (addresses !== 'private' || !endpoint || !vpcId) return nothingKnown;
  return {
    context: { 'aws:SourceVpce': [endpoint], 'aws:SourceVpc': [vpcId] },
    absent: withoutPublicAddress,
  };
}
