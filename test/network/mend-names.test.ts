import { expect, test } from '@jest/globals';
import type {
  CollectedFacts,
  DnsFirewallRule,
  Fact,
  PrivateZone,
  PullError,
  Step,
} from '../../lambda/model/facts.ts';
import { namesOf } from '../../lambda/network/mend-names.ts';
import { known, refused } from '../support/asking.ts';
import { firewallRule } from '../support/firewall-rule.ts';
import { path } from '../support/paths.ts';

const zone = (name: string, recordNames: PrivateZone['recordNames'] = known([])): PrivateZone => ({
  hostedZoneId: `Z-${name}`,
  name,
  recordNames,
});
const rule = (domains: DnsFirewallRule['domains'], action: 'ALLOW' | 'BLOCK' = 'BLOCK') =>
  firewallRule(action, domains, { trustsRedirection: true });

interface Asked {
  readonly zones?: Fact<readonly PrivateZone[]>;
  readonly rules?: Fact<readonly DnsFirewallRule[]>;
  readonly error?: Partial<PullError>;
  /** The steps whose names lead to private addresses. */
  readonly inside?: readonly Step[];
}

/** A change and the name that it is for, `in doubt`, or nothing; of the names of three connections. */
function said({ zones = known([]), rules = known([]), error = {}, inside = [] }: Asked): string {
  const steps = ['token', 'manifest', 'layers'] as const;
  const paths = steps.map((step) =>
    path('a', step, [], { addresses: inside.includes(step) ? 'private' : 'public' }),
  );
  const facts = { privateZones: zones, dnsFirewallRules: rules } as unknown as CollectedFacts;
  const { mend, inDoubt } = namesOf(facts, { step: null, ...error } as PullError, paths);
  return [mend?.check, /record for `([^`]*)`/.exec(mend?.does ?? '')?.[1], inDoubt && 'in doubt']
    .filter(Boolean)
    .join(' ');
}

const shadows = 'private-zone-shadows-registry';
const blocks = 'dns-firewall-blocks-registry';
const resolved = { answered: ['token', 'manifest', 'layers'] } as const;

test.each<[string, Asked, string]>([
  ['nothing stops a name', {}, ''],
  ['a rule blocks the second name', { rules: known([rule(known(['manifest.example.com']))]) }, blocks],
  [
    'a zone hides the second name',
    { zones: known([zone('manifest.example.com')]) },
    `${shadows} manifest.example.com`,
  ],
  [
    'a zone stands above all names, and has no record for the second',
    { zones: known([zone('example.com', known(['token.example.com', 'layers.example.com']))]) },
    `${shadows} manifest.example.com`,
  ],
  [
    'a zone has a record for every name',
    { zones: known([zone('example.com', known(['*.example.com']))]) },
    '',
  ],
  [
    'a zone hides a name that leads to an endpoint',
    { zones: known([zone('token.example.com')]), inside: ['token'] },
    '',
  ],
  [
    'the records of a zone are not seen',
    { zones: known([zone('manifest.example.com', refused)]) },
    'in doubt',
  ],
  ['the list of a rule is not seen', { rules: known([rule(refused)]) }, 'in doubt'],
  [
    'the list of a rule is not seen, behind another that lets two names through',
    { rules: known([rule(known(['token.example.com', 'layers.example.com']), 'ALLOW'), rule(refused)]) },
    'in doubt',
  ],
  ['nobody may see the zones', { zones: refused }, 'in doubt'],
  ['nobody may see the rules', { rules: refused }, 'in doubt'],
  [
    'nobody may see them, and every name was resolved',
    { zones: refused, rules: refused, error: resolved },
    '',
  ],
  [
    'a zone hides a name whose host answered',
    { zones: known([zone('token.example.com')]), error: { answered: ['token'] } },
    '',
  ],
  [
    'a zone hides the name whose address was dialled',
    {
      zones: known([zone('manifest.example.com')]),
      error: { address: '52.0.0.1', host: 'manifest.example.com', step: 'manifest' },
    },
    '',
  ],
  [
    'a zone hides a name, and the address of another one was dialled on the same step',
    {
      zones: known([zone('manifest.example.com')]),
      error: { address: '52.0.0.1', host: 'registry.example.org', step: 'manifest' },
    },
    `${shadows} manifest.example.com`,
  ],
  [
    'a zone hides the name of the step whose address was dialled, the text naming no host',
    { zones: known([zone('layers.example.com')]), error: { address: '52.0.0.1', step: 'layers' } },
    '',
  ],
  [
    'a zone hides the name of a step, and the text names its host but no address',
    { zones: known([zone('layers.example.com')]), error: { host: 'layers.example.com', step: 'layers' } },
    `${shadows} layers.example.com`,
  ],
])('%s', (_, asked, expected) => {
  expect(said(asked)).toBe(expected);
});
