import { decide, type PolicyRequest, sidesOf } from './decide.ts';
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
  /** The whole document; `null`: nothing is left of it. */
  readonly document: string | null;
}

/**
 * The policy without the statements that deny a pull, and with what it lacks allowed. `null` where a statement also denies something
 * else, or denies it under a condition, which somebody may want denied, and where the pull would be stopped all the same.
 */
export function amendedForRole({ document, denied, lacking }: RoleAmendment): AmendedRolePolicy | null {
  if (isUnclear(readPolicy(document))) return null;
  const places = new Set(denied.flatMap((request) => sidesOf(together([document]), request).denying));
  const { Statement, ...rest } = JSON.parse(document) as { readonly Statement: unknown };
  const statements = [Statement].flat();
  if (![...places].every((place) => deniesOnly(denied, statements[place]))) return null;
  const left = [...statements.filter((_, place) => !places.has(place)), ...allowing(lacking)];
  if (left.length === 0) return { document: null };
  const text = JSON.stringify({ ...rest, Statement: left });
  const passes =
    denied.every((request) => sidesOf(together([text]), request).denies === false) &&
    lacking.every((request) => decide(together([text]), request).decision === 'allowed');
  return passes ? { document: text } : null;
}

/** The statements that allow some requests, and nothing else: an action of one resource is none of another. */
function allowing(requests: readonly PolicyRequest[]): readonly object[] {
  const resources = new Map<string, Set<string>>();
  for (const { action, resource } of requests)
    resources.set(action, (resources.get(action) ?? new Set()).add(resource));
  const actions = new Map<string, string[]>();
  for (const [action, its] of resources) {
    const key = JSON.stringify([...its]);
    actions.set(key, [...(actions.get(key) ?? []), action]);
  }
  return [...actions].map(([key, Action]) => ({ Effect: 'Allow', Action, Resource: JSON.parse(key) }));
}

/**
 * Whether a statement denies these requests alone, or their actions altogether: whoever names other resources, exempts some, or sets
 * a condition guards something beside the pull.
 */
function deniesOnly(requests: readonly PolicyRequest[], statement: unknown): boolean {
  const { Action, Resource, Condition } = statement as {
    readonly Action?: unknown;
    readonly Resource?: unknown;
    readonly Condition?: unknown;
  };
  const actions = new Set(requests.map(({ action }) => action.toLowerCase()));
  const resources = new Set<unknown>(['*', ...requests.map(({ resource }) => resource)]);
  return (
    Condition === undefined &&
    [Action].flat().every((one) => typeof one === 'string' && actions.has(one.toLowerCase())) &&
    [Resource].flat().every((one) => resources.has(one))
  );
}
