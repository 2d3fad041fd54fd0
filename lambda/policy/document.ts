import * as v from 'valibot';
import { type Unclear, unclear } from './truth.ts';

/** Operators, each with its keys, each with its values. */
export type Condition = readonly (readonly [string, readonly (readonly [string, readonly string[]])[]])[];

/** Everybody, or lists of principals by their type. */
export type Principals = '*' | readonly (readonly [string, readonly string[]])[];

/** One statement, its single values made lists. */
export interface Statement {
  /** What a report calls it. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  readonly principals: { readonly not: boolean; readonly list: Principals };
  readonly actions: { readonly not: boolean; readonly list: readonly string[] };
  /** `null`: the policy is that of the resource itself, and the statement means it. */
  readonly resources: { readonly not: boolean; readonly list: readonly string[] } | null;
  readonly condition: Condition;
}

/** A statement that could not be read: it may allow or deny anything. */
export interface Unreadable {
  readonly name: string;
  readonly effect: null;
}

/** A policy document. */
export interface PolicyDocument {
  readonly statements: readonly (Statement | Unreadable)[];
  /** Whether the version of the policy language has variables. */
  readonly variables: boolean;
}

const oneOrMore = <T extends v.GenericSchema<unknown, string>>(item: T) =>
  v.union([
    v.pipe(
      item,
      v.transform((one) => [one]),
    ),
    v.pipe(v.array(item), v.minLength(1)),
  ]);

// Entries instead of `v.record`, which leaves out keys such as `constructor`: nothing in a policy may be overlooked.
const entries = <T extends v.GenericSchema>(item: T) =>
  v.pipe(
    v.custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
    v.transform((value) => Object.entries(value)),
    v.array(v.tuple([v.string(), item])),
  );

const texts = oneOrMore(v.string());
const principals = v.union([v.literal('*'), v.pipe(entries(texts), v.minLength(1))]);
const scalar = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String));

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
const statementSchema = v.strictObject({
  Sid: v.optional(v.string()),
  Effect: v.picklist(['Allow', 'Deny']),
  Principal: v.optional(principals),
  NotPrincipal: v.optional(principals),
  Action: v.optional(texts),
  NotAction: v.optional(texts),
  Resource: v.optional(texts),
  NotResource: v.optional(texts),
  Condition: v.optional(entries(entries(oneOrMore(scalar)))),
});

const documentSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    Version: v.optional(v.string()),
    Statement: v.union([v.array(v.unknown()), v.looseObject({})]),
  }),
);

/** The statements of a policy, or why it is none. */
export function readPolicy(text: string): PolicyDocument | Unclear {
  const parsed = v.safeParse(documentSchema, text);
  if (!parsed.success) return unclear('it is no policy document');
  const { Version, Statement } = parsed.output;
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
  if (Version !== undefined && Version !== '2008-10-17' && Version !== '2012-10-17')
    return unclear('its version of the policy language is not known');
  return {
    statements: (Array.isArray(Statement) ? Statement : [Statement]).map(readStatement),
    variables: Version === '2012-10-17',
  };
}

function readStatement(value: unknown, index: number): Statement | Unreadable {
  const parsed = v.safeParse(statementSchema, value);
  if (!parsed.success) return { name: `statement ${index + 1}`, effect: null };
  const { Sid, Effect, Condition, ...one } = parsed.output;
  const name = Sid ? `statement \`${Sid}\`` : `statement ${index + 1}`;
  const principalsOf = oneOf(one.Principal, one.NotPrincipal);
  const actions = oneOf(one.Action, one.NotAction);
  const resources = oneOf(one.Resource, one.NotResource);
  if (!principalsOf || !actions || (one.Resource && one.NotResource)) return { name, effect: null };
  return { name, effect: Effect, principals: principalsOf, actions, resources, condition: Condition ?? [] };
}

/** An element or its negation; `null` for both or neither. */
function oneOf<T>(
  element: T | undefined,
  negation: T | undefined,
): { readonly not: boolean; readonly list: T } | null {
  if (element !== undefined) return negation === undefined ? { not: false, list: element } : null;
  return negation === undefined ? null : { not: true, list: negation };
}
