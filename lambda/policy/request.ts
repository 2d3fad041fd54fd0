import type { StoppedTask } from '../model/facts.ts';

/** Who makes a request. */
export type Principal =
  /** A role that a service of AWS has assumed for a task or an instance. */
  | { readonly kind: 'role'; readonly arn: string; readonly accountId: string }
  | { readonly kind: 'service'; readonly service: string }
  /** An account that is not known, but is none of `notAccountIds`: the one of Amazon ECR that signs the URLs of layers. */
  | { readonly kind: 'foreign'; readonly notAccountIds?: readonly string[] }
  /** Some role or user, and which one is not known. */
  | { readonly kind: 'unknown' };

/** One request that a policy allows or denies. */
export interface PolicyRequest {
  readonly action: string;
  /** An ARN; `*` for an action that has no resource. */
  readonly resource: string;
  readonly principal: Principal;
  /** The condition keys that are known, in any case. A key with no value is absent. */
  readonly context: Readonly<Record<string, readonly string[]>>;
  /** The condition keys that the request is known not to have. Of a key that is in neither list nothing is known. */
  readonly absent?: readonly string[];
  /** When it was made: within this time, ISO 8601. */
  readonly during?: readonly [string, string];
  /** The policy is that of a gateway endpoint, where an account as principal means its root user alone. */
  readonly gatewayEndpoint?: boolean;
  /**
   * Nobody else has allowed it: an account as principal leaves it to the policies of its roles, and allows nothing by itself. A role
   * of the resource's own account is allowed by its own ARN, or by `*`.
   */
  readonly alone?: boolean;
}

/** What is known of a condition key: its values, that the request does not have it, less than that, or nothing. */
export type Lookup = (key: string) => Values | OneOf | Between | 'unknown';

/** The values of a key, or that the request does not have it. */
export type Values = readonly string[] | 'absent';

/** One of these holds, and which one is not documented. */
export interface OneOf {
  readonly oneOf: readonly Values[];
}

/** A time between two. */
export interface Between {
  readonly between: readonly [string, string];
}

/** A pull asks for all that it needs between the creation of its task and its end. */
export const timeOf = ({
  createdAt,
  stoppedAt,
}: Pick<StoppedTask, 'createdAt' | 'stoppedAt'>): Pick<PolicyRequest, 'during'> =>
  createdAt && stoppedAt ? { during: [createdAt, stoppedAt] } : {};

/** The condition keys of a request. What the caller of `decide` says goes before what follows from the principal and the resource. */
export function lookupIn({ principal, resource, context, absent = [], during }: PolicyRequest): Lookup {
  const known = new Map<string, ReturnType<Lookup>>(
    Object.entries({
      ...impliedByResource(resource),
      ...impliedBy(principal),
      ...(during && impliedByTime(during)),
    }),
  );
  for (const key of absent) known.set(key.toLowerCase(), 'absent');
  for (const [key, values] of Object.entries(context))
    known.set(key.toLowerCase(), values.length > 0 ? values : 'absent');
  return (key) => known.get(key.toLowerCase()) ?? 'unknown';
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties */
function impliedBy(principal: Principal): Record<string, Values | OneOf> {
  switch (principal.kind) {
    case 'role':
      return {
        // The ARN of the role, not that of the session.
        'aws:principalarn': [principal.arn],
        'aws:principalaccount': [principal.accountId],
        'aws:principaltype': ['AssumedRole'],
        'aws:principalisawsservice': ['false'],
        'aws:principalservicename': 'absent',
        'aws:principalservicenameslist': 'absent',
        'aws:username': 'absent',
        ...ofService,
      };
    case 'service':
      return {
        'aws:principalisawsservice': ['true'],
        'aws:principalservicename': [principal.service],
        'aws:username': 'absent',
        ...ofService,
      };
    case 'foreign':
    case 'unknown':
      return {};
  }
}

/**
 * A service has no MFA device, and there is nowhere to tell it an external id: both are for people and partners who call
 * `AssumeRole` themselves. Whether the request has no such key, or one that says so, is not documented.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 */
const ofService = {
  'aws:multifactorauthpresent': { oneOf: ['absent', ['false']] },
  // Without MFA it is not there.
  'aws:multifactorauthage': 'absent',
  'sts:externalid': { oneOf: ['absent', ['an id that nobody chose']] },
} satisfies Record<string, Values | OneOf>;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-currenttime */
function impliedByTime(during: readonly [string, string]): Record<string, Between> {
  const [from, to] = during.map((time) => Date.parse(time) / 1_000);
  return Number.isFinite(from) && Number.isFinite(to)
    ? {
        'aws:currenttime': { between: during },
        'aws:epochtime': { between: [String(Math.floor(from ?? 0)), String(Math.ceil(to ?? 0))] },
      }
    : {};
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resource-properties */
function impliedByResource(resource: string): Record<string, readonly string[]> {
  const [, region, accountId] = /^arn:[\w-]+:(?:ecr|ssm|secretsmanager):([\w-]+):(\d+):/.exec(resource) ?? [];
  return region && accountId ? { 'aws:resourceaccount': [accountId], 'aws:requestedregion': [region] } : {};
}
