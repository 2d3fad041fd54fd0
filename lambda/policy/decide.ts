import { meets } from './condition.ts';
import { readPolicy, type Statement } from './document.ts';
import { matches } from './pattern.ts';
import { concerns } from './principal.ts';
import { type Lookup, lookupIn, type PolicyRequest } from './request.ts';
import { every, isUnclear, not, some, type Truth, type Unclear, unclear } from './truth.ts';

export type { PolicyRequest, Principal } from './request.ts';

/** What one policy says to one request. */
export type Decision =
  | { readonly decision: 'allowed'; readonly by: string }
  | {
      readonly decision: 'denied';
      /** The statement that denies it, or that none allows it. */
      readonly by: string;
      readonly explicit: boolean;
      /** Why nobody can tell whether a statement also denies it. Matters where another policy may allow what this one does not. */
      readonly perhapsExplicit?: string;
    }
  | { readonly decision: 'cannot-tell'; readonly because: string };

/**
 * Decides a request against one policy of a resource: that of a repository, a VPC endpoint or the trust policy of a role. An
 * explicit denial wins, then an explicit allowance, and what no statement allows is denied. What is not known stays unknown.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function decide(policy: string, request: PolicyRequest): Decision {
  const verdicts = verdictsOf(policy, request);
  if (isUnclear(verdicts)) return { decision: 'cannot-tell', because: verdicts.because };
  const { denials, allowances } = verdicts;
  const denial = denials.find(({ applies }) => applies === true);
  if (denial) return { decision: 'denied', by: denial.name, explicit: true };
  const perhapsDenied = firstUnclear(denials);
  const perhapsAllowed = firstUnclear(allowances);
  const allowance = allowances.find(({ applies }) => applies === true);
  if (!allowance && perhapsAllowed === null)
    return {
      decision: 'denied',
      by: 'no statement allows it',
      explicit: false,
      ...(perhapsDenied === null ? {} : { perhapsExplicit: perhapsDenied }),
    };
  if (allowance && perhapsDenied === null) return { decision: 'allowed', by: allowance.name };
  return { decision: 'cannot-tell', because: perhapsDenied ?? perhapsAllowed ?? '' };
}

/** Whether a statement of a policy denies a request, and whether one allows it, each for itself. */
export interface Sides {
  readonly denies: Truth;
  readonly allows: Truth;
  /** The statements that deny it. */
  readonly deniedBy: readonly string[];
  /** The same, by their place in the policy. */
  readonly denying: readonly number[];
}

/** Both sides of a policy: what must go and what must be added, so that a request gets through. */
export function sidesOf(policy: string, request: PolicyRequest): Sides {
  const verdicts = verdictsOf(policy, request);
  if (isUnclear(verdicts)) return { denies: verdicts, allows: verdicts, deniedBy: [], denying: [] };
  const { denials, allowances } = verdicts;
  const denying = denials.filter(({ applies }) => applies === true);
  return {
    denies: some(denials.map(({ applies }) => applies)),
    allows: some(allowances.map(({ applies }) => applies)),
    deniedBy: denying.map(({ name }) => name),
    denying: denying.map(({ place }) => place),
  };
}

interface Verdict {
  readonly name: string;
  readonly place: number;
  readonly applies: Truth;
}

/** What each statement says. One that is unreadable counts on both sides: it may allow, and it may deny. */
function verdictsOf(
  policy: string,
  request: PolicyRequest,
): { readonly denials: readonly Verdict[]; readonly allowances: readonly Verdict[] } | Unclear {
  const document = readPolicy(policy);
  if (isUnclear(document)) return document;
  const lookup = lookupIn(request);
  const verdicts = document.statements.map((statement, place) => ({
    ...statement,
    place,
    applies:
      statement.effect === null
        ? unclear('it cannot be read')
        : applies(statement, request, lookup, document.variables),
  }));
  return {
    denials: verdicts.filter(({ effect }) => effect !== 'Allow'),
    allowances: verdicts.filter(({ effect }) => effect !== 'Deny'),
  };
}

function firstUnclear(verdicts: readonly Verdict[]): string | null {
  for (const { name, applies } of verdicts) if (isUnclear(applies)) return `${name}: ${applies.because}`;
  return null;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
function applies(statement: Statement, request: PolicyRequest, lookup: Lookup, hasVariables: boolean): Truth {
  const { actions, resources, condition } = statement;
  const variables = hasVariables ? lookup : null;
  return every([
    isOneOf(actions, request.action, { wildcards: true, ignoreCase: true, variables: null }),
    resources === null || isOneOf(resources, request.resource, { wildcards: true, variables }, isCutShort),
    concerns(statement, request),
    meets(condition, lookup, hasVariables),
  ]);
}

function isOneOf(
  element: Statement['actions'],
  value: string,
  reading: Parameters<typeof matches>[2],
  perhaps: (text: string) => boolean = () => false,
): Truth {
  const listed = some(
    element.list.map((text) => {
      const truth = matches(text, value, reading);
      return truth === false && perhaps(text) && matches(`${text}*`, value, reading) !== false
        ? unclear(`\`${text}\` is no whole ARN`)
        : truth;
    }),
  );
  return element.not ? not(listed) : listed;
}

/** AWS completes an ARN of fewer than six parts with wildcards in some policies, and it is not documented in which. */
const isCutShort = (text: string) => text.startsWith('arn:') && text.split(':').length < 6;
