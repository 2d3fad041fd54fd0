import type { AskRegistry } from '../collect/define.ts';
import { probe } from './probe.ts';

/** Asks the registries of the list, and those on the hosts that are added to it. */
export const askerOf =
  (extraHosts: readonly string[] = []): AskRegistry =>
  (image, wantsPlatforms) =>
    probe(image, { extraHosts, wantsPlatforms });
