import type { AskRegistry } from '../collect/define.ts';
import { probe } from './probe.ts';
import { type Request, request as throughTheInternet } from './request.ts';

/** Asks the registries of the list, and those on the hosts that are added to it. Another `request` is for tests. */
export const askerOf =
  (extraHosts: readonly string[] = [], request: Request = throughTheInternet): AskRegistry =>
  (image, wantsPlatforms) =>
    probe(image, { extraHosts, wantsPlatforms, request });
