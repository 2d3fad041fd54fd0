import { type PolicyRequest, sidesOf } from './decide.ts';
import { readPolicy } from './document.ts';
import { together } from './identity.ts';
import { isUnclear } from './truth.ts';

/** What is to become of the policy of a role. */
export interface RoleAmendment {
  /** JSON text. */
  readonly document: string;
  /** Requests that a statement of it denies, and that shall go on. */
  readonly denied: readonly PolicyRequest[];
  /** Requests that it does not allow, and that a permissions boundary must. */
  readonly lacking: readonly PolicyRequest[];
}

/** The policy as it would be. */
export interface AmendedRolePolicy {
  /** What a report calls the statements that are taken out. */
  readonly removed: readonly string[];
  /** The whole document; `null`: nothing is left of it. */
  readonly document: string | null;
}

/**
 * The policy without the statements that deny a pull, and with one that allows what it lacks. `null` where a statement also denies
 * something else, which somebody may want denied, and where the pull would be stopped all the same.
 */
export function amendedForRole({ document, denied, lacking }: RoleAmendment): AmendedRolePolicy | null {
  if (isUnclear(readPolicy(document))) return null;
  const sides = denied.map((request) => sidesOf(together([document]), request));
  const places = new Set(sides.flatMap(({ denying }) => denying));
  const { Statement, ...rest } = JSON.parse(document) as { readonly Statement: unknown };
  const statements = [Statement].flat();
  const actions = new Set(denied.map(({ action }) => action.toLowerCase()));
  if (![...places].every((place) => deniesOnly(actions, statements[place]))) return null;
  const left = [
    ...statements.filter((_, place) => !places.has(place)),
    ...(lacking.length > 0
      ? [
          {
            Effect: 'Allow',
            Action: [...new Set(lacking.map(({ action }) => action))],
            Resource: [...new Set(lacking.map(({ resource }) => resource))],
          },
        ]
      : []),
  ];
  const removed = [...new Set(sides.flatMap(({ deniedBy }) => deniedBy))];
  if (left.length === 0) return { removed, document: null };
  const text = JSON.stringify({ ...rest, Statement: left });
  const passes =
    denied.every((request) => sidesOf(together([text]), request).denies === false) &&
    lacking.every((request) => sidesOf(together([text]), request).allows === true);
  return passes ? { removed, document: text } : null;
}

/** Whether a statement denies these actions, each by its name, and no other. */
const deniesOnly = (actions: ReadonlySet<string>, statement: unknown): boolean => {
  const { Action } = statement as { readonly Action?: unknown };
  return [Action].flat().every((one) => typeof one === 'string' && actions.has(one.toLowerCase()));
};
