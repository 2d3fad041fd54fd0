import type { FactName } from '../model/facts.ts';
import type { Declined, Remediation } from '../model/remediation.ts';

/** Types `plan` by the remediation's own `needs`, then forgets them so that remediations share one list. */
export const defineRemediation = <const N extends FactName>(remediation: Remediation<N>): Remediation =>
  remediation;

export const declined = (because: string): Declined => ({ status: 'declined', because });
