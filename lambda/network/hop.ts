import type { Fact, Unknown } from '../model/facts.ts';
import type { Hop, HopKind } from '../model/network.ts';

interface Where {
  readonly is: HopKind;
  readonly at: string;
  readonly check: string;
  readonly resources?: readonly string[];
}

/** The packet gets through. */
export const open = (where: Where, because: string): Hop => hopAt(where, 'open', because, 'proven');

/** The packet ends here. */
export const closed = (where: Where, because: string, certainty: Hop['certainty'] = 'proven'): Hop =>
  hopAt(where, 'closed', because, certainty);

/** Nobody can tell from here whether the packet gets through. */
export const unclear = (where: Where, because: string, ask: string, hides?: readonly string[]): Hop => ({
  ...hopAt(where, 'unknown', because, 'likely'),
  ask,
  ...(hides && { hides }),
});

/** A fact that would tell is not known. */
export const unseen = (where: Where, what: string, fact: Unknown, hides?: readonly string[]): Hop =>
  unclear(where, `${what} could not be seen: ${whyUnknown(fact)}`, remedyFor(fact), hides);

/** The route table that a hop is about, if it is about one. */
export const tableIn = ({ resources }: Pick<Hop, 'resources'>): string | undefined =>
  resources.find((id) => id.startsWith('rtb-'));

/** What may lie behind a NAT gateway that could not be seen. */
export const behindNatGateway = [
  'network-acl-blocks-registry',
  'internet-gateway-detached',
  'internet-access-blocked',
];

/** What may lie behind a route table that could not be seen. */
export const behindRouteTable = [
  ...behindNatGateway,
  'nat-gateway-unusable',
  'nat-instance-unusable',
  'public-ip-missing',
  's3-endpoint-not-routed',
  'endpoint-missing',
  'endpoint-not-available',
  'endpoint-policy-denies-pull',
];

/** What may lie on the way to the internet, if that is where a name leads. */
export const onTheWayOut = [...behindRouteTable, 'no-route-to-registry', 'task-security-group-closed'];

/** What may lie on the way to endpoints that could not be seen. */
export const atEndpoints = [
  'task-security-group-closed',
  'network-acl-blocks-registry',
  'endpoint-not-available',
  'endpoint-private-dns-off',
  'endpoint-security-group-closed',
  'endpoint-policy-denies-pull',
  's3-endpoint-not-routed',
  'custom-dns-servers',
];

// Thousands are made for a diagnosis: to spread objects here costs a sixth of its time.
const hopAt = (
  { is, at, check, resources }: Where,
  verdict: Hop['verdict'],
  because: string,
  certainty: Hop['certainty'],
): Hop => ({ at, is, check, resources: resources ?? [at], verdict, because, certainty });

export function whyUnknown({ why, action, error }: Unknown): string {
  switch (why) {
    case 'refused':
      return `AWS refused \`${action}\` (\`${error}\`)`;
    case 'no-answer':
      return `\`${action}\` gave no usable answer (\`${error}\`)`;
    case 'gone':
      return `it is not there any more (\`${action}\`)`;
    case 'owned-by-other':
      return error ?? 'it belongs to another account';
    case 'not-recorded':
      return error ?? 'ECS recorded none';
    case 'our-bug':
      return `a bug of this tool (\`${error}\`)`;
  }
}

export function remedyFor({ why, action, error }: Unknown): string {
  switch (why) {
    case 'refused':
      return `Allow \`${action}\` and look again`;
    case 'no-answer':
      return 'Diagnose again';
    case 'gone':
      return 'Compare with the configuration at the time of the failure';
    case 'owned-by-other':
      return `Ask the owner: ${error}`;
    case 'not-recorded':
      return 'Name what is not recorded: `--subnets`, `--security-groups`, `--assign-public-ip`';
    case 'our-bug':
      return 'Report it, with the anonymised snapshot';
  }
}

/** The value of a fact, or `null` if it is unknown. For the network an unknown fact hides nothing that is known. */
export const knownValue = <T>(fact: Fact<T>): T | null => (fact.status === 'known' ? fact.value : null);
