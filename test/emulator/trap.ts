import type { TaskDetail } from './event.ts';
import type { Text } from './texts.ts';
import type { World, WorldKind } from './world.ts';

/** A healthy world that looks broken, or an unusual one: nothing may be blamed. */
export interface Trap {
  readonly name: string;
  readonly worlds: readonly WorldKind[];
  /** Makes the world unusual; what it answers replaces fields of the event's detail. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most of them change nothing in the event
  readonly prepare: (world: World) => Promise<TaskDetail | void>;
  readonly texts: readonly Text[];
  /** Id of a check that must be a suspect. */
  readonly suspect?: string;
  /** For a setting of a whole Region, which no other world may share. */
  readonly region?: string;
}
