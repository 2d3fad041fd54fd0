import { expect, test } from '@jest/globals';
import { ask, type Changes, linesOf } from '../support/asking.ts';
import { texts } from '../support/worlds.ts';

const served = (...domainNameServers: string[]): Changes => ({
  dhcpOptions: () => ({ dhcpOptionsId: 'dopt-0a1', domainNameServers }),
});
const own = served('10.0.0.53', '10.0.0.54');
const asked = (scenario: string, changes: Changes) => ask('custom-dns-servers', scenario, changes);

test.each([
  ['healthy-nat-umbrella', texts.umbrella],
  ['healthy-public-umbrella', texts.umbrella],
  ['healthy-ec2', texts.onInstance],
  [
    'healthy-nat-umbrella',
    'ResourceInitializationError: unable to pull secrets or registry auth: pull command failed: : signal: killed',
  ],
])("DNS servers of one's own are worth a look where nothing else ends the way: %s", (scenario, text) => {
  const result = asked(scenario, { ...own, text });

  expect(result).toMatchObject({ status: 'undecided', resources: ['dopt-0a1'] });
  expect(linesOf(result)[0]).toMatch(/^`dopt-0a1` names the DNS servers `10\.0\.0\.53`, `10\.0\.0\.54`, and/);
});

test.each<[string, string, Changes]>([
  ['they are those of Amazon', 'healthy-nat-umbrella', served('10.0.0.2', '169.254.169.253')],
  ['the text shows the address of the registry', 'healthy-nat-manifest', own],
  ['there is no text yet', 'healthy-nat-umbrella', { ...own, text: '' }],
  [
    'something ends the way',
    'healthy-nat-umbrella',
    { ...own, securityGroups: (groups) => groups.map((one) => ({ ...one, egress: [] })) },
  ],
  [
    'something ends one of the ways',
    'task-group-lets-out-to-s3-only',
    {
      ...own,
      text: texts.umbrella,
      securityGroups: (groups) =>
        groups.map((one) => ({
          ...one,
          egress: [...one.egress, { protocol: 'udp', ports: [53, 53], peer: '0.0.0.0/0' }],
        })),
    },
  ],
  ['the host answered', 'healthy-nat-umbrella', { ...own, text: texts.notFound }],
  ['the VPC has no options', 'healthy-nat-umbrella', { dhcpOptions: () => null }],
])('they are not where %s', (_, scenario, changes) => {
  expect(asked(scenario, changes).status).not.toBe('undecided');
});

test('what they do with the name of an endpoint is said before what they do with public names', () => {
  const beside = served('AmazonProvidedDNS', '10.0.0.53');

  expect(linesOf(asked('healthy-privatelink-umbrella', beside))[0]).toMatch(/leads to `vpce-[^`]*` for some/);
});
