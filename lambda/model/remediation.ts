import type { Diagnosis } from './diagnosis.ts';
import type { FactName, Facts, StoppedTask } from './facts.ts';

/**
 * Every change to an account that this project can make, as the call that makes it. What the change was made with at the time
 * stands in it as `<run>` and `<rule>`, until it is known.
 */
export type Change =
  | {
      readonly action: 'ec2:AuthorizeSecurityGroupEgress' | 'ec2:AuthorizeSecurityGroupIngress';
      readonly input: { readonly GroupId: string; readonly IpPermissions: readonly [GroupPermission] };
    }
  | {
      readonly action: 'ec2:RevokeSecurityGroupEgress' | 'ec2:RevokeSecurityGroupIngress';
      readonly input: { readonly GroupId: string; readonly SecurityGroupRuleIds: readonly [string] };
    }
  | {
      readonly action: 'iam:AttachRolePolicy' | 'iam:DetachRolePolicy';
      readonly input: { readonly RoleName: string; readonly PolicyArn: string };
    }
  | {
      readonly action: 'ecs:UpdateService';
      readonly input: {
        readonly cluster: string;
        readonly service: string;
        readonly networkConfiguration: { readonly awsvpcConfiguration: NetworkSettings };
      };
    }
  | {
      readonly action: 'ecr:UpdateImageStorageClass';
      readonly input: {
        readonly registryId: string;
        readonly repositoryName: string;
        readonly imageId: { readonly imageDigest: string };
        readonly targetStorageClass: 'STANDARD' | 'ARCHIVE';
      };
    };

export type ChangeAction = Change['action'];

/** TCP on port 443 with one peer. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
export interface GroupPermission {
  readonly IpProtocol: 'tcp';
  readonly FromPort: 443;
  readonly ToPort: 443;
  readonly IpRanges?: readonly [{ readonly CidrIp: string; readonly Description: string }];
  readonly UserIdGroupPairs?: readonly [{ readonly GroupId: string; readonly Description: string }];
  readonly PrefixListIds?: readonly [{ readonly PrefixListId: string; readonly Description: string }];
}

export interface NetworkSettings {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: 'ENABLED' | 'DISABLED';
}

/** One change, and the change that takes it back. */
export interface RemediationStep {
  readonly does: string;
  /** Where both calls go. */
  readonly region: string;
  readonly apply: Change;
  readonly undo: Change;
}

/** What a remediation would do: plain JSON to print, send, approve and apply. */
export interface Plan {
  readonly schemaVersion: 1;
  /** Made from what it would do and to whom: the same plan has the same id, and another has another. */
  readonly id: string;
  readonly remediation: string;
  /** Id of the check whose finding it remedies. */
  readonly remedies: string;
  readonly accountId: string;
  readonly region: string;
  readonly clusterArn: string;
  /** `service:web`, `family:web` and the like. */
  readonly group: string | null;
  /** The deployment that the failed task belongs to. */
  readonly deploymentId: string | null;
  readonly steps: readonly RemediationStep[];
  /** Whom it touches beside the failed task. */
  readonly touches: readonly string[];
  /** What it costs to run, where it costs anything. */
  readonly costs: string | null;
  /** Causes that are there still when it is applied, by the model. */
  readonly leaves: readonly string[];
  /** Whether only a person may approve it. */
  readonly byPersonOnly: boolean;
  /** ISO 8601, UTC. */
  readonly plannedAt: string;
  readonly expiresAt: string;
}

/** A plan that a diagnosis offers, and how it comes to be applied. */
export interface Offer {
  readonly plan: Plan;
  /** By a person, or by itself. */
  readonly approval: 'person' | 'automatic';
  /** The failed task, from which everything is collected anew. */
  readonly task: StoppedTask;
}

/** What a remediation answers: what it would do, or why it would not. */
export type Proposal =
  | {
      readonly status: 'ready';
      readonly steps: readonly RemediationStep[];
      readonly touches: readonly string[];
      readonly costs: string | null;
      /** The facts that it changes, as they would be: the diagnosis is made again with them. */
      readonly model: Partial<Facts>;
    }
  | Declined;

export interface Declined {
  readonly status: 'declined';
  readonly because: string;
}

/** One way out that this project can carry out and take back. */
export interface Remediation<N extends FactName = FactName> {
  /** In kebab-case; also the name of its file and of its page. */
  readonly id: string;
  /** Id of the check whose finding it remedies. */
  readonly remedies: string;
  /** What it does, for lists. */
  readonly does: string;
  /** Whether only a person may approve it, whatever else is set. */
  readonly byPersonOnly: boolean;
  /** If one of them is unknown nothing is planned. */
  readonly needs: readonly N[];
  // A method on purpose: see `Check.examine`.
  plan(facts: Pick<Facts, N>, diagnosis: Diagnosis): Proposal;
}

/** One step of a run, as the journal keeps it. */
export interface Entry {
  /**
   * `started`: the call was about to be sent, and it is not known that it failed; `left`: there is something, and it is not ours
   * any more; `stuck`: it should be taken back, and could not be.
   */
  readonly status: 'planned' | 'started' | 'done' | 'already-so' | 'failed' | 'undone' | 'left' | 'stuck';
  /** What was read immediately before the call. */
  readonly before: Readonly<Record<string, string | boolean | null>> | null;
  /** What AWS made: the id of a rule, or of a deployment. */
  readonly made: string | null;
  readonly because: string | null;
}

/** One application of a plan. */
export interface Run {
  /** The plan's id and the time. */
  readonly id: string;
  readonly plan: Plan;
  /** ARN of the principal that approved it. */
  readonly by: string;
  readonly startedAt: string;
  readonly status: 'applying' | 'applied' | 'undoing' | 'undone' | 'stuck';
  /** Why it was not applied, or could not be taken back. */
  readonly because: string | null;
  /** One per step of the plan. */
  readonly entries: readonly Entry[];
}
