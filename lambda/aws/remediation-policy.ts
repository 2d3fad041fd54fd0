import { changeActions, lookActions } from './actions.ts';

export type RemediationId = keyof typeof changeActions;

/** One statement of an IAM policy, as IAM writes it. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const tag = 'ecs-pull-doctor:remediation';
const tagged = { StringEquals: { [`aws:ResourceTag/${tag}`]: 'allow' } };

/**
 * What each remediation may change: only what its owner has tagged, and only one policy.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const limits: {
  readonly [R in RemediationId]: {
    readonly resource: string;
    readonly condition: NonNullable<Statement['Condition']>;
  };
} = {
  'allow-https-egress': { resource: 'ec2:*:*:security-group/*', condition: tagged },
  'allow-endpoint-ingress': { resource: 'ec2:*:*:security-group/*', condition: tagged },
  'attach-execution-role-policy': {
    resource: 'iam::*:role/*',
    condition: {
      StringEquals: { [`iam:ResourceTag/${tag}`]: 'allow' },
      ArnLike: { 'iam:PolicyARN': 'arn:*:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy' },
    },
  },
  'assign-public-ip': { resource: 'ecs:*:*:service/*', condition: tagged },
  'restore-archived-image': { resource: 'ecr:*:*:repository/*', condition: tagged },
};

/** What these remediations need beside the permissions of a diagnosis. */
export const remediationStatements = (ids: readonly RemediationId[]): readonly Statement[] => [
  { Sid: 'LookBeforeChange', Effect: 'Allow', Action: lookActions, Resource: '*' },
  ...ids.map((id) => ({
    Sid: id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    Effect: 'Allow' as const,
    Action: changeActions[id],
    Resource: `arn:*:${limits[id].resource}`,
    Condition: limits[id].condition,
  })),
];
