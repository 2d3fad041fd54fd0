import { describe, expect, test } from '@jest/globals';
import { checks } from '../lambda/checks/index.ts';
import { derive } from '../lambda/diagnose.ts';
import { judge } from '../lambda/judge.ts';
import type { Check, Result } from '../lambda/model/check.ts';
import type { Snapshot, Step } from '../lambda/model/facts.ts';
import { snapshotOf } from './support/snapshots.ts';

const every: readonly Step[] = ['token', 'secrets', 'manifest', 'layers'];
const found = (certainty: 'proven' | 'likely', more: object = {}): Result => ({
  status: 'found',
  certainty,
  evidence: ['`a` is broken'],
  resources: ['a'],
  closes: every,
  fixes: [],
  ...more,
});

/** What is said of these results under a text, whatever the facts are. */
function judged(text: string, results: Readonly<Record<string, Result>>) {
  const base = snapshotOf('nat-gateway-deleted');
  const task = { ...base.facts.task.value, stoppedReason: text };
  const snapshot: Snapshot = { ...base, facts: { ...base.facts, task: { status: 'known', value: task } } };
  const examined = Object.entries(results).map(([id, result]) => {
    const check = checks.find((one) => one.id === id);
    if (!check) throw new Error(`there is no check ${id}`);
    return { check: check as Check, result };
  });
  return judge(snapshot, derive(snapshot), examined, null);
}
const ids = (findings: readonly { check: { id: string } }[]) => findings.map(({ check }) => check.id);

const timeout =
  'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1: failed to do request: Head "https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/web/manifests/1": dial tcp 52.95.115.1:443: i/o timeout';
const unheardOf = 'CannotPullContainerError: the moon is in the wrong house';

describe('causes stand in order:', () => {
  test('proven before likely, whatever the order of the candidates', () => {
    const { causes } = judged(timeout, {
      'no-route-to-registry': found('likely'),
      'task-security-group-closed': found('proven'),
    });

    expect(ids(causes)).toEqual(['task-security-group-closed', 'no-route-to-registry']);
  });

  test('on the network, as a packet meets them', () => {
    const { causes } = judged(timeout, {
      'no-route-to-registry': found('proven', { hop: 5 }),
      'task-security-group-closed': found('proven', { hop: 2 }),
    });

    expect(ids(causes)).toEqual(['task-security-group-closed', 'no-route-to-registry']);
  });

  test('one that is not on the network keeps its place among the candidates', () => {
    const named = {
      'no-route-to-registry': found('proven', { hop: 5 }),
      'custom-dns-servers': found('proven'),
    };
    const likeliest = ids(judged(timeout, named).causes);

    const { causes } = judged(timeout, {
      ...named,
      'no-route-to-registry': found('proven', { hop: 0 }),
    });

    // Its hop is compared with no other.
    expect(ids(causes)).toEqual(likeliest);
  });
});

describe('a text that nobody has seen', () => {
  test('leaves a proven cause a cause', () => {
    const { conclusion, causes } = judged(unheardOf, { 'nat-gateway-unusable': found('proven') });

    expect([conclusion, ids(causes)]).toEqual(['explained', ['nat-gateway-unusable']]);
  });

  test('is only suspected of a likely one', () => {
    expect(judged(unheardOf, { 'nat-gateway-unusable': found('likely') }).conclusion).toBe('suspected');
  });

  test('is unexplained where nothing is found', () => {
    expect(
      judged(unheardOf, { 'nat-gateway-unusable': { status: 'ruled-out', evidence: ['`a` works'] } })
        .conclusion,
    ).toBe('unexplained');
  });
});

describe('a finding that speaks against the text is another problem, not a cause:', () => {
  test('it closes another step than the one that failed', () => {
    const { causes, otherProblems } = judged(timeout, {
      'nat-gateway-unusable': found('proven', { closes: ['layers'] }),
    });

    expect([ids(causes), ids(otherProblems)]).toEqual([[], ['nat-gateway-unusable']]);
  });

  test('it is on the way to another kind of address than was dialled', () => {
    const { causes, otherProblems } = judged(timeout, {
      'nat-gateway-unusable': found('proven', { addresses: 'private' }),
      'task-security-group-closed': found('proven', { addresses: 'public' }),
    });

    expect([ids(causes), ids(otherProblems)]).toEqual([
      ['task-security-group-closed'],
      ['nat-gateway-unusable'],
    ]);
  });

  test('before a task pulls, it fetches the token and the secrets: the layers have no part in that', () => {
    const early = judged('ResourceInitializationError: the moon is in the wrong house', {
      'nat-gateway-unusable': found('proven', { closes: ['layers'] }),
      'task-security-group-closed': found('proven', { closes: ['token'] }),
    });

    expect([ids(early.causes), ids(early.otherProblems)]).toEqual([
      ['task-security-group-closed'],
      ['nat-gateway-unusable'],
    ]);
    // Without that word, each step may have been the one.
    expect(
      ids(judged(unheardOf, { 'nat-gateway-unusable': found('proven', { closes: ['layers'] }) }).causes),
    ).toEqual(['nat-gateway-unusable']);
  });
});

test('what is named stands before what is left open, also among suspects', () => {
  const missing: Result = { status: 'inconclusive', missing: [{ fact: 'routeTables', why: 'refused' }] };
  const { suspects } = judged(timeout, { 'image-archived': missing, 'no-route-to-registry': missing });

  expect(ids(suspects)[0]).toBe('no-route-to-registry');
});
