import { leavesNamesOpen, leavesOpen } from '../error-text/pull-error.ts';
import type { Outcome } from '../model/check.ts';
import type { PullError } from '../model/facts.ts';
import type { Path } from '../model/network.ts';
import { notApplicable, ruledOut } from './define.ts';

/**
 * What a check of names concludes: of the host that the text names or, where it leaves open which name it was, of the hosts of these
 * paths, those of the failed step first. The worst counts, and it ends the steps that need its hosts, no others.
 */
export function ofNames(
  error: PullError,
  paths: readonly Path[],
  examine: (host: string) => Outcome,
): Outcome {
  const ofStep = ({ destination }: Path) => Number(destination.step === error.step);
  const all = paths.toSorted((a, b) => ofStep(b) - ofStep(a)).map(({ destination }) => destination.host);
  const named = error.host !== undefined && !leavesOpen(error) ? [error.host] : null;
  const hosts = [...new Set(named ?? (leavesNamesOpen(error) ? all : []))];
  const examined = hosts.map((host) => ({ host, outcome: examine(host) }));
  const outcomes = examined.map(({ outcome }) => outcome);
  const [worst] = outcomes.filter((one) => one.status === 'found');
  if (worst) {
    const shut = examined.flatMap(({ host, outcome }) => (outcome.status === 'found' ? [host] : []));
    const steps = paths.flatMap(({ destination: { host, step } }) => (shut.includes(host) ? [step] : []));
    return named ? worst : { ...worst, closes: [...new Set(steps)] };
  }
  const doubtful = outcomes.find(({ status }) => status === 'undecided');
  if (doubtful) return doubtful;
  const evidence = outcomes.flatMap((one) => (one.status === 'ruled-out' ? one.evidence : []));
  return evidence.length > 0
    ? ruledOut(...evidence.slice(0, 3))
    : notApplicable('no host of the pull is in question');
}

/** Where a packet meets what answers for a name: after the kind of its address, and before all else. */
export const hopOfNames = 1;
