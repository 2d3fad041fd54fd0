import type { Route } from '../model/facts.ts';
import { coversTogether, everywhere, isPrivateBlock } from './cidr.ts';

/**
 * The destinations of a route table that are to lead to a gateway instead: of the routes that lead to `from`, or else the whole
 * internet, in one piece or in halves, whether it has routes yet or not. Routes to private networks stay, wherever they lead: no
 * registry lies there, and others may need them. So do prefix lists, which may hold private blocks, unless nothing else leads wrong.
 */
export function wrongDestinations(routes: readonly Route[], from: string | undefined): readonly string[] {
  const wrong = routes
    .filter(({ target, destination }) => target === from && !isPrivateBlock(destination))
    .map(({ destination }) => destination);
  const blocks = wrong.filter((one) => !isPrefixList(one));
  if (wrong.length > 0) return blocks.length > 0 ? blocks : wrong;
  const standing = routes.map(({ destination }) => destination).filter((one) => defaults.includes(one));
  return coversTogether(standing, whole) === 'all' ? standing : [whole];
}

/** Whether the destination of a route is a prefix list. */
export const isPrefixList = (destination: string): boolean => destination.startsWith('pl-');

const whole = '0.0.0.0/0';
const defaults: readonly string[] = [whole, ...everywhere];
