import type { TaskDetail } from './event.ts';
import type { Text } from './texts.ts';
import type { World, WorldKind } from './world.ts';

/** One thing that is broken in an otherwise healthy world, and what the product must say about it. */
export interface Fault {
  readonly name: string;
  readonly worlds: readonly WorldKind[];
  /** Breaks the world, and answers the resource that the first cause must name first; several if any of them will do. */
  readonly break: (world: World) => Promise<string | readonly string[]>;
  readonly texts: readonly Text[];
  /** Id of the check that must speak; several if any of them will do. */
  readonly check: string | readonly string[];
  /** A word that the evidence must hold. */
  readonly evidence?: string;
  /** A word that the first fix must hold. */
  readonly fix?: string;
  /** What of the event's detail is otherwise than in such a world. */
  readonly detail?: (world: World) => TaskDetail;
  /** For a setting of a whole Region, which no other world may share. */
  readonly region?: string;
}
