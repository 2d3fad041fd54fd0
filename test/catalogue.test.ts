import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { checks } from '../lambda/checks/index.ts';
import { collectors } from '../lambda/collect/index.ts';
import { derive, diagnose } from '../lambda/diagnose.ts';
import { symptoms } from '../lambda/error-text/symptoms.ts';
import { examine } from '../lambda/examine.ts';
import type { CheckSnapshot, Result } from '../lambda/model/check.ts';
import type { FactName, Snapshot, Unknown } from '../lambda/model/facts.ts';
import { inTurn } from './support/whole.ts';

const folder = `${__dirname}/scenarios`;
const snapshots = readdirSync(folder).map((name) => ({
  name,
  snapshot: JSON.parse(readFileSync(`${folder}/${name}/snapshot.json`, 'utf8')) as Snapshot,
}));
const derived = snapshots.map(({ name, snapshot }) => ({ name, facts: derive(snapshot) }));
const helpers = [
  'define',
  'index',
  'sources',
  'network-check',
  'text-check',
  'ecr-image-check',
  'nearest-tags',
  'iam-command',
  'lifecycle',
  'of-repository',
  'policy-fix',
  'role-policy-fix',
  'service-of',
  'route-command',
  'pull-denial',
  'names-in-question',
  'registry-answers',
  'service-of',
  'some-of',
  'typescript',
  'vpc-owner',
];
const denied: Unknown = {
  status: 'unknown',
  why: 'refused',
  action: 'ec2:DescribeSubnets',
  error: 'UnauthorizedOperation',
};
const without = (facts: CheckSnapshot, name: string): CheckSnapshot => ({ ...facts, [name]: denied });

test('every check file is in the registry under its own name', () => {
  const files = readdirSync(`${__dirname}/../lambda/checks`).map((name) => name.replace('.ts', ''));

  expect(checks.map(({ id }) => id).toSorted()).toEqual(
    files.filter((name) => !helpers.includes(name)).toSorted(),
  );
});

test('every collector file is in the registry, and stands for its own fact', () => {
  for (const [name, { fact }] of Object.entries(collectors)) {
    expect(fact).toBe(name);
    expect(
      existsSync(
        `${__dirname}/../lambda/collect/${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`,
      ),
    ).toBe(true);
  }
});

/** What each check says of each scenario, once. */
const results = new Map(
  checks.map((check) => [
    check.id,
    derived.map(({ name, facts }) => ({ name, facts, result: examine(check, facts) })),
  ]),
);

/** Hiding a fact may make a check doubt. It never makes it sure of the opposite. */
const turned = (before: Result['status'], after: Result['status'] | undefined) =>
  (before === 'found' && after === 'ruled-out') || (before === 'ruled-out' && after === 'found');

describe.each(checks)('$id', (check) => {
  const said = results.get(check.id) ?? [];

  test('is a sentence of at most 60 characters without a full stop', () => {
    expect(check.cause.length).toBeLessThanOrEqual(60);
    expect(check.cause).toMatch(/^[A-Z][\x20-\x7e]*[^.]$/);
  });

  test('has a source', () => {
    expect(check.source.url).toMatch(/^https:\/\//);
  });

  test('is the candidate of a symptom', () => {
    expect(symptoms.some(({ candidates }) => candidates.includes(check.id))).toBe(true);
  });

  test('is found in a scenario, ruled out in another, and crashes in none', () => {
    const statuses = new Set(said.map(({ result }) => result.status));

    expect(statuses).toContain('found');
    expect(statuses).toContain('ruled-out');
    expect(statuses).not.toContain('crashed');
  });

  test('is inconclusive and names the call when a needed fact is unknown', () => {
    const computed = ['paths', 'pullError', 'task'];
    const wrong = check.needs
      .filter((need) => !computed.includes(need))
      .flatMap((need) =>
        said.map(({ facts, name }) => ({ need, name, result: examine(check, without(facts, need)) })),
      )
      .filter(
        ({ need, result }) =>
          !(
            result.status === 'inconclusive' &&
            result.missing.some(({ fact, action }) => fact === need && action === denied.action)
          ),
      );

    expect(wrong).toEqual([]);
  });

  test('never turns from found to ruled out, or back, because a fact it uses is unknown', () => {
    const wrong = (check.uses ?? []).flatMap((use) =>
      said
        .filter(({ facts, result }) => turned(result.status, examine(check, without(facts, use)).status))
        .map(({ name }) => [use, name]),
    );

    expect(wrong).toEqual([]);
  });

  test('declares exactly the facts it reads', () => {
    const read = new Set<string>();
    for (const { facts } of said) {
      const watch = <T extends object>(object: T) =>
        new Proxy(object, {
          get: (target, key) => {
            read.add(String(key));
            return Reflect.get(target, key);
          },
        });
      if (check.needs.some((need) => facts[need].status === 'unknown')) continue;
      const values = Object.fromEntries(
        check.needs.map((need) => [need, (facts[need] as { value?: unknown }).value]),
      );
      const uses = Object.fromEntries((check.uses ?? []).map((use) => [use, facts[use]]));
      check.examine(watch(values) as never, watch(uses) as never);
    }

    const declared: readonly string[] = [...check.needs, ...(check.uses ?? [])];
    // The shared grammars need these to be known, even where one check does not read their values.
    const gates = ['images', 'placement', 'subnets', 'task'];
    expect([...read].filter((name) => !declared.includes(name))).toEqual([]);
    expect(declared.filter((name) => !read.has(name) && !gates.includes(name))).toEqual([]);
  });

  test('names its thing in backticks in every line of evidence, and says what to do', () => {
    const lines = said.flatMap(({ result }) =>
      result.status === 'found' || result.status === 'ruled-out' ? result.evidence : [],
    );
    const mute = said.filter(
      ({ result }) =>
        result.status === 'found' && (result.fixes.length === 0 || result.resources.length === 0),
    );

    expect(lines.filter((line) => !/`[^`]+`/.test(line))).toEqual([]);
    expect(mute.map(({ name }) => name)).toEqual([]);
  });

  test('another way to the same end is one for programs and for readers, and never the first', () => {
    for (const { result } of said) {
      const fixes = result.status === 'found' ? result.fixes : [];
      expect(fixes.filter((fix) => fix.do.startsWith('Or '))).toEqual(
        fixes.filter(({ alternative }) => alternative),
      );
      expect(fixes[0]?.alternative).toBeUndefined();
    }
  });
});

test('every candidate of a symptom is a check', () => {
  const ids = new Set(checks.map(({ id }) => id));

  expect([...new Set(symptoms.flatMap(({ candidates }) => candidates))].filter((id) => !ids.has(id))).toEqual(
    [],
  );
});

test.each(snapshots)('$name replays exactly from JSON, in any order of the checks', ({ snapshot }) => {
  const diagnosis = diagnose(snapshot);

  const again = diagnose(JSON.parse(JSON.stringify(snapshot)));
  const reversed = diagnose(snapshot, checks.toReversed());

  expect(JSON.stringify(again)).toBe(JSON.stringify(diagnosis));
  expect(reversed.conclusion).toBe(diagnosis.conclusion);
  expect(reversed.causes.map(({ check }) => check.id).toSorted()).toEqual(
    diagnosis.causes.map(({ check }) => check.id).toSorted(),
  );
});

test.each(snapshots.map((one, turn) => ({ ...one, turn })))(
  '$name: a fact that becomes unknown never turns found into ruled out, nor back',
  ({ snapshot, turn }) => {
    const all = Object.keys(snapshot.facts).filter((fact) => fact !== 'task') as FactName[];
    const names = inTurn(all, 5, turn);
    const known = derive(snapshot);
    const before = checks.map((check) => ({ check, status: examine(check, known).status }));

    const wrong = names.flatMap((name) => {
      const after = derive({ ...snapshot, facts: { ...snapshot.facts, [name]: denied } });
      return before
        .filter(({ check, status }) => turned(status, examine(check, after).status))
        .map(({ check }) => [name, check.id]);
    });

    expect(wrong).toEqual([]);
  },
);
