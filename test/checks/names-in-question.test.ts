import { expect, test } from '@jest/globals';
import { notApplicable, ruledOut, undecided } from '../../lambda/checks/define.ts';
import { ofNames } from '../../lambda/checks/names-in-question.ts';
import type { Found, Outcome } from '../../lambda/model/check.ts';
import type { PullError, Step } from '../../lambda/model/facts.ts';
import type { Path } from '../../lambda/model/network.ts';

const paths = (...hosts: string[]) => hosts.map((host) => ({ destination: { host } }) as Path);
const answers: Readonly<Record<string, Outcome>> = {
  open: ruledOut('`open` is well'),
  away: notApplicable('it is away'),
  dark: undecided('it is dark', [], 'Look at it'),
  shut: {
    status: 'found',
    certainty: 'proven',
    evidence: ['`shut` is shut'],
    resources: [],
    fixes: [],
    closes: [],
  },
};
function concluded(text: string, host: string | undefined, ...others: string[]) {
  const error: PullError = {
    text,
    symptoms: text ? [text] : [],
    truncated: false,
    step: null,
    ...(host && { host }),
  };
  const asked: string[] = [];
  const outcome = ofNames(error, paths(...others), (one) => {
    asked.push(one);
    return answers[one] ?? ruledOut(`\`${one}\` is well`);
  });
  return { status: outcome.status, asked, evidence: 'evidence' in outcome ? outcome.evidence : [] };
}

test.each<[string, readonly string[], string]>([
  ['the worst of all counts', ['open', 'away', 'dark', 'shut'], 'found'],
  ['doubt counts more than what is well', ['open', 'away', 'dark'], 'undecided'],
  ['one that is well is enough to rule it out', ['away', 'open'], 'ruled-out'],
  ['there is nothing to say', ['away'], 'not-applicable'],
  ['there is no host', [], 'not-applicable'],
])('before there is a text: %s', (_, hosts, status) => {
  expect(concluded('', undefined, ...hosts).status).toBe(status);
});

test('each host is asked once, and three speak for all', () => {
  const { asked, evidence } = concluded('', 'host', 'a', 'b', 'a', 'c', 'd', 'away');

  expect(asked).toEqual(['a', 'b', 'c', 'd', 'away']);
  expect(evidence).toEqual(['`a` is well', '`b` is well', '`c` is well']);
});

test('a text speaks of its own host only, or of none', () => {
  const lookup = 'name-not-resolved';

  expect(concluded(lookup, 'host', 'shut')).toMatchObject({ status: 'ruled-out', asked: ['host'] });
  expect(concluded(lookup, undefined, 'shut')).toMatchObject({ status: 'not-applicable', asked: [] });
});

test('a text that leaves open why the pull failed leaves open which name it was', () => {
  expect(concluded('manifest-failed', undefined, 'open', 'shut')).toMatchObject({
    status: 'found',
    asked: ['open', 'shut'],
  });
});

const shutFor = (steps: Readonly<Record<string, Step>>, step: Step | null, ...shut: string[]) => {
  const error: PullError = { text: '', symptoms: [], truncated: false, step };
  const all = Object.entries(steps).map(([host, one]) => ({ destination: { host, step: one } }) as Path);
  return ofNames(error, all, (host) =>
    shut.includes(host) ? { ...(answers['shut'] as Found), evidence: [host] } : ruledOut(host),
  );
};
const hosts = { api: 'token', registry: 'manifest', bucket: 'layers' } as const;

test('a name that leads nowhere ends the steps that need it, and no others', () => {
  expect(shutFor(hosts, 'manifest', 'bucket')).toMatchObject({ closes: ['layers'] });
  expect(shutFor(hosts, null, 'api', 'bucket')).toMatchObject({ closes: ['token', 'layers'] });
});

test('of several names that lead nowhere, that of the failed step is said', () => {
  expect(shutFor(hosts, 'layers', 'api', 'bucket')).toMatchObject({ status: 'found', evidence: ['bucket'] });
});
