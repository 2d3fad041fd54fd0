import { changeActions } from '../lambda/aws/actions.ts';
import type { RemediationId } from '../lambda/aws/remediation-policy.ts';

/** As the functions take them: in one text. */
export const idsOf = (remediations: readonly Remediation[]): string =>
  remediations.map(({ id }) => id).join(',');

/** A change that can be made, and taken back, with the consent of the resource's owner: `docs/remediations`. */
export class Remediation {
  /** Lets the security group of the task out on TCP port 443. */
  static readonly ALLOW_HTTPS_EGRESS = new Remediation('allow-https-egress');
  /** Lets the security group of the task into the one of the endpoint on TCP port 443. */
  static readonly ALLOW_ENDPOINT_INGRESS = new Remediation('allow-endpoint-ingress');
  /** Attaches `AmazonECSTaskExecutionRolePolicy` to the task execution role. */
  static readonly ATTACH_EXECUTION_ROLE_POLICY = new Remediation('attach-execution-role-policy');
  /** Gives the tasks of a service in a public subnet a public IP address. Only a person may approve it. */
  static readonly ASSIGN_PUBLIC_IP = new Remediation('assign-public-ip');
  /** Restores an archived image in Amazon ECR. */
  static readonly RESTORE_ARCHIVED_IMAGE = new Remediation('restore-archived-image');

  static readonly all: readonly Remediation[] = [
    Remediation.ALLOW_HTTPS_EGRESS,
    Remediation.ALLOW_ENDPOINT_INGRESS,
    Remediation.ATTACH_EXECUTION_ROLE_POLICY,
    Remediation.ASSIGN_PUBLIC_IP,
    Remediation.RESTORE_ARCHIVED_IMAGE,
  ];

  /** The remediation with an id; throws if there is none. */
  static called(id: string): Remediation {
    const found = Remediation.all.find((one) => one.id === id);
    if (!found)
      throw new Error(`'${id}' is no remediation; choose among: ${Object.keys(changeActions).join(', ')}`);
    return found;
  }

  readonly id: RemediationId;

  private constructor(id: RemediationId) {
    this.id = id;
  }
}
