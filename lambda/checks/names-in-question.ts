import { leavesOpen } from '../error-text/pull-error.ts';
import type { Outcome } from '../model/check.ts';
import type { CollectedFacts, PullError } from '../model/facts.ts';
import type { Path } from '../model/network.ts';
import { notApplicable, ruledOut } from './define.ts';

/**
 * What a check of names concludes: of the host that the text names or, where it leaves open why the pull failed, of the hosts of
 * these paths. The worst counts.
 */
export function ofNames(
  error: PullError,
  paths: readonly Path[],
  examine: (host: string) => Outcome,
): Outcome {
  const { host } = error;
  const hosts = leavesOpen(error) ? paths.map(({ destination }) => destination.host) : host ? [host] : [];
  const outcomes = [...new Set(hosts)].map(examine);
  const worst =
    outcomes.find(({ status }) => status === 'found') ??
    outcomes.find(({ status }) => status === 'undecided');
  if (worst) return worst;
  const evidence = outcomes.flatMap((one) => (one.status === 'ruled-out' ? one.evidence : []));
  return evidence.length > 0
    ? ruledOut(...evidence.slice(0, 3))
    : notApplicable('no host of the pull is in question');
}

/** Queries to DNS servers of one's own reach what Route 53 has for the VPC only if those hand them on. */
export const asksAmazon = (dhcpOptions: CollectedFacts['dhcpOptions']): boolean =>
  dhcpOptions.status === 'known' &&
  (dhcpOptions.value?.domainNameServers ?? []).every((one) => one === 'AmazonProvidedDNS');
