import type { Diagnosis } from '../model/diagnosis.ts';
import type { Hop, Path } from '../model/network.ts';

/** Bytes. With 4,000 victims an item has 250 KB, and it must stay below 400. */
export const mostBytes = 20_000;

/** What is kept of the paths of a diagnosis: those that do not get through, as many as fit. */
interface Kept {
  /** The task, as the drawing names it. */
  readonly task: string;
  /** Whether the task may have run in several subnets. */
  readonly several: boolean;
  readonly paths: readonly {
    readonly subnetId: string;
    readonly to: readonly (readonly [step: Path['destination']['step'], host: string])[];
    readonly hops: readonly Pick<Hop, 'is' | 'at' | 'verdict' | 'because' | 'certainty' | 'resources'>[];
  }[];
}

/** The paths that a drawing of the incident needs, as a text of at most `mostBytes`; `null` if none is broken, or none fits. */
export function brokenPathsOf({ paths, taskArn }: Pick<Diagnosis, 'paths' | 'taskArn'>): string | null {
  const alike = new Map<string, Kept['paths'][number]>();
  for (const { subnetId, destination, hops } of paths) {
    if (hops.every(({ verdict }) => verdict === 'open')) continue;
    const kept = hops.map(({ is, at, verdict, because, certainty, resources }) => ({
      ...{ is, at, verdict, because, certainty },
      // The drawing asks these only for the VPC.
      resources: resources.filter((id) => id.startsWith('vpc-')),
    }));
    // Connections that pass the same things differ in their end alone.
    const key = JSON.stringify([subnetId, kept]);
    const to = [...(alike.get(key)?.to ?? []), [destination.step, destination.host] as const];
    alike.set(key, { subnetId, to, hops: kept });
  }
  const several = new Set(paths.map(({ subnetId }) => subnetId)).size > 1;
  const written = (some: Kept['paths']) =>
    JSON.stringify({ task: taskArn.split('/').at(-1) ?? taskArn, several, paths: some } satisfies Kept);
  let text: string | null = null;
  const fitting: Kept['paths'][number][] = [];
  for (const path of alike.values()) {
    const longer = written([...fitting, path]);
    if (Buffer.byteLength(longer) > mostBytes) continue;
    fitting.push(path);
    text = longer;
  }
  return text;
}

/** What was kept, as the drawing takes it. Throws if it is none of ours. */
export function pathsFrom(
  text: string,
): Pick<Diagnosis, 'paths' | 'taskArn'> & { readonly several: boolean } {
  const { task, several, paths } = JSON.parse(text) as Kept;
  return {
    taskArn: task,
    several,
    paths: paths.flatMap(({ subnetId, to, hops }) =>
      to.map(([step, host]) => ({
        subnetId,
        addresses: 'unknown' as const,
        destination: { step, host, service: null, region: null },
        hops: hops.map((hop) => ({ ...hop, check: '' })),
      })),
    ),
  };
}
