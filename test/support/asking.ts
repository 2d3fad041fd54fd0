import { checks } from '../../lambda/checks/index.ts';
import { derive } from '../../lambda/diagnose.ts';
import { examine } from '../../lambda/examine.ts';
import type { Result } from '../../lambda/model/check.ts';
import type { EcrImage, FactName, Facts, Unknown } from '../../lambda/model/facts.ts';
import { snapshotOf } from './snapshots.ts';

/** A fact that AWS refused to tell. */
export const refused: Unknown = {
  status: 'unknown',
  why: 'refused',
  action: 'ecr:BatchGetImage',
  error: 'AccessDeniedException',
};

export const known = <T>(value: T) => ({ status: 'known', value }) as const;

/** How facts of a scenario are changed before a check sees them, and which text ECS gave. */
export type Changes = { readonly [N in FactName]?: (value: Facts[N]) => Facts[N] | Unknown } & {
  readonly text?: string;
};

/** What one check says of a scenario in which some facts are others. */
export function ask(id: string, scenario: string, { text, ...changes }: Changes = {}): Result {
  const snapshot = snapshotOf(scenario);
  const facts: Record<string, unknown> = { ...snapshot.facts };
  if (text !== undefined) {
    const task = snapshot.facts.task.value;
    const containers = task.containers.map((container) => ({ ...container, reason: null }));
    facts['task'] = known({ ...task, stoppedReason: text, containers });
  }
  for (const [name, change] of Object.entries(changes)) {
    const fact = facts[name] as { readonly status: string; readonly value: never };
    if (fact.status !== 'known') throw new Error(`${name} of ${scenario} must be known to be changed`);
    const value = (change as (value: never) => unknown)(fact.value);
    facts[name] = value === refused ? refused : known(value);
  }
  const check = checks.find((one) => one.id === id);
  if (!check) throw new Error(`there is no check ${id}`);
  return examine(check, derive({ ...snapshot, facts: facts as never }));
}

/** Changes every suspect image in Amazon ECR in the same way. */
export const everyImage = (change: Partial<EcrImage>) => (images: readonly EcrImage[]) =>
  images.map((image) => ({ ...image, ...change }));

/** Puts another image before those that are suspect, which the answer must not be about. */
export const behindAnother = (images: Facts['images']): Facts['images'] =>
  images.flatMap((image, index) =>
    index > 0
      ? [image]
      : [
          {
            ...image,
            text: 'public.ecr.aws/acme/proxy:proxy-for-everybody',
            container: 'proxy',
            registry: 'public.ecr.aws',
            repository: 'acme/proxy',
            tag: 'proxy-for-everybody',
            ecr: null,
          },
          image,
        ],
  );

/** The evidence of a finding, or of what rules it out; else why there is none. */
export const linesOf = (result: Result): readonly string[] =>
  'evidence' in result ? result.evidence : 'because' in result ? [result.because] : [];
