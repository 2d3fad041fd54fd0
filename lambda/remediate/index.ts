import type { Remediation } from '../model/remediation.ts';
import allowEndpointIngress from './allow-endpoint-ingress.ts';
import allowHttpsEgress from './allow-https-egress.ts';
import assignPublicIp from './assign-public-ip.ts';
import attachExecutionRolePolicy from './attach-execution-role-policy.ts';
import restoreArchivedImage from './restore-archived-image.ts';

/** Every change that can be carried out. For all else the fixes in the diagnosis are the plan, and a person makes the change. */
export const remediations: readonly Remediation[] = [
  allowHttpsEgress,
  allowEndpointIngress,
  attachExecutionRolePolicy,
  assignPublicIp,
  restoreArchivedImage,
];
